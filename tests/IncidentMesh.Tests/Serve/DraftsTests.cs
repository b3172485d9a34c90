using System.Text;
using System.Text.Json;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Identity;
using Xunit;

namespace IncidentMesh.Tests.Serve;

/// <summary>Drafts are sealed, survive, and tell nothing without the passphrase.</summary>
public sealed class DraftsTests : IDisposable
{
    private readonly DataFolder _folder =
        DataFolder.Resolve(Directory.CreateTempSubdirectory("incidentmesh-drafts-").FullName);

    public DraftsTests() => _folder.Create();

    public void Dispose() => Directory.Delete(_folder.Home, recursive: true);

    [Fact]
    public void What_is_saved_can_be_opened_with_the_passphrase_alone()
    {
        using Drafts drafts = new(_folder);
        drafts.Unlock("correct horse");
        int number = drafts.Save(null, Draft("told by a source"));
        Assert.Equal(1, number);
        Assert.Equal(1, drafts.Save(1, Draft("told by a source, again")));
        using Drafts again = new(_folder);
        Assert.Equal("drafts-locked", Assert.Throws<ApiException>(() => again.Load(1)).Error.Code);
        Assert.Null(again.List()[0].Title);
        Assert.Equal(
            "passphrase", Assert.Throws<ApiException>(() => again.Unlock("wrong horse")).Error.Code);
        Assert.Equal(2, again.Save(null, Draft("saved without the passphrase")));
        again.Unlock("correct horse");
        Assert.Contains("again", again.Load(1).Draft.Body.GetRawText());
        Assert.Equal(2, again.List().Count);
        foreach (string file in Directory.EnumerateFiles(_folder.Drafts))
        {
            Assert.DoesNotContain("source", Encoding.UTF8.GetString(File.ReadAllBytes(file)));
        }
    }

    [Fact]
    public void Every_changed_byte_is_noticed()
    {
        using Drafts drafts = new(_folder);
        drafts.Unlock("p");
        drafts.Save(null, Draft("x"));
        string path = Path.Combine(_folder.Drafts, "1.draft");
        byte[] bytes = File.ReadAllBytes(path);
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 1;
            File.WriteAllBytes(path, changed);
            Assert.Equal("draft-damaged", Assert.Throws<ApiException>(() => drafts.Load(1)).Error.Code);
        }

        File.WriteAllBytes(path, []);
        Assert.Equal("draft-damaged", Assert.Throws<ApiException>(() => drafts.Load(1)).Error.Code);
    }

    [Fact]
    public void A_wipe_takes_the_key_too()
    {
        using Drafts drafts = new(_folder);
        drafts.Unlock("p");
        drafts.Save(null, Draft("x"));
        byte[] copy = File.ReadAllBytes(Path.Combine(_folder.Drafts, "1.draft"));
        Assert.Equal(1, drafts.Wipe());
        Assert.Empty(drafts.List());
        Assert.False(drafts.HasKey);
        drafts.Unlock("p");
        File.WriteAllBytes(Path.Combine(_folder.Drafts, "1.draft"), copy);
        Assert.Equal("draft-damaged", Assert.Throws<ApiException>(() => drafts.Load(1)).Error.Code);
    }

    [Fact]
    public void A_draft_of_the_limit_is_kept_and_one_beyond_it_is_not()
    {
        using Drafts drafts = new(_folder);
        drafts.Unlock("p");
        int frame = JsonSerializer.SerializeToUtf8Bytes(Draft(""), ApiJson.Default.DraftContent).Length;
        Assert.Equal(1, drafts.Save(null, Draft(new string('x', Drafts.MostBytes - frame))));
        Assert.Equal("draft-size", Assert.Throws<ApiException>(() =>
            drafts.Save(null, Draft(new string('x', Drafts.MostBytes - frame + 1)))).Error.Code);
    }

    [Fact]
    public void A_box_opens_with_its_own_key_and_purpose_alone()
    {
        byte[] secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
        byte[] random = [.. Enumerable.Range(101, 32).Select(i => (byte)i)];
        byte[] box = SealedBox.Seal(SealedBox.PublicOf(secret), "text"u8, "a", random);
        Assert.Equal(4 + SealedBox.Overhead, box.Length);
        Assert.True(SealedBox.TryOpen(secret, box, "a", out byte[]? text));
        Assert.Equal("text"u8.ToArray(), text);
        Assert.False(SealedBox.TryOpen(secret, box, "b", out _));
        Assert.False(SealedBox.TryOpen(random, box, "a", out _));
        Assert.False(SealedBox.TryOpen(secret, new byte[SealedBox.Overhead], "a", out _));
        Assert.False(SealedBox.TryOpen(secret, box.AsSpan(0, 20), "a", out _));
    }

    private static DraftContent Draft(string told)
    {
        string json = JsonSerializer.Serialize(told, ApiJson.Default.String);
        using JsonDocument body = JsonDocument.Parse($"{{\"title\":{json}}}");
        return new DraftContent { Body = body.RootElement.Clone() };
    }
}

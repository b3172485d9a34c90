using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using Xunit;

namespace IncidentMesh.Tests.Identity;

public class KeyFileTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly byte[] Random = [.. Enumerable.Range(100, 40).Select(i => (byte)i)];
    private static readonly Lazy<string> Encrypted = new(
        () => KeyFile.Encode("root", Secret, "grüne Tür", Random));

    [Fact]
    public void A_key_comes_back_with_its_passphrase_however_it_is_composed()
    {
        Assert.True(KeyFile.NeedsPassphrase(Encrypted.Value));
        Assert.True(
            KeyFile.TryDecode(Encrypted.Value, "root", "gru\u0308ne Tu\u0308r", out byte[]? secret, out _));
        Assert.Equal(Secret, secret);
    }

    [Theory]
    [InlineData("root", "wrong", "key-file-passphrase")]
    [InlineData("root", null, "key-file-passphrase")]
    [InlineData("next", "grüne Tür", "key-file-kind")]
    public void A_wrong_passphrase_or_kind_is_said_plainly(string kind, string? passphrase, string code)
    {
        Assert.False(
            KeyFile.TryDecode(Encrypted.Value, kind, passphrase, out byte[]? secret, out Fault? fault));
        Assert.Null(secret);
        Assert.Equal(code, fault.Code);
    }

    [Fact]
    public void The_lines_above_the_secret_are_protected()
    {
        SigningKey other = SigningKey.FromSeed(new byte[32]);
        string own = SigningKey.FromSeed(Secret).Public.ToString();
        string changed = Encrypted.Value.Replace(own, other.Public.ToString());
        Assert.False(KeyFile.TryDecode(changed, "root", "grüne Tür", out _, out Fault? fault));
        Assert.Equal("key-file-passphrase", fault.Code);
    }

    [Fact]
    public void A_key_in_the_clear_needs_no_passphrase_and_shows_damage()
    {
        string text = KeyFile.EncodeClear("device", Secret);
        Assert.False(KeyFile.NeedsPassphrase(text));
        Assert.True(KeyFile.TryDecode(text, "device", null, out byte[]? secret, out _));
        Assert.Equal(Secret, secret);
        string damaged = text.Replace("secret: 01", "secret: 11");
        Assert.False(KeyFile.TryDecode(damaged, "device", null, out _, out Fault? fault));
        Assert.Equal("key-file-damaged", fault.Code);
    }

    [Fact]
    public void The_node_secret_has_no_public_key()
    {
        string text = KeyFile.EncodeClear(KeyFile.NodeKind, Secret);
        Assert.DoesNotContain("public", text);
        Assert.True(KeyFile.TryDecode(text, KeyFile.NodeKind, null, out byte[]? secret, out _));
        Assert.Equal(Secret, secret);
    }

    [Theory]
    [InlineData("m=65536", "m=1048577")]
    [InlineData("t=3", "t=17")]
    [InlineData("p=1", "p=2")]
    [InlineData("argon2id", "scrypt")]
    [InlineData("incidentmesh-key/1", "incidentmesh-key/2")]
    [InlineData("nonce: ", "nonce: 00")]
    public void A_file_that_asks_for_too_much_or_has_another_form_is_refused(string from, string to)
    {
        string text = Encrypted.Value.Replace(from, to);
        Assert.False(KeyFile.TryDecode(text, "root", "grüne Tür", out _, out Fault? fault));
        Assert.Equal("key-file-form", fault.Code);
    }

    [Fact]
    public void Lines_that_an_editor_ended_otherwise_do_not_matter()
    {
        string text = Encrypted.Value.Replace("\n", "\r\n") + "\r\n";
        Assert.True(KeyFile.TryDecode(text, "root", "grüne Tür", out _, out Fault? fault), fault?.ToString());
    }

    [Fact]
    public void Every_cut_of_a_file_is_a_fault()
    {
        for (int length = 0; length < Encrypted.Value.Length - 1; length++)
        {
            Assert.False(KeyFile.TryDecode(Encrypted.Value[..length], "root", "x", out _, out Fault? fault));
            Assert.Equal("key-file-form", fault.Code);
        }
    }
}

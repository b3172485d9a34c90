using System.Text.Json;
using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>What <c>submit</c> does with private data where nobody can be asked.</summary>
public sealed class SubmitPrivateTests : IDisposable
{
    private readonly CommandProcess _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void It_warns_refuses_and_takes_an_answer_beforehand()
    {
        _cli.Init();
        string letter = _cli.Write(
            "letter.txt", "Wrong deadline\nLena, 14, of Hauptstr. 5\nwrote to a@example.org\n");
        CommandResult refused = _cli.Run("submit", letter, "--no-similar");
        Assert.Equal(4, refused.Exit);
        Assert.Contains("warning: description line 3: e-mail address", refused.Err, StringComparison.Ordinal);
        Assert.Contains("line 2: \"Lena, 14\": a minor?", refused.Err, StringComparison.Ordinal);
        Assert.Contains("hint: --accept=minor,email publishes it", refused.Err, StringComparison.Ordinal);
        Assert.Equal(4, _cli.Run("submit", letter, "--no-similar", "--accept=email").Exit);
        Assert.Equal(2, _cli.Run("submit", letter, "--accept=everything").Exit);
        Assert.Empty(_cli.Run("search", "--json").Out.Split("\"short\"").Skip(1));

        CommandResult done = _cli.Run("submit", letter, "--no-similar", "--accept=email,minor", "--json");
        Assert.True(done.Exit == 0, done.Err);
        using JsonDocument view = JsonDocument.Parse(done.Out);
        string[] warnings = [.. view.RootElement.GetProperty("warnings").EnumerateArray()
            .Select(w => w.GetString()!)];
        Assert.Contains("description line 2: street address", warnings);
    }

    [Fact]
    public void A_copy_without_metadata_is_never_written_over_another_file()
    {
        _cli.Init();
        string photo = Path.Combine(_cli.Home, "a.jpg");
        string copy = Path.Combine(_cli.Home, "a.cut.jpg");
        File.WriteAllBytes(
            photo, [0xff, 0xd8, 0xff, 0xe1, 0, 8, .. "Exif\0\0"u8, 0xff, 0xda, 0, 2, 1, 0xff, 0xd9]);
        File.WriteAllText(copy, "a picture that she cut herself");
        string[] line = ["submit", "--title=Robot hits a child", "--no-similar", $"--evidence={photo}"];
        CommandResult refused = _cli.Run(line);
        Assert.NotEqual(0, refused.Exit);
        Assert.Contains("already exists", refused.Err, StringComparison.Ordinal);
        Assert.Equal("a picture that she cut herself", File.ReadAllText(copy));

        File.Delete(copy);
        Assert.Equal(0, _cli.Run(line).Exit);
        Assert.Equal(0, _cli.Run(line).Exit);
    }

    [Fact]
    public void A_draft_is_warned_of_when_it_is_sent()
    {
        _cli.Init();
        string[] key = [$"--passphrase-file={_cli.PassphraseFile}"];
        Assert.Equal(0, _cli.Run(["submit", "--draft", "--title=Call +49 221 1234567", .. key]).Exit);
        CommandResult refused = _cli.Run(["draft", "send", "1", "--json", .. key]);
        Assert.Equal(4, refused.Exit);
        Assert.Contains("\"private-data\"", refused.Err, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run(["draft", "send", "1", "--accept=phone", .. key]).Exit);
    }
}

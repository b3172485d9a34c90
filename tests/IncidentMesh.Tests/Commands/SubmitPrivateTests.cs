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
    public void Corrections_and_answers_are_looked_at_as_reports_are()
    {
        _cli.Init();
        string id = _cli.Run("submit", "-q", "--title=Wrong deadline", "--no-similar").Out.Trim();
        string other = _cli.Run("submit", "-q", "--title=Wrong address", "--no-similar").Out.Trim();
        string[][] lines =
        [
            ["correct", id, "--text=Ask a@example.org"],
            ["link", id, other, "--related", "--reason=Ask a@example.org"],
            ["retract", id, "--reason=Ask a@example.org"],
        ];
        foreach (string[] line in lines)
        {
            CommandResult refused = _cli.Run(line);
            Assert.Equal(4, refused.Exit);
            Assert.Contains("line 1: e-mail address", refused.Err, StringComparison.Ordinal);
            Assert.Contains("hint: --accept=email publishes it", refused.Err, StringComparison.Ordinal);
            Assert.Equal(0, _cli.Run([.. line, "--accept=email"]).Exit);
        }

        Assert.Contains(
            "warning: description line 1: e-mail address",
            _cli.Run("correct", id, "--text=Ask b@example.org").Err, StringComparison.Ordinal);
    }

    [Fact]
    public void A_correction_of_a_correction_holds_the_report_and_not_the_correction()
    {
        _cli.Init();
        string id = _cli.Run("submit", "-q", "--title=Wrong deadline", "--no-similar").Out.Trim();
        string second = _cli.Run("correct", "-q", id, "--text=It said May.").Out.Trim();
        CommandResult third = _cli.Run("correct", "-q", second, "--text=It said June.");
        Assert.True(third.Exit == 0, third.Err);
        using JsonDocument view = JsonDocument.Parse(_cli.Run("show", third.Out.Trim(), "--json").Out);
        Assert.Equal("It said June.", view.RootElement.GetProperty("description").GetString());
    }

    [Fact]
    public void An_anonymous_source_needs_a_label_and_is_held()
    {
        _cli.Init();
        string photo = _cli.Write("Lena.txt", "letter");
        string[] line =
            ["submit", "--title=Wrong deadline", "--no-similar", "--source=anonymous", $"--evidence={photo}"];
        CommandResult refused = _cli.Run(line);
        Assert.Equal(2, refused.Exit);
        Assert.Contains("--tlp is missing", refused.Err, StringComparison.Ordinal);
        CommandResult mail = _cli.Run([.. line, "--tlp=clear", "--text=Ask a@example.org"]);
        Assert.Equal(4, mail.Exit);
        CommandResult held = _cli.Run([.. line, "--tlp=clear", "--json"]);
        Assert.True(held.Exit == 0, held.Err);
        using JsonDocument view = JsonDocument.Parse(held.Out);
        Assert.Equal(1, view.RootElement.GetProperty("draft").GetInt32());
        Assert.InRange(
            view.RootElement.GetProperty("held").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-1),
            DateTimeOffset.UtcNow.AddHours(6));
        CommandResult list = _cli.Run("draft", "list");
        Assert.Contains("held", list.Out, StringComparison.Ordinal);
        Assert.Contains("Wrong deadline", list.Out, StringComparison.Ordinal);
        CommandResult shown = _cli.Run("draft", "show", "1");
        Assert.Contains("file-1.txt", shown.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("Lena", shown.Out, StringComparison.Ordinal);
        Assert.Contains("1 report of an anonymous source", _cli.Run("status").Out, StringComparison.Ordinal);
        Assert.Equal(2, _cli.Run("draft", "send", "1").Exit);
        Assert.Equal(0, _cli.Run("draft", "rm", "1").Exit);
        Assert.Contains("no drafts", _cli.Run("draft", "list").Err, StringComparison.Ordinal);
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

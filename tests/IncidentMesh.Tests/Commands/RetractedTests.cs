using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>A report that its author took back does not go on as a live one in another system, nor come back
/// under another's name.</summary>
public sealed class RetractedTests : IDisposable
{
    private static readonly Lazy<CommandProcess> Shared = new(() =>
    {
        CommandProcess cli = new CommandProcess().Init();
        cli.Run("submit", "-q", "--title=Stands", "--lang=en", "--no-similar");
        string id = cli.Run("submit", "-q", "--title=Withdrawn", "--lang=en", "--no-similar").Out.Trim();
        Assert.Equal(0, cli.Run("retract", id, "--reason=wrong").Exit);
        return cli;
    });

    private readonly CommandProcess _other = new();

    public void Dispose() => _other.Dispose();

    [Theory]
    [InlineData("avid")]
    [InlineData("oecd")]
    [InlineData("misp")]
    public void A_format_without_a_word_for_it_leaves_it_out_and_says_so(string format)
    {
        CommandResult result = Shared.Value.Run("export", $"--format={format}");
        Assert.Equal(0, result.Exit);
        Assert.Contains("Stands", result.Out);
        Assert.DoesNotContain("Withdrawn", result.Out, StringComparison.Ordinal);
        Assert.Contains($"1 retracted report left out: {format} cannot say that it is one", result.Err);
    }

    [Theory]
    [InlineData("csv", "its author took it back")]
    [InlineData("stix", "it was taken back")]
    public void An_import_does_not_sign_it_anew(string format, string why)
    {
        string file = Path.Combine(_other.Home, "all." + format);
        CommandResult exported = Shared.Value.Run("export", $"--format={format}", $"--out={file}");
        Assert.Contains("2 reports written", exported.Err);
        CommandResult imported = _other.Init().Run("import", file);
        Assert.Equal(8, imported.Exit);
        Assert.Contains("1 new, 0 known, 1 bad", imported.Out);
        Assert.Contains(why, imported.Err);
        Assert.Contains("Withdrawn", File.ReadAllText(file + ".errors.jsonl"));
        Assert.Equal("0", _other.Run("search", "Withdrawn", "--count").Out.Trim());
    }

    [Fact]
    public void In_stix_it_has_a_new_time_as_it_is_a_new_version()
    {
        CommandProcess cli = _other.Init();
        string id = cli.Run("submit", "-q", "--title=Withdrawn", "--no-similar").Out.Trim();
        string before = Modified(cli.Run("export", "--format=stix").Out);
        Thread.Sleep(TimeSpan.FromSeconds(1.1));
        Assert.Equal(0, cli.Run("retract", id, "--reason=wrong").Exit);
        string after = cli.Run("export", "state:*", "--format=stix").Out;
        Assert.Contains("\"revoked\": true", after.Replace("\":true", "\": true", StringComparison.Ordinal));
        Assert.NotEqual(before, Modified(after));
    }

    private static string Modified(string stix)
    {
        using System.Text.Json.JsonDocument bundle = System.Text.Json.JsonDocument.Parse(stix);
        System.Text.Json.JsonElement incident = bundle.RootElement.GetProperty("objects").EnumerateArray()
            .Single(o => o.GetProperty("type").GetString() == "incident");
        return incident.GetProperty("modified").GetString()!;
    }

    [Fact]
    public void Json_lines_have_its_retraction()
    {
        string file = Path.Combine(_other.Home, "all.jsonl");
        Assert.Contains("2 reports written", Shared.Value.Run("export", $"--out={file}").Err);
        string author = Shared.Value.Run("trust", "list", "--json").Out.Split("\"id\":\"")[1].Split('"')[0];
        Assert.Equal(0, _other.Init().Run("trust", "add", author, "other").Exit);
        Assert.Contains("3 new, 0 known, 0 bad", _other.Run("import", file).Out);
        Assert.Equal("1", _other.Run("search", "state:retracted", "--count").Out.Trim());
    }

    [Theory]
    [InlineData("stix")]
    [InlineData("avid")]
    [InlineData("oecd")]
    [InlineData("misp")]
    public void A_superseded_version_is_left_out_and_told(string format)
    {
        CommandProcess cli = _other.Init();
        string id = cli.Run("submit", "-q", "--title=Older", "--lang=en", "--no-similar").Out.Trim();
        Assert.Equal(0, cli.Run("correct", id, "--title=Newer", "--reason=typo").Exit);
        string file = Path.Combine(cli.Home, "all." + format);
        CommandResult both = cli.Run(
            "export", "state:superseded,corrected", $"--format={format}", $"--out={file}");
        Assert.Contains("1 report written", both.Err);
        Assert.Contains($"1 superseded version left out: {format} has the current one alone", both.Err);
        Assert.Contains("Newer", File.ReadAllText(file));
        Assert.DoesNotContain("\"Older\"", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_version_in_a_table_is_not_read_as_a_report()
    {
        CommandProcess cli = _other.Init();
        string file = cli.Write("old.csv", "id,type,state,title\nx,incident,superseded,Old\n"
            + "y,incident,corrected,New\n");
        CommandResult imported = cli.Run("import", file);
        Assert.Contains("1 new, 0 known, 1 bad", imported.Out);
        Assert.Contains("its author corrected it", imported.Err);
    }
}

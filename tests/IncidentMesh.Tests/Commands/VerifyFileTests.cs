using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>A file that was cited is called genuine only where all that people read in it was
/// signed.</summary>
public sealed class VerifyFileTests : IDisposable
{
    private static readonly Lazy<(CommandProcess Cli, string Line)> Exported = new(Export);
    private readonly CommandProcess _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("\"title\":\"Right\"", "\"title\":\"Forged\"", "body.title")]
    [InlineData("\"body\":{", "\"body\":{\"severity\":\"x\",", "body.severity")]
    [InlineData("\"title\":\"Right\"", "\"title\":\"Forged\",\"title\":\"Right\"", "body")]
    [InlineData("\"body\":{", "\"body\":{},\"was\":{", "body.title")]
    [InlineData("\"created\":\"2", "\"created\":\"1", "created")]
    [InlineData("\"id\":\"bafy", "\"id\":\"baf1", "id")]
    [InlineData("\"author\":\"bafy", "\"author\":\"baf1", "author")]
    [InlineData("\"lang\":\"en\"", "\"lang\":\"de\"", "lang")]
    [InlineData("\"type\":\"incident\"", "\"type\":\"model-risk\"", "type")]
    [InlineData("\"seq\":2", "\"seq\":3", "header.seq")]
    [InlineData("\"envelope\"", "\"erased\":true,\"envelope\"", "erased")]
    [InlineData("\"bytes\"", "\"were\"", "body")]
    public void A_line_that_was_forged_is_told_with_the_field(string from, string to, string field)
    {
        (CommandProcess cli, string line) = Exported.Value;
        Assert.Contains(from, line, StringComparison.Ordinal);
        CommandResult result = cli.Run(
            "verify", _cli.Write("forged.jsonl", line.Replace(from, to, StringComparison.Ordinal)));
        Assert.Equal(1, result.Exit);
        Assert.Contains($"  readable  \"{field}\" is not what was signed", result.Out);
        Assert.Contains("1 checked, 1 failed", result.Out);
    }

    [Fact]
    public void A_field_that_no_export_writes_is_borne_out_by_nothing()
    {
        (CommandProcess cli, string line) = Exported.Value;
        string file = _cli.Write("more.jsonl", line.Replace("{\"schema\"", "{\"title\":\"Forged\",\"schema\"",
            StringComparison.Ordinal));
        CommandResult result = cli.Run("verify", file);
        Assert.Equal(1, result.Exit);
        Assert.Contains("nothing that was signed bears \"title\" out", result.Out);
    }

    [Fact]
    public void Fields_that_are_left_out_and_their_order_prove_nothing_else()
    {
        (CommandProcess cli, string line) = Exported.Value;
        string[] parts = line.Split("\"envelope\"");
        string file = _cli.Write("bare.jsonl", "{\"envelope\"" + parts[1].TrimEnd() + "\n");
        CommandResult result = cli.Run("verify", file);
        Assert.Equal((0, ""), (result.Exit, result.Err));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("{\"schema\":\"incidentmesh/1\",\"id\":\"ba")]
    public void A_file_without_a_record_is_not_called_genuine(string text)
    {
        string file = _cli.Write("none.jsonl", text);
        CommandResult result = _cli.Run("verify", file);
        Assert.Equal(3, result.Exit);
        Assert.Contains($"error: nothing to verify in {file}\n", result.Err);
        CommandResult json = _cli.Run("verify", file, "--json");
        Assert.Equal(3, json.Exit);
        Assert.StartsWith("{\"ok\":false,\"checked\":0,", json.Out);
    }

    private static (CommandProcess Cli, string Line) Export()
    {
        CommandProcess cli = new CommandProcess().Init();
        cli.Run("submit", "-q", "--title=Right", "--lang=en", "--no-similar");
        return (cli, cli.Run("export").Out);
    }
}

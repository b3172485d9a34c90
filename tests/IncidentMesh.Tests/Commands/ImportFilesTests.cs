using System.Text;
using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>What an import takes, leaves out, and where it writes that.</summary>
public sealed class ImportFilesTests : IDisposable
{
    private const string Bad = "{\"title\":7}\n";

    private readonly CommandProcess _cli = new CommandProcess().Init();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_row_of_the_future_is_a_bad_row_and_the_rest_is_imported()
    {
        StringBuilder rows = new("title,created\n");
        for (int i = 2; i <= 301; i++)
        {
            rows.Append($"report {i},{(i == 5 ? "9031-01-01" : "2020-01-01")}\n");
        }

        string file = _cli.Write("rows.csv", rows.ToString());
        CommandResult dry = _cli.Run("import", file, "--dry-run");
        CommandResult done = _cli.Run("import", file);
        Assert.Contains("299 new, 0 known, 1 bad", dry.Out);
        Assert.Contains("299 new, 0 known, 1 bad", done.Out);
        Assert.Equal((8, 8), (dry.Exit, done.Exit));
        const string Why = "error: line 5: dated 9031-01-01 00:00 UTC, which is yet to come";
        Assert.Contains(Why, dry.Err);
        Assert.Contains(Why, done.Err);
        Assert.Contains("\"text\":\"report 5,9031-01-01\"", File.ReadAllText(file + ".errors.jsonl"));
        Assert.Contains("0 new, 299 known, 1 bad", _cli.Run("import", file).Out);
    }

    [Fact]
    public void One_errors_file_has_the_rows_of_all_files_and_without_it_each_has_its_own()
    {
        string lines = _cli.Write("foo.json", Bad);
        string table = _cli.Write("foo.csv", "title,created\nt,soon\n");
        string all = Path.Combine(_cli.Home, "all.jsonl");
        File.WriteAllText(all, "older\n");
        Assert.Equal(8, _cli.Run("import", lines, table, $"--errors={all}").Exit);
        string[] left = File.ReadAllLines(all);
        Assert.Equal(2, left.Length);
        Assert.Contains(lines, left[0]);
        Assert.Contains(table, left[1]);
        Assert.Equal(8, _cli.Run("import", lines, table).Exit);
        Assert.Contains(lines, File.ReadAllText(lines + ".errors.jsonl"));
        Assert.Contains(table, File.ReadAllText(table + ".errors.jsonl"));
    }

    [Fact]
    public void What_is_left_out_of_standard_input_is_called_as_it_was_typed()
    {
        string all = Path.Combine(_cli.Home, "all.jsonl");
        _cli.Write("rows.jsonl", Bad + Bad);
        _cli.Shell = $"exec < '{_cli.Home}/rows.jsonl'";
        Assert.Equal(8, _cli.Run("import", "-", $"--errors={all}").Exit);
        Assert.StartsWith("{\"file\":\"-\",\"line\":1,", File.ReadAllLines(all)[0]);
    }

    [Theory]
    [InlineData("--errors=rows.jsonl")]
    [InlineData("--errors=link.jsonl")]
    [InlineData("--errors=folder/rows.jsonl")]
    [InlineData("--errors=map.json")]
    [InlineData("--loss=rows.jsonl")]
    [InlineData("--loss=link.jsonl")]
    [InlineData("--loss=other", "--errors=other")]
    [InlineData("rows.jsonl.errors.jsonl")]
    [InlineData("--errors=passphrase", "--passphrase-file=passphrase")]
    public void A_file_that_is_read_is_not_written_over(params string[] flags)
    {
        string rows = _cli.Write("rows.jsonl", Bad);
        _cli.Write("rows.jsonl.errors.jsonl", Bad);
        string map = _cli.Write("map.json", "{\"columns\":{\"a\":\"title\"}}");
        File.CreateSymbolicLink(Path.Combine(_cli.Home, "link.jsonl"), "rows.jsonl");
        Directory.CreateSymbolicLink(Path.Combine(_cli.Home, "folder"), _cli.Home);
        string[] named = [.. flags.Select(flag => flag.Contains('=', StringComparison.Ordinal)
            ? flag.Replace("=", $"={_cli.Home}/", StringComparison.Ordinal) : $"{_cli.Home}/{flag}")];
        CommandResult refused = _cli.Run(["import", rows, $"--map={map}", .. named]);
        Assert.Equal((2, ""), (refused.Exit, refused.Out));
        Assert.Contains("hint: give another name", refused.Err);
        Assert.Equal(Bad, File.ReadAllText(rows));
    }

    [Fact]
    public void A_file_of_a_folder_that_is_read_is_not_written_over()
    {
        string rows = _cli.Write("rows.jsonl", Bad);
        Assert.Equal(2, _cli.Run("import", _cli.Home, $"--errors={rows}").Exit);
        Assert.Equal(Bad, File.ReadAllText(rows));
    }

    [Fact]
    public void A_map_that_is_wrong_has_a_hint_of_its_own()
    {
        string table = _cli.Write("t.csv", "a,b\nx,y\n");
        string map = _cli.Write("map.json", "{\"columns\":{\"a\":\"title\",\"b\":\"title\"}}");
        CommandResult refused = _cli.Run("import", table, $"--map={map}");
        Assert.Equal(2, refused.Exit);
        Assert.Contains("are one field", refused.Err);
        Assert.Contains("hint: a map is like {\"columns\": ", refused.Err);
        _cli.Write("map.json", "{\"columns\":{\"a\":\"title\",\"a\":\"description\"}}");
        Assert.Contains("\"a\" stands there twice", _cli.Run("import", table, $"--map={map}").Err);
    }
}

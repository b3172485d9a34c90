using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>One report that travels as a file, without the others of its author.</summary>
public sealed class LoneReportTests : IDisposable
{
    private readonly CommandProcess _author = new(), _reader = new();

    public void Dispose()
    {
        _author.Dispose();
        _reader.Dispose();
    }

    [Fact]
    public void What_others_said_of_it_stands_in_the_words_of_the_vocabulary_in_every_language()
    {
        _author.Init();
        _reader.Init();
        string id = _author.Run("submit", "-q", "--title=number 1").Out.Trim();
        string file = Path.Combine(_author.Home, "one.jsonl");
        _author.Run("export", "--format=bundle", $"--out={file}");
        _reader.Run("trust", "add", _author.Run("status", "--json").Out.Split("\"identity\":\"")[1][..59]);
        _reader.Run("import", file);
        Assert.Equal(0, _reader.Run("attest", id, "--dispute").Exit);
        Assert.Contains("  dispute @tester", _reader.Run("show", id).Out);
        _reader.Locale = "de_DE.UTF-8";
        Assert.Contains("sagte dazu: „dispute“", _reader.Run("explain", id).Out);
    }

    [Fact]
    public void What_is_not_at_hand_is_told_as_no_fault_of_the_report()
    {
        _author.Init();
        _reader.Init();
        for (int i = 1; i <= 3; i++)
        {
            _author.Run("submit", "--no-similar", $"--title=number {i}");
        }

        string file = Path.Combine(_author.Home, "one.jsonl");
        _author.Run("export", "\"number 3\"", "--format=bundle", $"--out={file}");
        string author = System.Text.Json.JsonDocument.Parse(_author.Run("status", "--json").Out)
            .RootElement.GetProperty("identity").GetString()!;
        _reader.Run("trust", "add", author);
        Assert.StartsWith("1 new, 0 known, 0 bad", _reader.Run("import", file).Out);
        string id = _reader.Run("search", "\"number 3\"", "-q").Out.Trim();
        string shown = _reader.Run("show", id).Out;
        Assert.Contains(
            "  ? chain      number 4 of its key; what came before it is not all here, "
            + "which takes nothing from its proof", shown);
        Assert.DoesNotContain("  ! ", shown);
        Assert.Contains("chain\",\"ok\":false", _reader.Run("show", id, "--json").Out);
        Assert.Contains("\"state\":\"unknown\"", _reader.Run("show", id, "--json").Out);
        string page = Path.Combine(_reader.Home, "case.html");
        _reader.Run("export", id, "--format=html", $"--out={page}");
        Assert.DoesNotContain("does not hold", File.ReadAllText(page));
        Assert.Equal(0, _reader.Run("verify", file).Exit);
    }
}

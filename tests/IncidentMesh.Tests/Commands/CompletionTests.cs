using IncidentMesh.Node.Commands;
using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>What Tab offers of what only a node knows.</summary>
public sealed class CompletionTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private readonly CommandProcess _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task What_only_a_node_knows_is_offered_and_without_a_node_nothing_is()
    {
        _cli.Init();
        string id = _cli.Run("submit", "-q", "--title=one", "--set=countries=[\"DE\"]").Out.Trim();
        string shown = id.Substring(7, 8);
        _cli.Run("search", "one", "--save=ones");
        _cli.Run("submit", "--title=two", "--draft", $"--passphrase-file={_cli.PassphraseFile}");
        Assert.Equal("", await OfferAsync(Long, "search", "saved:o"));
        using NodeProcess node = new(_cli);
        Assert.Equal("saved:ones\tone\n", await OfferAsync(Long, "search", "saved:o"));
        Assert.Equal("ones\tone\n", await OfferAsync(Long, "alert", "seen", ""));
        Assert.StartsWith("author:@tester\t", await OfferAsync(Long, "search", "author:@te"));
        Assert.Equal($"{shown}\tone\n", await OfferAsync(Long, "show", id[7..12]));
        Assert.Equal($"{shown}\tone\n", await OfferAsync(Long, "attest", ""));
        Assert.Equal($"{id}\tone\n", await OfferAsync(Long, "show", id[..12]));
        Assert.Equal($"-id:{shown}\tone\n", await OfferAsync(Long, "search", $"-id:{id[7..12]}"));
        Assert.Equal("country:FR,DE\n", await OfferAsync(Long, "stats", "country:FR,D"));
        Assert.Equal("1\n", await OfferAsync(Long, "draft", "show", ""));
        Assert.Equal("", await OfferAsync(TimeSpan.Zero, "search", "saved:o"));
        Assert.StartsWith("severity:\t", await OfferAsync(Long, "search", "severi"));
    }

    [Fact]
    public async Task A_name_that_a_shell_would_run_is_not_offered()
    {
        _cli.Init();
        foreach (string tag in new[] { "$(reboot)", "a;b", "a b", "`c`", "a|b", "a&b", "good" })
        {
            _cli.Run("submit", "--title=one", "--no-similar", $"--set=sectors=[\"{tag}\"]");
        }

        using NodeProcess node = new(_cli);
        Assert.Equal("sector:good\n", await OfferAsync(Long, "search", "sector:"));
    }

    private async Task<string> OfferAsync(TimeSpan wait, params string[] line)
    {
        using StringWriter print = new() { NewLine = "\n" };
        await Completion.OfferAsync(line, Path.Combine(_cli.Node, "api.sock"), wait, print);
        return print.ToString();
    }
}

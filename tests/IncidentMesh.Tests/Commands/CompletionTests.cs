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
    public async Task Ids_names_and_saved_queries_are_offered_and_without_a_node_nothing_is()
    {
        _cli.Init();
        string id = _cli.Run("submit", "-q", "--title=one").Out.Trim();
        _cli.Run("search", "one", "--save=ones");
        Assert.Equal("", await CompleteAsync("saved:o", Long));
        using NodeProcess node = new(_cli);
        Assert.Equal("saved:ones\n", await CompleteAsync("saved:o", Long));
        Assert.Equal("author:@tester\n", await CompleteAsync("author:@te", Long));
        Assert.Equal($"{id[7..15]}\n", await CompleteAsync(id[7..12], Long));
        Assert.Equal("", await CompleteAsync("saved:o", TimeSpan.Zero));
        Assert.Equal("severity:\n", await CompleteAsync("severi", Long));
    }

    private async Task<string> CompleteAsync(string word, TimeSpan wait)
    {
        using StringWriter print = new() { NewLine = "\n" };
        await CompletionCommand.CompleteAsync(word, Path.Combine(_cli.Node, "api.sock"), wait, print);
        return print.ToString();
    }
}

using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using Xunit;

namespace IncidentMesh.Tests.Search;

/// <summary>The way of a person: a node of her own, the titles of AIID imported, one question in two
/// languages.</summary>
public sealed class NodeSearchTests : IDisposable
{
    private const string Wanted = "arrest";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string home = Directory.CreateTempSubdirectory("incidentmesh-node-").FullName;

    public void Dispose() => Directory.Delete(home, recursive: true);

    [Fact]
    public async Task Titles_of_aiid_are_imported_once_and_found_by_a_question_in_english_and_in_german()
    {
        Assert.SkipUnless(Repo.Shared is not null, "there is no shared data beside the repository");
        string file = Path.Combine(home, "titles.jsonl");
        string[] lines = [.. File.ReadLines(Path.Combine(Repo.Shared, "data", "aiid", "titles_dev.jsonl"))
            .Where((line, place) => place % 40 == 0 || line.Contains("acial", StringComparison.Ordinal))];
        await File.WriteAllLinesAsync(file, lines);
        using var stop = new CancellationTokenSource(Patience);
        var folder = DataFolder.Resolve(Path.Combine(home, "node"));
        await NodeSetup.CreateAsync(
            folder, new JsonObject { ["name"] = "reader" }, "x", false, null, stop.Token);
        await using LocalNode node =
            await LocalNode.OpenAsync(folder, () => Task.FromResult("x"), stop.Token);

        ImportView first = await Import(node, file, stop.Token);
        Assert.Equal((lines.Length, 0, 0), ((int)first.New, (int)first.Known, (int)first.Bad));
        ImportView second = await Import(node, file, stop.Token);
        Assert.Equal((0, lines.Length, 0), ((int)second.New, (int)second.Known, (int)second.Bad));

        SearchView english = await Ask(node, "wrongful arrest by facial recognition", stop.Token);
        Assert.True(english.Semantic);
        Assert.Contains(english.Items, item =>
            item.Title.Contains(Wanted, StringComparison.OrdinalIgnoreCase));
        while ((await node.StatusAsync(stop.Token)).EmbedBacklog > 0)
        {
            await Task.Delay(200, stop.Token);
        }

        foreach (string question in new[]
        {
            "wrongful arrest by facial recognition", "zu Unrecht verhaftet wegen Gesichtserkennung",
        })
        {
            SearchView found = await Ask(node, question, stop.Token);
            int arrests = found.Items.Take(8).Count(
                item => item.Title.Contains(Wanted, StringComparison.OrdinalIgnoreCase));
            Assert.True(arrests >= 4, string.Join(" / ", found.Items.Select(item => item.Title)));
        }

        SearchView portuguese = await Ask(node, "Gesichtserkennung lang:pt", stop.Token);
        Assert.Contains("Bahia", Assert.Single(portuguese.Items).Title, StringComparison.Ordinal);
    }

    private static async Task<ImportView> Import(LocalNode node, string file, CancellationToken stop)
    {
        ImportView? last = null;
        await foreach (ImportView view in node.ImportAsync(new ImportRequest(file, "auto", null), stop))
        {
            last = view;
        }

        return last!;
    }

    private static Task<SearchView> Ask(LocalNode node, string query, CancellationToken stop) =>
        node.SearchAsync(new Node.Serve.SearchRequest(query), stop);
}

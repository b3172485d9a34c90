using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using Xunit;

namespace IncidentMesh.Tests.Serve;

/// <summary>A report is one report however often it was corrected, and what people said of one version holds
/// for the next (<c>specs/records.md</c>, "Corrections").</summary>
public sealed class VersionsTests : IAsyncLifetime
{
    private readonly DataFolder _folder =
        DataFolder.Resolve(Directory.CreateTempSubdirectory("incidentmesh-versions-").FullName);

    private LocalNode _node = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await NodeSetup.CreateAsync(
            _folder, new JsonObject { ["name"] = "help" }, "correct horse", false, null, Stop);
        await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        Directory.Delete(_folder.Home, recursive: true);
    }

    [Fact]
    public async Task Taking_back_an_earlier_version_takes_back_the_report()
    {
        string first = await SendAsync("incident", new() { ["title"] = "Zebra bot mislabels" });
        string second = await CorrectAsync(first, "Zebra bot mislabels herds");
        await SendAsync("retraction", new() { ["reason"] = "all wrong" }, ("retracts", first));
        ReportItem found = Assert.Single((await FindAsync("zebra")).Items);
        Assert.Equal((second, "retracted"), (found.Id, found.State));
        Assert.Equal("superseded", (await _node.ShowAsync(first, raw: false, Stop)).Report.State);
        await ReopenAsync();
        Assert.Equal(second, Assert.Single((await FindAsync("zebra")).Items).Id);
    }

    [Fact]
    public async Task What_was_corrected_already_is_not_corrected_again_beside_it()
    {
        string first = await SendAsync("incident", new() { ["title"] = "Zebra bot" });
        string second = await CorrectAsync(first, "Zebra bot two");
        ApiException refused =
            await Assert.ThrowsAsync<ApiException>(() => CorrectAsync(first, "Zebra bot three"));
        Assert.Contains("is no longer the current version", refused.Message);

        // A client whose answer was lost asks again for what was signed.
        Assert.Equal(second, await CorrectAsync(first, "Zebra bot two"));
        Assert.Equal(second, Assert.Single((await FindAsync("zebra")).Items).Id);
    }

    [Fact]
    public async Task Judgements_of_people_outlive_a_correction()
    {
        string one = await SendAsync("incident", new() { ["title"] = "Chatbot names a wrong date" });
        string other = await SendAsync("incident", new() { ["title"] = "The city bot misleads tenants" });
        await SendAsync("link", new() { ["kind"] = "same-event" }, ("links", one), ("links", other));
        await SendAsync(
            "attestation", new() { ["verdict"] = "dispute", ["basis"] = "document" }, ("attests", one));
        string corrected = await CorrectAsync(one, "Chatbot names a wrong deadline");
        await TogetherAsync(corrected, other);
        Assert.True((await _node.ShowAsync(corrected, raw: false, Stop)).Report.Disputed);

        // Also by the id that it had first, and from the log alone.
        Assert.Equal(2, (await _node.ClusterOfAsync(one, Stop)).Reports);
        await ReopenAsync();
        await TogetherAsync(corrected, other);
    }

    [Fact]
    public async Task Who_takes_back_a_link_parts_what_it_joined()
    {
        string one = await SendAsync("incident", new() { ["title"] = "Chatbot names a wrong date" });
        string other = await SendAsync("incident", new() { ["title"] = "The city bot misleads tenants" });
        string link =
            await SendAsync("link", new() { ["kind"] = "same-event" }, ("links", one), ("links", other));
        await TogetherAsync(one, other);
        await SendAsync("retraction", new() { ["reason"] = "no" }, ("retracts", link));
        Assert.Equal(1, (await _node.ClusterOfAsync(one, Stop)).Reports);
        await ReopenAsync();
        Assert.Equal(1, (await _node.ClusterOfAsync(one, Stop)).Reports);
    }

    private async Task TogetherAsync(string one, string other)
    {
        ClusterView cluster = await _node.ClusterOfAsync(one, Stop);
        Assert.Equal(2, cluster.Reports);
        Assert.Contains(cluster.Members, m => m.Report.Id == other && m.InCluster);
        Assert.Single(cluster.Claims);
    }

    private async Task OpenAsync() =>
        _node = await LocalNode.OpenAsync(_folder, () => Task.FromResult("correct horse"), Stop);

    private async Task ReopenAsync()
    {
        await _node.DisposeAsync();
        Directory.Delete(_folder.Index, recursive: true);
        await OpenAsync();
    }

    private Task<SearchView> FindAsync(string query) => _node.SearchAsync(new SearchRequest(query), Stop);

    private Task<string> CorrectAsync(string id, string title) => SendAsync(
        "correction",
        new() { ["corrects"] = "incident", ["content"] = new JsonObject { ["title"] = title } },
        ("supersedes", id));

    private async Task<string> SendAsync(string type, JsonObject body, params (string How, string To)[] named)
    {
        SubmitRequest request = new()
        {
            Type = type,
            Lang = "en",
            Body = JsonSerializer.SerializeToElement(body),
            Relations = [.. named.Select(n => new RelationRequest(n.How, n.To))],
        };
        return (await _node.SubmitAsync(request, Stop)).Id;
    }
}

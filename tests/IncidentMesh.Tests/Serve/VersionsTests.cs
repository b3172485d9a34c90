using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tests.Commands;
using Xunit;

namespace IncidentMesh.Tests.Serve;

/// <summary>A report is one report however often it was corrected, and what people said of one version holds
/// for the next (<c>specs/records.md</c>, "Corrections").</summary>
public sealed class VersionsTests : NodeTests
{
    [Fact]
    public async Task Taking_back_an_earlier_version_takes_back_the_report()
    {
        string first = await ReportAsync("Zebra bot mislabels");
        string second = await CorrectAsync(first, "Zebra bot mislabels herds");
        await SayAsync("retraction", new() { ["reason"] = "all wrong" }, ("retracts", first));
        ReportItem found = Assert.Single((await FindAsync("zebra")).Items);
        Assert.Equal((second, "retracted"), (found.Id, found.State));
        Assert.Equal("superseded", (await Node.ShowAsync(first, raw: false, Stop)).Report.State);
        await ReopenAsync();
        Assert.Equal(second, Assert.Single((await FindAsync("zebra")).Items).Id);
    }

    [Fact]
    public async Task What_was_corrected_already_is_not_corrected_again_beside_it()
    {
        string first = await ReportAsync("Zebra bot");
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
        using CommandProcess theirs = await OtherAsync();
        string one = theirs.Run("submit", "-q", "--title=Chatbot names a wrong date").Out.Trim();
        await TakeAsync(theirs);
        string other = await ReportAsync("The city bot misleads tenants");
        await SayAsync("link", new() { ["kind"] = "same-event" }, ("links", one), ("links", other));
        await SayAsync(
            "attestation", new() { ["verdict"] = "dispute", ["basis"] = "document" }, ("attests", one));
        string corrected =
            theirs.Run("correct", one, "-q", "--title=Chatbot names a wrong deadline").Out.Trim();
        await TakeAsync(theirs);
        await TogetherAsync(corrected, other);
        Assert.True((await Node.ShowAsync(corrected, raw: false, Stop)).Report.Disputed);

        // Also by the id that it had first, and from the log alone.
        Assert.Equal(2, (await Node.ClusterOfAsync(one, Stop)).Reports);
        await ReopenAsync();
        await TogetherAsync(corrected, other);
    }

    [Fact]
    public async Task Who_takes_back_a_link_parts_what_it_joined()
    {
        string one = await ReportAsync("Chatbot names a wrong date");
        string other = await ReportAsync("The city bot misleads tenants");
        SubmitView link =
            await SayAsync("link", new() { ["kind"] = "same-event" }, ("links", one), ("links", other));
        await TogetherAsync(one, other);
        await SayAsync("retraction", new() { ["reason"] = "no" }, ("retracts", link.Id));
        Assert.Equal(1, (await Node.ClusterOfAsync(one, Stop)).Reports);
        await ReopenAsync();
        Assert.Equal(1, (await Node.ClusterOfAsync(one, Stop)).Reports);
    }

    private async Task TogetherAsync(string one, string other)
    {
        ClusterView cluster = await Node.ClusterOfAsync(one, Stop);
        Assert.Equal(2, cluster.Reports);
        Assert.Contains(cluster.Members, m => m.Report.Id == other && m.InCluster);
        Assert.Single(cluster.Claims);
    }

    private async Task ReopenAsync()
    {
        await Node.DisposeAsync();
        Directory.Delete(Folder.Index, recursive: true);
        await OpenAsync();
    }

    private async Task<string> CorrectAsync(string id, string title)
    {
        JsonObject content = new() { ["title"] = title };
        JsonObject body = new() { ["corrects"] = "incident", ["content"] = content };
        return (await SayAsync("correction", body, ("supersedes", id))).Id;
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using Xunit;

namespace IncidentMesh.Tests.Serve;

/// <summary>A client whose answer was lost asks again: what was signed is not signed twice.</summary>
public sealed class KnownRecordTests : IAsyncLifetime
{
    private readonly DataFolder _folder =
        DataFolder.Resolve(Directory.CreateTempSubdirectory("incidentmesh-known-").FullName);

    private LocalNode _node = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await NodeSetup.CreateAsync(
            _folder, new JsonObject { ["name"] = "help" }, "correct horse", false, null, Stop);
        _node = await LocalNode.OpenAsync(_folder, () => Task.FromResult("correct horse"), Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        Directory.Delete(_folder.Home, recursive: true);
    }

    [Fact]
    public async Task The_last_that_was_said_of_a_record_is_not_signed_twice()
    {
        string report = await ReportAsync("Chatbot names a wrong date");
        SubmitView first = await SayAsync("attestation", """{"verdict":"dispute"}""", "attests", report);
        SubmitView again = await SayAsync("attestation", """{"verdict":"dispute"}""", "attests", report);
        Assert.Equal((false, true, first.Id), (first.Known, again.Known, again.Id));
        SubmitView other = await SayAsync("attestation", """{"verdict":"resolved"}""", "attests", report);
        Assert.False(other.Known);
        Assert.False((await SayAsync("attestation", """{"verdict":"dispute"}""", "attests", report)).Known);
    }

    [Fact]
    public async Task A_link_is_one_whichever_report_is_named_first()
    {
        string a = await ReportAsync("Chatbot names a wrong date");
        string b = await ReportAsync("Gnu");
        string c = await ReportAsync("Zebra");
        const string same = """{"kind":"same-event"}""";
        SubmitView first = await SayAsync("link", same, "links", a, b);
        Assert.Equal(first.Id, (await SayAsync("link", same, "links", b, a)).Id);
        Assert.False((await SayAsync("link", same, "links", a, c)).Known);
    }

    [Fact]
    public async Task What_was_taken_back_is_said_again()
    {
        string report = await ReportAsync("Chatbot names a wrong date");
        SubmitView first = await SayAsync("attestation", """{"verdict":"dispute"}""", "attests", report);
        SubmitView gone = await SayAsync("retraction", "{}", "retracts", first.Id);
        Assert.Equal(gone.Id, (await SayAsync("retraction", "{}", "retracts", first.Id)).Id);
        Assert.False((await SayAsync("attestation", """{"verdict":"dispute"}""", "attests", report)).Known);
    }

    private async Task<string> ReportAsync(string title) =>
        (await SayAsync("incident", $$"""{"title":"{{title}}"}""", "")).Id;

    private Task<SubmitView> SayAsync(string type, string body, string how, params string[] of) =>
        _node.SubmitAsync(
            new SubmitRequest
            {
                Type = type,
                Body = JsonElement.Parse(body),
                Relations = [.. of.Select(id => new RelationRequest(how, id))],
            },
            Stop);
}

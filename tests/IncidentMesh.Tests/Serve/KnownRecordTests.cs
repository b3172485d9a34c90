using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using Xunit;

namespace IncidentMesh.Tests.Serve;

/// <summary>A client whose answer was lost asks again: what was signed is not signed twice.</summary>
public sealed class KnownRecordTests : NodeTests
{
    [Fact]
    public async Task The_last_that_was_said_of_a_record_is_not_signed_twice()
    {
        string report = await ReportAsync("Chatbot names a wrong date");
        SubmitView first = await SayAsync("attestation", Verdict("dispute"), ("attests", report));
        SubmitView again = await SayAsync("attestation", Verdict("dispute"), ("attests", report));
        Assert.Equal((false, true, first.Id), (first.Known, again.Known, again.Id));
        SubmitView other = await SayAsync("attestation", Verdict("resolved"), ("attests", report));
        Assert.False(other.Known);
        Assert.False((await SayAsync("attestation", Verdict("dispute"), ("attests", report))).Known);
    }

    [Fact]
    public async Task A_link_is_one_whichever_report_is_named_first()
    {
        string a = await ReportAsync("Chatbot names a wrong date");
        string b = await ReportAsync("Gnu");
        string c = await ReportAsync("Zebra");
        static JsonObject Same() => new() { ["kind"] = "same-event" };
        SubmitView first = await SayAsync("link", Same(), ("links", a), ("links", b));
        Assert.Equal(first.Id, (await SayAsync("link", Same(), ("links", b), ("links", a))).Id);
        Assert.False((await SayAsync("link", Same(), ("links", a), ("links", c))).Known);
    }

    [Fact]
    public async Task What_was_taken_back_is_said_again()
    {
        string report = await ReportAsync("Chatbot names a wrong date");
        SubmitView first = await SayAsync("attestation", Verdict("dispute"), ("attests", report));
        SubmitView gone = await SayAsync("retraction", [], ("retracts", first.Id));
        Assert.Equal(gone.Id, (await SayAsync("retraction", [], ("retracts", first.Id))).Id);
        Assert.False((await SayAsync("attestation", Verdict("dispute"), ("attests", report))).Known);
    }

    private static JsonObject Verdict(string verdict) => new() { ["verdict"] = verdict };
}

using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tests.Commands;
using Xunit;

namespace IncidentMesh.Tests.Serve;

/// <summary>A client whose answer was lost asks again: what was signed is not signed twice.</summary>
public sealed class KnownRecordTests : NodeTests
{
    [Fact]
    public async Task The_last_that_was_said_of_a_record_is_not_signed_twice()
    {
        string report = await TheirsAsync();
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
        string report = await TheirsAsync();
        SubmitView first = await SayAsync("attestation", Verdict("dispute"), ("attests", report));
        SubmitView gone = await SayAsync("retraction", [], ("retracts", first.Id));
        Assert.Equal(gone.Id, (await SayAsync("retraction", [], ("retracts", first.Id))).Id);
        Assert.False((await SayAsync("attestation", Verdict("dispute"), ("attests", report))).Known);
    }

    [Fact]
    public async Task Others_say_what_they_know_of_a_report()
    {
        string report = await ReportAsync("Chatbot names a wrong date");
        ApiException refused = await Assert.ThrowsAsync<ApiException>(
            () => SayAsync("attestation", Verdict("dispute"), ("attests", report)));
        Assert.Equal(("own-report", 4), (refused.Error.Code, refused.Error.Exit));
    }

    [Fact]
    public async Task What_was_taken_back_stays_as_it_is()
    {
        string report = await ReportAsync("Chatbot names a wrong date");
        SubmitView gone = await SayAsync("retraction", Reason("wrong"), ("retracts", report));
        Assert.Equal(gone.Id, (await SayAsync("retraction", Reason("wrong"), ("retracts", report))).Id);
        ApiException endless = await Assert.ThrowsAsync<ApiException>(
            () => SayAsync("retraction", [], ("retracts", gone.Id)));
        Assert.Contains("takes another record back", endless.Message);
        JsonObject correction =
            new() { ["corrects"] = "incident", ["content"] = new JsonObject { ["title"] = "Better" } };
        foreach ((string type, JsonObject body, string how) in new[]
        {
            ("retraction", Reason("quite wrong"), "retracts"), ("correction", correction, "supersedes"),
        })
        {
            ApiException refused =
                await Assert.ThrowsAsync<ApiException>(() => SayAsync(type, body, (how, report)));
            Assert.Contains("is retracted already", refused.Message);
        }

        Assert.Empty((await Node.SimilarAsync(
            new SubmitRequest { Type = "incident", Body = Titled("Chatbot names a wrong date now") },
            Stop)).Items);
    }

    [Fact]
    public async Task What_is_said_of_what_was_taken_back_is_said_with_a_warning()
    {
        using CommandProcess other = await OtherAsync();
        string report = other.Run("submit", "-q", "--title=Zebra", "--no-similar").Out.Trim();
        Assert.Equal(0, other.Run("retract", report).Exit);
        await TakeAsync(other);
        SubmitView said = await SayAsync("attestation", Verdict("corroborate"), ("attests", report));
        Assert.Contains(said.Warnings, w => w.StartsWith("its author took", StringComparison.Ordinal));
    }

    private async Task<string> TheirsAsync()
    {
        using CommandProcess other = await OtherAsync();
        string report = other.Run("submit", "-q", "--title=Chatbot names a wrong date").Out.Trim();
        await TakeAsync(other);
        return report;
    }

    private static JsonElement Titled(string title) =>
        JsonSerializer.SerializeToElement(new JsonObject { ["title"] = title });

    private static JsonObject Reason(string reason) => new() { ["reason"] = reason };

    private static JsonObject Verdict(string verdict) => new() { ["verdict"] = verdict };
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using Xunit;

namespace IncidentMesh.Tests.Serve;

/// <summary>What an anonymous source told is held for up to six hours, across restarts, and its header tells
/// the day alone; and a report can be linked with a known one when it is sent.</summary>
public sealed class HeldReportTests : NodeTests
{
    [Fact]
    public async Task It_is_held_survives_a_restart_and_carries_the_day_alone()
    {
        DateTimeOffset before = DateTimeOffset.UtcNow;
        SubmitView held = await Node.SubmitAsync(Report("Zebra", "anonymous"), Stop);
        Assert.Equal(("", true, false, 1), (held.Id, held.Stored, held.Sent, held.Draft));
        Assert.InRange(held.Held!.Value, before, DateTimeOffset.UtcNow + AnonymousSource.LongestHold);
        SubmitView again = await Node.SubmitAsync(Report("Zebra", "anonymous"), Stop);
        Assert.Equal((true, held.Held), (again.Known, again.Held));

        await Node.DisposeAsync();
        await OpenAsync();
        Assert.Equal(0, (await FindAsync("zebra")).Total);
        Assert.Equal(1, (await Node.StatusAsync(Stop)).Held);
        DraftItem item = Assert.Single((await Node.DraftsAsync(null, Stop)).Items);
        Assert.Equal(("Zebra", held.Held), (item.Title, item.Held));

        Assert.Equal(0, await Node.ReleaseHeldAsync(held.Held.Value.AddSeconds(-1)));
        Assert.Equal(1, await Node.ReleaseHeldAsync(held.Held.Value));
        ReportItem sent = Assert.Single((await FindAsync("zebra")).Items);
        Assert.Equal(TimeSpan.Zero, sent.Created.TimeOfDay);
        Assert.Equal(held.Held.Value.UtcDateTime.Date, sent.Created.UtcDateTime.Date);
        Assert.Empty((await Node.DraftsAsync(null, Stop)).Items);
        Assert.Empty(Directory.EnumerateFiles(Folder.Drafts));
    }

    [Fact]
    public async Task One_that_cannot_be_signed_keeps_no_other_back()
    {
        SubmitView held = await Node.SubmitAsync(Report("Zebra", "anonymous"), Stop);
        File.Move(Path.Combine(Folder.Drafts, "1.held"), Path.Combine(Folder.Drafts, "3.held"));
        await File.WriteAllTextAsync(
            Path.Combine(Folder.Drafts, "1.held"),
            """{"due":"2026-01-01T00:00:00Z","request":{"type":"incident","body":{"title":5}}}""", Stop);
        await File.WriteAllTextAsync(Path.Combine(Folder.Drafts, "2.held"), "{}", Stop);
        Assert.Equal(1, await Node.ReleaseHeldAsync(held.Held!.Value));
        Assert.Equal(1, (await FindAsync("zebra")).Total);
        Assert.Equal(2, (await Node.DraftsAsync(null, Stop)).Items.Count);
    }

    [Fact]
    public async Task It_can_be_taken_back_as_a_draft_or_dropped()
    {
        await Node.SubmitAsync(Report("Zebra", "anonymous"), Stop);
        await Node.SubmitAsync(Report("Gnu", "anonymous"), Stop);
        DraftView zebra = await Node.DraftAsync(1, Stop);
        Assert.NotNull(zebra.Held);
        await Node.DraftsAsync(new DraftRequest("save", 1, zebra.Draft), Stop);
        await Node.DraftsAsync(new DraftRequest("remove", 2), Stop);
        DraftItem left = Assert.Single((await Node.DraftsAsync(null, Stop)).Items);
        Assert.Equal((1, null), (left.Number, left.Held));
        Assert.Equal(0, await Node.ReleaseHeldAsync(DateTimeOffset.UtcNow.AddDays(1)));
        Assert.Equal(0, (await FindAsync("zebra")).Total);
    }

    [Fact]
    public async Task A_report_of_our_own_is_not_held_and_is_linked_with_the_known_one()
    {
        string first = (await Node.SubmitAsync(Report("Chatbot names a wrong date", "own"), Stop)).Id;
        SubmitView second = await Node.SubmitAsync(
            Report("The city bot misleads tenants", "own") with { SameAs = [first] }, Stop);
        Assert.Null(second.Held);
        await FindAsync("misleads");
        ClaimView claim = Assert.Single((await Node.ClusterOfAsync(first, Stop)).Claims);
        Assert.Equal("same-event", claim.Kind);
        Assert.Equal(new[] { first, second.Id }.Order(), new[] { claim.From, claim.To }.Order());
    }

    [Fact]
    public async Task What_is_held_is_linked_when_it_is_signed()
    {
        string first = (await Node.SubmitAsync(Report("Chatbot names a wrong date", "own"), Stop)).Id;
        SubmitView held = await Node.SubmitAsync(
            Report("Zebra", "anonymous") with { SameAs = [first[7..15]] }, Stop);
        Assert.Empty((await Node.ClusterOfAsync(first, Stop)).Claims);
        await Node.ReleaseHeldAsync(held.Held!.Value);
        await FindAsync("zebra");
        ClaimView claim = Assert.Single((await Node.ClusterOfAsync(first, Stop)).Claims);
        Assert.Equal(TimeSpan.Zero, claim.Created.TimeOfDay);
    }

    [Fact]
    public async Task A_crash_between_a_report_and_its_link_loses_no_link()
    {
        string first = (await Node.SubmitAsync(Report("Chatbot names a wrong date", "own"), Stop)).Id;
        using ManualResetEventSlim go = new();
        Task owner = Node.Mesh.AskAsync(_ => go.Wait(TimeSpan.FromSeconds(30), Stop));
        SubmitRequest report = Report("The city bot misleads tenants", "own");
        Task<SubmitView> sending = Node.SubmitAsync(report with { SameAs = [first] }, Stop);
        string held = Path.Combine(Folder.Drafts, "1.held");
        while (!File.Exists(held) && !sending.IsCompleted)
        {
            await Task.Delay(10, Stop);
        }

        byte[] kept = await File.ReadAllBytesAsync(held, Stop);
        go.Set();
        await owner;
        string second = (await sending).Id;
        Assert.False(File.Exists(held));

        // As if the crash had come after the link, then as if it had come before.
        string third = (await Node.SubmitAsync(Report("Gnu", "own"), Stop)).Id;
        await File.WriteAllBytesAsync(held, kept, Stop);
        string other = Encoding.UTF8.GetString(kept).Replace(
            "The city bot misleads tenants", "Gnu", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(Folder.Drafts, "2.held"), other, Stop);
        await Node.DisposeAsync();
        await OpenAsync();
        Assert.Equal(2, await Node.ReleaseHeldAsync(DateTimeOffset.UtcNow));
        Assert.Empty(Directory.EnumerateFiles(Folder.Drafts));
        await FindAsync("misleads");
        ClaimView[] claims = [.. (await Node.ClusterOfAsync(first, Stop)).Claims];
        Assert.Equal(
            new[] { second, third }.Order(),
            claims.Select(c => c.From == first ? c.To : c.From).Order());
    }

    [Fact]
    public async Task What_looks_like_private_data_is_refused_unless_it_is_accepted()
    {
        SubmitRequest report = Report("Ask a@example.org", "own");
        ApiException refused =
            await Assert.ThrowsAsync<ApiException>(() => Node.SubmitAsync(report, Stop));
        Assert.Equal(("private-data", ExitCode.NotAllowed), (refused.Error.Code, refused.Error.Exit));
        Assert.Equal(0, (await FindAsync("ask")).Total);
        Assert.True((await Node.SubmitAsync(report with { Accept = ["email"] }, Stop)).Stored);
    }

    [Fact]
    public async Task A_draft_that_no_report_may_be_is_compared_by_its_words()
    {
        await Node.SubmitAsync(Report("Chatbot names a wrong date", "own"), Stop);
        using JsonDocument body = JsonDocument.Parse(
            """{"title":"Chatbot names the wrong date","occurred":{"start":"some day"}}""");
        SimilarListView found = await Node.SimilarAsync(
            new SubmitRequest { Type = "incident", Body = body.RootElement }, Stop);
        SimilarView alike = Assert.Single(found.Items);
        Assert.Equal(SimilarView.WordsAlone, alike.Label);
        Assert.Equal("Chatbot names a wrong date", alike.Report?.Title);
        Assert.Equal(1, (await FindAsync("")).Total);
    }

    private static SubmitRequest Report(string title, string source)
    {
        JsonObject body = new() { ["title"] = title, ["source"] = new JsonObject { ["kind"] = source } };
        return new SubmitRequest
        {
            Type = "incident", Lang = "en", Body = JsonSerializer.SerializeToElement(body),
        };
    }
}

using System.Text.Json;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Tui.Data;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using IncidentMesh.Tui.Views;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>What keys do to reports, pressed through Terminal.Gui: what the node is asked for, and what can
/// be undone.</summary>
[Collection("Terminal.Gui")]
public sealed class ActionTests
{
    [Fact]
    public void Four_keys_corroborate_with_a_basis_ten_seconds_later()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("j", "j").Press("a", "c", "d", "enter");
        Assert.Empty(Sent(screen));
        Assert.Contains("m3xw2qpa: goes in 0:10   u", screen.Line(22), StringComparison.Ordinal);
        Assert.Contains("goes in 0:07", screen.Wait(3).Line(22), StringComparison.Ordinal);
        for (int i = 0; i < 8; i++)
        {
            screen.Wait(1);
        }

        SubmitRequest sent = Assert.Single(Sent(screen));
        Assert.Equal("attestation", sent.Type);
        Assert.Equal("""{"verdict":"corroborate","basis":"document"}""", sent.Body.GetRawText());
        Assert.Equal(new RelationRequest("attests", FakeReports.All[2].Id), Assert.Single(sent.Relations));
        Assert.StartsWith("corroborate m3xw2qpa: sent to 7 peers", screen.Line(22), StringComparison.Ordinal);
    }

    [Fact]
    public void Undo_brings_a_held_record_back_as_a_draft()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("j", "j", "a", "d", "f", "wrong city", "enter", "u");
        Assert.Equal("wrong city", screen.Desk.Dialog!.Line!.Text);
        screen.Press("esc", "esc", "esc");
        Assert.Null(screen.Desk.Dialog);
        Assert.Empty(Sent(screen.Wait(60)));
        Assert.Contains("nothing to undo", screen.Press("u").Line(22), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_waits_for_a_node_that_is_away_and_quitting_asks()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("j", "j", "a", "c", "0", "enter");
        screen.Node.Failure = NodeFailure.Unreachable("/run/api.sock", "connection refused");
        screen.Wait(11);
        Assert.False(screen.Press("q").Desk.Ended);
        Assert.Equal("would be lost: corroborate m3xw2qpa  what now?", screen.Line(22));
        screen.Press("w");
        screen.Node.Failure = null;
        Assert.Single(Sent(screen.Wait(11)));
        Assert.True(screen.Press("q").Desk.Ended);
    }

    [Fact]
    public void Own_reports_are_corrected_and_taken_back_others_are_not()
    {
        using var screen = new TuiScreen(80, 24);
        Assert.StartsWith("a: others say", screen.Press("a").Line(22), StringComparison.Ordinal);
        screen.Press("e", " Neu.", "ctrl-s", "enter").Wait(11).Wait(1);
        SubmitRequest correction = Assert.Single(Sent(screen));
        Assert.Equal("correction", correction.Type);
        Assert.EndsWith(
            " Neu.", correction.Body.GetProperty("content").GetProperty("description").GetString(),
            StringComparison.Ordinal);
        Assert.Equal("incident", correction.Body.GetProperty("corrects").GetString());
        screen.Press("x", "source withdrew", "enter").Wait(11).Wait(1);
        Assert.Equal("""{"reason":"source withdrew"}""", Sent(screen)[1].Body.GetRawText());
        screen.Press("j", "e");
        Assert.StartsWith("e: only the author can, +acrimed", screen.Line(22), StringComparison.Ordinal);
    }

    [Fact]
    public void Judgements_on_an_event_are_signed_links()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("c", "=").Wait(11).Wait(1);
        screen.Press("j", "P", "r", "other city", "enter", "-").Wait(11).Wait(1);
        Assert.Equal(
            ["""{"kind":"same-event"}""", """{"kind":"not-same-event","reason":"other city"}"""],
            Sent(screen).Select(s => s.Body.GetRawText()));
        Assert.All(Sent(screen), s => Assert.Equal(["links", "links"], s.Relations.Select(r => r.How)));
    }

    [Fact]
    public void Facets_narrow_the_list_and_take_it_back()
    {
        using var screen = new TuiScreen(120, 40);
        screen.Press("f").Press("j", "j", "j", "j", "j", "j", "j", "enter");
        Assert.Equal("country:DE", Assert.IsType<FacetsPage>(screen.Desk.Top).Narrowed.Query);
        screen.Press("enter", "esc");
        Assert.Equal("", Assert.IsType<ReportsPage>(screen.Desk.Top).Query);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("esc")]
    public void All_reports_come_back_where_the_first_list_was_narrowed(string key)
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("f", "enter", "esc");
        Assert.StartsWith("Reports > type:", screen.Line(1), StringComparison.Ordinal);
        screen.Press(key);
        Assert.Equal("", Assert.IsType<ReportsPage>(screen.Desk.Top).Query);
        Assert.StartsWith("all reports again", screen.Line(22), StringComparison.Ordinal);
        Assert.Contains(key == "1" ? "these are all" : "first level", screen.Press(key).Line(22),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_report_can_be_begun()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", "First one.", "esc", "n", "g", " More.", "esc");
        Assert.Contains("More", Assert.Single(screen.Node.Drafts).Value.Body.GetRawText(),
            StringComparison.Ordinal);
        screen.Press("n", "n", "Second one.", "esc");
        Assert.Equal(2, screen.Node.Drafts.Count);
        screen.Press(":", "new", "enter", "Third one.", "esc", "6", "n", "Fourth one.", "esc");
        Assert.Equal(4, screen.Node.Drafts.Count);
    }

    [Fact]
    public void A_peer_is_dropped_and_banned_and_both_are_undone()
    {
        using var screen = new TuiScreen(80, 24);
        (PeerView called, PeerView came) = (screen.Node.Peers[0], screen.Node.Peers[1]);
        screen.Press("3", "D", "u", "X", "u", "j", "D", "X", "u");
        Assert.Equal(
            [
                new PeerRequest("remove", called.PeerId),
                new PeerRequest("add", $"{called.Address}/p2p/{called.PeerId}"),
                new PeerRequest("ban", called.PeerId),
                new PeerRequest("add", $"{called.Address}/p2p/{called.PeerId}"),
                new PeerRequest("remove", came.PeerId),
                new PeerRequest("ban", came.PeerId), new PeerRequest("unban", came.PeerId),
            ],
            screen.Node.Requests.Cast<PeerRequest>());
        screen.Node.Peers = [came with { State = "banned" }];
        screen.Press("ctrl-l", "X", "u");
        Assert.Equal(
            [new PeerRequest("unban", came.PeerId), new PeerRequest("ban", came.PeerId)],
            screen.Node.Requests.Cast<PeerRequest>().TakeLast(2));
    }

    [Fact]
    public void Nobody_corroborates_a_report_of_their_own()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", "Gesichtserkennung nahm in Köln einen Mann fest, der es nicht war.", "ctrl-o", "a");
        Assert.Equal(
            "a: others say what they know of it; l links what you wrote with it", screen.Line(22));
        screen.Press("j", "a");
        Assert.NotNull(screen.Desk.Dialog);
    }

    [Theory]
    [InlineData("", "country", "DE", "country:DE")]
    [InlineData("country:DE Gesicht", "country", "FR", "country:DE,FR Gesicht")]
    [InlineData("country:DE,FR Gesicht", "country", "DE", "country:FR Gesicht")]
    [InlineData("country:DE", "country", "DE", "")]
    [InlineData("since:7d", "sources", "2 or more", "since:7d sources:\"2 or more\"")]
    public void A_facet_is_a_clause(string query, string field, string value, string narrowed) =>
        Assert.Equal(narrowed, FacetsPage.Toggle(query, field, value));

    [Fact]
    public void Sort_follow_and_save()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("s", "s");
        Assert.Equal("severity", screen.Node.Orders[^1]);
        Assert.EndsWith("by severity", screen.Line(1), StringComparison.Ordinal);
        screen.Press("F").Arrive(FakeReports.Fresh(1));
        Assert.Contains("(1)", screen.Selected, StringComparison.Ordinal);
        Assert.StartsWith("S: these are all", screen.Press("S").Line(22), StringComparison.Ordinal);
        screen.Press("/", "country:DE", "enter", "S", "y", "mine", "enter");
        Assert.Equal(new SavedRequest("save", "mine", "country:DE", true), screen.Node.Requests[^1]);
        screen.Press("u");
        Assert.Equal(new SavedRequest("drop", "mine"), screen.Node.Requests[^1]);
    }

    [Fact]
    public void Copy_goes_to_the_terminal_and_says_so()
    {
        using var screen = new TuiScreen(80, 24);
        Assert.Contains("sent to your terminal", screen.Press("y").Line(22), StringComparison.Ordinal);
        Assert.Equal(FakeReports.All[0].Id, screen.Clipboard);
        screen.Press("Y");
        Assert.StartsWith("@bnetza: Gesichtserkennung", screen.Clipboard, StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_is_wrapped_for_tmux_and_screen_and_bounded()
    {
        Assert.Equal("\u001b]52;c;YQ==\u0007", TerminalClipboard.Copy("a", _ => null));
        Assert.Equal(
            "\u001bPtmux;\u001b\u001b]52;c;YQ==\u0007\u001b\\",
            TerminalClipboard.Copy("a", n => n == "TMUX" ? "/tmp/x" : null));
        Assert.Equal(
            "\u001bP\u001b]52;c;YQ==\u0007\u001b\\",
            TerminalClipboard.Copy("a", n => n == "STY" ? "1" : null));
        Assert.NotNull(TerminalClipboard.Copy(new string('a', 74_994), _ => null));
        Assert.Null(TerminalClipboard.Copy(new string('a', 74_995), _ => null));
        Assert.Null(TerminalClipboard.Copy(new string('é', 40_000), _ => null));
    }

    [Fact]
    public void Marks_are_told_to_the_node_and_undone()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("b", "u");
        Assert.Equal([true, false], screen.Node.Requests.Cast<MarkRequest>().Select(m => m.Bookmarked));
        screen.Arrive(FakeReports.Fresh(1)).Press("g");
        Assert.StartsWith(">*", screen.Selected, StringComparison.Ordinal);
        screen.Press("enter", "esc");
        Assert.StartsWith("> ", screen.Selected, StringComparison.Ordinal);
        Assert.True(((MarkRequest)screen.Node.Requests[^1]).Read);
    }

    [Fact]
    public void Review_in_bulk_with_undo()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("2", "space", "space", "p");
        ReviewRequest accepted = Assert.IsType<ReviewRequest>(screen.Node.Requests[^1]);
        Assert.Equal(("accept", 2), (accepted.Action, accepted.Ids.Count));
        Assert.StartsWith("2 records accepted   u undo", screen.Line(22), StringComparison.Ordinal);
        screen.Press("u");
        ReviewRequest undone = Assert.IsType<ReviewRequest>(screen.Node.Requests[^1]);
        Assert.Equal("undo", undone.Action);
        Assert.Equal(accepted.Ids, undone.Ids);
        screen.Press("ctrl-a", "D");
        Assert.Equal(3, ((ReviewRequest)screen.Node.Requests[^1]).Ids.Count);
        screen.Press("tab", "0");
        Assert.Equal("cannot-tell", ((ReviewRequest)screen.Node.Requests[^1]).Action);
        screen.Press("tab", "X");
        Assert.Equal(new TrustRequest("deny", FakeReports.Stranger.Id, null), screen.Node.Requests[^1]);
        Assert.Contains("what waited here is gone", screen.Line(22), StringComparison.Ordinal);
        Assert.Contains("does not come back by itself", screen.Press("u").Line(22), StringComparison.Ordinal);
    }

    [Fact]
    public void Trust_is_given_named_and_undone()
    {
        using var screen = new TuiScreen(80, 24);
        string subject = FakeReports.Acrimed.Id;
        screen.Press("4", "j", "T", "u", "N", "press watch", "enter");
        Assert.Equal(
            [
                new TrustRequest("add", subject, null), new TrustRequest("remove", subject, "acrimed"),
                new TrustRequest("name", subject, "acrimedpress watch"),
            ],
            screen.Node.Requests.Cast<TrustRequest>());
        screen.Press("enter");
        Assert.StartsWith("Reports > author:", screen.Line(1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bar_opens_its_reports()
    {
        using var screen = new TuiScreen(80, 24, query: "in");
        screen.Press("5", "j", "enter");
        Assert.Equal("in since:2026-10 until:2026-10", Assert.IsType<ReportsPage>(screen.Desk.Top).Query);
        Assert.Contains("by country", screen.Press("esc", "A").Line(1), StringComparison.Ordinal);
    }

    [Fact]
    public void Seven_answers_make_a_report_and_esc_keeps_the_draft()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", "Der Chatbot nannte eine falsche Frist. Mehr dazu.", "tab", "tab", "1", "tab", "1");
        screen.Press("tab", "1", "ctrl-s");
        Assert.Equal("needed too: Harm, Evidence", screen.Line(22));
        screen.Press("esc", "n", "g", "tab", "5", "8", "tab", "https://example.org/a", "ctrl-s", "enter");
        Assert.Single(screen.Node.Drafts);
        screen.Wait(11).Wait(1);
        Assert.Empty(screen.Node.Drafts);
        JsonElement body = Assert.Single(Sent(screen)).Body;
        Assert.Equal("Der Chatbot nannte eine falsche Frist", body.GetProperty("title").GetString());
        Assert.Equal("direct-cause", body.GetProperty("ai_role").GetString());
        Assert.Equal("""["economic","rights"]""", body.GetProperty("harm_types").GetRawText());
        Assert.Equal("""[{"url":"https://example.org/a"}]""", body.GetProperty("evidence").GetRawText());
        Assert.Equal("own", body.GetProperty("source").GetProperty("kind").GetString());
        Assert.True(BodyJson.TryRead("incident", body, out _, out FieldProblem? wrong), wrong?.ToString());
    }

    [Fact]
    public void Personal_data_asks_to_be_sure()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", "Frau X, a@b.org, wurde abgewiesen.", "tab", "tab", "1", "tab", "1", "tab", "1");
        screen.Press("tab", "5", "f4", "ctrl-s", "yes", "enter");
        Assert.Contains("was not typed", screen.Line(22), StringComparison.Ordinal);
        screen.Press("ctrl-u", "publish anyway", "enter");
        Assert.StartsWith("new report: goes in", screen.Line(22), StringComparison.Ordinal);
        screen.Wait(11).Wait(1);
        Assert.Equal(["email"], Assert.Single(Sent(screen)).Accept);
    }

    [Fact]
    public void Personal_data_in_the_reason_of_an_attestation_asks_to_be_sure()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("j", "j", "a", "d", "f", "ask a@b.org", "enter");
        Assert.Contains("email", screen.Line(22), StringComparison.Ordinal);
        screen.Press("yes", "enter", "esc");
        Assert.Equal("ask a@b.org", screen.Desk.Dialog!.Line!.Text);
        Assert.Empty(Sent(screen.Wait(60)));
        screen.Press("enter", "publish anyway", "enter").Wait(11).Wait(1);
        Assert.Equal(["email"], Assert.Single(Sent(screen)).Accept);
    }

    [Fact]
    public void Bare_text_has_nothing_around_it()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("enter", "ctrl-y");
        Assert.StartsWith("Gesichtserkennung", screen.Line(0), StringComparison.Ordinal);
        Assert.StartsWith("IncidentMesh", screen.Press("j").Line(0), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_is_edited_by_rows_and_graphemes()
    {
        var box = new TextBox("one two three");
        box.Draw(new Canvas(8, 4).All, focused: true);
        foreach (string key in new[] { "up", "X", "home", "Y", "down", "end", "!" })
        {
            Assert.True(box.Press(key));
        }

        Assert.Equal("one YtXwo three!", box.Text);
        box.Insert("\r\n\u001bचै");
        Assert.True(box.Press("backspace"));
        Assert.Equal("one YtXwo three!\n", box.Text);
        Assert.False(box.Press("ctrl-q"));
    }

    [Fact]
    public void A_difference_keeps_what_both_have()
    {
        IReadOnlyList<(char, string)> lines = LineDiff.Of(["a", "b", "c", "d"], ["a", "c", "x", "d"]);
        Assert.Equal([(' ', "a"), ('-', "b"), (' ', "c"), ('+', "x"), (' ', "d")], lines);
    }

    [Fact]
    public void Pairs_are_judged_in_bulk()
    {
        using var screen = new TuiScreen(80, 24);
        ProposedPairView pair = screen.Node.Review.Duplicates[0];
        ProposedPairView[] pairs = [.. new[] { "aa", "bb", "cc" }.Select(id => pair with
        {
            B = pair.B with { Id = pair.B.Id[..^2] + id },
        })];
        screen.Node.Review = screen.Node.Review with { Duplicates = pairs };
        screen.Press("2", "tab", "space", "space", "=");
        Assert.Contains("1 more", screen.Line(22), StringComparison.Ordinal);
        Assert.Equal("2 records: taken back, nothing was sent", screen.Press("u").Line(22));
        screen.Press("ctrl-a", "0");
        Assert.Equal(3, Puts("cannot-tell"));
        Assert.Equal("3 pairs are left open   u undo", screen.Line(22));
        Assert.Equal("3 pairs are waiting again", screen.Press("u").Line(22));
        Assert.Equal(3, Puts("ask-again"));
        Assert.Contains("nothing to undo", screen.Press("u").Line(22), StringComparison.Ordinal);
        Assert.Empty(Sent(screen.Wait(11)));

        int Puts(string action) =>
            screen.Node.Requests.OfType<ReviewRequest>().Count(r => r.Action == action);
    }

    [Fact]
    public void What_was_done_last_is_undone_first()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("2", "tab", "=", "0", "u");
        Assert.Equal(
            ["cannot-tell", "ask-again"],
            screen.Node.Requests.OfType<ReviewRequest>().Select(r => r.Action));
        Assert.Contains("taken back, nothing was sent", screen.Press("u").Line(22), StringComparison.Ordinal);
        screen.Press("0", "=", "u");
        Assert.Contains("taken back, nothing was sent", screen.Line(22), StringComparison.Ordinal);
        Assert.Equal("1 pair is waiting again", screen.Press("u").Line(22));
        Assert.Empty(Sent(screen.Wait(11)));
    }

    private static List<SubmitRequest> Sent(TuiScreen screen) =>
        [.. screen.Node.Requests.OfType<SubmitRequest>()];
}

using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Data;
using IncidentMesh.Tui.Views;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>What is checked and said before a report is signed, and what happens where the node does not take
/// it.</summary>
[Collection("Terminal.Gui")]
public sealed class ComposeSendTests
{
    private const string Told = "Der Chatbot nannte eine falsche Frist.";
    private const string Country = "! Country (Codes: DE, FR): \"6\" is not in iso-3166-1";

    [Fact]
    public void An_answer_that_the_node_would_refuse_is_told_when_it_is_left_and_is_not_sent()
    {
        using var screen = Complete(Told);
        screen.Press("tab", "tab", "tab", "enter", "tab", "6", "tab");
        Assert.StartsWith(Country, screen.Line(22), StringComparison.Ordinal);
        Assert.Contains("! Country", screen.Press("up", "up").Text, StringComparison.Ordinal);
        screen.Press("ctrl-s");
        Assert.StartsWith(Country, screen.Line(22), StringComparison.Ordinal);
        Assert.Contains(">   Country", screen.Text, StringComparison.Ordinal);
        Assert.Null(screen.Desk.Dialog);
        screen.Press("backspace", "d", "e", "ctrl-s", "enter").Wait(11).Wait(1);
        SubmitRequest sent = Assert.Single(screen.Node.Requests.OfType<SubmitRequest>());
        Assert.Equal("DE", sent.Body.GetProperty("countries")[0].GetString());
    }

    [Fact]
    public void A_report_that_is_refused_opens_when_it_is_asked_for_and_not_by_itself()
    {
        using var screen = Complete(Told);
        screen.Node.Refusal = new NodeFailure("usage", "title: is empty", "nothing was stored", 2);
        screen.Press("ctrl-s", "enter", "j").Wait(11).Wait(1);
        Assert.IsType<ReportsPage>(screen.Desk.Top);
        string told = "! new report was not taken, u opens it: title: is empty; nothing was stored";
        Assert.Equal(told, screen.Line(22));
        Assert.Equal(told, screen.Press("j").Line(22));
        Assert.StartsWith("would be lost: new report", screen.Press("q").Line(22), StringComparison.Ordinal);
        screen.Press("w", "u");
        Assert.IsType<ComposePage>(screen.Desk.Top);
        Assert.Contains("title: is empty", screen.Line(22), StringComparison.Ordinal);
        screen.Node.Refusal = null;
        screen.Press("ctrl-s", "enter").Wait(11).Wait(1);
        Assert.StartsWith("new report: sent to 7 peers", screen.Line(22), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_finding_is_told_with_its_line_before_it_is_signed()
    {
        using var screen = Complete("Eine Klientin fragte.\nFrau X, a@b.org, wurde abgewiesen.");
        screen.Press("tab", "tab", "tab", "enter", "ctrl-s");
        Assert.Contains("! Told line 2: e-mail address: a@b.org", screen.Text, StringComparison.Ordinal);
        Assert.Contains("Readers     everyone, for ever", screen.Text, StringComparison.Ordinal);
        Assert.Contains("Goes        0:10 after enter", screen.Text, StringComparison.Ordinal);
        Assert.StartsWith("private data? type publish anyway:", screen.Line(23), StringComparison.Ordinal);
        Golden.Check("send-80", screen.Text);
    }

    [Fact]
    public void A_link_that_lets_people_in_is_warned_of_and_cut()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", Told, "f3", "https://example.org/a?token=abc", "enter");
        Assert.Contains("! Evidence line 1: personal link", screen.Text, StringComparison.Ordinal);
        screen.Press("shift-tab", "r");
        Assert.Equal("now https://example.org/a", screen.Line(22));
        Assert.DoesNotContain("personal link", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_tells_of_links_that_were_cut()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", "Frau X, a@b.org, wurde abgewiesen.", "tab", "tab", "1", "tab", "1", "tab", "1");
        screen.Press("tab", "5", "f3", "https://example.org/a?token=abc", "enter", "tab", "tab", "tab");
        screen.Press("tab", "tab", "r", "r", "ctrl-s");
        Assert.Contains(
            "2 places, now [removed]; what lets people in, of 1 link", screen.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("f2", "/no/such/file", "there is no file")]
    [InlineData("f3", "no link", "that is no link")]
    public void A_question_keeps_what_was_mistyped(string key, string typed, string why)
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", Told, key, typed, "enter");
        Assert.Contains(why, screen.Line(22), StringComparison.Ordinal);
        Assert.Equal(typed, screen.Desk.Dialog!.Line!.Text);
        screen.Press("ctrl-u", "esc");
        Assert.Null(screen.Desk.Dialog);
    }

    [Fact]
    public void A_wrong_passphrase_is_asked_again_and_none_of_it_is_taken_for_keys()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", Told, "esc");
        screen.Desk.Draft = null;
        screen.Node.DraftsOpen = false;
        screen.Press("6", "enter", "wrong", "enter");
        Assert.Contains("does not open", screen.Line(22), StringComparison.Ordinal);
        screen.Press("q", "q", "ctrl-u", "correct horse", "enter");
        Assert.False(screen.Desk.Ended);
        Assert.IsType<ComposePage>(screen.Desk.Top);
        Assert.Null(screen.Desk.Dialog);
    }

    [Fact]
    public void Shift_tab_goes_back_and_ctrl_u_clears()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", Told, "tab", "tab", "shift-tab");
        Assert.Contains("> 2 Title", screen.Text, StringComparison.Ordinal);
        screen.Press("A title", "ctrl-u", "B", "shift-tab", "ctrl-u", "C");
        Assert.Contains("> 1 Told      C", screen.Text, StringComparison.Ordinal);
        Assert.Contains("2 Title     B", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_is_drawn_with_its_question()
    {
        using var screen = new TuiScreen(80, 24, query: "country:DE");
        screen.Press("S");
        Assert.Equal("Save this search  tell of new hits?", screen.Line(22));
    }

    [Fact]
    public void No_choice_of_the_focused_question_is_cut()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", Told, "tab", "tab");
        Assert.Contains("2( ) Contributing factor", screen.Text, StringComparison.Ordinal);
        Assert.Contains("4( ) Human, developer or operator error", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_by_line_an_answer_that_the_node_would_refuse_is_asked_again()
    {
        using var screen = new PlainScreen();
        screen.Enter(
            "n", Told, "", "", "1", "1", "1", "5", "kept", "", "1", "", "y", "", "6");
        Assert.StartsWith(Country, screen.Last, StringComparison.Ordinal);
        Assert.StartsWith("Place: ", screen.Enter("de").Last, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_is_none_can_be_mended()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Node.Unnamed = new NodeFailure("usage", "\"x\" does not name a peer", null, 2);
        screen.Press("3", "n", "x", "enter");
        Assert.Equal("x", screen.Desk.Dialog!.Line!.Text);
        screen.Node.Unnamed = null;
        screen.Press("y", "enter");
        Assert.Null(screen.Desk.Dialog);
        Assert.Equal(new PeerRequest("add", "xy"), screen.Node.Requests[^1]);
    }

    private static TuiScreen Complete(string told)
    {
        var screen = new TuiScreen(80, 24);
        screen.Press("n").Paste(told);
        screen.Press("tab", "tab", "1", "tab", "1", "tab", "1", "tab", "5", "tab", "f4");
        return screen;
    }
}

using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Data;
using IncidentMesh.Tui.Views;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>What is signed goes out once, and what was written is not lost: a node that is away, questions
/// that are given up, the end of the program.</summary>
[Collection("Terminal.Gui")]
public sealed class LossTests
{
    private static readonly NodeFailure Away = NodeFailure.Unreachable("/run/api.sock", "refused");

    [Fact]
    public void A_record_that_was_held_while_the_node_was_away_goes_out_once()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("j", "j", "a", "c", "0", "enter").Press("a", "d", "0", "enter");
        screen.Node.Failure = Away;
        screen.Seconds(60);
        screen.Node.Failure = null;
        screen.Seconds(30);
        Assert.Equal(
            ["""{"verdict":"corroborate"}""", """{"verdict":"dispute"}"""],
            Sent(screen).Select(s => s.Body.GetRawText()).Order());
    }

    [Fact]
    public void One_that_was_taken_back_while_the_node_was_away_never_goes_out()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("j", "j", "a", "c", "0", "enter").Press("a", "d", "0", "enter");
        screen.Node.Failure = Away;
        screen.Seconds(30);
        Assert.Contains("the node was away", screen.Press("u").Line(22), StringComparison.Ordinal);
        screen.Press("esc", "esc", "esc");
        screen.Node.Failure = null;
        screen.Seconds(30);
        Assert.Equal("""{"verdict":"corroborate"}""", Assert.Single(Sent(screen)).Body.GetRawText());
    }

    [Theory]
    [InlineData("q")]
    [InlineData("j q")]
    public void A_draft_that_could_not_be_saved_would_be_lost(string keys)
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", "The bot named a wrong date.");
        screen.Node.Failure = Away;
        screen.Seconds(3).Press("esc");
        Assert.StartsWith("not saved: the node is away", screen.Line(22), StringComparison.Ordinal);
        screen.Press(keys.Split(' ')).Wait(0.1);
        Assert.Equal("would be lost: the draft that is being written  what now?", screen.Line(22));
        screen.Press("f").Seconds(5);
        Assert.False(screen.Desk.Ended);
        screen.Node.Failure = null;
        screen.Seconds(5);
        Assert.True(screen.Desk.Ended);
        Assert.Single(screen.Node.Drafts);
    }

    [Fact]
    public void Quitting_saves_first_and_asks_nothing_where_it_can()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", "The bot named a wrong date.", "esc", "q").Wait(0.1);
        Assert.True(screen.Desk.Ended);
        Assert.Single(screen.Node.Drafts);
    }

    [Fact]
    public void A_correction_comes_back_where_the_question_is_given_up()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("e", " Ask a@b.org", "ctrl-s", "enter");
        Assert.Contains("email", screen.Line(22), StringComparison.Ordinal);
        screen.Press("esc");
        Assert.Contains("was not typed", screen.Line(22), StringComparison.Ordinal);
        Assert.Contains("Ask a@b.org", screen.Text, StringComparison.Ordinal);
        Assert.Contains("Correct", screen.Line(1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("j j a d f", "")]
    [InlineData("x", "")]
    [InlineData("l k2m7w5ra enter s", "enter s")]
    public void A_reason_comes_back_where_the_question_is_given_up(string keys, string again)
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press(keys.Split(' ')).Press("ask a@b.org", "enter", "esc");
        screen.Press(again.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("ask a@b.org", screen.Desk.Dialog!.Line!.Text);
        Assert.Empty(Sent(screen.Seconds(30)));
    }

    [Fact]
    public void A_click_on_a_hit_takes_the_search_as_it_stands()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("/", "Gesicht");
        screen.Desk.Click(screen.Desk.Top, 1, twice: true);
        screen.Press("v", "enter", "esc");
        Assert.Null(screen.Desk.Prompt);
        Assert.Equal("Gesicht", Assert.IsType<ReportsPage>(screen.Desk.Top).Query);
        screen.Press(":", "x");
        screen.Desk.Click(screen.Desk.Top, 1, twice: true);
        Assert.Null(screen.Desk.Prompt);
        screen.Press("esc", "x");
        screen.Desk.Click(screen.Desk.Top, 1, twice: true);
        Assert.IsType<ReportsPage>(screen.Desk.Top);
    }

    [Fact]
    public void A_pair_of_the_review_is_put_off_from_its_view_too()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("2", "tab", "enter", "0");
        Assert.Equal("cannot-tell", Assert.Single(screen.Node.Requests.OfType<ReviewRequest>()).Action);
        Assert.Contains("left open", screen.Line(22), StringComparison.Ordinal);
    }

    private static List<SubmitRequest> Sent(TuiScreen screen) =>
        [.. screen.Node.Requests.OfType<SubmitRequest>()];
}

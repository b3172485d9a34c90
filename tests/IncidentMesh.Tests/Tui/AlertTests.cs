using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Views;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>Saved searches, and those of them that tell of new hits.</summary>
[Collection("Terminal.Gui")]
public sealed class AlertTests
{
    private static readonly SavedSearch Koeln = new("koeln", "country:DE Köln", true, 0, FakeReports.Now);

    private static readonly SavedSearch[] Searches =
        [Koeln with { Unseen = 3 }, new("morning", "since:1d severity>=serious", false, 0, null)];

    [Fact]
    public void New_hits_are_told_once_and_stand_in_the_first_line_until_they_are_looked_at()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Node.Searches.Add(Koeln with { Unseen = 1 });
        screen.Wait(11).Arrive(FakeReports.Fresh(1));
        Assert.Equal("alert koeln: 1 new   7 alerts", screen.Line(22));
        Assert.Contains("  alert koeln: 1 new  7 peers", screen.Press("j").Line(0), StringComparison.Ordinal);
        Assert.Equal("", screen.Line(22));
        screen.Press("7", "enter");
        Assert.Equal("saved:koeln", Assert.IsType<ReportsPage>(screen.Desk.Top).Query);
        Assert.Equal([new SavedRequest("seen", "koeln")], screen.Node.Requests.OfType<SavedRequest>());
        Assert.DoesNotContain("alert", screen.Line(0), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_records_cost_one_question_in_ten_seconds()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Node.Searches.Add(Koeln with { Unseen = 1 });
        screen.Arrive(FakeReports.Fresh(1)).Arrive(FakeReports.Fresh(2));
        Assert.DoesNotContain("alert", screen.Line(0), StringComparison.Ordinal);
        Assert.Contains("alert koeln: 1 new", screen.Wait(10).Line(0), StringComparison.Ordinal);
    }

    [Fact]
    public void One_is_forgotten_and_comes_back()
    {
        using var screen = Opened(80, 24);
        screen.Press("D");
        Assert.Equal(
            "search koeln forgotten; its 3 new hits are taken as seen   u undo", screen.Line(22));
        Assert.DoesNotContain("alert", screen.Line(0), StringComparison.Ordinal);
        screen.Press("u");
        Assert.Equal(
            [new SavedRequest("drop", "koeln"), new SavedRequest("save", "koeln", Koeln.Query, true)],
            screen.Node.Requests.OfType<SavedRequest>());
    }

    [Fact]
    public void A_search_of_the_same_name_is_replaced_when_that_is_said_and_comes_back()
    {
        using var screen = Opened(80, 24);
        screen.Press("1", "/", "chatbot", "enter", "S", "n", "koeln", "enter");
        Assert.Equal("koeln is saved already: country:DE Köln  replace it?", screen.Line(22));
        Assert.Empty(screen.Node.Requests.OfType<SavedRequest>());
        screen.Press("n");
        Assert.Equal("koeln", screen.Desk.Dialog!.Line!.Text);
        screen.Press("enter", "y");
        Assert.Equal(
            "saved: saved:koeln finds it; its 3 new hits are taken as seen   u undo", screen.Line(22));
        screen.Press("u");
        Assert.Equal("saved:koeln is the older search again", screen.Line(22));
        Assert.Equal(
            [
                new SavedRequest("save", "koeln", "chatbot", false),
                new SavedRequest("save", "koeln", Koeln.Query, true),
            ],
            screen.Node.Requests.OfType<SavedRequest>());
    }

    [Fact]
    public void A_name_that_the_node_does_not_take_stays_to_be_mended()
    {
        using var screen = new TuiScreen(80, 24, query: "chatbot");
        screen.Press("S", "y", "my search", "enter");
        Assert.Contains("no name for a saved query", screen.Line(22), StringComparison.Ordinal);
        Assert.Equal("my search", screen.Desk.Dialog!.Line!.Text);
        screen.Press("ctrl-u", "mine", "enter");
        Assert.Null(screen.Desk.Dialog);
        Assert.Equal("mine", Assert.Single(screen.Node.Searches).Name);
    }

    [Theory]
    [MemberData(nameof(GoldenScreenTests.Sizes), MemberType = typeof(GoldenScreenTests))]
    public void Saved_searches(int width, int height)
    {
        using var screen = Opened(width, height);
        Golden.Check($"alerts-{width}", screen.Text);
    }

    private static TuiScreen Opened(int width, int height)
    {
        var node = new FakeNode();
        node.Searches.AddRange(Searches);
        return new TuiScreen(width, height, node).Press("7");
    }
}

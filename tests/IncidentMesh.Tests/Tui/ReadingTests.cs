using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Text;
using IncidentMesh.Tui.Views;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>What the views say of one report: which version it is, where it is, what became of it.</summary>
[Collection("Terminal.Gui")]
public sealed class ReadingTests
{
    private static readonly ReportItem Newest = FakeReports.All[0];

    [Fact]
    public void An_old_version_says_which_it_is_and_what_supersedes_it()
    {
        ReportView first = FakeReports.FirstVersion;
        ReportItem old = first.Report with { State = "superseded" };
        VersionView taken = new(FakeReports.Id("r1"), "retraction", FakeReports.Now, null, false);
        ReportView view = first with { Report = old, History = [.. FakeReports.View(Newest).History, taken] };
        string superseded = $"v1 of 2, superseded by {Words.Short(Newest.Id)}";
        Assert.EndsWith(superseded + "  retracted", Head(old, view), StringComparison.Ordinal);
        Assert.EndsWith(superseded, Head(old, view with { History = FakeReports.View(Newest).History }),
            StringComparison.Ordinal);
        ReportItem gone = Newest with { State = "retracted" };
        Assert.EndsWith("v2 of 2  retracted", Head(gone, view), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Reports > 7q3kx2m4 > Versions", "enter", "h")]
    [InlineData("Reports > 7q3kx2m4 > Versions > Who reads it", "enter", "h", "w")]
    [InlineData("Reports > 7q3kx2m4 > Who reads it", "w")]
    [InlineData("Reports > 7q3kx2m4 > Correct", "enter", "e")]
    public void The_way_names_a_report_once(string way, params string[] keys)
    {
        using var screen = new TuiScreen(80, 24);
        Assert.StartsWith(way, screen.Press(keys).Line(1), StringComparison.Ordinal);
    }

    [Fact]
    public void That_a_report_waits_for_network_is_said_only_where_no_peer_ever_was()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Desk.Told(screen.Node.Status with { Peers = 0 });
        PeerView gone = screen.Node.Peers[0] with { State = "offline", SyncedSecondsAgo = null };
        screen.Node.Peers = [gone];
        Assert.DoesNotContain("waits", screen.Press("6").Text, StringComparison.Ordinal);
        Assert.Contains("stored", screen.Text, StringComparison.Ordinal);
        screen.Node.Peers = [gone with { SyncedSecondsAgo = 1 }];
        Assert.Contains("sent to 1 peer", screen.Press("esc", "6").Text, StringComparison.Ordinal);
        screen.Node.Peers = [];
        Assert.Contains("waits for", screen.Press("esc", "6").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_a_record_went_at_once_is_known_before_the_next_sync()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("j", "j", "a", "c", "d", "enter").Wait(10);
        SubmitRequest sent = Assert.Single(screen.Node.Requests.OfType<SubmitRequest>());
        Assert.Equal("attestation", sent.Type);
        Assert.Equal(7, screen.Desk.Outbox.SentTo(FakeReports.Id("new2aa")));
        Assert.Equal(0, screen.Desk.Outbox.SentTo(Newest.Id));
    }

    [Fact]
    public void A_new_version_takes_the_row_of_the_one_before()
    {
        ReportItem other = FakeReports.All[1];
        ReportItem next = Newest with { Id = FakeReports.Id("nn"), State = "corrected" };
        ReportList list = new();
        list.Replace(Found(Newest, other));
        list.Merge(Found(other, next));
        Assert.Equal([next.Id, other.Id], list.Items.Select(item => item.Id));
        Assert.Equal(0, list.New);

        // What is another's takes nobody's place, and waits.
        list.Merge(Found(other, next with { Id = FakeReports.Id("mm"), Author = FakeReports.Stranger }));
        Assert.Equal([next.Id, other.Id], list.Items.Select(item => item.Id));
        Assert.Equal(1, list.New);
    }

    private static SearchView Found(params ReportItem[] items) => new(
        ApiSchema.Name, "", items.Length, null, items,
        new Dictionary<string, IReadOnlyDictionary<string, int>>(), true, 1);

    [Fact]
    public void What_was_taken_back_is_neither_taken_back_nor_corrected_again()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Node.Reports[0] = Newest with { State = "retracted" };
        Assert.Equal("x: it was taken back already", screen.Press("ctrl-l", "x").Line(22));
        Assert.Equal("e: it was taken back already", screen.Press("e").Line(22));
        Assert.Null(screen.Desk.Dialog);
    }

    private static string Head(ReportItem item, ReportView view) => string.Concat(
        DetailText.Lines(item, view, 80, FakeReports.Now)[2].Select(s => s.Text));
}

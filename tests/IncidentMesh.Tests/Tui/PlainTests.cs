using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui;
using IncidentMesh.Tui.Data;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>The terminal UI without a screen: read from top to bottom it must make sense.</summary>
public sealed class PlainTests
{
    [Fact]
    public void A_session_reads_from_top_to_bottom()
    {
        using var screen = new PlainScreen(tour: true);
        screen.Enter("2", "c", "3 =")
            .Wait(11)
            .Enter(":back", ":back", "/country:DE", "a", "c", "f", "", ":reports", ":peers", "R",
                ":nonsense");
        Golden.Check("plain-session", screen.Transcript);
    }

    [Theory]
    [InlineData("採用", "ja")]
    [InlineData("चैटबॉट", "hi")]
    [InlineData("ระบบ", "th")]
    [InlineData("نظام", "ar")]
    [InlineData("招聘", "zh")]
    public void Reports_in_other_scripts(string word, string language)
    {
        using var screen = new PlainScreen(FakeReports.WithChinese());
        Golden.Check($"plain-{language}", screen.Enter("/" + word, "1").Transcript);
    }

    [Fact]
    public void A_report_is_written_question_by_question()
    {
        using var screen = new PlainScreen();
        screen.Enter(
            "n", "Der Chatbot der Stadt nannte einer Mieterin eine falsche Frist.",
            "Lena, 14, schrieb mit.", "", "", "1", "1", "9", "2", "1,2", "no such file",
            "https://example.org/a", "kept", "1", "", "", "r", "4", "1", "1", "s", "")
            .Wait(11);
        Golden.Check("plain-compose", screen.Transcript);
        SubmitRequest sent = Assert.Single(screen.Node.Requests.OfType<SubmitRequest>());
        Assert.Equal(2, sent.Body.GetProperty("evidence").GetArrayLength());
        Assert.Equal("incident", sent.Body.GetProperty("severity").GetProperty("value").GetString());
    }

    [Fact]
    public void Drafts_are_numbered_rows_and_go_on_at_what_they_lack()
    {
        using var screen = new PlainScreen();
        screen.Enter("n", "Der Chatbot nannte eine falsche Frist.", "", "", ":back").Wait(2);
        screen.Desk.Draft = null;
        screen.Enter(":drafts", "1");
        Golden.Check("plain-drafts", screen.Transcript);
        Assert.Contains("3 AI role", screen.Last, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_view_says_what_it_is()
    {
        using var screen = new PlainScreen();
        screen.Enter(
            ":review", ":pane", ":pane", ":trust", ":stats", ":keys", ":jobs", ":back", ":reports",
            ":facets");
        Golden.Check("plain-views", screen.Transcript);
    }

    [Fact]
    public void An_empty_node_and_a_failure_say_so()
    {
        var empty = new FakeNode();
        empty.Reports.Clear();
        using var nothing = new PlainScreen(empty);
        Golden.Check("plain-empty", nothing.Transcript);
        var broken = new FakeNode
        {
            Failure = new NodeFailure("internal", "the index is broken", "incidentmesh doctor", 6),
        };
        using var refused = new PlainScreen(broken);
        Golden.Check("plain-refused", refused.Transcript);
    }

    [Fact]
    public void State_changes_are_told_as_lines()
    {
        using var screen = new PlainScreen();
        screen.Meanwhile(() => screen.Desk.Happened(screen.Node.Arrive(FakeReports.Fresh(1))));
        Assert.Equal("1 new: g\n", screen.Last);
        screen.Enter("g");
        Assert.StartsWith("1. ", screen.Last, StringComparison.Ordinal);
        screen.Meanwhile(() =>
            screen.Desk.Failed(NodeFailure.Unreachable("/run/api.sock", "no such socket")));
        Assert.Equal("! node lost, retrying; what was read stays\n", screen.Last);
        Assert.Equal("", screen.Wait(5).Last);
        screen.Meanwhile(() => screen.Desk.Told(screen.Node.Status));
        Assert.Equal("the node is back\n", screen.Last);
    }

    [Fact]
    public void Nothing_that_was_written_is_written_again_until_it_is_asked_for()
    {
        using var screen = new PlainScreen();
        screen.Enter("3 m");
        Assert.Equal(2, screen.Last.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(screen.Node.Reports.Count + 1, screen.Enter("").Last.Split('\n')[..^1].Length);
    }

    [Fact]
    public void No_line_moves_a_cursor_or_wears_a_colour()
    {
        using var screen = new PlainScreen();
        screen.Enter("1", "y", "Y", "w", "h", ":trust", ":keys", "ctrl-l");
        Assert.DoesNotContain('\u001b', screen.Transcript);
        Assert.DoesNotContain('\r', screen.Transcript);
        Assert.Contains("the id: " + FakeReports.All[0].Id, screen.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_lists_are_told_in_parts()
    {
        var node = new FakeNode { PageMax = 50 };
        node.Reports.Clear();
        node.Reports.AddRange(Enumerable.Range(0, 45).Select(i => FakeReports.All[0] with
        {
            Id = FakeReports.Id($"p{i}x"),
            Title = $"Report {i}",
        }));
        using var screen = new PlainScreen(node);
        Assert.Contains("\n20. Report 19;", screen.Transcript, StringComparison.Ordinal);
        Assert.DoesNotContain("\n21. ", screen.Transcript, StringComparison.Ordinal);
        Assert.Contains("21. Report 20;", screen.Enter(":page-down").Last, StringComparison.Ordinal);
        Assert.Contains("45. Report 44;", screen.Enter("G").Last, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_are_keys_words_or_lines()
    {
        using var screen = new PlainScreen();
        screen.Enter("2 a", "corroborate", "d", "seen in court");
        Assert.Contains("goes in 0:10", screen.Last, StringComparison.Ordinal);
        screen.Wait(11);
        var sent = Assert.IsType<SubmitRequest>(screen.Node.Requests[^1]);
        Assert.Contains("seen in court", sent.Body.GetRawText(), StringComparison.Ordinal);
        screen.Enter("2 a", "nonsense", "esc");
        Assert.Null(screen.Desk.Dialog);
    }

    [Fact]
    public void Quits()
    {
        using var screen = new PlainScreen();
        Assert.True(screen.Enter("q").Desk.Ended);
        Assert.True(Options.Parse(["--plain"], _ => _ => null).Plain);
    }
}

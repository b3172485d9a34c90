using IncidentMesh.Tui;
using IncidentMesh.Tui.Data;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>What keys do, pressed through Terminal.Gui.</summary>
[Collection("Terminal.Gui")]
public sealed class KeyTests
{
    private const string First = "Gesichtserkennung";
    private const string Second = "Arrêté";

    [Fact]
    public void Keys_move_the_selection_and_stop_at_the_ends()
    {
        using var screen = new TuiScreen(80, 24);
        Assert.Contains(First, screen.Press("k").Selected, StringComparison.Ordinal);
        Assert.Contains(Second, screen.Press("j").Selected, StringComparison.Ordinal);
        Assert.Contains("採用", screen.Press("down").Selected, StringComparison.Ordinal);
        Assert.Contains("Benchmark", screen.Press("G").Selected, StringComparison.Ordinal);
        Assert.Contains("Benchmark", screen.Press("j").Selected, StringComparison.Ordinal);
        Assert.Contains(First, screen.Press("g").Selected, StringComparison.Ordinal);
    }

    [Fact]
    public void Live_rows_never_move_the_selection_nor_its_row()
    {
        using var screen = new TuiScreen(80, 24);
        string before = screen.Press("j", "j").Text;
        screen.Arrive(FakeReports.Fresh(1)).Wait(1).Arrive(FakeReports.Fresh(2)).Wait(1);
        Assert.Equal(before.Split('\n')[2..], screen.Text.Split('\n')[2..]);
        Assert.EndsWith("2 new: g", screen.Line(1), StringComparison.Ordinal);
        screen.Press("g");
        Assert.Contains("(2)", screen.Selected, StringComparison.Ordinal);
        Assert.StartsWith(">*", screen.Selected, StringComparison.Ordinal);
        Assert.DoesNotContain("new: g", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_events_cost_one_question_a_second()
    {
        using var screen = new TuiScreen(80, 24);
        int before = screen.Node.Asked.Count;
        for (int i = 0; i < 20; i++)
        {
            screen.Arrive(FakeReports.Fresh(i));
        }

        Assert.InRange(screen.Node.Asked.Count - before, 1, 2);
        Assert.EndsWith("20 new: g", screen.Wait(1).Line(1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_changes_changes_in_its_place()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Node.Reports[1] = screen.Node.Reports[1] with { State = "retracted" };
        screen.Desk.Happened(new Protocol.Api.EventView(7, "record", screen.Node.Reports[1]));
        screen.Settle();
        Assert.StartsWith(" x !!  serious  11-23 FR fr", screen.Line(4), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_that_joins_an_event_shows_it_in_its_place()
    {
        using var screen = new TuiScreen(80, 24);
        Protocol.Api.ReportItem last = screen.Node.Reports[12];
        screen.Node.Reports[12] = last with { Cluster = new Protocol.Api.ClusterRef(last.Id, 7, 6) };
        screen.Node.Status = screen.Node.Status with { ClusterDigest = "bb00" };
        screen.Desk.Told(screen.Node.Status);
        screen.Settle();
        Assert.EndsWith("@kisa     6/7", screen.Line(15), StringComparison.Ordinal);
        screen.Node.Reports[12] = last with { Cluster = new Protocol.Api.ClusterRef(last.Id, 1, 2, Told: 3) };
        screen.Press("ctrl-l");
        Assert.EndsWith("@kisa     2/3", screen.Line(15), StringComparison.Ordinal);
        Assert.Contains("2 independent of 3 reports and attestations", screen.Desk.Top.Row(12),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "new")]
    [InlineData("country:DE", "new")]
    [InlineData("country:DE Gesicht", null)]
    public void Fields_alone_come_newest_first_and_words_by_relevance(string query, string? order)
    {
        using var screen = new TuiScreen(80, 24, query: query);
        Assert.Equal(order, screen.Node.Orders[^1]);
    }

    [Fact]
    public void Search_asks_at_each_key_and_enter_keeps_the_level()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("/", "c", "o", "u", "ntry:DE");
        Assert.Equal(["", "", "c", "co", "cou", "coun", "country:DE"], screen.Node.Asked);
        Assert.StartsWith("/ country:DE", screen.Line(1), StringComparison.Ordinal);
        Assert.Contains("2 found", screen.Line(1), StringComparison.Ordinal);
        screen.Press("enter", "j");
        Assert.StartsWith("Reports > country:DE", screen.Line(1), StringComparison.Ordinal);
        Assert.Contains("Assistenzmodell", screen.Selected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_begins_with_the_query_selected_so_that_typing_replaces_it()
    {
        using var screen = new TuiScreen(80, 24, query: "country:DE");
        Assert.Equal("/ country:DE", screen.Press("/").Line(1).Split("  ")[0]);
        Assert.Equal("Gesicht", screen.Press("Gesicht").Desk.Prompt!.Text);
        Assert.Equal("country:DE", screen.Press("esc", "/").Desk.Prompt!.Text);
        Assert.Equal("country:DE Gesicht", screen.Press("end", " Gesicht").Desk.Prompt!.Text);
        Assert.Equal("", screen.Press("esc", "/", "backspace").Desk.Prompt!.Text);
        screen.Press("esc", "/").Paste("pasted");
        Assert.Equal("pasted", screen.Desk.Prompt!.Text);
    }

    [Theory]
    [InlineData("enter", "Reports > t5ayr2oe")]
    [InlineData("a", "Attest t5ayr2oe")]
    [InlineData("c", "t5ayr2oe > Same event")]
    public void A_key_pressed_while_a_search_runs_waits_for_its_rows(string key, string expected)
    {
        var answer = new TaskCompletionSource();
        using var screen = new TuiScreen(80, 24);
        screen.Node.Slow = answer.Task;
        screen.Press("/", "Toeslagen", "enter", key);
        Assert.Equal("waits for the answer; esc gives up", screen.Line(22));
        Assert.Equal("Reports > Toeslagen", screen.Line(1));
        answer.SetResult();
        screen.Until(() => screen.Desk.Courier.Waiting == 0);
        Assert.Contains(expected, screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_wait_come_in_order_and_are_forgotten_with_esc_or_where_no_rows_come()
    {
        var answer = new TaskCompletionSource();
        using var screen = new TuiScreen(80, 24);
        screen.Node.Slow = answer.Task;
        screen.Press("/", "country:DE", "enter", "j", "enter", "c", "3");
        answer.SetResult();
        screen.Until(() => screen.Desk.Courier.Waiting == 0);
        Assert.StartsWith("Peers and sync", screen.Line(1), StringComparison.Ordinal);
        Assert.Contains("Same event", screen.Press("esc").Line(1), StringComparison.Ordinal);
        Assert.Contains("Assistenzmodell", screen.Press("esc", "esc").Selected, StringComparison.Ordinal);

        foreach (string over in new[] { "esc", "lost" })
        {
            answer = new TaskCompletionSource();
            screen.Node.Slow = answer.Task;
            screen.Press("/", "country:FR", "enter", "a");
            screen.Node.Failure = over == "lost" ? NodeFailure.Unreachable("/run/api.sock", "gone") : null;
            screen.Press(over == "esc" ? ["esc"] : []);
            answer.SetResult();
            screen.Until(() => screen.Desk.Courier.Waiting == 0);
            Assert.Null(screen.Desk.Dialog);
        }
    }

    [Fact]
    public void Esc_brings_back_query_scroll_and_selection_of_each_level()
    {
        using var screen = new TuiScreen(80, 12);
        string root = screen.Press("G", "k").Text;
        string found = screen.Press("/", "in", "enter", "j").Text;
        string detail = screen.Press("enter").Text;
        string cluster = screen.Press("c", "j").Text;
        string peers = screen.Press("3").Text;
        Assert.Equal(5, new[] { root, found, detail, cluster, peers }.Distinct().Count());
        Assert.Equal(cluster, screen.Press("esc").Text);
        Assert.Equal(detail, screen.Press("esc").Text);
        Assert.Equal(found, screen.Press("esc").Text);
        Assert.Equal(root, screen.Press("esc").Text);
    }

    [Fact]
    public void Esc_never_quits()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("esc", "esc");
        Assert.False(screen.Desk.Ended);
        Assert.Contains("first level; q quits", screen.Line(22), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("q")]
    [InlineData("ctrl-c")]
    public void Quits(string key)
    {
        using var screen = new TuiScreen(80, 24);
        Assert.True(screen.Press("enter", key).Desk.Ended);
    }

    [Fact]
    public void Typing_q_in_a_search_does_not_quit_but_ctrl_c_does()
    {
        using var screen = new TuiScreen(80, 24);
        Assert.False(screen.Press("/", "q").Desk.Ended);
        Assert.True(screen.Press("ctrl-c").Desk.Ended);
    }

    [Fact]
    public void Esc_in_a_search_goes_back_to_the_list_as_it_was()
    {
        using var screen = new TuiScreen(80, 24);
        string before = screen.Press("j", "j", "j").Text;
        Assert.Equal(before, screen.Press("/", "Arrêté", "esc").Text);
    }

    [Fact]
    public void A_wrong_query_says_why_while_it_is_typed_and_is_not_asked()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("/", "in", "(");
        Assert.StartsWith("! ", screen.Line(22), StringComparison.Ordinal);
        screen.Press("backspace", "backspace", "backspace", "sevrity", ":serious");
        Assert.Equal("  ! unknown field \"sevrity\" at column 1", screen.Line(3));
        Assert.StartsWith("  did you mean severity?", screen.Line(4), StringComparison.Ordinal);
        Assert.Equal("sevrity", screen.Node.Asked[^1]);
    }

    [Theory]
    [InlineData("(foo OR")]
    [InlineData("sevrity:serious")]
    public void A_wrong_query_that_is_kept_shows_no_result(string query)
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("/", query, "enter");
        Assert.DoesNotContain("found", screen.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(First, screen.Text, StringComparison.Ordinal);
        Assert.StartsWith("  ! ", screen.Line(3), StringComparison.Ordinal);
        Assert.Contains("usage (2)", screen.Text, StringComparison.Ordinal);
        Assert.Equal("E: there is no answer that could be exported", screen.Press("E").Line(22));
        Assert.Contains(First, screen.Press("esc").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2 tab tab", "N", "works in 4 trust")]
    [InlineData("2 tab tab", "r", "works on a pair: 2 review, Duplicates")]
    [InlineData("4", "D", "works in 2 review, 3 peers, 6 drafts and 7 alerts")]
    [InlineData("", "space", "works in 2 review, Quarantine and Duplicates, and on facets (f)")]
    [InlineData("", "ctrl-a", "works in 2 review, Quarantine and Duplicates")]
    [InlineData("", "X", "works on authors in 2 review and 4 trust, and on peers in 3")]
    public void A_key_that_cannot_work_says_where_it_does(string view, string key, string where)
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press(view.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Press(key);
        Assert.StartsWith($"{key}: {where}", screen.Line(22), StringComparison.Ordinal);
    }

    [Fact]
    public void Prompt_edits_by_graphemes_and_words()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("/");
        screen.Paste("चैटबॉट की");
        screen.Press("backspace");
        Assert.Equal("चैटबॉट ", screen.Desk.Prompt!.Text);
        screen.Press("ctrl-w");
        Assert.Equal("", screen.Desk.Prompt!.Text);
        screen.Press("abc", "left", "left", "x", "home", "y");
        Assert.Equal("yaxbc", screen.Desk.Prompt!.Text);
    }

    [Fact]
    public void A_paste_opens_a_search_and_never_runs_keys()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Paste("q\rGesicht\u001b[31m");
        Assert.False(screen.Desk.Ended);
        Assert.Equal("q Gesicht[31m", screen.Desk.Prompt!.Text);
        screen.Press("esc", "e").Paste("\rq\r\nEnde");
        Assert.Contains("\nq\nEnde\n", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_says_something_or_does_something_in_every_view()
    {
        foreach (string view in new[] { "", "enter", "c", "3", "?", "2", "4", "5", "f", "h", "w" })
        {
            foreach (Binding binding in KeyMap.All.Where(
                b => b.Group != "MOVE" || b.Verb is Verb.Pane or Verb.Back))
            {
                if (binding.Verb is Verb.Quit or Verb.QuitNow or Verb.Redraw)
                {
                    continue;
                }

                using var screen = new TuiScreen(80, 24);
                screen.Press(view.Length == 0 ? [] : [view]);
                string before = screen.Press("j").Text;
                screen.Press(binding.Key);
                Assert.True(screen.Text != before, $"{binding.Key} in '{view}' is dead and silent");
            }
        }
    }

    [Fact]
    public void A_key_without_a_meaning_says_so()
    {
        using var screen = new TuiScreen(80, 24);
        Assert.Equal("W does nothing; ? lists the keys", screen.Press("W").Line(22));
        Assert.StartsWith(
            "tab: one pane only below 100 columns", screen.Press("tab").Line(22), StringComparison.Ordinal);
        Assert.Equal("", screen.Press("j").Line(22));
    }

    [Theory]
    [InlineData(":peers", "Peers and sync")]
    [InlineData(":pee", "Peers and sync")]
    [InlineData(":search country:DE", "Reports > country:DE")]
    [InlineData(":keys", "Reports > Keys")]
    public void Every_key_is_an_alias_of_a_command(string typed, string crumbs)
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press(typed[..1], typed[1..], "enter");
        Assert.StartsWith(crumbs, screen.Line(1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_is_none_says_so()
    {
        using var screen = new TuiScreen(80, 24);
        Assert.Equal("no command :frob; ? lists them", screen.Press(":", "frob", "enter").Line(22));
        Assert.StartsWith(":p could be ", screen.Press(":", "p", "enter").Line(22), StringComparison.Ordinal);
    }

    [Fact]
    public void Tab_moves_between_the_panes_of_a_wide_screen_and_z_zooms()
    {
        using var screen = new TuiScreen(120, 24);
        screen.Press("j", "tab", "j", "j");
        Assert.StartsWith("Reports > k2m7w5ra", screen.Line(1), StringComparison.Ordinal);
        Assert.Contains(Second, screen.Selected, StringComparison.Ordinal);
        screen.Press("z");
        Assert.DoesNotContain("SEV DATE", screen.Text, StringComparison.Ordinal);
        screen.Press("esc", "esc");
        Assert.Equal("Reports", screen.Line(1));
    }

    [Fact]
    public void A_resize_keeps_level_and_selection()
    {
        using var screen = new TuiScreen(120, 40);
        screen.Press("j", "enter");
        Assert.StartsWith(Second, screen.Resize(80, 24).Line(2), StringComparison.Ordinal);
        Assert.Contains(Second, screen.Press("esc").Selected, StringComparison.Ordinal);
        Assert.Contains("too small", screen.Resize(30, 5).Line(0), StringComparison.Ordinal);
        Assert.Contains(Second, screen.Resize(200, 50).Selected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_goes_away_leaves_the_screen_and_comes_back()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Node.Failure = NodeFailure.Unreachable("/run/api.sock", "connection refused");
        screen.Desk.Failed(screen.Node.Failure);
        Assert.EndsWith("! node lost 0:07, retrying", screen.Wait(7).Line(0), StringComparison.Ordinal);
        Assert.Contains(Second, screen.Press("j").Selected, StringComparison.Ordinal);
        screen.Press("enter");
        Assert.StartsWith(Second, screen.Line(2), StringComparison.Ordinal);
        screen.Node.Failure = null;
        screen.Desk.Told(screen.Node.Status);
        screen.Settle();
        Assert.Contains("7 peers", screen.Line(0), StringComparison.Ordinal);
        Assert.Contains("WHO SAYS SO", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_next_page_is_asked_for_before_the_end_is_reached()
    {
        var node = new FakeNode { PageMax = 50 };
        node.Reports.Clear();
        node.Reports.AddRange(Enumerable.Range(0, 120).Select(i => FakeReports.All[0] with
        {
            Id = FakeReports.Id($"p{i}x"),
            Title = $"Report {i}",
        }));
        using var screen = new TuiScreen(80, 24, node);
        screen.Press("G", "G", "G");
        Assert.Contains("Report 119", screen.Selected, StringComparison.Ordinal);
        Assert.Contains("Report 118", screen.Press("k").Selected, StringComparison.Ordinal);
    }
}

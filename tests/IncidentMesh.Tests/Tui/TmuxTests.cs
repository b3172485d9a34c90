using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>The program as people run it: its own process in a terminal of tmux, a node behind a
/// socket.</summary>
public sealed class TmuxTests
{
    private readonly FakeNode node = new();

    [Fact]
    public async Task Ends_when_its_terminal_is_closed()
    {
        using var tmux = new TmuxSession();
        using var server = new FakeNodeServer(node, tmux.Socket);
        tmux.Start(80, 24);
        await tmux.Until("7 peers");
        Assert.True(await tmux.Close());
    }

    [Fact]
    public async Task Shows_reports_their_event_and_live_rows_and_restores_the_terminal()
    {
        using var tmux = new TmuxSession();
        using var server = new FakeNodeServer(node, tmux.Socket);
        tmux.Start(80, 24);
        await tmux.Until(
            "7 peers  2,731 reports", "Gesichtserkennung", "!!! disaster 11-19 IN hi", "@cert-in  4/9");

        tmux.Press("j");
        await tmux.Until(">  !!  serious  11-23 FR");
        node.Arrive(FakeReports.Fresh(1));
        await tmux.Until("1 new: g", ">  !!  serious  11-23 FR");

        tmux.Press("g");
        await tmux.Until(">* !   incident 11-24 DE");
        tmux.Press("j", "Enter");
        await tmux.Until("= signature");
        tmux.Press("c");
        await tmux.Until("Same event: 5 reports");
        tmux.Press("Escape", "Escape", "/", "採用");
        await tmux.Until("/ 採用", "1 found");
        tmux.Press("Enter", "3");
        await tmux.Until("12D3…kQ7f  = equal");

        tmux.Resize(200, 50);
        tmux.Press("1");
        await tmux.Until("WHO SAYS SO");
        tmux.Press("q");
        await tmux.Until("exit 0");
    }

    [Fact]
    public async Task An_editor_of_her_own_has_the_terminal_and_gives_it_back()
    {
        using var tmux = new TmuxSession();
        using var server = new FakeNodeServer(node, tmux.Socket);
        string editor = Path.Combine(tmux.Folder, "editor");
        await File.WriteAllTextAsync(
            editor, "echo EDITING; cat \"$1\"; read line; echo \"$line\" >> \"$1\"\n",
            TestContext.Current.CancellationToken);
        tmux.Editor = "sh " + editor;
        tmux.Start(80, 24);
        await tmux.Until("Gesichtserkennung", "7 peers");
        tmux.Press("n", "It said May.");
        await tmux.Until("It said May.");
        tmux.Press("C-e");
        await tmux.Until("EDITING", "It said May.");
        tmux.Press("She lost two months.", "Enter");
        await tmux.Until("New report", "She lost two months.", "TLP:CLEAR");
        tmux.Press("C-c");
        await tmux.Until("exit 0");
    }

    [Fact]
    public async Task What_is_pasted_is_text()
    {
        using var tmux = new TmuxSession();
        using var server = new FakeNodeServer(node, tmux.Socket);
        tmux.Start(80, 24);
        await tmux.Until("Gesichtserkennung", "7 peers");
        tmux.Paste("qq\n採用");
        await tmux.Until("/ qq 採用");
        tmux.Press("Escape", "n");
        await tmux.Until("New report");
        tmux.Paste("It said May.\nShe lost two months.");
        await tmux.Until("It said May.\n", "She lost two months.");
        tmux.Press("C-c");
        await tmux.Until("exit 0");
    }

    [Fact]
    public async Task A_node_that_goes_away_is_waited_for()
    {
        using var tmux = new TmuxSession();
        var server = new FakeNodeServer(node, tmux.Socket);
        tmux.Start(120, 30);
        await tmux.Until("Gesichtserkennung", "7 peers");
        server.Dispose();
        File.Delete(tmux.Socket);
        await tmux.Until("! node lost", "Gesichtserkennung");
        using var again = new FakeNodeServer(node, tmux.Socket);
        await tmux.Until("7 peers");
        tmux.Press("C-c");
        await tmux.Until("exit 0");
    }

    [Fact]
    public async Task Without_a_node_it_says_so_and_exits_5()
    {
        using var tmux = new TmuxSession();
        tmux.Start(80, 24);
        await tmux.Until("error: no node answers at", "hint: incidentmesh run starts one", "exit 5");
    }

    [Fact]
    public void Without_a_terminal_it_says_so_and_exits_2()
    {
        (int exit, string output) = TmuxSession.Run("dotnet", TmuxSession.Built("incidentmesh-tui"));
        Assert.Equal(2, exit);
        Assert.StartsWith("error: standard input and output must", output, StringComparison.Ordinal);
        Assert.Contains("hint: ", output, StringComparison.Ordinal);
    }
}

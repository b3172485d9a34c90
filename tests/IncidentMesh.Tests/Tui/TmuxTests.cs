using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>The program in a terminal, a node of canned answers behind a socket.</summary>
public sealed class TmuxTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("im-tui").FullName;
    private readonly FakeNode node = new();
    private readonly TmuxScreen screen = new();

    private string Socket => Path.Combine(folder, "api.sock");

    public void Dispose()
    {
        screen.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Shows_reports_their_event_and_live_rows_and_restores_the_terminal()
    {
        TmuxScreen.SkipWithoutTmux();
        using var server = new FakeNodeServer(node, Socket);
        screen.Start(80, 24, "--node=" + Socket);
        string text = await screen.Until(s => s.Contains("Gesichtserkennung", StringComparison.Ordinal));
        Assert.Contains("7 peers  2,731 reports", text.Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains("!!! disaster 11-19 IN hi", text, StringComparison.Ordinal);
        Assert.Contains("@cert-in  4/9", text, StringComparison.Ordinal);

        screen.Press("j");
        await screen.Until(s => s.Contains(">  !!  serious  11-23 FR", StringComparison.Ordinal));
        node.Arrive(FakeReports.Fresh(1));
        text = await screen.Until(s => s.Contains("1 new: g", StringComparison.Ordinal));
        Assert.Contains(">  !!  serious  11-23 FR", text, StringComparison.Ordinal);

        screen.Press("g");
        await screen.Until(s => s.Contains(">* !   incident 11-24 DE", StringComparison.Ordinal));
        screen.Press("j", "Enter");
        await screen.Until(s => s.Contains("= signature", StringComparison.Ordinal));
        screen.Press("c");
        await screen.Until(s => s.Contains("Same event: 5 reports", StringComparison.Ordinal));
        screen.Press("Escape", "Escape", "/", "採用");
        await screen.Until(s => s.Contains("/ 採用", StringComparison.Ordinal)
            && s.Contains("1 found", StringComparison.Ordinal));
        screen.Press("Enter", "3");
        await screen.Until(s => s.Contains("12D3…kQ7f  = equal", StringComparison.Ordinal));

        screen.Resize(200, 50);
        screen.Press("1");
        await screen.Until(s => s.Contains("WHO SAYS SO", StringComparison.Ordinal));
        screen.Press("q");
        await screen.Until(s => s.Contains("exit 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_goes_away_is_waited_for()
    {
        TmuxScreen.SkipWithoutTmux();
        var server = new FakeNodeServer(node, Socket);
        screen.Start(120, 30, "--node=" + Socket);
        await screen.Until(s => s.Contains("Gesichtserkennung", StringComparison.Ordinal));
        server.Dispose();
        File.Delete(Socket);
        string text = await screen.Until(s => s.Contains("! node lost", StringComparison.Ordinal));
        Assert.Contains("Gesichtserkennung", text, StringComparison.Ordinal);
        using var again = new FakeNodeServer(node, Socket);
        await screen.Until(s => s.Contains("7 peers", StringComparison.Ordinal));
        screen.Press("C-c");
        await screen.Until(s => s.Contains("exit 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_node_it_says_so_and_exits_5()
    {
        TmuxScreen.SkipWithoutTmux();
        screen.Start(80, 24, "--node=" + Socket);
        string text = await screen.Until(s => s.Contains("exit 5", StringComparison.Ordinal));
        Assert.Contains("error: no node answers at", text, StringComparison.Ordinal);
        Assert.Contains("hint: incidentmesh run starts one", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_terminal_it_says_so_and_exits_2()
    {
        (int exit, string output) = TmuxScreen.Run("dotnet", TmuxScreen.Program, "--node=" + Socket);
        Assert.Equal(2, exit);
        Assert.StartsWith("error: standard input and output must", output, StringComparison.Ordinal);
        Assert.Contains("hint: ", output, StringComparison.Ordinal);
    }
}

using System.Diagnostics;
using System.Text;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>The program as people run it: its own process in a terminal of tmux, a node behind a socket.
/// Skipped where there is no tmux.</summary>
public sealed class TmuxTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string folder = Directory.CreateTempSubdirectory("im-tui").FullName;
    private readonly FakeNode node = new();

    private string Tmux => Path.Combine(folder, "tmux");

    private string Socket => Path.Combine(folder, "api.sock");

    private static string Program => Path.Combine(AppContext.BaseDirectory, "incidentmesh-tui.dll");

    public void Dispose()
    {
        Run("tmux", "-S", Tmux, "kill-server");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Shows_reports_their_event_and_live_rows_and_restores_the_terminal()
    {
        SkipWithoutTmux();
        using var server = new FakeNodeServer(node, Socket);
        Start(80, 24, "--node=" + Socket);
        string screen = await Until(s => s.Contains("Gesichtserkennung", StringComparison.Ordinal));
        Assert.Contains("7 peers  2,731 reports", screen.Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains("!!! disaster 11-19 IN hi", screen, StringComparison.Ordinal);
        Assert.Contains("@cert-in  4/9", screen, StringComparison.Ordinal);

        Press("j");
        await Until(s => s.Contains(">  !!  serious  11-23 FR", StringComparison.Ordinal));
        node.Arrive(FakeReports.Fresh(1));
        screen = await Until(s => s.Contains("1 new: g", StringComparison.Ordinal));
        Assert.Contains(">  !!  serious  11-23 FR", screen, StringComparison.Ordinal);

        Press("g");
        await Until(s => s.Contains(">* !   incident 11-24 DE", StringComparison.Ordinal));
        Press("j", "Enter");
        await Until(s => s.Contains("= signature", StringComparison.Ordinal));
        Press("c");
        await Until(s => s.Contains("Same event: 5 reports", StringComparison.Ordinal));
        Press("Escape", "Escape", "/", "採用");
        await Until(s => s.Contains("/ 採用", StringComparison.Ordinal)
            && s.Contains("1 found", StringComparison.Ordinal));
        Press("Enter", "3");
        await Until(s => s.Contains("12D3…kQ7f  = equal", StringComparison.Ordinal));

        Run("tmux", "-S", Tmux, "resize-window", "-x", "200", "-y", "50");
        Press("1");
        await Until(s => s.Contains("WHO SAYS SO", StringComparison.Ordinal));
        Press("q");
        await Until(s => s.Contains("exit 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_goes_away_is_waited_for()
    {
        SkipWithoutTmux();
        var server = new FakeNodeServer(node, Socket);
        Start(120, 30, "--node=" + Socket);
        await Until(s => s.Contains("Gesichtserkennung", StringComparison.Ordinal));
        server.Dispose();
        File.Delete(Socket);
        string screen = await Until(s => s.Contains("! node lost", StringComparison.Ordinal));
        Assert.Contains("Gesichtserkennung", screen, StringComparison.Ordinal);
        using var again = new FakeNodeServer(node, Socket);
        await Until(s => s.Contains("7 peers", StringComparison.Ordinal));
        Press("C-c");
        await Until(s => s.Contains("exit 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_node_it_says_so_and_exits_5()
    {
        SkipWithoutTmux();
        Start(80, 24, "--node=" + Socket);
        string screen = await Until(s => s.Contains("exit 5", StringComparison.Ordinal));
        Assert.Contains("error: no node answers at", screen, StringComparison.Ordinal);
        Assert.Contains("hint: incidentmesh run starts one", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_terminal_it_says_so_and_exits_2()
    {
        (int exit, string output) = Run("dotnet", Program, "--node=" + Socket);
        Assert.Equal(2, exit);
        Assert.StartsWith("error: standard input and output must", output, StringComparison.Ordinal);
        Assert.Contains("hint: ", output, StringComparison.Ordinal);
    }

    private static void SkipWithoutTmux() =>
        Assert.SkipUnless(File.Exists("/usr/bin/tmux"), "needs tmux in /usr/bin");

    private void Start(int width, int height, string arguments)
    {
        string command = $"LC_ALL=C.UTF-8 dotnet '{Program}' {arguments}; echo exit $?; sleep 600";
        string[] size = ["-x", $"{width}", "-y", $"{height}"];
        (int exit, string output) = Run(
            "tmux", ["-u", "-S", Tmux, "-f", "/dev/null", "new-session", "-d", .. size, command]);
        Assert.True(exit == 0, output);
    }

    private void Press(params string[] keys)
    {
        foreach (string key in keys)
        {
            Run("tmux", "-S", Tmux, "send-keys", key);

            // A terminal cannot tell Esc and a key after it from Alt and that key but by the time between.
            Thread.Sleep(key == "Escape" ? 300 : 50);
        }
    }

    private async Task<string> Until(Func<string, bool> holds)
    {
        string screen = "";
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience;)
        {
            screen = Run("tmux", "-u", "-S", Tmux, "capture-pane", "-p").Output;
            if (holds(screen))
            {
                return screen;
            }

            await Task.Delay(50);
        }

        Assert.Fail("the screen stays at\n" + screen);
        return screen;
    }

    private static (int Exit, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}

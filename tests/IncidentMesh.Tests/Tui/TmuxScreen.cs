using System.Diagnostics;
using System.Text;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>The program as people run it: its own process in a terminal of tmux. Tests are skipped where there
/// is no tmux.</summary>
internal sealed class TmuxScreen : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string folder = Directory.CreateTempSubdirectory("im-tmux").FullName;

    /// <summary>Path of the built program.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "incidentmesh-tui.dll");

    private string Tmux => Path.Combine(folder, "tmux");

    public void Dispose()
    {
        Run("tmux", "-S", Tmux, "kill-server");
        Directory.Delete(folder, recursive: true);
    }

    public static void SkipWithoutTmux() =>
        Assert.SkipUnless(File.Exists("/usr/bin/tmux"), "needs tmux in /usr/bin");

    /// <summary>Starts the program in a new terminal.</summary>
    public void Start(int width, int height, string arguments)
    {
        string command = $"LC_ALL=C.UTF-8 dotnet '{Program}' {arguments}; echo exit $?; sleep 600";
        string[] size = ["-x", $"{width}", "-y", $"{height}"];
        (int exit, string output) = Run(
            "tmux", ["-u", "-S", Tmux, "-f", "/dev/null", "new-session", "-d", .. size, command]);
        Assert.True(exit == 0, output);
    }

    /// <summary>Presses keys, named as tmux names them.</summary>
    public void Press(params string[] keys)
    {
        foreach (string key in keys)
        {
            Run("tmux", "-S", Tmux, "send-keys", key);

            // A terminal cannot tell Esc and a key after it from Alt and that key but by the time between.
            Thread.Sleep(key == "Escape" ? 300 : 50);
        }
    }

    /// <summary>Waits until the screen is as it shall be, and returns it.</summary>
    public async Task<string> Until(Func<string, bool> holds)
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

    public static (int Exit, string Output) Run(string program, params string[] arguments)
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

    public void Resize(int width, int height) =>
        Run("tmux", "-S", Tmux, "resize-window", "-x", $"{width}", "-y", $"{height}");
}

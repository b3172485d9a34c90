using System.Diagnostics;
using System.Text;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>The program in a terminal of tmux. Skips the test where there is no tmux.</summary>
internal sealed class TmuxSession : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public TmuxSession()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/tmux"), "needs tmux in /usr/bin");
        Folder = Directory.CreateTempSubdirectory("im-tui").FullName;
    }

    /// <summary>A folder that goes away with the session.</summary>
    public string Folder { get; }

    /// <summary>Path for a node's socket.</summary>
    public string Socket => Path.Combine(Folder, "api.sock");

    /// <summary>Path of a program built with the tests.</summary>
    public static string Built(string name) => Path.Combine(AppContext.BaseDirectory, name + ".dll");

    /// <summary>The person's own editor, or empty.</summary>
    public string Editor { get; set; } = "";

    private string Tmux => Path.Combine(Folder, "tmux");

    public void Dispose()
    {
        Run("tmux", "-S", Tmux, "kill-server");
        Directory.Delete(Folder, recursive: true);
    }

    private string Command => $"cd '{Folder}'; "
        + $"LC_ALL=C.UTF-8 EDITOR='{Editor}' dotnet '{Built("incidentmesh-tui")}' --node='{Socket}'; "
        + "echo exit $?; sleep 600";

    /// <summary>Starts the program; <c>exit N</c> appears when it ends.</summary>
    public void Start(int width, int height)
    {
        (int exit, string output) = Run(
            "tmux", "-u", "-S", Tmux, "-f", "/dev/null", "new-session", "-d",
            "-x", $"{width}", "-y", $"{height}", Command);
        Assert.True(exit == 0, output);
    }

    /// <summary>Kills the program: no handler, no goodbye.</summary>
    public void Kill()
    {
        using Process program = Program();
        program.Kill();
    }

    /// <summary>Closes the terminal.</summary>
    /// <returns>Whether the program ended of itself thereafter.</returns>
    public async Task<bool> Close()
    {
        using Process program = Program();
        Run("tmux", "-S", Tmux, "kill-server");
        try
        {
            await program.WaitForExitAsync().WaitAsync(Patience);
            return true;
        }
        catch (TimeoutException)
        {
            program.Kill();
            return false;
        }
    }

    private Process Program()
    {
        string shell = Run("tmux", "-S", Tmux, "list-panes", "-F", "#{pane_pid}").Output.Trim();
        string children = File.ReadAllText($"/proc/{shell}/task/{shell}/children").Trim();
        return Process.GetProcessById(int.Parse(children.Split(' ')[0]));
    }

    /// <summary>Starts the program again in the same terminal.</summary>
    public void Restart() => Run("tmux", "-S", Tmux, "respawn-pane", "-k", Command);

    /// <summary>Gives the terminal another size.</summary>
    public void Resize(int width, int height) =>
        Run("tmux", "-S", Tmux, "resize-window", "-x", $"{width}", "-y", $"{height}");

    /// <summary>Presses keys by the names of tmux.</summary>
    public void Press(params string[] keys)
    {
        foreach (string key in keys)
        {
            Run("tmux", "-S", Tmux, "send-keys", key);

            // A terminal cannot tell Esc and a key after it from Alt and that key but by the time between.
            Thread.Sleep(key == "Escape" ? 300 : 50);
        }
    }

    /// <summary>Pastes as terminals do: marked, and with the line breaks of the return key.</summary>
    public void Paste(string text)
    {
        Run("tmux", "-u", "-S", Tmux, "set-buffer", text);
        Run("tmux", "-u", "-S", Tmux, "paste-buffer", "-p");
    }

    /// <summary>Waits until the screen shows all of <paramref name="texts"/>.</summary>
    public async Task<string> Until(params string[] texts)
    {
        string screen = "";
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience;)
        {
            screen = Run("tmux", "-u", "-S", Tmux, "capture-pane", "-p").Output;
            if (texts.All(t => screen.Contains(t, StringComparison.Ordinal)))
            {
                return screen;
            }

            await Task.Delay(100);
        }

        Assert.Fail($"no \"{string.Join("\", \"", texts)}\" on\n{screen}");
        return screen;
    }

    /// <summary>Runs a program to its end without a terminal.</summary>
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
}

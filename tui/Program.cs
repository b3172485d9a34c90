using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using IncidentMesh.Editing;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Data;
using IncidentMesh.Tui.Plain;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Start;
using IncidentMesh.Tui.Text;
using Terminal.Gui.App;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui;

/// <summary>Starts the terminal UI: arguments, terminal, node, then the screen.</summary>
internal static class Program
{
    private static readonly TimeSpan KeepTime = TimeSpan.FromSeconds(2);

    public static int Main(string[] args)
    {
        // Numbers look the same in every language, so that what is seen can be typed.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        Func<string, string?> environment = Environment.GetEnvironmentVariable;
        Texts.UseLocale(environment);
        try
        {
            Options options = Options.Parse(
                args, home => UiSettings.Over(UiSettings.PathOf(home, environment), environment));
            if (options.Language is { } language)
            {
                Texts.Use(language);
            }

            return Run(options);
        }
        catch (UsageException e)
        {
            return Fail(e.Message, e.Hint, 2);
        }
        catch (NodeFailure e)
        {
            return Fail(e.Message, e.Hint, e.Exit);
        }
    }

    private static int Run(Options options)
    {
        if (options.Help || options.Version)
        {
            Console.Out.WriteLine(options.Help
                ? Options.Usage
                : Assembly.GetExecutingAssembly().GetName().Version!.ToString(3));
            return 0;
        }

        // Terminal.Gui 2.5.0 waits for ever, and says nothing, where there is no terminal.
        bool attended = !Console.IsInputRedirected && !Console.IsOutputRedirected;
        if (!attended && !options.Plain)
        {
            throw new UsageException(
                T("standard input and output must be a terminal"),
                T("incidentmesh search prints lines, --plain reads and writes them"));
        }

        NodeAddress? address = NodeAddress.Resolve(
            options.Node, options.Home, Environment.GetEnvironmentVariable, File.ReadAllText);

        // Terminal.Gui takes 150 ms to get ready, most of it before it touches the terminal.
        Task warm = options.Plain ? Task.CompletedTask : Task.Run(() =>
            RuntimeHelpers.RunModuleConstructor(typeof(IApplication).Module.ModuleHandle));
        Beginning? beginning = null;
        if (attended && address.Home is not null && !address.Answers()
            && NodeProgram.Find(AppContext.BaseDirectory, Environment.GetEnvironmentVariable) is { } program)
        {
            beginning = new Beginning(address, program, Console.In, Console.Out);
            address = beginning.Run();
        }

        using Demo? demo = beginning?.Demo;
        if (address is null)
        {
            return 0;
        }

        address.ConnectAsync(CancellationToken.None).GetAwaiter().GetResult().Dispose();
        warm.Wait();
        return Show(new NodeClient(address), options, attended, beginning?.IsFirstRun ?? false);
    }

    private static int Show(NodeClient node, Options options, bool attended, bool tour)
    {
        using var stop = new CancellationTokenSource();
        using var wake = new AutoResetEvent(false);
        var posted = new ConcurrentQueue<Action>();
        void Post(Action action)
        {
            posted.Enqueue(action);
            wake.Set();
        }

        var courier = new Courier(node, Post, inline: false, stop.Token);
        Func<string, string?> variable = Environment.GetEnvironmentVariable;
        var desk = new Desk(courier, TimeProvider.System, options.Query, options.Ascii)
        {
            Variable = variable,
            IsPlain = options.Plain,
            HoldTime = options.Undo,
            Tour = tour,
            Reorders = options.Bidi == "app" || (options.Bidi == "auto" && !Rtl.TerminalReorders(variable)),
        };
        var feed = new EventFeed(node, desk, Post, TimeProvider.System);
        Task following = Task.Run(() => feed.RunAsync(stop.Token));
        if (options.Plain)
        {
            Action prompt = attended ? () => Console.Out.Write("> ") : () => { };
            new PlainLoop(desk, new PlainShell(desk, Console.Out), posted).Run(Console.In, prompt);
        }
        else
        {
            // A terminal that is closed asks for the same as ctrl-c.
            using PosixSignalRegistration hangup = PosixSignalRegistration.Create(
                PosixSignal.SIGHUP, signal =>
                {
                    signal.Cancel = true;
                    Post(() => desk.Press(KeyMap.Of(Verb.QuitNow).Key));
                });
            try
            {
                Fill(desk, options, posted, wake);
            }
            finally
            {
                Keep(desk, posted, wake);
            }
        }

        foreach (string lost in desk.Outbox.Waiting)
        {
            Console.Error.WriteLine("hint: " + T($"not sent: {lost}"));
        }

        foreach (string lost in desk.Unsaved)
        {
            Console.Error.WriteLine("hint: " + T($"not saved: {lost}"));
        }

        stop.Cancel();
        following.Wait(TimeSpan.FromSeconds(1));
        return 0;
    }

    private static void Fill(
        Desk desk, Options options, ConcurrentQueue<Action> posted, AutoResetEvent wake)
    {
        Theme theme = Theme.Choose(options.NoColour, Environment.GetEnvironmentVariable);
        using IDisposable? sizes = OperatingSystem.IsWindows() ? null
            : PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => wake.Set());
        while (!desk.Ended)
        {
            desk.Edit(Editor);
            using IApplication app = KeyInput.Begin(wake);
            using var screen = new ScreenView(desk, theme, posted, wake) { TakesMouse = options.Mouse };
            screen.Attach(app, app.Driver!.WriteRaw);
            app.Run(screen);
        }
    }

    // The terminal is the editor's meanwhile; ctrl-c there ends no more than the editor makes of it.
    private static string? Editor(string text)
    {
        Func<string, string?> variable = Environment.GetEnvironmentVariable;
        using PosixSignalRegistration interrupt =
            PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using TextEditor editor =
            new(TextEditor.Command(variable)!, Encoding.UTF8.GetBytes(text + "\n"), ".md", variable);
        return editor.RunAsync(CancellationToken.None).GetAwaiter().GetResult() == 0
            ? Encoding.UTF8.GetString(editor.Read()).ReplaceLineEndings("\n") : null;
    }

    // What a page keeps is on its way to the node: it is waited for, yet not long.
    private static void Keep(Desk desk, ConcurrentQueue<Action> posted, AutoResetEvent wake)
    {
        for (var waited = Stopwatch.StartNew();
            waited.Elapsed < KeepTime && desk.IsKeeping;
            wake.WaitOne(TimeSpan.FromMilliseconds(50)))
        {
            while (posted.TryDequeue(out Action? action))
            {
                action();
            }
        }
    }

    private static int Fail(string message, string? hint, int exit)
    {
        Console.Error.WriteLine("error: " + SafeText.Show(message));
        if (hint is not null)
        {
            Console.Error.WriteLine("hint: " + SafeText.Show(hint));
        }

        return exit;
    }
}

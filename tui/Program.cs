using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Data;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;

namespace IncidentMesh.Tui;

/// <summary>Starts the terminal UI: arguments, terminal, node, then the screen.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        // Numbers look the same in every language, so that what is seen can be typed.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        Texts.UseLocale(Environment.GetEnvironmentVariable);
        try
        {
            return Run(Options.Parse(args, Environment.GetEnvironmentVariable));
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
        if (Console.IsInputRedirected || Console.IsOutputRedirected)
        {
            throw new UsageException(
                "standard input and output must be a terminal", "incidentmesh search prints lines");
        }

        NodeAddress address = NodeAddress.Resolve(
            options.Node, options.Home, Environment.GetEnvironmentVariable, File.ReadAllText);

        // Terminal.Gui takes 150 ms to get ready, most of it before it touches the terminal.
        Task warm = Task.Run(() =>
            RuntimeHelpers.RunModuleConstructor(typeof(IApplication).Module.ModuleHandle));
        address.ConnectAsync(CancellationToken.None).GetAwaiter().GetResult().Dispose();
        warm.Wait();
        Show(new NodeClient(address), options);
        return 0;
    }

    private static void Show(NodeClient node, Options options)
    {
        using var stop = new CancellationTokenSource();
        var posted = new ConcurrentQueue<Action>();
        var courier = new Courier(node, posted.Enqueue, inline: false, stop.Token);
        Func<string, string?> variable = Environment.GetEnvironmentVariable;
        var desk = new Desk(courier, TimeProvider.System, options.Query, options.Ascii)
        {
            Variable = variable,
            Reorders = options.Bidi == "app" || (options.Bidi == "auto" && !Rtl.TerminalReorders(variable)),
        };
        var feed = new EventFeed(node, desk, posted.Enqueue, TimeProvider.System);
        Task following = Task.Run(() => feed.RunAsync(stop.Token));

        using (IApplication app = Application.Create().Init(DriverRegistry.Names.ANSI))
        using (var screen = new ScreenView(
            desk, Theme.Choose(options.NoColour, Environment.GetEnvironmentVariable), posted))
        {
            screen.Attach(app, app.Driver!.WriteRaw);
            app.Run(screen);
        }

        foreach (string lost in desk.Outbox.Waiting)
        {
            Console.Error.WriteLine($"hint: not sent: {lost}");
        }

        stop.Cancel();
        following.Wait(TimeSpan.FromSeconds(1));
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

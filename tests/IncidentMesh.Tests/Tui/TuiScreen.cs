using System.Collections.Concurrent;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using Microsoft.Extensions.Time.Testing;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;
using Terminal.Gui.Testing;
using Terminal.Gui.Time;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>The terminal UI without a terminal: keys go in through Terminal.Gui, what it writes goes to a
/// <see cref="VtScreen"/>. Time stands still until <see cref="Wait"/>.</summary>
internal sealed class TuiScreen : IDisposable
{
    private static readonly Dictionary<string, Key> Keys = new()
    {
        ["enter"] = Key.Enter,
        ["esc"] = Key.Esc,
        ["tab"] = Key.Tab,
        ["shift-tab"] = Key.Tab.WithShift,
        ["space"] = Key.Space,
        ["backspace"] = Key.Backspace,
        ["up"] = Key.CursorUp,
        ["down"] = Key.CursorDown,
        ["left"] = Key.CursorLeft,
        ["right"] = Key.CursorRight,
        ["home"] = Key.Home,
        ["end"] = Key.End,
        ["pgdn"] = Key.PageDown,
        ["pgup"] = Key.PageUp,
        ["ctrl-c"] = Key.C.WithCtrl,
        ["ctrl-d"] = Key.D.WithCtrl,
        ["ctrl-e"] = Key.E.WithCtrl,
        ["ctrl-u"] = Key.U.WithCtrl,
        ["ctrl-l"] = Key.L.WithCtrl,
        ["ctrl-w"] = Key.W.WithCtrl,
        ["ctrl-x"] = Key.X.WithCtrl,
        ["ctrl-s"] = Key.S.WithCtrl,
        ["ctrl-a"] = Key.A.WithCtrl,
        ["ctrl-y"] = Key.Y.WithCtrl,
        ["ctrl-t"] = Key.T.WithCtrl,
        ["ctrl-o"] = Key.O.WithCtrl,
        ["f2"] = Key.F2,
        ["f3"] = Key.F3,
        ["f4"] = Key.F4,
    };

    private readonly ConcurrentQueue<Action> posted = new();
    private readonly AutoResetEvent wake = new(false);
    private readonly IApplication app;
    private readonly ScreenView view;
    private readonly SessionToken? session;
    private VtScreen terminal;

    public TuiScreen(int width, int height, FakeNode? node = null, string query = "", bool ascii = false,
        bool reorders = false)
    {
        Node = node ?? new FakeNode();
        var courier = new Courier(Node, posted.Enqueue, inline: true, CancellationToken.None);
        Desk = new Desk(courier, Time, query, ascii)
        {
            Reorders = reorders,
            Variable = name => Variables.GetValueOrDefault(name),
        };
        if (Node.Failure is null)
        {
            Desk.Told(Node.Status);
        }

        app = Application.Create(new VirtualTimeProvider());
        app.Init(DriverRegistry.Names.ANSI);
        app.Driver!.SetScreenSize(width, height);
        view = new ScreenView(Desk, new Theme(colours: true, light: false), posted, wake);
        terminal = new VtScreen(width, height);
        view.Attach(app, Write);
        session = app.Begin(view);
        Settle();
    }

    public FakeNode Node { get; }

    /// <summary>The environment.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public FakeTimeProvider Time { get; } = new(FakeReports.Now);

    public Desk Desk { get; }

    /// <summary>What was written since the last key.</summary>
    public string LastOutput { get; private set; } = "";

    /// <summary>The screen as text, without spaces at the ends of lines.</summary>
    public string Text => terminal.ToString();

    /// <summary>What was copied last.</summary>
    public string? Clipboard => terminal.Clipboard;

    /// <summary>The same screen drawn from nothing.</summary>
    public string Fresh
    {
        get
        {
            var canvas = new Canvas(app.Driver!.Cols, app.Driver.Rows, Desk.Ellipsis, Desk.Reorders);
            Desk.Draw(canvas);
            return canvas.ToString();
        }
    }

    /// <summary>A line of the screen.</summary>
    public string Line(int row) => Text.Split('\n')[row];

    /// <summary>The selected row of the list at the left.</summary>
    public string Selected => Text.Split('\n').First(l => l.StartsWith('>'));

    /// <summary>Presses keys by name; anything else is typed.</summary>
    public TuiScreen Press(params string[] keys)
    {
        foreach (string key in keys)
        {
            LastOutput = "";
            if (Keys.TryGetValue(key, out Key? named))
            {
                app.InjectKey(named);
            }
            else
            {
                foreach (char c in key)
                {
                    app.InjectKey((Key)c);
                }
            }

            Settle();
        }

        return this;
    }

    /// <summary>Gives a new size.</summary>
    public TuiScreen Resize(int width, int height)
    {
        terminal = new VtScreen(width, height);
        app.Driver!.SetScreenSize(width, height);
        Settle();
        return this;
    }

    /// <summary>Lets time pass, second by second.</summary>
    public TuiScreen Seconds(int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            Wait(1);
        }

        return this;
    }

    /// <summary>Lets time pass.</summary>
    public TuiScreen Wait(double seconds)
    {
        Time.Advance(TimeSpan.FromSeconds(seconds));
        Settle();
        return this;
    }

    /// <summary>Pastes, as a terminal does that marks what is pasted.</summary>
    public TuiScreen Paste(string text)
    {
        app.RaisePasteEvent(text);
        Settle();
        return this;
    }

    /// <summary>The person's own editor comes back.</summary>
    public TuiScreen Edit(Func<string, string?> editor)
    {
        Desk.Edit(editor);
        Settle();
        return this;
    }

    /// <summary>A record arrives and is told.</summary>
    public TuiScreen Arrive(Protocol.Api.ReportItem item)
    {
        Desk.Happened(Node.Arrive(item));
        Settle();
        return this;
    }

    /// <summary>Answers, draws, and does so again until nothing changes: drawing may ask.</summary>
    public void Settle()
    {
        for (int i = 0; i < 10; i++)
        {
            view.Turn(app);
            app.LayoutAndDraw();
            if (posted.IsEmpty)
            {
                return;
            }
        }
    }

    /// <summary>Waits for an answer or a job, which come on threads of their own.</summary>
    public TuiScreen Until(Func<bool> done)
    {
        for (int i = 0; i < 500 && !done(); i++)
        {
            Thread.Sleep(10);
            Settle();
        }

        Assert.True(done());
        return this;
    }

    private void Write(string text)
    {
        LastOutput += text;
        terminal.Write(text);
    }

    public void Dispose()
    {
        if (session is not null)
        {
            app.End(session);
        }

        view.Dispose();
        app.Dispose();
        wake.Dispose();
    }
}

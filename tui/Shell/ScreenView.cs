using System.Collections.Concurrent;
using System.Diagnostics;
using System.Drawing;
using IncidentMesh.Tui.Text;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;

namespace IncidentMesh.Tui.Shell;

/// <summary>The one view of Terminal.Gui, which reads keys, paste and mouse for the <see cref="Desk"/> and
/// keeps the terminal's modes. Drawing goes past it (<see cref="TerminalText"/>).</summary>
internal sealed class ScreenView : Runnable
{
    // Between turns while a sequence may go on.
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(4);

    // Terminal.Gui needs turns for so long after Esc to tell the key from the start of a sequence.
    private static readonly TimeSpan EscapeTime = TimeSpan.FromMilliseconds(150);
    private const ushort TurnsPerSecondMax = 1000;

    // A terminal that changes its size says so, and wakes whoever waits; this is for one that does not.
    private static readonly TimeSpan SizeTime = TimeSpan.FromSeconds(1);

    private readonly Desk desk;
    private readonly Theme theme;
    private readonly ConcurrentQueue<Action> posted;
    private readonly EventWaitHandle wake;
    private readonly Stopwatch sinceInput = Stopwatch.StartNew();
    private Action<string> write = _ => { };
    private Canvas? shown;
    private long version = -1;

    /// <param name="desk">What is shown.</param>
    /// <param name="theme">Colours.</param>
    /// <param name="posted">Actions of other threads.</param>
    /// <param name="wake">Set when there is one, and when keys wait.</param>
    public ScreenView(Desk desk, Theme theme, ConcurrentQueue<Action> posted, EventWaitHandle wake)
    {
        this.wake = wake;
        this.desk = desk;
        this.theme = theme;
        this.posted = posted;
        CanFocus = true;
        Width = Dim.Fill();
        Height = Dim.Fill();
    }

    /// <summary>Whether the terminal tells of the mouse; else it keeps the mouse for itself.</summary>
    public bool TakesMouse { get; init; } = true;

    /// <summary>Takes the keys that Terminal.Gui keeps for itself, and hooks into its loop.</summary>
    /// <param name="app">The application.</param>
    /// <param name="terminal">Writes to the terminal.</param>
    public void Attach(IApplication app, Action<string> terminal)
    {
        write = terminal;
        // Esc would quit the whole program, Tab move the focus: here they are keys like others.
        app.Keyboard.KeyBindings.Clear();
        ConcurrentQueue<char>? input =
            (app.Driver!.GetInputProcessor() as InputProcessorImpl<char>)?.InputQueue;
        Application.MaximumIterationsPerSecond = TurnsPerSecondMax;
        app.Iteration += (_, _) =>
        {
            Turn(app);
            Rest(input);
        };
        if (!TakesMouse)
        {
            // Undoes what Terminal.Gui asked for (xterm control sequences, "Mouse Tracking").
            write("\u001b[?1003l\u001b[?1015l\u001b[?1006l");
        }

        // Terminal.Gui 2.5 gives a paste to a view only by a command that this one does not bind.
        app.Paste += (_, pasted) =>
        {
            desk.Paste(pasted.Text);
            pasted.Handled = true;
        };
        app.Driver!.ClearedContents += (_, _) => shown = null;
    }

    /// <summary>Runs what was posted and is due; asks for a new frame when something changed.</summary>
    public void Turn(IApplication app)
    {
        // Terminal.Gui 2.5 never takes this back, and would write the cursor 60 times a second.
        app.Driver!.SetCursorNeedsUpdate(false);
        while (posted.TryDequeue(out Action? action))
        {
            action();
            desk.Changed();
        }

        desk.Tick();
        if (desk.Ended || desk.Lent is not null)
        {
            app.RequestStop();
        }
        else if (desk.RedrawAll)
        {
            desk.RedrawAll = false;
            app.ClearScreenNextIteration = true;
        }

        while (desk.ToTerminal.TryDequeue(out string? sequence))
        {
            write(sequence);
        }

        if (desk.Version != version)
        {
            SetNeedsDraw();
        }
    }

    protected override bool OnKeyDown(Key key)
    {
        if (KeyNames.Of(key) is { } name)
        {
            desk.Press(name);
            SetNeedsDraw();
        }

        return true;
    }

    protected override bool OnMouseEvent(Mouse mouse)
    {
        if (mouse.Position is not { } at)
        {
            return false;
        }

        bool up = mouse.Flags.HasFlag(MouseFlags.WheeledUp);
        if (up || mouse.Flags.HasFlag(MouseFlags.WheeledDown))
        {
            desk.Press(KeyMap.Of(up ? Verb.Up : Verb.Down).Keys[1]);
        }
        else if (mouse.IsSingleClicked || mouse.IsDoubleClicked)
        {
            (Page left, Page? right) = DeskPainter.Pair(desk);
            (Area _, Area text) = DeskPainter.Panes(
                new Area(null!, 0, 2, Viewport.Width, Viewport.Height - 4));
            bool inText = right is not null && at.X >= text.Left;
            desk.Click(inText ? right! : left, at.Y - 2, mouse.IsDoubleClicked);
        }
        else
        {
            return false;
        }

        SetNeedsDraw();
        return true;
    }

    // What is on the screen stays; OnDrawingContent writes the difference.
    protected override bool OnClearingViewport() => true;

    protected override bool OnDrawingContent(DrawContext? context)
    {
        version = desk.Version;
        Size size = Viewport.Size;
        var canvas = new Canvas(size.Width, size.Height, desk.Ellipsis, desk.Reorders);
        desk.Draw(canvas);
        Canvas? before = shown?.Width == size.Width && shown.Height == size.Height ? shown : null;
        string difference = TerminalText.Difference(canvas, before, theme);
        if (difference.Length > 0)
        {
            write(difference);
        }

        KeepOutput();
        shown = canvas;
        if (before is null || before.Cursor != canvas.Cursor
            || (canvas.Cursor is not null && difference.Length > 0))
        {
            Cursor = canvas.Cursor is { } at
                ? new Cursor { Position = new Point(at.X, at.Y), Style = CursorStyle.SteadyBar }
                : new Cursor { Position = null };
            App!.Driver!.SetCursorNeedsUpdate(true);
        }

        return true;
    }

    // Terminal.Gui would write its own cells, which nobody draws into, over the text.
    private void KeepOutput()
    {
        if (App?.Driver?.Contents is { } cells)
        {
            for (int y = 0; y < cells.GetLength(0); y++)
            {
                for (int x = 0; x < cells.GetLength(1); x++)
                {
                    cells[y, x].IsDirty = false;
                }
            }
        }
    }

    // Terminal.Gui turns 25 times a second or more whether or not there is anything to do; here it waits for
    // a key, an answer or a due action, and turns now and then to see whether the terminal's size changed.
    private void Rest(ConcurrentQueue<char>? input)
    {
        if (input is not { IsEmpty: true })
        {
            sinceInput.Restart();
        }

        TimeSpan rest = sinceInput.Elapsed < EscapeTime || !KeyInput.IsPossible ? Nap : SizeTime;
        rest = desk.DueIn is { } due && due < rest ? due : rest;
        if (rest > TimeSpan.Zero && input is null or { IsEmpty: true } && posted.IsEmpty
            && desk.Version == version && wake.WaitOne(rest))
        {
            // Keys may be on their way from the terminal.
            sinceInput.Restart();
        }
    }
}

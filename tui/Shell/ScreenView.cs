using System.Collections.Concurrent;
using System.Diagnostics;
using System.Drawing;
using System.Globalization;
using System.Text;
using IncidentMesh.Tui.Text;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;

namespace IncidentMesh.Tui.Shell;

/// <summary>The one view of Terminal.Gui: gives keys, paste and mouse to the <see cref="Desk"/> and copies
/// its canvas to the driver. Only stretches of rows that changed are written, so that a key press costs a
/// slow link little.</summary>
internal sealed class ScreenView : Runnable
{
    // Terminal.Gui sleeps between turns, so a key waits half a turn: few turns while nobody types.
    private const ushort BusyTurnsPerSecond = 125;
    private const ushort IdleTurnsPerSecond = 30;
    private static readonly TimeSpan BusyTime = TimeSpan.FromSeconds(10);

    // Moving the cursor over cells that stay costs about as much as writing this many.
    private const int SkipColumns = 8;

    private readonly Desk desk;
    private readonly Theme theme;
    private readonly ConcurrentQueue<Action> posted = new();
    private readonly Stopwatch sinceInput = Stopwatch.StartNew();
    private Canvas? shown;
    private long version = -1;

    public ScreenView(Desk desk, Theme theme, ConcurrentQueue<Action> posted)
    {
        this.desk = desk;
        this.theme = theme;
        this.posted = posted;
        CanFocus = true;
        Width = Dim.Fill();
        Height = Dim.Fill();
    }

    /// <summary>Takes the keys that Terminal.Gui keeps for itself, and hooks into its loop.</summary>
    public void Attach(IApplication app)
    {
        // Esc would quit the whole program, Tab move the focus: here they are keys like others.
        app.Keyboard.KeyBindings.Clear();
        app.Iteration += (_, _) => Turn(app);
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

        Application.MaximumIterationsPerSecond =
            sinceInput.Elapsed < BusyTime ? BusyTurnsPerSecond : IdleTurnsPerSecond;
        desk.Tick();
        if (desk.Ended)
        {
            app.RequestStop();
        }
        else if (desk.RedrawAll)
        {
            desk.RedrawAll = false;
            app.ClearScreenNextIteration = true;
        }

        if (desk.Version != version)
        {
            SetNeedsDraw();
        }
    }

    protected override bool OnKeyDown(Key key)
    {
        sinceInput.Restart();
        if (KeyNames.Of(key) is { } name)
        {
            desk.Press(name);
            SetNeedsDraw();
        }

        return true;
    }

    protected override bool OnPaste(string text)
    {
        desk.Paste(text);
        SetNeedsDraw();
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
    protected override bool OnClearingViewport() => shown is not null;

    protected override bool OnDrawingContent(DrawContext? context)
    {
        version = desk.Version;
        Size size = Viewport.Size;
        var canvas = new Canvas(size.Width, size.Height, desk.Ellipsis);
        desk.Draw(canvas);
        Canvas? before = shown?.Width == size.Width && shown.Height == size.Height ? shown : null;
        for (int y = 0; y < size.Height; y++)
        {
            CopyRow(canvas, before, y);
        }

        shown = canvas;
        Cursor = canvas.Cursor is { } at
            ? new Cursor { Position = ViewportToScreen(new Point(at.X, at.Y)), Style = CursorStyle.SteadyBar }
            : new Cursor { Position = null };
        App!.Driver!.SetCursorNeedsUpdate(true);
        return true;
    }

    private void CopyRow(Canvas canvas, Canvas? before, int y)
    {
        if (canvas.IsLoose(y) || (before is not null && before.IsLoose(y)))
        {
            CopyLooseRow(canvas, before, y);
            return;
        }

        for (int x = 0; x < canvas.Width;)
        {
            if (!Differs(canvas, before, x, y))
            {
                x++;
                continue;
            }

            int first = x;
            int last = x;
            for (; x < canvas.Width && x - last <= SkipColumns; x++)
            {
                last = Differs(canvas, before, x, y) ? x : last;
            }

            CopyStretch(
                canvas, y, Whole(canvas, before, first, y, -1), Whole(canvas, before, last + 1, y, 1) - 1);
        }
    }

    private static bool Differs(Canvas canvas, Canvas? before, int x, int y) =>
        before is null || canvas[x, y] != before[x, y];

    // A stretch begins and ends at whole graphemes of both the old row and the new.
    private static int Whole(Canvas canvas, Canvas? before, int x, int y, int step)
    {
        while (x > 0 && x < canvas.Width
            && (canvas[x, y].Grapheme.Length == 0 || before?[x, y].Grapheme.Length == 0))
        {
            x += step;
        }

        return x;
    }

    // A row with text whose width the terminal may see otherwise: it is erased and written whole, and the
    // cursor is placed anew after each such field. Terminal.Gui does that where it skips a clean cell.
    private void CopyLooseRow(Canvas canvas, Canvas? before, int y)
    {
        int width = canvas.Width;
        if (before is not null && Enumerable.Range(0, width).All(x => canvas[x, y] == before[x, y]))
        {
            return;
        }

        Point at = ViewportToScreen(new Point(0, y));
        App?.Driver?.WriteRaw(
            string.Create(CultureInfo.InvariantCulture, $"\u001b[0m\u001b[{at.Y + 1};1H\u001b[2K"));
        CopyStretch(canvas, y, 0, width - 1);
        if (App?.Driver?.Contents is not { } cells)
        {
            return;
        }

        int end = width;
        while (end > 0 && canvas[end - 1, y] is { Grapheme: " ", Style.Reverse: false })
        {
            cells[at.Y, at.X + --end].IsDirty = false;
        }

        foreach ((int x, int row) in canvas.Stops)
        {
            if (row == y && x < end)
            {
                cells[at.Y, at.X + x].IsDirty = false;
            }
        }
    }

    private void CopyStretch(Canvas canvas, int y, int first, int last)
    {
        var run = new StringBuilder();
        for (int x = first; x <= last;)
        {
            Style style = FirstStyle(canvas, x, last, y);
            int from = x;
            run.Clear();
            while (x <= last && (canvas[x, y].Style == style || Blends(canvas[x, y], style)))
            {
                run.Append(canvas[x++, y].Grapheme);
            }

            SetAttribute(theme.Of(style));
            Move(from, y);
            AddStr(run.ToString());
        }
    }

    private static Style FirstStyle(Canvas canvas, int x, int last, int y)
    {
        Style style = canvas[x, y].Style;
        while (x < last && Blends(canvas[x, y], Style.Plain))
        {
            x++;
        }

        return canvas[x, y].Style.Reverse ? style : canvas[x, y].Style;
    }

    // A space looks the same in every colour, so it needs no change of colour of its own.
    private static bool Blends(CanvasCell cell, Style style) =>
        cell.Grapheme == " " && !cell.Style.Reverse && !style.Reverse;
}

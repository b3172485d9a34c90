using System.Globalization;
using System.Text;
using IncidentMesh.Tui.Text;

namespace IncidentMesh.Tui.Shell;

/// <summary>What a terminal is told so that it shows another canvas: control sequences of ECMA-48 (CUP, EL,
/// SGR) and text. Only stretches of rows that changed are written, and a blank end of a row is erased instead
/// of written, so that a key press costs a slow link little.</summary>
internal sealed class TerminalText
{
    // Moving the cursor over cells that stay costs about as much as writing this many.
    private const int SkipColumns = 8;

    private readonly Canvas canvas;
    private readonly Canvas? before;
    private readonly Theme theme;
    private readonly StringBuilder text = new();
    private Style style = Style.Plain;
    private (int X, int Y)? at;

    private TerminalText(Canvas canvas, Canvas? before, Theme theme) =>
        (this.canvas, this.before, this.theme) = (canvas, before, theme);

    /// <summary>The difference between what is shown and what is to be shown; it begins and ends with plain
    /// attributes.</summary>
    /// <param name="canvas">What is to be shown.</param>
    /// <param name="before">What is shown, of the same size, or null when that is not known.</param>
    /// <param name="theme">Colours.</param>
    public static string Difference(Canvas canvas, Canvas? before, Theme theme)
    {
        var written = new TerminalText(canvas, before, theme);
        for (int y = 0; y < canvas.Height; y++)
        {
            written.Row(y);
        }

        written.Wear(Style.Plain);
        return written.text.ToString();
    }

    private void Row(int y)
    {
        int end = End(canvas, y);
        if (canvas.IsLoose(y) || before?.IsLoose(y) == true)
        {
            LooseRow(y, end);
            return;
        }

        for (int x = 0; x < end;)
        {
            if (!Differs(x, y))
            {
                x++;
                continue;
            }

            int first = x;
            int last = x;
            for (; x < end && x - last <= SkipColumns; x++)
            {
                last = Differs(x, y) ? x : last;
            }

            Stretch(y, Whole(first, y, -1), Math.Min(end, Whole(last + 1, y, 1)));
        }

        if (before is null || End(before, y) > end)
        {
            Erase(end, y);
        }
    }

    // A row with text whose width the terminal may see otherwise: it is erased and written whole, and the
    // cursor is placed anew after each such field.
    private void LooseRow(int y, int end)
    {
        if (before is not null && Enumerable.Range(0, canvas.Width).All(x => !Differs(x, y)))
        {
            return;
        }

        Erase(0, y);
        int from = 0;
        foreach (int stop in canvas.Stops.Where(s => s.Y == y && s.X < end).Select(s => s.X).Order())
        {
            Stretch(y, from, stop);
            at = null;
            from = stop;
        }

        Stretch(y, from, end);
        at = null;
    }

    private void Stretch(int y, int first, int end)
    {
        if (first >= end)
        {
            return;
        }

        Move(first, y);
        for (int x = first; x < end; x++)
        {
            CanvasCell cell = canvas[x, y];

            // A space looks the same in every colour, so it needs no change of colour of its own.
            if (cell.Grapheme != " " || cell.Style.Reverse || style.Reverse)
            {
                Wear(cell.Style);
            }

            text.Append(cell.Grapheme);
        }

        at = end < canvas.Width ? (end, y) : null;
    }

    private void Erase(int x, int y)
    {
        if (x >= canvas.Width)
        {
            return;
        }

        Wear(Style.Plain);
        Move(x, y);
        text.Append("\u001b[K");
    }

    private void Move(int x, int y)
    {
        if (at == (x, y))
        {
            return;
        }

        bool nextRow = x == 0 && at is { } now && now.Y == y - 1;
        text.Append(nextRow
            ? "\r\n" : string.Create(CultureInfo.InvariantCulture, $"\u001b[{y + 1};{x + 1}H"));
        at = (x, y);
    }

    private void Wear(Style wanted)
    {
        if (style != wanted)
        {
            text.Append("\u001b[").Append(theme.Codes(wanted, fromPlain: style == Style.Plain)).Append('m');
            style = wanted;
        }
    }

    private bool Differs(int x, int y) => before is null || canvas[x, y] != before[x, y];

    // A stretch begins and ends at whole graphemes of both the old row and the new.
    private int Whole(int x, int y, int step)
    {
        while (x > 0 && x < canvas.Width
            && (canvas[x, y].Grapheme.Length == 0 || before?[x, y].Grapheme.Length == 0))
        {
            x += step;
        }

        return x;
    }

    private static int End(Canvas canvas, int y)
    {
        int end = canvas.Width;
        while (end > 0 && canvas[end - 1, y] is { Grapheme: " ", Style.Reverse: false })
        {
            end--;
        }

        return end;
    }
}

using System.Text;

namespace IncidentMesh.Tui.Text;

/// <summary>One cell of a screen.</summary>
/// <param name="Grapheme">What stands in it; empty for the right half of a wide grapheme.</param>
/// <param name="Style">How it is drawn.</param>
/// <param name="Loose">Whether terminals disagree about its width, so that what follows may be
/// shifted.</param>
internal readonly record struct CanvasCell(string Grapheme, Style Style, bool Loose = false);

/// <summary>A screen as a grid of cells, drawn by the views and copied to the terminal by
/// <see cref="Shell.ScreenView"/>. It knows nothing of terminals, so a test reads it back as text.</summary>
internal sealed class Canvas
{
    private static readonly CanvasCell Blank = new(" ", Style.Plain);

    private readonly CanvasCell[] cells;

    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="ellipsis">What marks text that was cut.</param>
    /// <param name="reorders">Whether right-to-left text is put into the order of the screen here, for a
    /// terminal that does not.</param>
    public Canvas(int width, int height, string ellipsis = "…", bool reorders = false)
    {
        Reorders = reorders;
        Width = width;
        Height = height;
        Ellipsis = ellipsis;
        cells = new CanvasCell[width * height];
        Array.Fill(cells, Blank);
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>What marks text that was cut.</summary>
    public string Ellipsis { get; }

    /// <summary>Whether right-to-left text is put into the order of the screen here.</summary>
    public bool Reorders { get; }

    /// <summary>Blank cells before which fields end whose text is loose: what follows is placed
    /// anew.</summary>
    public HashSet<(int X, int Y)> Stops { get; } = [];

    /// <summary>Where the terminal's cursor stands, or null to hide it.</summary>
    public (int X, int Y)? Cursor { get; set; }

    /// <summary>The whole canvas.</summary>
    public Area All => new(this, 0, 0, Width, Height);

    /// <summary>A cell.</summary>
    public CanvasCell this[int x, int y] => cells[(y * Width) + x];

    /// <summary>Writes graphemes from (x, y) until <paramref name="end"/>, a column that is not written;
    /// a wide grapheme that does not fit is left out.</summary>
    /// <returns>The column after the last one written.</returns>
    public int Write(int x, int y, int end, string text, Style style)
    {
        end = Math.Min(end, Width);
        if (y < 0 || y >= Height)
        {
            return x;
        }

        foreach ((string grapheme, int width) in Columns.Graphemes(Reorders ? Rtl.Visual(text) : text))
        {
            int columns = Columns.Cells(grapheme);
            if (x < 0 || x + columns > end)
            {
                break;
            }

            cells[(y * Width) + x] = new CanvasCell(grapheme, style, columns != width);
            if (columns == 2)
            {
                cells[(y * Width) + x + 1] = new CanvasCell("", style);
            }

            x += columns;
        }

        return x;
    }

    /// <summary>Gives the cells of a stretch of a row a style.</summary>
    public void Restyle(int x, int y, int width, Style style)
    {
        for (int i = Math.Max(0, x); i < Math.Min(x + width, Width) && y >= 0 && y < Height; i++)
        {
            cells[(y * Width) + i] = cells[(y * Width) + i] with { Style = style };
        }
    }

    /// <summary>Whether a row holds loose text.</summary>
    public bool IsLoose(int y)
    {
        for (int x = 0; x < Width; x++)
        {
            if (this[x, y].Loose)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A row as text, without the spaces at its end.</summary>
    public string Row(int y)
    {
        var text = new StringBuilder();
        for (int x = 0; x < Width; x++)
        {
            text.Append(this[x, y].Grapheme);
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>All rows.</summary>
    public override string ToString() => string.Join('\n', Enumerable.Range(0, Height).Select(Row));
}

/// <summary>A rectangle of a canvas with coordinates of its own; what does not fit is cut off.</summary>
internal readonly record struct Area(Canvas Canvas, int Left, int Top, int Width, int Height)
{
    /// <summary>A part of this area, cut to it.</summary>
    public Area Part(int x, int y, int width, int height) => new(
        Canvas, Left + x, Top + y, Math.Clamp(width, 0, Width - x), Math.Clamp(height, 0, Height - y));

    /// <summary>Writes text; what does not fit is cut off without a mark.</summary>
    /// <returns>The column after it.</returns>
    public int Write(int x, int y, string text, Style style) =>
        y < 0 || y >= Height ? x : Canvas.Write(Left + x, Top + y, Left + Width, text, style) - Left;

    /// <summary>Writes spans one after the other.</summary>
    /// <returns>The column after the last.</returns>
    public int Write(int x, int y, IReadOnlyList<Span> spans)
    {
        foreach (Span span in spans)
        {
            x = Write(x, y, span.Text, span.Style);
        }

        return x;
    }

    /// <summary>Writes a column of a table: cut with the ellipsis at <paramref name="width"/>.</summary>
    public void Field(int x, int y, int width, string text, Style style)
    {
        string cut = Columns.Cut(text, Math.Min(width, Width - x), Canvas.Ellipsis);
        int end = Write(x, y, cut, style);
        if (end - x != Columns.Of(cut))
        {
            Canvas.Stops.Add((Left + x + width, Top + y));
        }
    }

    /// <summary>Writes text that ends before column <paramref name="end"/>.</summary>
    public void WriteRight(int end, int y, string text, Style style) =>
        Write(Math.Max(0, end - Columns.Of(text)), y, text, style);

    /// <summary>Points at the row that keys act on; it is marked as a whole where they come here.</summary>
    public void Point(int y, bool focused)
    {
        Write(0, y, ">", Style.Strong);
        if (focused)
        {
            Select(y, Style.Selected);
        }
    }

    /// <summary>Marks a whole row as selected.</summary>
    public void Select(int y, Style style)
    {
        if (y >= 0 && y < Height)
        {
            Canvas.Restyle(Left, Top + y, Width, style);
        }
    }
}

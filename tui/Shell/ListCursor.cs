namespace IncidentMesh.Tui.Shell;

/// <summary>Selection and scroll of a list. The selection stays on the screen, and keeps its screen row
/// where the list allows it.</summary>
internal sealed class ListCursor
{
    private int rows = 1;

    /// <summary>Selected row, 0 in an empty list.</summary>
    public int Selected { get; private set; }

    /// <summary>First row on the screen.</summary>
    public int Top { get; private set; }

    /// <summary>Rows in the list.</summary>
    public int Count { get; private set; }

    /// <summary>Rows on the screen.</summary>
    public int Rows => rows;

    /// <summary>Tells how many rows there are, and how many fit.</summary>
    public void Fit(int count, int visible)
    {
        Count = count;
        rows = Math.Max(1, visible);
        Select(Selected);
    }

    /// <summary>Selects a row, the nearest where there is none.</summary>
    public void Select(int row)
    {
        Selected = Math.Clamp(row, 0, Math.Max(0, Count - 1));
        Top = Math.Clamp(Top, Math.Max(0, Selected - rows + 1), Selected);
        Top = Math.Min(Top, Math.Max(0, Count - rows));
    }

    /// <summary>Moves as a verb says; false when the verb is not about moving.</summary>
    public bool Move(Verb verb)
    {
        int? to = verb switch
        {
            Verb.Down => Selected + 1,
            Verb.Up => Selected - 1,
            Verb.Top => 0,
            Verb.Bottom => Count - 1,
            Verb.HalfDown => Selected + Math.Max(1, rows / 2),
            Verb.HalfUp => Selected - Math.Max(1, rows / 2),
            Verb.PageDown => Selected + rows,
            Verb.PageUp => Selected - rows,
            _ => null,
        };
        if (to is { } row)
        {
            Select(row);
        }

        return to is not null;
    }
}

/// <summary>Scroll of a text.</summary>
internal sealed class TextScroll
{
    private int rows = 1;
    private int count;

    /// <summary>First line on the screen.</summary>
    public int Top { get; private set; }

    /// <summary>Whether lines follow below the screen.</summary>
    public bool More => Top + rows < count;

    /// <summary>Tells how many lines there are, and how many fit.</summary>
    public void Fit(int lines, int visible)
    {
        count = lines;
        rows = Math.Max(1, visible);
        To(Top);
    }

    /// <summary>Scrolls so that a line is first, as far as there are lines.</summary>
    public void To(int line) => Top = Math.Clamp(line, 0, Math.Max(0, count - rows));

    /// <summary>Scrolls as a verb says; false when the verb is not about moving.</summary>
    public bool Move(Verb verb)
    {
        int? to = verb switch
        {
            Verb.Down => Top + 1,
            Verb.Up => Top - 1,
            Verb.Top => 0,
            Verb.Bottom => count,
            Verb.HalfDown => Top + Math.Max(1, rows / 2),
            Verb.HalfUp => Top - Math.Max(1, rows / 2),
            Verb.PageDown => Top + Math.Max(1, rows - 1),
            Verb.PageUp => Top - Math.Max(1, rows - 1),
            _ => null,
        };
        if (to is { } line)
        {
            To(line);
        }

        return to is not null;
    }
}

namespace IncidentMesh.Tui.Text;

/// <summary>What a colour means; the theme says which colour it is. Meaning is always in a glyph or word
/// too.</summary>
internal enum Ink : byte
{
    /// <summary>The terminal's own colours.</summary>
    Plain,

    /// <summary>Headings of columns and sections.</summary>
    Heading,

    /// <summary>Good news: a check that holds, a peer that is equal.</summary>
    Good,

    /// <summary>Look here: an incident, a peer that is behind, a warning.</summary>
    Warn,

    /// <summary>Bad: a serious incident, a failed check, a lost node.</summary>
    Bad,

    /// <summary>Could happen: hazards.</summary>
    Risk,
}

/// <summary>How a cell is drawn.</summary>
/// <param name="Ink">Its colour's meaning.</param>
/// <param name="Bold">Bold.</param>
/// <param name="Reverse">Foreground and background swapped: the selection and the text cursor.</param>
internal readonly record struct Style(Ink Ink, bool Bold = false, bool Reverse = false)
{
    public static Style Plain { get; } = new(Ink.Plain);

    public static Style Strong { get; } = new(Ink.Plain, Bold: true);

    public static Style Heading { get; } = new(Ink.Heading);

    public static Style Selected { get; } = new(Ink.Plain, Reverse: true);

    public static implicit operator Style(Ink ink) => new(ink);
}

/// <summary>A piece of a line in one style.</summary>
/// <param name="Text">Text that is safe to show.</param>
/// <param name="Style">Its style.</param>
internal readonly record struct Span(string Text, Style Style);

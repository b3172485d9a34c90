using IncidentMesh.Tui.Text;
using Terminal.Gui.Drawing;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace IncidentMesh.Tui.Shell;

/// <summary>Colours. Text keeps the terminal's own colours, so that it is readable on any background; of the
/// 16 colours, those are used that reach a contrast of 4.5:1 on black (bright ones) or on white (dark
/// ones).</summary>
internal sealed class Theme
{
    private readonly Dictionary<Style, Attribute> attributes = [];
    private readonly bool colours;
    private readonly bool light;

    /// <param name="colours">False: nothing but reverse.</param>
    /// <param name="light">Whether the background is light.</param>
    public Theme(bool colours, bool light)
    {
        this.colours = colours;
        this.light = light;
    }

    /// <summary>Chooses by the environment: <c>NO_COLOR</c>, <c>TERM=dumb</c>, <c>COLORFGBG</c>.</summary>
    public static Theme Choose(bool noColour, Func<string, string?> environment)
    {
        bool plain = noColour || environment("NO_COLOR") is { Length: > 0 } || environment("TERM") is "dumb";
        string background = (environment("COLORFGBG") ?? "").Split(';')[^1];
        return new Theme(!plain, background is "7" or "15");
    }

    /// <summary>The attribute of a style.</summary>
    public Attribute Of(Style style)
    {
        if (!attributes.TryGetValue(style, out Attribute attribute))
        {
            TextStyle text = style.Reverse ? TextStyle.Reverse : TextStyle.None;
            text |= style.Bold && colours ? TextStyle.Bold : TextStyle.None;
            attribute = new Attribute(colours ? Foreground(style.Ink) : Color.None, Color.None, text);
            attributes.Add(style, attribute);
        }

        return attribute;
    }

    private Color Foreground(Ink ink) => (ink, light) switch
    {
        (Ink.Heading, false) => new Color(ColorName16.BrightCyan),
        (Ink.Heading, true) => new Color(ColorName16.Blue),
        (Ink.Good, false) => new Color(ColorName16.BrightGreen),
        (Ink.Good, true) => new Color(ColorName16.Blue),
        (Ink.Warn, false) => new Color(ColorName16.BrightYellow),
        (Ink.Warn, true) => new Color(ColorName16.Magenta),
        (Ink.Bad, false) => new Color(ColorName16.BrightRed),
        (Ink.Bad, true) => new Color(ColorName16.Red),
        (Ink.Risk, false) => new Color(ColorName16.BrightMagenta),
        (Ink.Risk, true) => new Color(ColorName16.Magenta),
        _ => Color.None,
    };
}

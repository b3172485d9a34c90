using IncidentMesh.Tui.Text;

namespace IncidentMesh.Tui.Shell;

/// <summary>Colours, as parameters of SGR (ECMA-48 8.3.117). Text keeps the terminal's own colours, so that
/// it is readable on any background; of the 16 colours, those are used that reach a contrast of 4.5:1 on
/// black (bright ones) or on white (dark ones).</summary>
/// <param name="colours">False: nothing but reverse.</param>
/// <param name="light">Whether the background is light.</param>
internal sealed class Theme(bool colours, bool light)
{
    /// <summary>Chooses by the environment: <c>NO_COLOR</c>, <c>TERM=dumb</c>, <c>COLORFGBG</c>.</summary>
    public static Theme Choose(bool noColour, Func<string, string?> environment)
    {
        bool plain = noColour || environment("NO_COLOR") is { Length: > 0 } || environment("TERM") is "dumb";
        string background = (environment("COLORFGBG") ?? "").Split(';')[^1];
        return new Theme(!plain, background is "7" or "15");
    }

    /// <summary>Parameters that put a style on; empty is plain.</summary>
    /// <param name="style">The style.</param>
    /// <param name="fromPlain">Whether the terminal wears none now: else all is taken off first.</param>
    public string Codes(Style style, bool fromPlain)
    {
        string colour = colours ? Foreground(style.Ink) : "";
        string[] on = [style.Bold && colours ? "1" : "", style.Reverse ? "7" : "", colour];
        string codes = string.Join(';', on.Where(c => c.Length > 0));
        return fromPlain || codes.Length == 0 ? codes : "0;" + codes;
    }

    private string Foreground(Ink ink) => (ink, light) switch
    {
        (Ink.Heading, false) => "96",
        (Ink.Good, false) => "92",
        (Ink.Warn, false) => "93",
        (Ink.Bad, false) => "91",
        (Ink.Risk, false) => "95",
        (Ink.Heading or Ink.Good, true) => "34",
        (Ink.Bad, true) => "31",
        (Ink.Warn or Ink.Risk, true) => "35",
        _ => "",
    };
}

using System.Text;

namespace IncidentMesh.Tui.Text;

/// <summary>Finds text that is written from right to left. Terminal.Gui draws no bidirectional text and
/// terminals reorder by line, so such text gets a field or line of its own: what stands beside it cannot be
/// drawn into it.</summary>
internal static class Rtl
{
    /// <summary>Whether <paramref name="text"/> has a letter of a right-to-left script.</summary>
    public static bool Has(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is (>= 0x0590 and <= 0x08ff) or (>= 0xfb1d and <= 0xfdff)
                or (>= 0xfe70 and <= 0xfefc)
                or (>= 0x10800 and <= 0x10fff) or (>= 0x1e800 and <= 0x1efff))
            {
                return true;
            }
        }

        return false;
    }
}

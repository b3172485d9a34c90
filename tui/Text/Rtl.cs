using System.Globalization;
using System.Text;

namespace IncidentMesh.Tui.Text;

/// <summary>Text that is written from right to left. Terminal.Gui draws no bidirectional text and terminals
/// that do reorder by line, so such text gets a field or line of its own: what stands beside it cannot be
/// drawn into it.</summary>
internal static class Rtl
{
    private const string Opening = "()[]{}<>«»‹›";
    private const string Mirrored = ")(][}{><»«›‹";

    private enum Kind
    {
        Left,
        Right,
        Number,
        Neutral,
    }

    /// <summary>Whether <paramref name="text"/> has a letter of a right-to-left script.</summary>
    public static bool Has(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsRight(rune))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the terminal reorders such text itself: VTE, Konsole, mlterm and Terminal of macOS
    /// do.</summary>
    public static bool TerminalReorders(Func<string, string?> environment) =>
        environment("VTE_VERSION") is { Length: > 0 } || environment("KONSOLE_VERSION") is { Length: > 0 }
        || environment("MLTERM") is { Length: > 0 } || environment("TERM_PROGRAM") is "Apple_Terminal"
        || environment("TERM")?.StartsWith("mlterm", StringComparison.Ordinal) == true;

    /// <summary>A line in the order of the screen, from the left: UAX #9 for text without explicit
    /// directions, which <c>SafeText</c> has made visible. The first letter gives the direction of the line
    /// (P2), digits after Latin are Latin (W7), what stands between two runs of a direction has it too (N1),
    /// runs are reversed by level (L2) and brackets mirrored (L4).</summary>
    public static string Visual(string text)
    {
        if (!Has(text))
        {
            return text;
        }

        string[] graphemes = [.. Columns.Graphemes(text).Select(g => g.Grapheme)];
        Kind[] kinds = [.. graphemes.Select(KindOf)];
        int baseLevel = kinds.FirstOrDefault(k => k is Kind.Left or Kind.Right) == Kind.Right ? 1 : 0;
        Resolve(graphemes, kinds, baseLevel == 1 ? Kind.Right : Kind.Left);
        int[] levels = [.. kinds.Select(k => k switch
        {
            Kind.Right => 1,
            Kind.Number => 2,
            _ => baseLevel * 2,
        })];
        for (int i = 0; i < graphemes.Length; i++)
        {
            int bracket = levels[i] == 1 ? Opening.IndexOf(graphemes[i], StringComparison.Ordinal) : -1;
            graphemes[i] = bracket < 0 ? graphemes[i] : Mirrored[bracket].ToString();
        }

        for (int level = 2; level >= 1; level--)
        {
            ReverseRuns(graphemes, levels, level);
        }

        return string.Concat(graphemes);
    }

    private static void Resolve(string[] graphemes, Kind[] kinds, Kind direction)
    {
        Kind strong = direction;
        for (int i = 0; i < kinds.Length; i++)
        {
            bool separates = kinds[i] == Kind.Neutral && i > 0 && i + 1 < kinds.Length
                && kinds[i - 1] == Kind.Number && kinds[i + 1] == Kind.Number
                && graphemes[i] is "." or "," or ":" or "/" or "-" or "٫" or "٬";
            kinds[i] = separates ? Kind.Number : kinds[i];
            strong = kinds[i] is Kind.Left or Kind.Right ? kinds[i] : strong;
            if (kinds[i] == Kind.Number && strong == Kind.Left)
            {
                kinds[i] = Kind.Left;
            }
        }

        for (int i = 0; i < kinds.Length;)
        {
            int end = i;
            while (end < kinds.Length && kinds[end] == Kind.Neutral)
            {
                end++;
            }

            Kind before = i == 0 ? direction : Side(kinds[i - 1]);
            Kind after = end == kinds.Length ? direction : Side(kinds[end]);
            Array.Fill(kinds, before == after ? before : direction, i, end - i);
            i = end + 1;
        }
    }

    private static Kind Side(Kind kind) => kind == Kind.Number ? Kind.Right : kind;

    private static void ReverseRuns(string[] graphemes, int[] levels, int level)
    {
        for (int i = 0; i < levels.Length;)
        {
            int end = i;
            while (end < levels.Length && levels[end] >= level)
            {
                end++;
            }

            Array.Reverse(graphemes, i, end - i);
            Array.Reverse(levels, i, end - i);
            i = end + 1;
        }
    }

    private static Kind KindOf(string grapheme)
    {
        Rune rune = grapheme.EnumerateRunes().First();
        return Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber ? Kind.Number
            : !Rune.IsLetter(rune) ? Kind.Neutral
            : IsRight(rune) ? Kind.Right : Kind.Left;
    }

    private static bool IsRight(Rune rune) => rune.Value is (>= 0x0590 and <= 0x08ff)
        or (>= 0xfb1d and <= 0xfdff) or (>= 0xfe70 and <= 0xfefc)
        or (>= 0x10800 and <= 0x10fff) or (>= 0x1e800 and <= 0x1efff);
}

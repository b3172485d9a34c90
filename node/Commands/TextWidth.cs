using System.Globalization;
using System.Text;

namespace IncidentMesh.Node.Commands;

/// <summary>Columns that text takes on a terminal (Unicode Standard Annex 11: wide and fullwidth take two,
/// combining
/// marks none). Text is cut at the borders of grapheme clusters.</summary>
internal static class TextWidth
{
    private static readonly (int From, int To)[] Wide =
    [
        (0x1100, 0x115f), (0x2e80, 0x303e), (0x3041, 0xa4cf), (0xa960, 0xa97c), (0xac00, 0xd7a3),
            (0xf900, 0xfaff),
        (0xfe30, 0xfe6f), (0xff00, 0xff60), (0xffe0, 0xffe6), (0x1f300, 0x1f64f), (0x1f680, 0x1f6ff),
        (0x1f900, 0x1faff), (0x20000, 0x3fffd),
    ];

    public static int Of(string text)
    {
        int width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += Of(rune);
        }

        return width;
    }

    /// <summary>At most <paramref name="width"/> columns, with <c>…</c> where something was cut.</summary>
    public static string Cut(string text, int width)
    {
        if (Of(text) <= width)
        {
            return text;
        }

        StringBuilder kept = new();
        int used = 0;
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            string element = elements.GetTextElement();
            int next = Of(element);
            if (used + next > width - 1)
            {
                break;
            }

            kept.Append(element);
            used += next;
        }

        return kept.Append('…').ToString();
    }

    /// <summary>Exactly <paramref name="width"/> columns.</summary>
    public static string Pad(string text, int width)
    {
        string cut = Cut(text, width);
        return cut + new string(' ', Math.Max(0, width - Of(cut)));
    }

    private static int Of(Rune rune)
    {
        UnicodeCategory category = Rune.GetUnicodeCategory(rune);
        if (category is UnicodeCategory.NonSpacingMark
            or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
        {
            return 0;
        }

        foreach ((int from, int to) in Wide)
        {
            if (rune.Value >= from && rune.Value <= to)
            {
                return 2;
            }
        }

        return 1;
    }
}

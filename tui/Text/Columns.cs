using System.Globalization;
using System.Text;
using Terminal.Gui.Text;

namespace IncidentMesh.Tui.Text;

/// <summary>Widths of text in terminal columns. Terminals disagree about some scripts: the spacing vowel
/// signs of India take one column in tmux and xterm and none in others, an emoji of several parts takes two
/// columns or two a part. Layout counts the most that any takes (<see cref="Of"/>); the canvas has the cells
/// of Terminal.Gui (<see cref="Cells"/>), and <see cref="Shell.ScreenView"/> places the cursor anew after
/// text where the two differ. Text is cut between grapheme clusters only (UAX #29).</summary>
internal static class Columns
{
    // U+FE0F asks for the emoji form of a character, which is wide where a terminal heeds it.
    private const int EmojiStyle = 0xfe0f;

    /// <summary>Columns that <paramref name="text"/> takes at most.</summary>
    public static int Of(string text)
    {
        if (IsAscii(text))
        {
            return text.Length;
        }

        int columns = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int own = rune.GetColumns();
            bool spacing = own <= 0 && Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpacingCombiningMark;
            columns += spacing || rune.Value == EmojiStyle ? 1 : Math.Max(0, own);
        }

        return columns;
    }

    /// <summary>Cells that Terminal.Gui gives a grapheme, 1 or 2.</summary>
    public static int Cells(string grapheme) => IsAscii(grapheme) ? 1 : Math.Max(1, grapheme.GetColumns());

    /// <summary>The grapheme clusters of <paramref name="text"/> with the columns of each at most.</summary>
    public static IEnumerable<(string Grapheme, int Width)> Graphemes(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            int length = text[at] is >= ' ' and <= '~'
                && (at + 1 == text.Length || text[at + 1] is >= ' ' and <= '~')
                ? 1
                : StringInfo.GetNextTextElementLength(text, at);
            string grapheme = text.Substring(at, length);
            yield return (grapheme, Of(grapheme));
            at += length;
        }
    }

    /// <summary><paramref name="text"/> in at most <paramref name="width"/> columns; what is cut off is
    /// marked by <paramref name="ellipsis"/>.</summary>
    public static string Cut(string text, int width, string ellipsis)
    {
        if (width <= 0)
        {
            return "";
        }

        if (Of(text) <= width)
        {
            return text;
        }

        int room = width - Of(ellipsis);
        if (room < 0)
        {
            return Take(text, width, out _);
        }

        return Take(text, room, out _).TrimEnd() + ellipsis;
    }

    /// <summary>As many graphemes from the start as fit.</summary>
    public static string Take(string text, int width, out int taken)
    {
        var kept = new StringBuilder();
        taken = 0;
        foreach ((string grapheme, int columns) in Graphemes(text))
        {
            if (taken + columns > width)
            {
                break;
            }

            kept.Append(grapheme);
            taken += columns;
        }

        return kept.ToString();
    }

    /// <summary>As many graphemes from the end as fit: what a person sees while typing.</summary>
    public static string TakeEnd(string text, int width)
    {
        (string Grapheme, int Width)[] all = [.. Graphemes(text)];
        int start = all.Length;
        int columns = 0;
        while (start > 0 && columns + all[start - 1].Width <= width)
        {
            columns += all[--start].Width;
        }

        return string.Concat(all.Skip(start).Select(g => g.Grapheme));
    }

    /// <summary>Fills up to <paramref name="width"/> columns with spaces on the right.</summary>
    public static string Pad(string text, int width)
    {
        int columns = Of(text);
        return columns >= width ? text : text + new string(' ', width - columns);
    }

    private static bool IsAscii(string text)
    {
        foreach (char c in text)
        {
            if (c is < ' ' or > '~')
            {
                return false;
            }
        }

        return true;
    }
}

using System.Text;

namespace IncidentMesh.Tui.Text;

/// <summary>Breaks text into lines of a width: at spaces, and between graphemes where a script writes none
/// (Chinese, Japanese, Thai) or a word is longer than a line.</summary>
internal static class Wrap
{
    /// <summary>The lines of <paramref name="text"/>, at least one; line feeds break too.</summary>
    public static IReadOnlyList<string> Lines(string text, int width)
    {
        var lines = new List<string>();
        foreach (string paragraph in text.Split('\n'))
        {
            Paragraph(paragraph, Math.Max(1, width), lines);
        }

        return lines;
    }

    private static void Paragraph(string text, int width, List<string> lines)
    {
        var line = new StringBuilder();
        int columns = 0;
        foreach (string word in Words(text))
        {
            int needed = Columns.Of(word.TrimEnd(' '));
            if (columns + needed > width && columns > 0)
            {
                lines.Add(line.ToString().TrimEnd());
                line.Clear();
                columns = 0;
            }

            string rest = word;
            while (Columns.Of(rest.TrimEnd(' ')) > width)
            {
                string head = Columns.Take(rest, width, out int taken);
                if (taken == 0)
                {
                    break;
                }

                lines.Add(head);
                rest = rest[head.Length..];
            }

            line.Append(rest);
            columns += Columns.Of(rest);
        }

        lines.Add(line.ToString().TrimEnd());
    }

    private static IEnumerable<string> Words(string text)
    {
        int start = 0;
        int at = 0;
        bool afterSpace = false;
        bool afterWide = false;
        foreach ((string grapheme, int width) in Columns.Graphemes(text))
        {
            bool space = grapheme == " ";
            bool breaksBefore = (afterSpace && !space)
                || (at > start && (width == 2 || afterWide) && !space && !Closes(grapheme));
            if (breaksBefore)
            {
                yield return text[start..at];
                start = at;
            }

            at += grapheme.Length;
            afterSpace = space;
            afterWide = width == 2;
        }

        if (at > start)
        {
            yield return text[start..at];
        }
    }

    // Marks that East Asian typography keeps off the start of a line.
    private static bool Closes(string grapheme) =>
        "、。，．）」』】！？：；".Contains(grapheme, StringComparison.Ordinal);
}

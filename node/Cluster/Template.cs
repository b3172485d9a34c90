using System.Text.RegularExpressions;

namespace IncidentMesh.Node.Cluster;

/// <summary>Finds what two titles of one template differ in: <c>The model K from M was evaluated with the
/// probe `a.B`</c> exists for each model and probe, and each is a finding of its own.</summary>
public static partial class Template
{
    /// <summary>Share of common words (Dice) from which two titles count as one template.</summary>
    private const float Alike = 0.6f;

    /// <summary>Share of common words from which plain words that differ count, too.</summary>
    private const float NearlyEqual = 0.75f;

    /// <summary>The words by which two templated titles differ, or null where they are no template of each
    /// other, or only one of them says more.</summary>
    public static (string A, string B)? Difference(ItemProfile a, ItemProfile b)
    {
        if (a.Language == b.Language
            && Unique(a, b, IsIdentifier) is string x && Unique(b, a, IsIdentifier) is string y)
        {
            return (x, y);
        }

        string[] left = a.WholeTitle.Words, right = b.WholeTitle.Words;
        int shared = left.Intersect(right, StringComparer.Ordinal).Count();
        float dice = left.Length + right.Length == 0 ? 0 : 2f * shared / (left.Length + right.Length);
        if (dice < Alike)
        {
            return null;
        }

        string? onlyA = Unique(a, b, _ => true), onlyB = Unique(b, a, _ => true);
        if ((onlyA is null || onlyB is null) && dice >= NearlyEqual)
        {
            onlyA = Telling(a.WholeTitle, right);
            onlyB = Telling(b.WholeTitle, left);
        }

        return onlyA is null || onlyB is null ? null : (onlyA, onlyB);
    }

    /// <summary>The parts of a title that tell one finding of a series from the next: what stands in
    /// backquotes or quotation marks, and words with a digit, an underscore, an inner dot or an inner
    /// capital.</summary>
    public static string[] MarksOf(string title)
    {
        if (title.Length > 512)
        {
            title = title[..512];
        }

        return [.. Marks().Matches(title).Select(m => m.Value.Trim('.')).Distinct()
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>A mark of the first title that the second lacks.</summary>
    private static string? Unique(ItemProfile a, ItemProfile b, Func<string, bool> kind) =>
        a.Marks.Except(b.Marks, StringComparer.Ordinal).FirstOrDefault(kind)?.Trim('`', '"', '“', '”');

    /// <summary>A name that somebody gave: quoted, or written with an underscore. It decides whatever else
    /// the titles share.</summary>
    private static bool IsIdentifier(string mark) => mark[0] is '`' or '"' or '“' || mark.Contains('_');

    /// <summary>A word of content that the other title lacks.</summary>
    private static string? Telling(TitleProfile title, string[] other)
    {
        const float Content = 3.5f;
        for (int i = 0; i < title.Words.Length; i++)
        {
            if (title.Weights[i] >= Content && !other.Contains(title.Words[i], StringComparer.Ordinal))
            {
                return title.Words[i];
            }
        }

        return null;
    }

    [GeneratedRegex(
        """`[^`]+`|"[^"]+"|“[^”]+”|[\p{L}\p{N}_./-]*"""
            + """(?:[\p{L}]\p{N}|\p{N}|_|[\p{L}]\.[\p{L}]|\p{Ll}\p{Lu})[\p{L}\p{N}_./-]*""",
        RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Marks();
}

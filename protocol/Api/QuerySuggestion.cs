namespace IncidentMesh.Protocol.Api;

/// <summary>"Did you mean": the nearest word by optimal string alignment (Damerau-Levenshtein without moves
/// over a changed place), within one edit up to 4 characters, two up to 8, three beyond.</summary>
public static class QuerySuggestion
{
    private const int LongestWord = 32;

    /// <summary>The nearest of <paramref name="candidates"/>; the first of equals; null when none is near
    /// enough.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(candidates);
        if (word.Length > LongestWord)
        {
            return null;
        }

        string lower = word.ToLowerInvariant();
        string? best = null;
        int bestDistance = lower.Length <= 4 ? 2 : lower.Length <= 8 ? 3 : 4;
        foreach (string candidate in candidates)
        {
            int distance = lower.Length >= 3 && candidate.StartsWith(lower, StringComparison.Ordinal)
                ? 1
                : Distance(lower, candidate);
            if (distance < bestDistance && distance < candidate.Length)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that turn one word into the
    /// other.</summary>
    public static int Distance(string a, string b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        int[] before = new int[b.Length + 1];
        int[] previous = new int[b.Length + 1];
        int[] current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
                }
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }
}

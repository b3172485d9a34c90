namespace IncidentMesh.Tui.Text;

/// <summary>Lines taken away and added: longest common subsequence (Hunt and McIlroy, 1976, here by the
/// quadratic table).</summary>
internal static class LineDiff
{
    // The table has the square of this many cells; longer texts are compared by what they have in common.
    private const int LinesMax = 1000;

    /// <summary>All lines with their mark: <c>-</c> only in <paramref name="old"/>, <c>+</c> only in
    /// <paramref name="now"/>, a space in both.</summary>
    public static IReadOnlyList<(char Mark, string Line)> Of(
        IReadOnlyList<string> old, IReadOnlyList<string> now)
    {
        if (old.Count > LinesMax || now.Count > LinesMax)
        {
            return [.. old.Except(now).Select(l => ('-', l)), .. now.Except(old).Select(l => ('+', l))];
        }

        int[,] common = Common(old, now);
        var lines = new List<(char, string)>();
        int i = 0;
        int j = 0;
        while (i < old.Count || j < now.Count)
        {
            if (i < old.Count && j < now.Count && old[i] == now[j])
            {
                lines.Add((' ', old[i++]));
                j++;
            }
            else if (i < old.Count && (j == now.Count || common[i + 1, j] >= common[i, j + 1]))
            {
                lines.Add(('-', old[i++]));
            }
            else
            {
                lines.Add(('+', now[j++]));
            }
        }

        return lines;
    }

    private static int[,] Common(IReadOnlyList<string> old, IReadOnlyList<string> now)
    {
        int[,] common = new int[old.Count + 1, now.Count + 1];
        for (int i = old.Count - 1; i >= 0; i--)
        {
            for (int j = now.Count - 1; j >= 0; j--)
            {
                common[i, j] = old[i] == now[j]
                    ? common[i + 1, j + 1] + 1
                    : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return common;
    }
}

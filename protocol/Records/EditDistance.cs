namespace IncidentMesh.Protocol.Records;

/// <summary>How many letters must be changed, added or left out to make one word of another. Source: V. I.
/// Levenshtein, Soviet Physics Doklady 10(8), 1966.</summary>
public static class EditDistance
{
    private const int MostCharacters = 64;

    /// <summary>The distance between two words; long ones count as far apart.</summary>
    public static int Between(string a, string b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Length > MostCharacters || b.Length > MostCharacters)
        {
            return int.MaxValue;
        }

        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}

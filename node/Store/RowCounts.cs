namespace IncidentMesh.Node.Store;

/// <summary>Counts rows by the values of a column.</summary>
internal static class RowCounts
{
    public static IReadOnlyDictionary<string, int> By(
        ColumnArrays arrays, RowColumn column, RowMatcher matcher)
    {
        (ushort[] codes, ValueTable values) = column switch
        {
            RowColumn.Type => (arrays.Type, arrays.Types),
            RowColumn.Severity => (arrays.Severity, arrays.Severities),
            RowColumn.Language => (arrays.Language, arrays.Languages),
            _ => (arrays.CountrySet, arrays.CountrySets),
        };
        var counts = new int[values.Count];
        if (!matcher.MatchesNothing)
        {
            for (int row = 0; row < arrays.Count; row++)
            {
                if (matcher.Matches(row)) { counts[codes[row]]++; }
            }
        }
        var named = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (int code = 1; code < counts.Length; code++)
        {
            if (counts[code] == 0) { continue; }
            string value = values.ValueOf((ushort)code)!;
            // A set of countries counts for each of them.
            foreach (string one in column == RowColumn.Country ? value.Split(',') : [value])
            {
                named[one] = named.GetValueOrDefault(one) + counts[code];
            }
        }
        return named;
    }
}

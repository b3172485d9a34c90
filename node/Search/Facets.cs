using System.Globalization;

namespace IncidentMesh.Node.Search;

/// <summary>Counts of rows by the values of a field.</summary>
internal sealed class Facets(ReportTable table, ISearchNames names)
{
    /// <summary>Sources are counted one by one up to this many, then together.</summary>
    private const int MostSources = 9;

    /// <summary>The fields that can be counted by.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "type", "severity", "country", "lang", "standing", "author", "harm", "state", "sources", "sector",
            "ai-role",
        "stage", "tlp", "role", "month",
    ];

    /// <summary>The values of a field among <paramref name="rows"/>, most frequent first, then by
    /// value.</summary>
    public IReadOnlyList<FacetCount> Count(string field, RowSet rows)
    {
        Column column = ColumnOf(field);
        int[] counts = new int[column.Values + 1];
        foreach (int row in rows)
        {
            if (column.Many is { } many)
            {
                foreach (int code in many(row))
                {
                    counts[code]++;
                }
            }
            else
            {
                counts[column.One!(row)]++;
            }
        }

        var byName = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int code = 0; code < counts.Length; code++)
        {
            if (counts[code] > 0 && column.Name(code) is { Length: > 0 } name)
            {
                byName[name] = byName.GetValueOrDefault(name) + counts[code];
            }
        }

        return [.. byName.Select(pair => new FacetCount(pair.Key, pair.Value))
            .OrderByDescending(facet => facet.Count).ThenBy(facet => facet.Value, StringComparer.Ordinal)];
    }

    /// <summary>Counts by two fields at once.</summary>
    public Dictionary<(string By, string Split), int> Cross(string by, string split, RowSet rows)
    {
        (Column first, Column second) = (ColumnOf(by), ColumnOf(split));
        var counts = new Dictionary<(int, int), int>();
        foreach (int row in rows)
        {
            foreach (int a in first.Codes(row))
            {
                foreach (int b in second.Codes(row))
                {
                    counts[(a, b)] = counts.GetValueOrDefault((a, b)) + 1;
                }
            }
        }

        var named = new Dictionary<(string By, string Split), int>();
        foreach (((int a, int b), int count) in counts)
        {
            (string, string) key = (first.Name(a), second.Name(b));
            named[key] = named.GetValueOrDefault(key) + count;
        }

        return named;
    }

    private Column ColumnOf(string field) => field switch
    {
        "type" => Words(table.Types, row => table.Facts[row].Type),
        "severity" => Words(table.Severities, row => table.Facts[row].Severity),
        "lang" => Words(table.Languages, row => table.Facts[row].Language),
        "ai-role" => Words(table.AiRoles, row => table.Facts[row].AiRole),
        "stage" => Words(table.Stages, row => table.Facts[row].Stage),
        "tlp" => Words(table.Tlps, row => table.Facts[row].Tlp),
        "country" => Lists(table.Countries, row => table.Facts[row].Countries),
        "harm" => Lists(table.Harms, row => table.Facts[row].Harms),
        "sector" => Lists(table.Sectors, row => table.Facts[row].Sectors),
        "author" => ByAuthor(names.Name),
        "standing" => ByAuthor(names.Standing),
        "role" => ByAuthor(author => names.Role(author) ?? ""),
        "state" => new Column(Enum.GetValues<ReportState>().Length, row => (int)table.States[row].State, null,
            code => ((ReportState)code).ToString().ToLowerInvariant()),
        "sources" =>
            new Column(MostSources + 1, row =>
            Math.Clamp(table.States[row].Sources, 0, MostSources + 1), null,
            code => code > MostSources ? $"{MostSources + 1}+" : code.ToString(CultureInfo.InvariantCulture)),
        "month" => Months(),
        _ => throw new ArgumentException($"there is no facet {field}", nameof(field)),
    };

    private static Column Words(Interner words, Func<int, int> code) =>
        new(words.Count, code, null, words.Word);

    private static Column Lists(Interner words, Func<int, int[]> codes) =>
        new(words.Count, null, codes, words.Word);

    private Column ByAuthor(Func<Protocol.Wire.Digest, string> name)
    {
        string[] named = [.. table.Authors.Select(name)];
        return new Column(named.Length, row => table.Facts[row].Author, null, code => named[code]);
    }

    /// <summary>Months of the time of creation, from year 1970 to 9999.</summary>
    private Column Months()
    {
        const int FirstYear = 1970;
        const long LastMilliseconds = 253_402_300_799_999;
        return new Column((10_000 - FirstYear) * 12, row =>
        {
            DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(
                Math.Clamp(table.Facts[row].Created, 0, LastMilliseconds));
            return ((at.Year - FirstYear) * 12) + at.Month - 1;
        }, null, code => $"{FirstYear + (code / 12):D4}-{(code % 12) + 1:D2}");
    }

    /// <summary>A field as numbers: one a row, or several.</summary>
    private sealed record Column(int Values, Func<int, int>? One, Func<int, int[]>? Many, Func<int,
        string> Name)
    {
        public int[] Codes(int row) => Many is null ? [One!(row)] : Many(row);
    }
}

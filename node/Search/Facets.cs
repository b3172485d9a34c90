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
            if (column.Single is { } single)
            {
                counts[single[row]]++;
            }
            else if (column.Many is { } many)
            {
                foreach (int code in many[row])
                {
                    counts[code]++;
                }
            }
            else
            {
                counts[column.Derived!(row)]++;
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
        "type" => Words(table.Types, table.Facts.Type),
        "severity" => Words(table.Severities, table.Facts.Severity),
        "lang" => Words(table.Languages, table.Facts.Language),
        "ai-role" => Words(table.AiRoles, table.Facts.AiRole),
        "stage" => Words(table.Stages, table.Facts.Stage),
        "tlp" => Words(table.Tlps, table.Facts.Tlp),
        "country" => Lists(table.Countries, table.Facts.Countries),
        "harm" => Lists(table.Harms, table.Facts.Harms),
        "sector" => Lists(table.Sectors, table.Facts.Sectors),
        "author" => ByAuthor(names.Name),
        "standing" => ByAuthor(names.Standing),
        "role" => ByAuthor(author => names.Role(author) ?? ""),
        "state" => new Column(
            Enum.GetValues<ReportState>().Length, code => ((ReportState)code).ToString().ToLowerInvariant())
        {
            Derived = row => (int)table.States.State[row],
        },
        "sources" => new Column(MostSources + 1, SourcesName)
        {
            Derived = row => Math.Clamp(table.States.Sources[row], 0, MostSources + 1),
        },
        "month" => Months(),
        _ => throw new ArgumentException($"there is no facet {field}", nameof(field)),
    };

    private static Column Words(Interner words, int[] codes) =>
        new(words.Count, words.Word) { Single = codes };

    private static Column Lists(Interner words, int[][] codes) =>
        new(words.Count, words.Word) { Many = codes };

    private static string SourcesName(int code) =>
        code > MostSources ? $"{MostSources + 1}+" : code.ToString(CultureInfo.InvariantCulture);

    private Column ByAuthor(Func<Protocol.Wire.Digest, string> name)
    {
        string[] named = [.. table.Authors.Select(name)];
        return new Column(named.Length, code => named[code]) { Single = table.Facts.Author };
    }

    /// <summary>Months of the time of creation, from year 1970 to 9999.</summary>
    private Column Months()
    {
        const int FirstYear = 1970;
        const long LastMilliseconds = 253_402_300_799_999;
        return new Column(
            (10_000 - FirstYear) * 12, code => $"{FirstYear + (code / 12):D4}-{(code % 12) + 1:D2}")
        {
            Derived = row =>
            {
                DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(
                    Math.Clamp(table.Facts.Created[row], 0, LastMilliseconds));
                return ((at.Year - FirstYear) * 12) + at.Month - 1;
            },
        };
    }

    /// <summary>A field as numbers: a column of one a row, a column of several, or made from a row.</summary>
    private sealed record Column(int Values, Func<int, string> Name)
    {
        public int[]? Single { get; init; }

        public int[][]? Many { get; init; }

        public Func<int, int>? Derived { get; init; }

        public int[] Codes(int row) =>
            Many is not null ? Many[row] : [Single is not null ? Single[row] : Derived!(row)];
    }
}

using System.Diagnostics;
using System.Globalization;
using IncidentMesh.Node.Search;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Serve;

// Counts of what a query finds, for charts.
internal sealed partial class LocalNode
{
    // Months without a report stand between those with one; no claimed time before a hundred years brings
    // more of them.
    private const int MostMonths = 1_200;
    private static readonly string[] Severities =
        ["hazard", "serious-hazard", "incident", "serious-incident", "disaster"];

    public async Task<StatsView> StatsAsync(string text, string by, string? split, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        Query query = Parse(text);
        Search.SearchRequest asked = (await AskedAsync(query, stop)) with { Limit = 0 };
        if (!_index.Searcher.TrySearch(asked, out SearchResult? found, out SearchProblem? problem)
            || !_index.Searcher.TryTabulate(asked, by, null, out var counts, out problem))
        {
            throw ApiException.Usage(problem.Message, problem.Hint);
        }

        Dictionary<string, int> rows = counts.ToDictionary(c => c.Key.By, c => c.Value);
        ILookup<string, (string Part, int Count)>? partsOf = split is null ? null
            : Parts(asked, by, split).ToLookup(
                p => p.By, p => (p.Split.Length > 0 ? p.Split : "none", p.Count));
        Dictionary<string, int> partTotals = partsOf is null ? [] : partsOf.SelectMany(p => p)
            .GroupBy(p => p.Part).ToDictionary(g => g.Key, g => g.Sum(p => p.Count));
        string[] order = Ordered(split, partTotals);
        return new StatsView(
            ApiSchema.Name, query.ToString(), by, split, found.Total,
            Without(asked, by, found.Total, rows),
            [.. Ordered(by, rows).Select(value => new StatsRow(
                value, rows.GetValueOrDefault(value), PartsOf(partsOf, value, order)))],
            order, Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 2));
    }

    private IEnumerable<(string By, string Split, int Count)> Parts(
        Search.SearchRequest asked, string by, string split)
    {
        if (!_index.Searcher.TryTabulate(asked, by, split, out var counts, out SearchProblem? problem))
        {
            throw ApiException.Usage(problem.Message, problem.Hint);
        }

        IEnumerable<(string, string, int)> parts = counts.Select(c => (c.Key.By, c.Key.Split, c.Value));
        return HasSeveral(split)
            && _index.Searcher.TryTabulate(Lacking(asked, split), by, null, out var none, out _)
                ? parts.Concat(none.Select(c => (c.Key.By, "", c.Value)))
                : parts;
    }

    // A report has several countries, harms and sectors, and so is in several rows or in none.
    private static bool HasSeveral(string field) => field is "country" or "harm" or "sector";

    private static Search.SearchRequest Lacking(Search.SearchRequest asked, string field)
    {
        Query lacks = Parse($"-{field}:*");
        return asked with
        {
            Query = asked.Query.Root is null ? lacks
                : Query.Of(new QueryAnd([.. asked.Query.Terms, lacks.Root!])),
        };
    }

    private static Dictionary<string, int>? PartsOf(
        ILookup<string, (string Part, int Count)>? partsOf, string value, string[] order) =>
        partsOf?[value].GroupBy(p => p.Part).OrderBy(g => Array.IndexOf(order, g.Key))
            .ToDictionary(g => g.Key, g => g.Sum(p => p.Count));

    private int Without(Search.SearchRequest asked, string by, int total, Dictionary<string, int> rows)
    {
        if (!HasSeveral(by))
        {
            return Math.Max(0, total - rows.Values.Sum());
        }

        return _index.Searcher.TrySearch(Lacking(asked, by), out SearchResult? found, out _)
            ? found.Total : 0;
    }

    private static string[] Ordered(string? field, Dictionary<string, int> counts) => field switch
    {
        "month" => [.. Months([.. counts.Keys.Order(StringComparer.Ordinal)])],
        "severity" => [.. counts.Keys.OrderBy(v => Array.IndexOf(Severities, v) is var at && at < 0 ? 99 : at)
            .ThenBy(v => v, StringComparer.Ordinal)],
        _ => [.. counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => c.Key)],
    };

    private static IEnumerable<string> Months(string[] present)
    {
        if (present.Length < 2)
        {
            return present;
        }

        DateTime last = Month(present[^1]);
        int Before(string month) => ((last.Year - Month(month).Year) * 12) + last.Month - Month(month).Month;
        string[] far = [.. present.Where(month => Before(month) >= MostMonths)];
        int span = Before(present[far.Length]) + 1;
        return far.Concat(Enumerable.Range(1 - span, span).Select(n =>
            last.AddMonths(n).ToString("yyyy-MM", CultureInfo.InvariantCulture)));
    }

    private static DateTime Month(string text) =>
        DateTime.ParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture);
}

namespace IncidentMesh.Protocol.Api;

/// <summary>One bar of a chart.</summary>
/// <param name="Value">Value of the field, e.g. <c>2026-11</c> or <c>DE</c>.</param>
/// <param name="Count">Reports with it.</param>
/// <param name="Parts">The same by the value of the second field; null without one.</param>
public sealed record StatsRow(string Value, int Count, IReadOnlyDictionary<string, int>? Parts);

/// <summary>Counts of reports (<c>GET /v1/stats</c>).</summary>
/// <param name="Schema">Always <c>incidentmesh/1</c>.</param>
/// <param name="Query">The query as understood.</param>
/// <param name="By">Field that the rows are of.</param>
/// <param name="Split">Field that the parts are of, or null.</param>
/// <param name="Total">Reports found. One with several countries or harms counts in several rows, one without
/// a value in none.</param>
/// <param name="Without">Reports without a value of <paramref name="By"/>.</param>
/// <param name="Rows">Months and severities in their own order, all else most frequent first.</param>
/// <param name="Parts">The values of <paramref name="Split"/>, in the same order; empty without it.</param>
/// <param name="Milliseconds">Time that the counting took.</param>
public sealed record StatsView(
    string Schema,
    string Query,
    string By,
    string? Split,
    int Total,
    int Without,
    IReadOnlyList<StatsRow> Rows,
    IReadOnlyList<string> Parts,
    double Milliseconds)
{
    /// <summary>Stands between the first and the last month of a row of several.</summary>
    public const string Until = " … ";

    // Fewer than that are read faster than a row that stands for them.
    private const int Few = 4;

    /// <summary>The rows for reading: months in succession that have no report are one row, as
    /// <c>2010-02 … 2011-12</c>.</summary>
    public IReadOnlyList<StatsRow> Readable()
    {
        List<StatsRow> rows = [];
        for (int i = 0, next; i < Rows.Count; i = next)
        {
            next = i + 1;
            while (Rows[i].Count == 0 && next < Rows.Count && Rows[next].Count == 0)
            {
                next++;
            }

            rows.AddRange(next - i < Few ? Rows.Skip(i).Take(next - i)
                : [Rows[i] with { Value = Rows[i].Value + Until + Rows[next - 1].Value }]);
        }

        return rows;
    }
}

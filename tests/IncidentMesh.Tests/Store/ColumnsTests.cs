using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Store;

public sealed class ColumnsTests
{
    [Fact]
    public void A_row_is_found_by_its_id_as_it_was_added()
    {
        var columns = new Columns();
        for (int n = 0; n < 3_000; n++) { Assert.True(columns.Add(RowSamples.Row(n))); }
        Assert.False(columns.Add(RowSamples.Row(7)));
        for (int n = 0; n < 3_000; n++)
        {
            RowFields row = RowSamples.Row(n);
            Assert.True(columns.TryFind(row.Id, out RecordRow found));
            Assert.Equal((row.Author, row.Key, row.Type), (found.Author, found.Key, found.Type));
            Assert.Equal((row.Created, row.ContentHash), (found.Created, found.ContentHash));
            Assert.Equal((row.Severity, row.Language, row.Seq), (found.Severity, found.Language, found.Seq));
            Assert.Equal(row.Countries!.Order(), found.Countries);
            Assert.True(columns.TryFindPosition(row.Id, out LogPosition position));
            Assert.Equal((row.Position, row.Received), (position, found.Received));
            Assert.Equal(row.Id, Assert.Single(columns.WithContent(row.ContentHash)).Id);
        }
        Assert.False(columns.TryFind(RowSamples.Id(3_000), out _));
    }

    [Fact]
    public void The_latest_of_a_filter_are_what_a_plain_search_finds()
    {
        var random = new Random(11);
        int[] numbers = [.. Enumerable.Range(0, 2_000)];
        random.Shuffle(numbers);
        var columns = new Columns();
        foreach (int n in numbers)
        {
            columns.Add(RowSamples.Row(n));
            // Asking in between makes few rows wait at one time and many at another.
            if (n % 97 == 0) { columns.Latest(new RowFilter(), 1); }
        }
        var filter = new RowFilter
        {
            Types = ["incident", "model-risk"], Severities = ["Disaster", "hazard"], Countries = ["fr", "NL"],
            Authors = [RowSamples.Author(1), RowSamples.Author(3)],
            Since = 1_700_000_100, Before = 1_700_001_900,
        };
        RowFields[] expected = [.. Enumerable.Range(0, 2_000).Select(n => RowSamples.Row(n)).Where(r =>
            r.Type is "incident" or "model-risk" && r.Severity is "disaster" or "hazard"
            && r.Countries!.Intersect(["FR", "NL"]).Any() && filter.Authors.Contains(r.Author)
            && r.Created >= filter.Since && r.Created < filter.Before).Reverse()];
        Assert.True(expected.Length > 20);
        Digest[] ids = [.. expected.Select(r => r.Id)];
        Assert.Equal(ids[..10], columns.Latest(filter, 10).Select(r => r.Id));
        Assert.Equal(ids[10..], columns.Latest(filter, 5_000, skip: 10).Select(r => r.Id));
        Assert.Equal(expected.Length, columns.CountOf(filter));
        Assert.Empty(columns.Latest(new RowFilter { Types = ["unheard-of"] }, 10));
        IReadOnlyDictionary<string, int> byCountry = columns.CountBy(RowColumn.Country, filter);
        Assert.Equal(expected.Count(r => r.Countries!.Contains("FR")), byCountry["FR"]);
        Assert.Equal(2_000, columns.CountBy(RowColumn.Type, new RowFilter()).Values.Sum());
        var upwards = new List<long>();
        columns.ForEach(new RowFilter(), r => upwards.Add(r.Created));
        Assert.Equal(Enumerable.Range(0, 2_000).Select(n => 1_700_000_000L + n), upwards);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_stands_of_a_record_does_not_depend_on_the_order_of_arrival(bool backwards)
    {
        RowFields first = RowSamples.Row(1), second = RowSamples.Row(11, Prev(1), To("supersedes", 1));
        RowFields retraction = RowSamples.Row(21, Prev(11), To("retracts", 11));
        RowFields stranger = RowSamples.Row(2, Prev(21), To("supersedes", 21), To("retracts", 1));
        RowFields dispute = RowSamples.Row(4, To("attests", 1)) with { Verdict = "dispute" };
        RowFields praise = RowSamples.Row(19, To("attests", 11)) with { Verdict = "corroborate" };
        RowFields[] rows = [first, second, retraction, stranger, dispute, praise];
        var columns = new Columns();
        foreach (RowFields row in backwards ? rows.Reverse() : rows) { columns.Add(row); }
        const RowFlags both = RowFlags.Retracted | RowFlags.Disputed | RowFlags.Followed;
        Assert.Equal(RowFlags.Superseded | both, FlagsOf(columns, 1));
        Assert.Equal(RowFlags.Corrects | both, FlagsOf(columns, 11));
        Assert.Equal(RowFlags.None, FlagsOf(columns, 21));
        Assert.Equal(RowFlags.None, FlagsOf(columns, 2));
        IEnumerable<long> naming = columns.Naming(RowSamples.Id(1)).Select(r => r.Created - 1_700_000_000);
        Assert.Equal([2, 4, 11], naming.Order());
        Assert.Equal(2, columns.LinksOf(IndexOf(columns, 11)).Count);
    }

    [Fact]
    public void Words_of_a_quarantined_or_dropped_record_do_not_count()
    {
        var columns = new Columns();
        columns.Add(RowSamples.Row(1));
        columns.Add(RowSamples.Row(4, To("attests", 1)) with
        {
            Verdict = "dispute", Flags = RowFlags.Quarantined,
        });
        Assert.Equal(RowFlags.None, FlagsOf(columns, 1));
        Assert.True(columns.Mark(RowSamples.Id(4), RowFlags.None, clear: RowFlags.Quarantined));
        Assert.Equal(RowFlags.Disputed, FlagsOf(columns, 1));
        columns.Mark(RowSamples.Id(4), RowFlags.Dropped);
        Assert.Equal(RowFlags.None, FlagsOf(columns, 1));
        Assert.False(columns.TryFind(RowSamples.Id(4), out _));
        Assert.Single(columns.Latest(new RowFilter(), 10));
        Assert.False(columns.Mark(RowSamples.Id(99), RowFlags.Read));
        columns.Mark(RowSamples.Id(1), RowFlags.Read | RowFlags.Superseded);
        Assert.Equal(RowFlags.Read, FlagsOf(columns, 1));
    }

    [Fact]
    public void Values_past_the_limit_count_as_other()
    {
        var table = new ValueTable();
        for (int n = 1; n < Limits.Store.DistinctValues; n++) { Assert.Equal(n, table.CodeOf($"v{n}")); }
        Assert.Equal(Limits.Store.DistinctValues, table.CodeOf("one more"));
        Assert.Equal(Limits.Store.DistinctValues, table.CodeOf("and another"));
        Assert.Equal(ValueTable.Other, table.ValueOf((ushort)Limits.Store.DistinctValues));
        Assert.Equal(1, table.CodeOf("V1"));
        string longest = new('x', Limits.Store.ValueChars);
        table = new ValueTable();
        Assert.Equal(table.CodeOf(longest), table.CodeOf(longest + "y"));
    }

    private static RowLink Prev(int n) => To(RowLink.Previous, n);

    private static RowLink To(string how, int n) => new(how, RowSamples.Id(n));

    private static int IndexOf(Columns columns, int n) =>
        columns.TryFind(RowSamples.Id(n), out RecordRow row) ? row.Row : -1;

    private static RowFlags FlagsOf(Columns columns, int n)
    {
        Assert.True(columns.TryFind(RowSamples.Id(n), out RecordRow row));
        return row.Flags;
    }
}

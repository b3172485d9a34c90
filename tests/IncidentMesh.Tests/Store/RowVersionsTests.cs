using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using IncidentMesh.Tests.Records;
using Xunit;
using Record = IncidentMesh.Protocol.Records.Record;

namespace IncidentMesh.Tests.Store;

/// <summary>What the columns keep of the versions of a report is what <see cref="Corrections"/> says,
/// in whatever order records came (<c>specs/records.md</c>, "Corrections").</summary>
public sealed class RowVersionsTests
{
    private static ulong Seed =>
        ulong.TryParse(Environment.GetEnvironmentVariable("INCIDENTMESH_SEED"), out ulong seed) ? seed
            : 20_261_130;

    private readonly Sample _sample = new();
    private readonly SeededRandom _random = new(Seed);

    [Fact]
    public void They_are_the_same_in_every_order()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"INCIDENTMESH_SEED={Seed}");
        for (int round = 0; round < 60; round++)
        {
            List<SignedRecord> held = Records();

            // One may be missing, so that others name what is not there.
            held.RemoveAt(_random.Next(held.Count));
            Corrections expected = new();
            held.ForEach(r => expected.Add(r.Record.Id, r.Record.Header));
            Columns columns = new();
            foreach (SignedRecord record in held.OrderBy(_ => _random.Next(1_000)))
            {
                columns.Add(Row(record.Record));
            }

            foreach (Record version in held.Select(r => r.Record).Where(r => r.Header.Type != "retraction"))
            {
                Assert.True(columns.TryFind(version.Id.Digest, out RecordRow row));
                Digest current = expected.CurrentOf(version.Id, version.Header.Author).Digest;
                Assert.Equal(current, columns.CurrentOf(version.Id.Digest));
                Assert.Equal(current != version.Id.Digest, row.Flags.HasFlag(RowFlags.Superseded));
                Assert.Equal(
                    expected.IsRetracted(version.Id, version.Header.Author),
                    row.Flags.HasFlag(RowFlags.Retracted));
            }
        }
    }

    [Fact]
    public void A_dispute_and_a_bookmark_outlive_a_correction()
    {
        Columns columns = new();
        columns.Add(RowSamples.Row(1));
        columns.Add(RowSamples.Row(4, new RowLink("attests", RowSamples.Id(1))) with { Verdict = "dispute" });
        columns.Mark(RowSamples.Id(1), RowFlags.Bookmarked);
        columns.Add(RowSamples.Row(11, new RowLink("supersedes", RowSamples.Id(1))));
        Assert.Equal(
            RowFlags.Corrects | RowFlags.Disputed | RowFlags.Bookmarked,
            columns.Versions(RowSamples.Id(1))[^1].Flags);

        // Until who disputed takes it back.
        columns.Add(RowSamples.Row(14, new RowLink("retracts", RowSamples.Id(4))));
        Assert.Equal(RowFlags.Corrects | RowFlags.Bookmarked, columns.Versions(RowSamples.Id(1))[^1].Flags);
    }

    [Fact]
    public void Of_one_author_the_last_attestation_counts_in_whatever_order_they_came()
    {
        RowLink of = new("attests", RowSamples.Id(1));
        RowFields dispute = RowSamples.Row(4, of) with { Verdict = "dispute", Created = 100 };
        RowFields support = RowSamples.Row(14, of) with
        {
            Verdict = "corroborate", Created = 200, Author = dispute.Author,
        };
        RowFields stranger = RowSamples.Row(29, of) with { Verdict = "corroborate", Created = 300 };
        Assert.NotEqual(dispute.Author, stranger.Author);
        Assert.False(IsDisputed(RowSamples.Row(1), dispute, support));
        Assert.False(IsDisputed(support, RowSamples.Row(1), dispute));
        Assert.False(IsDisputed(dispute, support, RowSamples.Row(1)));
        Assert.True(IsDisputed(RowSamples.Row(1), support with { Created = 50 }, dispute));
        Assert.True(IsDisputed(RowSamples.Row(1), dispute, stranger));
    }

    private static bool IsDisputed(params RowFields[] rows)
    {
        Columns columns = new();
        Array.ForEach(rows, row => columns.Add(row));
        return columns.Versions(RowSamples.Id(1))[^1].Flags.HasFlag(RowFlags.Disputed);
    }

    private List<SignedRecord> Records()
    {
        List<SignedRecord> made = [_sample.Sign("one"), _sample.Sign("two")];
        List<Cid> versions = [.. made.Select(r => r.Record.Id)];
        while (made.Count < 10)
        {
            Cid[] named = [.. Enumerable.Range(0, 1 + _random.Next(2)).Select(_ => Any(versions)).Distinct()];
            if (_random.Next(8) == 0)
            {
                made.Add(Sign(new RetractionBody(), named.Take(1), "retracts"));
            }
            else
            {
                made.Add(Sign(CorrectionBody.Of(Sample.Body($"{made.Count}"), null), named, "supersedes"));
                versions.Add(made[^1].Record.Id);
            }
        }

        return made;
    }

    private Cid Any(List<Cid> of) => of[_random.Next(of.Count)];

    private SignedRecord Sign(TypedBody body, IEnumerable<Cid> named, string how) => _sample.Builder.Sign(
        body, [], Sample.Created + _random.Next(3), "en", [.. named.Select(id => new Relation(how, id))]);

    private static RowFields Row(Record record) => RowSamples.Row(1) with
    {
        Id = record.Id.Digest,
        Author = record.Header.Author.Digest,
        Type = record.Header.Type,
        Created = record.Header.Created,
        Links = [.. record.Header.Relations.Select(r => new RowLink(r.How, r.To.Digest))],
    };
}

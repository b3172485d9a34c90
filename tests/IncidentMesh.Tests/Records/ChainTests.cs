using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Records;

public class ChainTests
{
    private readonly Sample _sample = new();

    [Fact]
    public void Branches_are_heads_until_a_record_names_both()
    {
        Heads heads = new();
        SignedRecord first = Add(heads, "1");
        Assert.Equal([new Head(first.Record.Id, 1)], heads.Of(_sample.Device.Public));
        SignedRecord left = _sample.Sign("left", heads.Of(_sample.Device.Public));
        SignedRecord right = _sample.Sign("right", heads.Of(_sample.Device.Public));
        heads.Add(left.Record.Id, left.Record.Header);
        heads.Add(right.Record.Id, right.Record.Header);
        Assert.Equal(2, heads.Of(_sample.Device.Public).Count);
        SignedRecord healed = Add(heads, "healed");
        Assert.Equal(3, healed.Record.Header.Seq);
        Assert.Equal(2, healed.Record.Header.Previous.Count);
        Assert.Equal(healed.Record.Id, Assert.Single(heads.Of(_sample.Device.Public)).Id);
    }

    [Fact]
    public void Heads_and_gaps_do_not_depend_on_the_order_of_arrival()
    {
        Heads all = new();
        List<SignedRecord> records = [.. Enumerable.Range(0, 10).Select(i => Add(all, $"{i}"))];
        SeededRandom random = new(Seeds.Next());
        random.Shuffle(records);
        Heads heads = new();
        foreach (SignedRecord record in records)
        {
            heads.Add(record.Record.Id, record.Record.Header);
            heads.Add(record.Record.Id, record.Record.Header);
        }

        Assert.Equal(all.Of(_sample.Device.Public), heads.Of(_sample.Device.Public));
        Assert.Equal(10, heads.CountOf(_sample.Device.Public));
        Assert.Empty(heads.MissingOf(_sample.Device.Public));

        Heads gap = new();
        foreach (SignedRecord record in records.Where(r => r.Record.Header.Seq != 5))
        {
            gap.Add(record.Record.Id, record.Record.Header);
        }

        Cid fifth = records.Single(r => r.Record.Header.Seq == 5).Record.Id;
        Assert.Equal([fifth], gap.MissingOf(_sample.Device.Public));
    }

    [Fact]
    public void A_record_that_is_taken_back_leaves_heads_and_gaps_as_if_it_had_never_come()
    {
        SeededRandom random = new(Seeds.Next());
        Heads all = new();
        List<SignedRecord> records = [];
        for (int i = 0; i < 40; i++)
        {
            // Now and then a branch: a record that names some heads of the past.
            Head[] named = random.Next(4) > 0 || records.Count == 0
                ? [.. all.Of(_sample.Device.Public)]
                : [.. records.Where(_ => random.Next(8) == 0).Select(r =>
                    new Head(r.Record.Id, r.Record.Header.Seq))];
            records.Add(_sample.Sign($"{i}", named));
            all.Add(records[^1].Record.Id, records[^1].Record.Header);
        }

        random.Shuffle(records);
        Heads without = new();
        records.Skip(10).ToList().ForEach(r => without.Add(r.Record.Id, r.Record.Header));
        records.Take(10).ToList().ForEach(r => all.Remove(r.Record.Id, r.Record.Header));
        Assert.Equal(without.Of(_sample.Device.Public), all.Of(_sample.Device.Public));
        Assert.Equal(without.MissingOf(_sample.Device.Public), all.MissingOf(_sample.Device.Public));
        Assert.Equal(30, all.CountOf(_sample.Device.Public));
    }

    [Fact]
    public void Of_more_than_eight_heads_the_newest_are_named()
    {
        Head[] heads = [.. Enumerable.Range(1, 9).Select(i => new Head(Cid.Of(Codec.DagCbor, [(byte)i]), i))];
        SignedRecord signed = _sample.Sign("x", heads);
        Assert.Equal(8, signed.Record.Header.Previous.Count);
        Assert.DoesNotContain(heads[0].Id, signed.Record.Header.Previous);
        Assert.Equal(10, signed.Record.Header.Seq);
    }

    [Fact]
    public void The_deepest_correction_is_current_then_the_last_then_the_greatest()
    {
        SignedRecord report = _sample.Sign("v1");
        SignedRecord early = Correct(report, "early", 10);
        SignedRecord late = Correct(report, "late", 20);
        SignedRecord deep = Correct(early, "deep", 5);
        SignedRecord[][] orders = [[early, late, deep], [deep, late, early], [late, deep, early]];
        foreach (SignedRecord[] order in orders)
        {
            Corrections corrections = new();
            foreach (SignedRecord record in order)
            {
                corrections.Add(record.Record.Id, record.Record.Header);
            }

            foreach (SignedRecord any in (SignedRecord[])[report, early, late, deep])
            {
                Assert.Equal(deep.Record.Id, corrections.CurrentOf(any.Record.Id, _sample.Inception.Id));
            }

            Assert.Equal(
                [report.Record.Id, early.Record.Id, late.Record.Id, deep.Record.Id],
                corrections.HistoryOf(late.Record.Id, _sample.Inception.Id));
        }

        Corrections two = new();
        two.Add(late.Record.Id, late.Record.Header);
        two.Add(early.Record.Id, early.Record.Header);
        Assert.Equal(late.Record.Id, two.CurrentOf(report.Record.Id, _sample.Inception.Id));
    }

    [Fact]
    public void A_correction_that_joins_two_versions_follows_both()
    {
        SignedRecord report = _sample.Sign("v1");
        SignedRecord left = Correct(report, "left", 10);
        SignedRecord right = Correct(left, "right", 20);
        SignedRecord joined = _sample.Builder.Sign(
            CorrectionBody.Of(Sample.Body("joined"), null),
            [],
            Sample.Created,
            "en",
            [new Relation("supersedes", left.Record.Id), new Relation("supersedes", right.Record.Id)]);
        Corrections corrections = new();
        foreach (SignedRecord record in (SignedRecord[])[joined, right, left])
        {
            corrections.Add(record.Record.Id, record.Record.Header);
        }

        Assert.Equal(4, corrections.HistoryOf(report.Record.Id, _sample.Inception.Id).Count);
        Assert.Equal(joined.Record.Id, corrections.CurrentOf(report.Record.Id, _sample.Inception.Id));
    }

    [Fact]
    public void Others_can_neither_correct_nor_retract()
    {
        Sample other = new(2);
        SignedRecord report = _sample.Sign("v1");
        SignedRecord foreign = other.Builder.Sign(
            CorrectionBody.Of(Sample.Body("evil"), null),
            [],
            Sample.Created + 9,
            "en",
            [new Relation("supersedes", report.Record.Id)]);
        SignedRecord retraction = other.Builder.Sign(
            new RetractionBody(), [], Sample.Created, "en", [new Relation("retracts", report.Record.Id)]);
        SignedRecord own = _sample.Builder.Sign(
            new RetractionBody { Reason = "wrong" },
            [],
            Sample.Created,
            "en",
            [new Relation("retracts", report.Record.Id)]);
        Corrections corrections = new();
        corrections.Add(foreign.Record.Id, foreign.Record.Header);
        corrections.Add(retraction.Record.Id, retraction.Record.Header);
        Assert.Equal(report.Record.Id, corrections.CurrentOf(report.Record.Id, _sample.Inception.Id));
        Assert.False(corrections.IsRetracted(report.Record.Id, _sample.Inception.Id));
        corrections.Add(own.Record.Id, own.Record.Header);
        Assert.True(corrections.IsRetracted(report.Record.Id, _sample.Inception.Id));
    }

    private SignedRecord Add(Heads heads, string title)
    {
        SignedRecord signed = _sample.Sign(title, heads.Of(_sample.Device.Public));
        heads.Add(signed.Record.Id, signed.Record.Header);
        return signed;
    }

    private SignedRecord Correct(SignedRecord of, string title, long later) => _sample.Builder.Sign(
        CorrectionBody.Of(Sample.Body(title), null),
        [],
        Sample.Created + later,
        "en",
        [new Relation("supersedes", of.Record.Id)]);
}

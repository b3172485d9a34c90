using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Xunit;
using Record = IncidentMesh.Protocol.Records.Record;

namespace IncidentMesh.Tests.Records;

public class RuleTests
{
    private readonly Sample _sample = new();
    private readonly Instant _now = Instant.FromUnixSeconds(Sample.Created);

    [Theory]
    [InlineData(Limits.Records.FutureSeconds, true)]
    [InlineData(Limits.Records.FutureSeconds + 1, false)]
    public void A_record_from_the_future_is_ignored(int ahead, bool accepted)
    {
        SignedRecord signed = _sample.Sign(created: Sample.Created + ahead);
        RecordVerdict verdict = RecordRules.Check(signed.Record, signed.Body, _sample.Book, _now);
        Assert.Equal(accepted, verdict is RecordVerdict.Accept);
        Assert.Equal(!accepted, verdict is RecordVerdict.Ignore);
    }

    [Fact]
    public void An_unknown_author_is_asked_for_and_a_foreign_key_is_ignored()
    {
        SignedRecord signed = _sample.Sign();
        RecordVerdict verdict = RecordRules.Check(signed.Record, signed.Body, new IdentityBook(), _now);
        Assert.Equal(_sample.Inception.Id, Assert.IsType<RecordVerdict.Pending>(verdict).Missing);

        Cid author = _sample.Inception.Id;
        RecordBuilder foreign = new(author, Sample.Key(9, 9), author, new byte[32]);
        SignedRecord forged = foreign.Sign(Sample.Body(), [], Sample.Created);
        Assert.IsType<RecordVerdict.Ignore>(
            RecordRules.Check(forged.Record, forged.Body, _sample.Book, _now));

        Sample other = new(2);
        _sample.Book.Apply(other.Inception);
        RecordBuilder elsewhere = new(author, other.Device, other.Inception.Id, new byte[32]);
        SignedRecord crossed = elsewhere.Sign(Sample.Body(), [], Sample.Created);
        Assert.IsType<RecordVerdict.Ignore>(
            RecordRules.Check(crossed.Record, crossed.Body, _sample.Book, _now));
    }

    [Fact]
    public void A_body_that_breaks_a_field_rule_is_accepted_and_told()
    {
        IpldMap odd = Sample.Body().ToMap().With("severity", new IpldInteger(7)).Without("title");
        SignedRecord signed = _sample.Builder.Sign("incident", odd, [], Sample.Created);
        Assert.IsType<RecordVerdict.Accept>(
            RecordRules.Check(signed.Record, signed.Body, _sample.Book, _now));
        RecordVerification report = RecordVerification.Verify(
            signed.Record.Envelope, signed.Body, _sample.Book);
        Assert.True(report.Ok);
        Assert.False(report.Complete);
        Assert.Contains("title", report.Checks.Single(c => c.Name == "fields").Why);
    }

    [Fact]
    public void Must_names_what_a_reader_has_to_know()
    {
        SignedRecord known = Signed("incident", ["lang", "title", "rel"]);
        Assert.Empty(RecordRules.UnknownMust(known.Record.Header));
        SignedRecord later = Signed("incident", ["title", "embargo_until"]);
        Assert.Equal(["embargo_until"], RecordRules.UnknownMust(later.Record.Header));
        Assert.Equal(["title"], RecordRules.UnknownMust(Signed("x-later", ["title"]).Record.Header));
    }

    [Fact]
    public void Verification_names_each_check_that_fails()
    {
        SignedRecord first = _sample.Sign("1");
        SignedRecord second = _sample.Sign("2", [new Head(first.Record.Id, 1)]);
        RecordVerification good = RecordVerification.Verify(
            second.Record.Envelope, second.Body, _sample.Book, id => id == first.Record.Id);
        Assert.True(good.Complete, string.Join('\n', good.Checks));
        Assert.Equal(
            ["envelope", "signature", "body", "identity", "chain", "fields"],
            good.Checks.Select(c => c.Name));

        RecordVerification gap = RecordVerification.Verify(
            second.Record.Envelope, null, new IdentityBook(), _ => false);
        Assert.True(gap.Ok);
        Assert.Equal(["body", "identity", "chain"], States(gap, CheckState.Unknown));

        byte[] envelope = second.Record.Envelope.ToArray();
        envelope[^1] ^= 1;
        Assert.Equal(
            ["signature", "body"],
            States(RecordVerification.Verify(envelope, first.Body, _sample.Book), CheckState.Failed));
        Assert.Equal(
            ["envelope"], States(
                RecordVerification.Verify(new byte[9], null, _sample.Book), CheckState.Failed));
    }

    [Fact]
    public void A_body_has_a_salt_and_a_limit()
    {
        int overhead = DagCbor.Write(RecordBody.WithSalt(Padded(100_000), new byte[32])).Length - 100_000;
        int room = Limits.Records.BodyBytes - overhead;
        SignedRecord full = _sample.Builder.Sign("x-big", Padded(room), [], Sample.Created);
        Assert.Equal(Limits.Records.BodyBytes, full.Body.Length);
        Assert.Throws<ArgumentException>(
            () => _sample.Builder.Sign("x-big", Padded(room + 1), [], Sample.Created));
        Assert.Throws<ArgumentException>(() => RecordBody.WithSalt(Padded(1), new byte[15]));

        static IpldMap Padded(int bytes) => new([new("z", new IpldText(new string('z', bytes)))]);
    }

    [Fact]
    public void A_builder_refuses_what_a_reader_would()
    {
        Assert.Throws<ArgumentException>(() => _sample.Builder.Sign("Bad Type", IpldMap.Empty, [], 1));
        Assert.Throws<ArgumentException>(() => _sample.Builder.Sign("incident", IpldMap.Empty, [], -1));
        Assert.Throws<ArgumentException>(
            () => _sample.Builder.Sign("incident", IpldMap.Empty, [], 1, "not_a_tag"));
        Relation twice = new("related", _sample.Inception.Id);
        Assert.Throws<ArgumentException>(
            () => _sample.Builder.Sign("incident", IpldMap.Empty, [], 1, null, [twice, twice]));
    }

    private static IEnumerable<string> States(RecordVerification report, CheckState state) =>
        report.Checks.Where(c => c.State == state).Select(c => c.Name);

    private SignedRecord Signed(string type, IReadOnlyList<string> must) =>
        _sample.Builder.Sign(type, Sample.Body().ToMap(), [], Sample.Created, "en", null, must);
}

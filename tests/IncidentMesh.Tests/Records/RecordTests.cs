using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Xunit;
using Record = IncidentMesh.Protocol.Records.Record;

namespace IncidentMesh.Tests.Records;

public class RecordTests
{
    private readonly Sample _sample = new();

    [Fact]
    public void A_signed_record_is_read_back_with_every_field()
    {
        Cid other = Cid.Of(Codec.DagCbor, "other"u8);
        SignedRecord signed = _sample.Builder.Sign(
            "incident",
            Sample.Body().ToMap(),
            [new Head(other, 41)],
            Sample.Created,
            "de-AT",
            [new Relation("related", other), new Relation("x-later", other)],
            ["title", "zz", "a"]);

        Assert.True(
            Record.TryRead(signed.Record.Envelope, out Record? record, out Fault? fault), fault?.ToString());
        RecordHeader header = record.Header;
        Assert.Equal(signed.Record.Id, record.Id);
        Assert.Equal(Cid.Of(Codec.DagCbor, record.Envelope.Span), record.Id);
        Assert.Equal("incident", header.Type);
        Assert.Equal(_sample.Inception.Id, header.Author);
        Assert.Equal(_sample.Inception.Id, header.Auth);
        Assert.Equal(_sample.Device.Public, header.Key);
        Assert.Equal(42, header.Seq);
        Assert.Equal([other], header.Previous);
        Assert.Equal(Sample.Created, header.Created);
        Assert.Equal(signed.Body.Length, header.Size);
        Assert.Equal("de-AT", header.Language);
        Assert.Equal([new Relation("related", other), new Relation("x-later", other)], header.Relations);
        Assert.Equal(["a", "zz", "title"], header.Must);
        Assert.True(record.VerifySignature());
        Assert.True(record.MatchesBody(signed.Body, out _));
    }

    [Fact]
    public void Gossip_data_splits_into_envelope_and_body()
    {
        SignedRecord signed = _sample.Sign();
        Assert.True(Record.TrySplit(signed.Data, out Record? record, out ReadOnlyMemory<byte> body, out _));
        Assert.Equal(signed.Record.Id, record.Id);
        Assert.Equal(signed.Body, body.ToArray());

        Assert.False(Record.TrySplit(signed.Record.Envelope, out _, out _, out Fault? alone));
        Assert.Equal("body-size", alone!.Code);
        byte[] junk = signed.Data;
        junk[^1] ^= 1;
        Assert.False(Record.TrySplit(junk, out _, out _, out Fault? wrong));
        Assert.Equal("body-hash", wrong!.Code);
    }

    [Fact]
    public void The_first_record_of_a_key_has_number_one()
    {
        Assert.Equal(1, _sample.Sign().Record.Header.Seq);
        Assert.Empty(_sample.Sign().Record.Header.Previous);
    }

    [Fact]
    public void One_content_makes_one_body_and_another_node_makes_another()
    {
        SignedRecord once = _sample.Sign();
        Assert.Equal(once.Body, _sample.Sign().Body);
        byte[] otherSecret = [.. Enumerable.Repeat((byte)7, 16)];
        Cid author = _sample.Inception.Id;
        RecordBuilder elsewhere = new(author, _sample.Device, author, otherSecret);
        SignedRecord other = elsewhere.Sign(Sample.Body(), [], Sample.Created, "en");
        Assert.NotEqual(once.Body, other.Body);
        Assert.True(RecordBody.TryRead(once.Body, out IpldMap? a, out _));
        Assert.True(RecordBody.TryRead(other.Body, out IpldMap? b, out _));
        Assert.Equal(RecordBody.ContentHash(a), RecordBody.ContentHash(b));
    }
}

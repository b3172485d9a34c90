using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Xunit;
using Record = IncidentMesh.Protocol.Records.Record;

namespace IncidentMesh.Tests.Records;

public class MutationTests
{
    private readonly Sample _sample = new();

    [Fact]
    public void Every_changed_byte_of_an_envelope_is_refused_or_breaks_the_signature()
    {
        SignedRecord signed = _sample.Sign(
            heads: [new Head(Cid.Of(Codec.DagCbor, "x"u8), 3)],
            relations: [new Relation("related", Cid.Of(Codec.DagCbor, "y"u8))]);
        byte[] envelope = signed.Record.Envelope.ToArray();
        for (int i = 0; i < envelope.Length; i++)
        {
            foreach (byte flip in (byte[])[0x01, 0x20, 0x80, 0xff])
            {
                byte[] changed = [.. envelope];
                changed[i] ^= flip;
                if (Record.TryRead(changed, out Record? record, out _))
                {
                    Assert.NotEqual(signed.Record.Id, record.Id);
                    Assert.False(record.VerifySignature(), $"byte {i} changed by {flip:x2}");
                }
            }
        }
    }

    [Fact]
    public void Garbage_and_cuts_never_throw()
    {
        SignedRecord signed = _sample.Sign();
        for (int length = 0; length < signed.Data.Length; length++)
        {
            Assert.False(Record.TrySplit(signed.Data.AsMemory(0, length), out _, out _, out _));
        }

        SeededRandom random = new(Seeds.Next());
        byte[] envelope = signed.Record.Envelope.ToArray();
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = [.. envelope];
            for (int n = 0; n < 3; n++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            Record.TryRead(bytes, out _, out _);
            random.Fill(bytes.AsSpan(12));
            Record.TryRead(bytes, out _, out _);
            IdentityEvent.TryRead(bytes, out _, out _);
        }
    }

    [Fact]
    public void One_header_has_one_encoding()
    {
        // Whatever is read must be written as exactly the same bytes, or hold unknown keys.
        SignedRecord signed = _sample.Sign(
            relations: [new Relation("related", Cid.Of(Codec.DagCbor, "y"u8))]);
        byte[] payload = RecordHeaderWriter.Write(signed.Record.Header);
        int read = 0;
        for (int i = 0; i < payload.Length; i++)
        {
            for (int flip = 1; flip < 256; flip++)
            {
                byte[] changed = [.. payload];
                changed[i] ^= (byte)flip;
                if (RecordHeaderReader.TryRead(changed, out RecordHeader? header, out _))
                {
                    byte[] written = RecordHeaderWriter.Write(header);
                    Assert.True(written.Length < changed.Length || written.AsSpan().SequenceEqual(changed));
                    read++;
                }
            }
        }

        Assert.True(read > 1_000);
    }

    [Fact]
    public void What_is_read_is_what_was_written_for_any_header()
    {
        SeededRandom random = new(Seeds.Next());
        for (int round = 0; round < 300; round++)
        {
            Cid[] ids = [.. Enumerable.Range(0, random.Next(9)).Select(_ => RandomCid(random)).Order()];
            RecordHeader header = new()
            {
                Type = random.Next(2) == 0 ? "incident" : "x" + random.Next(1_000),
                Author = RandomCid(random),
                Key = _sample.Device.Public,
                Auth = RandomCid(random),
                Seq = 1 + (long)(random.NextUInt64() >> 12),
                Previous = ids,
                Created = (long)(random.NextUInt64() >> 24),
                Body = RandomCid(random),
                Size = 1 + random.Next(Limits.Records.BodyBytes),
                Language = random.Next(2) == 0 ? null : "pt-BR",
                Relations = [.. ids.Select(id => new Relation("related", id))],
                Must = random.Next(2) == 0 ? [] : ["b", "aa"],
            };
            byte[] payload = RecordHeaderWriter.Write(header);
            Assert.True(
                RecordHeaderReader.TryRead(payload, out RecordHeader? read, out Fault? fault), fault?.Detail);
            Assert.Equal(payload, RecordHeaderWriter.Write(read));
        }
    }

    private static Cid RandomCid(SeededRandom random)
    {
        byte[] bytes = new byte[8];
        random.Fill(bytes);
        return Cid.Of(Codec.DagCbor, bytes);
    }
}

using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>A signed record: its envelope as received, its id, and its header as read. The body travels
/// beside it and may be erased. <c>specs/records.md</c>.</summary>
public sealed class Record
{
    private Record(ReadOnlyMemory<byte> envelope, Cid id, RecordHeader header)
    {
        Envelope = envelope;
        Id = id;
        Header = header;
    }

    /// <summary>What a record's signature is for.</summary>
    public static ReadOnlySpan<byte> ExternalAad => "incidentmesh/record/v1"u8;

    /// <summary>The CID of the envelope.</summary>
    public Cid Id { get; }

    /// <summary>The signed bytes, at most <see cref="Limits.Records.EnvelopeBytes"/>.</summary>
    public ReadOnlyMemory<byte> Envelope { get; }

    /// <summary>What the envelope says.</summary>
    public RecordHeader Header { get; }

    /// <summary>Reads an envelope and its header. The signature is not checked: see <see
    /// cref="VerifySignature"/>.</summary>
    /// <param name="envelope">The bytes, which are kept and must not change.</param>
    /// <param name="record">The record.</param>
    /// <param name="fault">What is wrong; <see cref="RecordVerdict.Of"/> says whether it counts against the
    /// sender.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> envelope,
        [NotNullWhen(true)] out Record? record,
        [NotNullWhen(false)] out Fault? fault)
    {
        record = null;
        ReadOnlySpan<byte> span = envelope.Span;
        if (!CoseSign1.TryRead(span, Limits.Records.EnvelopeBytes, out Range payload, out fault)
            || !RecordHeaderReader.TryRead(span[payload], out RecordHeader? header, out fault))
        {
            return false;
        }

        record = new Record(envelope, Cid.Of(Codec.DagCbor, span), header);
        return true;
    }

    /// <summary>Splits <c>envelope || body</c>, as gossip carries them, and checks that the body is the one
    /// that the header names. The signature is not checked. <c>specs/gossip.md</c>, "Topics".</summary>
    /// <param name="data">The bytes, which are kept and must not change.</param>
    /// <param name="record">The record.</param>
    /// <param name="body">The bytes of the body.</param>
    /// <param name="fault">What is wrong.</param>
    public static bool TrySplit(
        ReadOnlyMemory<byte> data,
        [NotNullWhen(true)] out Record? record,
        out ReadOnlyMemory<byte> body,
        [NotNullWhen(false)] out Fault? fault)
    {
        record = null;
        body = default;
        if (!CoseSign1.TryMeasure(data.Span, Limits.Records.EnvelopeBytes, out int length, out fault)
            || !TryRead(data[..length], out Record? read, out fault))
        {
            return false;
        }

        if (!read.MatchesBody(data.Span[length..], out fault))
        {
            return false;
        }

        record = read;
        body = data[length..];
        return true;
    }

    /// <summary>The bytes that gossip carries: the envelope and the body, one after the other.</summary>
    public byte[] Join(ReadOnlySpan<byte> body)
    {
        byte[] data = new byte[Envelope.Length + body.Length];
        Envelope.Span.CopyTo(data);
        body.CopyTo(data.AsSpan(Envelope.Length));
        return data;
    }

    /// <summary>True where the header's key signed the envelope. Whether the author authorised the key is the
    /// question of <see cref="IdentityBook.Authorises"/>.</summary>
    public bool VerifySignature() => CoseSign1.Verify(Header.Key, ExternalAad, Envelope.Span);

    /// <summary>True where <paramref name="body"/> has the size and the hash that the header names.</summary>
    public bool MatchesBody(ReadOnlySpan<byte> body, [NotNullWhen(false)] out Fault? fault)
    {
        fault = null;
        if (body.Length != Header.Size)
        {
            fault = Fault.Message(
                "body-size", $"a body of {body.Length} bytes where the header says {Header.Size}");
        }
        else if (Digest.Sha256(body) != Header.Body.Digest)
        {
            fault = Fault.Message("body-hash", "the body is not the one that the header names");
        }

        return fault is null;
    }
}

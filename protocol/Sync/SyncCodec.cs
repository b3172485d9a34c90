using System.Diagnostics.CodeAnalysis;
using System.Text;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Sync;

/// <summary>Reads and writes sync frames. <c>specs/sync.md</c>, section 4.</summary>
/// <remarks><code>
/// frame   = uvarint(length) dag-cbor
/// request = ["open",1,set,salt] | ["neg",bytes] | ["get",[id32]] | ["body",[id32]] | ["hint"]
/// answer  = ["neg",bytes] | ["env",bytes] | ["no",id32,reason] | ["body",id32,bytes] | ["gone",id32,bytes]
/// | ["end"]
/// </code></remarks>
public static class SyncCodec
{
    /// <summary>The version in <c>open</c>.</summary>
    public const int Version = 1;

    /// <summary>The frame with its length before it.</summary>
    public static byte[] Write(SyncFrame frame)
    {
        var cbor = new CborWriter(64);
        switch (frame)
        {
            case SyncOpen open:
                Head(cbor, 4, "open");
                cbor.Integer(Version);
                cbor.Integer((int)open.Set);
                cbor.Bytes(open.Salt.Span);
                break;
            case SyncReconcile reconcile:
                Head(cbor, 2, "neg");
                cbor.Bytes(reconcile.Message.Span);
                break;
            case SyncGet get:
                Head(cbor, 2, "get");
                WriteIds(cbor, get.Ids);
                break;
            case SyncGetBodies get:
                Head(cbor, 2, "body");
                WriteIds(cbor, get.Ids);
                break;
            case SyncEnvelope envelope:
                Head(cbor, 2, "env");
                cbor.Bytes(envelope.Bytes.Span);
                break;
            case SyncNone none:
                Head(cbor, 3, "no");
                WriteId(cbor, none.Id);
                cbor.Integer((int)none.Reason);
                break;
            case SyncBody body:
                Head(cbor, 3, "body");
                WriteId(cbor, body.Id);
                cbor.Bytes(body.Bytes.Span);
                break;
            case SyncGone gone:
                Head(cbor, 3, "gone");
                WriteId(cbor, gone.Id);
                cbor.Bytes(gone.Tombstone.Span);
                break;
            case SyncEnd:
                Head(cbor, 1, "end");
                break;
            case SyncHint:
                Head(cbor, 1, "hint");
                break;
            default:
                throw new ArgumentException("no such frame", nameof(frame));
        }

        return Frame.Write(cbor.Written);
    }

    /// <summary>Reads one frame without its length. Bytes are copied out of <paramref
    /// name="source"/>.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> source, [NotNullWhen(true)] out SyncFrame? frame,
            [NotNullWhen(false)] out Fault? fault)
    {
        frame = null;
        var reader = new CborReader(source);
        if (!reader.TryReadList(out int count) || !reader.TryReadText(out ReadOnlySpan<byte> kind))
        {
            fault = OfStream(ref reader);
            return false;
        }

        string name = kind.Length <= 4 ? Encoding.UTF8.GetString(kind) : "";
        frame = ReadRest(ref reader, name, count, out fault);
        if (frame is not null && !reader.AtEnd)
        {
            frame = null;
            fault = Fault.Stream("sync-frame", "bytes behind the frame");
        }

        return frame is not null;
    }

    private static SyncFrame? ReadRest(ref CborReader reader, string kind, int count, out Fault? fault)
    {
        fault = null;
        SyncFrame? frame = (count, kind) switch
        {
            (1, "end") => new SyncEnd(),
            (1, "hint") => new SyncHint(),
            (2, "neg") =>
                ReadBytes(ref reader, Limits.Sync.NegentropyBytes, out fault) is { } message
                    ? new SyncReconcile(message) : null,
            (2, "env") =>
                ReadBytes(ref reader, Limits.Records.EnvelopeBytes, out fault) is { } envelope
                    ? new SyncEnvelope(envelope) : null,
            (2, "get") =>
                ReadIds(ref reader, Limits.Sync.GetIds, out fault) is { } ids ? new SyncGet(ids) : null,
            (2, "body") =>
                ReadIds(ref reader, Limits.Sync.BodyIds, out fault) is { } ids ? new SyncGetBodies(ids)
                    : null,
            (3, "no") => ReadNone(ref reader, out fault),
            (3, "body") =>
                ReadId(ref reader, out fault) is { } id
                && ReadBytes(ref reader, Limits.Records.BodyBytes, out fault) is { } body
                    ? new SyncBody(id, body) : null,
            (3, "gone") =>
                ReadId(ref reader, out fault) is { } id
                && ReadBytes(ref reader, Limits.Records.EnvelopeBytes, out fault) is { } tombstone
                    ? new SyncGone(id, tombstone) : null,
            (4, "open") => ReadOpen(ref reader, out fault),
            _ => null,
        };

        if (frame is null)
        {
            fault ??= Fault.Stream("sync-frame", $"no frame has {count} items and this name");
        }

        return frame;
    }

    private static SyncOpen? ReadOpen(ref CborReader reader, out Fault? fault)
    {
        if (!reader.TryReadInteger(out long version) || !reader.TryReadInteger(out long set))
        {
            fault = OfStream(ref reader);
            return null;
        }

        if (version != Version || set is not (0 or 1))
        {
            fault = Fault.Stream("sync-open",
                $"version {version}, set {set}: version 1 and sets 0 and 1 are known");
            return null;
        }

        byte[]? salt = ReadBytes(ref reader, Limits.Sync.SaltBytes, out fault);
        if (salt is { Length: not (0 or Limits.Sync.SaltBytes) })
        {
            fault = Fault.Stream("sync-open", $"a salt of {salt.Length} bytes: 0 or {Limits.Sync.SaltBytes}");
            return null;
        }

        return salt is null ? null : new SyncOpen((SyncSet)set, salt);
    }

    private static SyncNone? ReadNone(ref CborReader reader, out Fault? fault)
    {
        if (ReadId(ref reader, out fault) is not { } id)
        {
            return null;
        }

        if (!reader.TryReadInteger(out long reason))
        {
            fault = OfStream(ref reader);
            return null;
        }

        if (reason is < 1 or > 3)
        {
            fault = Fault.Stream("sync-reason", $"reason {reason}: 1, 2 and 3 are known");
            return null;
        }

        return new SyncNone(id, (SyncReason)reason);
    }

    private static Digest? ReadId(ref CborReader reader, out Fault? fault)
    {
        if (!reader.TryReadBytes(out ReadOnlySpan<byte> bytes))
        {
            fault = OfStream(ref reader);
            return null;
        }

        fault = bytes.Length == Digest.ByteLength
            ? null
            : Fault.Stream("sync-id", $"an id of {bytes.Length} bytes: {Digest.ByteLength} expected");
        return fault is null ? new Digest(bytes) : null;
    }

    private static Digest[]? ReadIds(ref CborReader reader, int most, out Fault? fault)
    {
        if (!reader.TryReadList(out int count))
        {
            fault = OfStream(ref reader);
            return null;
        }

        if (count > most || count == 0)
        {
            fault = Fault.Stream("sync-ids", $"{count} ids: 1 to {most} are allowed");
            return null;
        }

        var ids = new Digest[count];
        for (int i = 0; i < count; i++)
        {
            if (ReadId(ref reader, out fault) is not { } id)
            {
                return null;
            }

            ids[i] = id;
        }

        fault = null;
        return ids;
    }

    private static byte[]? ReadBytes(ref CborReader reader, int most, out Fault? fault)
    {
        if (!reader.TryReadBytes(out ReadOnlySpan<byte> bytes))
        {
            fault = OfStream(ref reader);
            return null;
        }

        fault = bytes.Length <= most ? null : Fault.Stream("sync-size",
            $"{bytes.Length} bytes: {most} at most");
        return fault is null ? bytes.ToArray() : null;
    }

    private static void Head(CborWriter cbor, int count, string kind)
    {
        cbor.List(count);
        cbor.Text(kind);
    }

    private static void WriteIds(CborWriter cbor, IReadOnlyList<Digest> ids)
    {
        cbor.List(ids.Count);
        foreach (Digest id in ids)
        {
            WriteId(cbor, id);
        }
    }

    private static void WriteId(CborWriter cbor, Digest id)
    {
        Span<byte> bytes = stackalloc byte[Digest.ByteLength];
        id.CopyTo(bytes);
        cbor.Bytes(bytes);
    }

    private static Fault OfStream(ref CborReader reader) => reader.Fault is { } fault
        ? Fault.Stream(fault.Code, fault.Detail)
        : Fault.Stream("sync-frame", "cut off");
}

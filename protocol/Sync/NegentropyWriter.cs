using System.Buffers;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Sync;

/// <summary>Writes the ranges of one negentropy message. Source: negentropy v1, "Range" and
/// "Bound".</summary>
/// <remarks><code>
/// Message := &lt;version 0x61&gt; &lt;Range&gt;*        Range := &lt;upper Bound&gt; &lt;mode Varint&gt;
/// &lt;payload&gt; Bound   := &lt;1 + seconds since the bound before, or 0 = infinity&gt; &lt;length
/// Varint&gt; &lt;id prefix, 0-32 bytes&gt;
/// </code></remarks>
internal sealed class NegentropyWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);
    private ulong _lastCreated;

    public int Length => _bytes.WrittenCount;

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }

    public void Varint(ulong value) =>
        _bytes.Advance(NegentropyVarint.Write(_bytes.GetSpan(NegentropyVarint.MaxLength), value));

    public void Id(in Digest id)
    {
        id.CopyTo(_bytes.GetSpan(Digest.ByteLength));
        _bytes.Advance(Digest.ByteLength);
    }

    public void Append(NegentropyWriter tail) => _bytes.Write(tail._bytes.WrittenSpan);

    public void Skip(in NegentropyBound bound)
    {
        Bound(bound);
        Varint((ulong)NegentropyMode.Skip);
    }

    public void Fingerprint(in NegentropyBound bound, ReconciliationView view, int from, int to)
    {
        Bound(bound);
        Varint((ulong)NegentropyMode.Fingerprint);
        view.Fingerprint(from, to, _bytes.GetSpan(ReconciliationView.FingerprintBytes));
        _bytes.Advance(ReconciliationView.FingerprintBytes);
    }

    public void IdListHead(in NegentropyBound bound, int count)
    {
        Bound(bound);
        Varint((ulong)NegentropyMode.IdList);
        Varint((ulong)count);
    }

    /// <summary>Starts a part of this message that may yet be thrown away.</summary>
    public NegentropyWriter Part() => new() { _lastCreated = _lastCreated };

    /// <summary>Takes a part up.</summary>
    public void Accept(NegentropyWriter part)
    {
        Append(part);
        _lastCreated = part._lastCreated;
    }

    private void Bound(in NegentropyBound bound)
    {
        ulong created = bound.Item.Created;
        Varint(created == ulong.MaxValue ? 0 : created - _lastCreated + 1);
        _lastCreated = created;
        Varint((ulong)bound.PrefixLength);
        Span<byte> id = stackalloc byte[Digest.ByteLength];
        bound.Item.Id.CopyTo(id);
        _bytes.Write(id[..bound.PrefixLength]);
    }
}

/// <summary>How a range is described. Source: negentropy v1, "Range".</summary>
internal enum NegentropyMode : ulong
{
    Skip = 0,
    Fingerprint = 1,
    IdList = 2,
}

/// <summary>An upper bound as it is written: an item whose id is given by its first bytes.</summary>
internal readonly record struct NegentropyBound(ReconciliationItem Item, int PrefixLength)
{
    public static NegentropyBound Infinity => new(ReconciliationItem.Infinity, 0);

    /// <summary>The whole item.</summary>
    public static NegentropyBound Full(ReconciliationItem item) => new(item, Digest.ByteLength);

    /// <summary>The shortest bound that parts two neighbours: the time alone where it differs, else the
    /// common prefix of their ids and one byte more.</summary>
    public static NegentropyBound Between(ReconciliationItem before, ReconciliationItem after)
    {
        if (before.Created != after.Created)
        {
            return new NegentropyBound(new ReconciliationItem(after.Created, default), 0);
        }

        Span<byte> a = stackalloc byte[Digest.ByteLength];
        Span<byte> b = stackalloc byte[Digest.ByteLength];
        before.Id.CopyTo(a);
        after.Id.CopyTo(b);
        int length = a.CommonPrefixLength(b) + 1;
        b[length..].Clear();
        return new NegentropyBound(new ReconciliationItem(after.Created, new Digest(b)), length);
    }
}

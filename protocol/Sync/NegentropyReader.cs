using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Sync;

/// <summary>Reads the ranges of one negentropy message. Bounds must not go back, nothing may follow
/// infinity, and a varint has one form. Source: negentropy v1; <c>specs/sync.md</c>, section 3.</summary>
internal ref struct NegentropyReader(ReadOnlySpan<byte> ranges)
{
    private ReadOnlySpan<byte> _rest = ranges;
    private ReconciliationItem _last;

    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>Bound and mode of the next range.</summary>
    public bool TryReadRange(
        out NegentropyBound bound, out NegentropyMode mode, [NotNullWhen(false)] out Fault? fault)
    {
        mode = default;
        if (!TryReadBound(out bound, out fault) || !TryReadVarint(out ulong number, out fault))
        {
            return false;
        }

        mode = (NegentropyMode)number;
        if (mode > NegentropyMode.IdList)
        {
            fault = Fault.Stream("negentropy-mode", $"mode {number}: 0, 1 and 2 are known");
            return false;
        }

        return true;
    }

    public bool TryReadFingerprint(out ReadOnlySpan<byte> fingerprint,
        [NotNullWhen(false)] out Fault? fault) =>
        TryTake(ReconciliationView.FingerprintBytes, out fingerprint, out fault);

    /// <summary>The ids of a list, one behind the other.</summary>
    public bool TryReadIds(out ReadOnlySpan<byte> ids, [NotNullWhen(false)] out Fault? fault)
    {
        ids = default;
        if (!TryReadVarint(out ulong count, out fault))
        {
            return false;
        }

        if (count > (ulong)(_rest.Length / Digest.ByteLength))
        {
            fault = Fault.Stream("negentropy-truncated", $"{count} ids in {_rest.Length} bytes");
            return false;
        }

        return TryTake((int)count * Digest.ByteLength, out ids, out fault);
    }

    private bool TryReadBound(out NegentropyBound bound, [NotNullWhen(false)] out Fault? fault)
    {
        bound = default;
        if (_last.Created == ulong.MaxValue)
        {
            fault = Fault.Stream("negentropy-bound", "a range behind infinity");
            return false;
        }

        if (!TryReadVarint(out ulong step, out fault) || !TryReadVarint(out ulong length, out fault))
        {
            return false;
        }

        if (length > Digest.ByteLength)
        {
            fault = Fault.Stream("negentropy-bound", $"an id prefix of {length} bytes: 32 at most");
            return false;
        }

        if (!TryTake((int)length, out ReadOnlySpan<byte> prefix, out fault))
        {
            return false;
        }

        // The largest 64-bit time is reserved for infinity, so the sum must stay below it.
        if (step != 0 && step - 1 > ulong.MaxValue - 1 - _last.Created)
        {
            fault = Fault.Stream("negentropy-bound", "a time beyond 64 bits");
            return false;
        }

        Span<byte> id = stackalloc byte[Digest.ByteLength];
        id.Clear();
        prefix.CopyTo(id);
        ulong created = step == 0 ? ulong.MaxValue : _last.Created + step - 1;
        var item = new ReconciliationItem(created, new Digest(id));
        if (item < _last)
        {
            fault = Fault.Stream("negentropy-bound", "bounds go back");
            return false;
        }

        _last = item;
        bound = new NegentropyBound(item, (int)length);
        return true;
    }

    private bool TryReadVarint(out ulong value, [NotNullWhen(false)] out Fault? fault)
    {
        if (!NegentropyVarint.TryRead(_rest, out value, out int consumed))
        {
            fault = Fault.Stream("negentropy-varint",
                "a varint that is cut off, not minimal, or beyond 64 bits");
            return false;
        }

        _rest = _rest[consumed..];
        fault = null;
        return true;
    }

    private bool TryTake(int count, out ReadOnlySpan<byte> bytes, [NotNullWhen(false)] out Fault? fault)
    {
        if (_rest.Length < count)
        {
            bytes = default;
            fault = Fault.Stream("negentropy-truncated", $"{count} bytes expected, {_rest.Length} left");
            return false;
        }

        bytes = _rest[..count];
        _rest = _rest[count..];
        fault = null;
        return true;
    }
}

using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Gossip;

/// <summary>Hashes digests with a secret of this run: ids are chosen by peers, and 32 equal bits are cheap to
/// find.</summary>
internal sealed class DigestComparer(ulong secret) : IEqualityComparer<Digest>
{
    public bool Equals(Digest x, Digest y) => x.Equals(y);

    public int GetHashCode(Digest obj)
    {
        Span<byte> bytes = stackalloc byte[Digest.ByteLength];
        obj.CopyTo(bytes);
        ulong low = BitConverter.ToUInt64(bytes) ^ secret;
        ulong high = BitConverter.ToUInt64(bytes[8..]) ^ ulong.RotateLeft(secret, 32);
        UInt128 product = (UInt128)low * high;
        return (int)(uint)((ulong)product ^ (ulong)(product >> 64));
    }
}

/// <summary>A set of ids that forgets: by age, and the oldest first where it is full.</summary>
internal sealed class AgingSet(int capacity, IEqualityComparer<Digest> comparer)
{
    private readonly Dictionary<Digest, long> _until = new(comparer);
    private readonly Queue<(Digest Id, long Until)> _order = new();

    public int Count => _until.Count;

    public bool Contains(Digest id) => _until.ContainsKey(id);

    /// <summary>Adds an id. An id that is already there keeps its time.</summary>
    public bool Add(Digest id, long until)
    {
        if (!_until.TryAdd(id, until))
        {
            return false;
        }

        _order.Enqueue((id, until));
        while (_order.Count > capacity)
        {
            DropOldest();
        }

        return true;
    }

    /// <summary>Forgets an id before its time.</summary>
    public void Remove(Digest id) => _until.Remove(id);

    /// <summary>Forgets what has its time at or before <paramref name="now"/>.</summary>
    public void Expire(long now)
    {
        while (_order.TryPeek(out (Digest Id, long Until) oldest) && oldest.Until <= now)
        {
            DropOldest();
        }
    }

    private void DropOldest()
    {
        (Digest id, long until) = _order.Dequeue();

        // An id removed and added again has a later place in the order.
        if (_until.TryGetValue(id, out long current) && current == until)
        {
            _until.Remove(id);
        }
    }
}

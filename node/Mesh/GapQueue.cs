using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Mesh;

/// <summary>Records that others name in <c>prev</c> and that are not held: asked for at once from the peer
/// that delivered, then ever more rarely, and one a key and minute, so that a forged <c>prev</c> is no
/// amplifier. <c>specs/mesh.md</c>, "Gaps".</summary>
internal sealed class GapQueue
{
    private readonly Dictionary<Digest, Gap> _gaps = [];
    private readonly PriorityQueue<Digest, long> _due = new();
    private readonly Dictionary<PublicKey, Instant> _lastOfKey = [];

    public int Count => _gaps.Count;

    /// <summary>When <see cref="TryTake"/> next has one.</summary>
    public Instant? NextTick
    {
        get
        {
            while (_due.TryPeek(out Digest id, out long at))
            {
                if (_gaps.TryGetValue(id, out Gap? gap) && gap.Due.Milliseconds == at)
                {
                    return gap.Due;
                }

                _due.Dequeue();
            }

            return null;
        }
    }

    /// <summary>Notes a record that is missing; the oldest notes stay when there are too many.</summary>
    public void Add(Digest id, PublicKey key, PeerId? peer, Instant now)
    {
        if (_gaps.Count < Limits.Mesh.Gaps && !_gaps.ContainsKey(id))
        {
            // A moment, for what comes out of order.
            var gap = new Gap(key, peer) { Due = now + TimeSpan.FromSeconds(1),
                Delay = Limits.Mesh.GapMilliseconds };
            _gaps.Add(id, gap);
            _due.Enqueue(id, gap.Due.Milliseconds);
        }
    }

    /// <summary>The record came, or counts no longer.</summary>
    public void Remove(Digest id) => _gaps.Remove(id);

    /// <summary>The next one to ask for, and whom first: the peer that delivered what names it.</summary>
    public bool TryTake(Instant now, out Digest id, out PeerId? peer)
    {
        while (NextTick is { } due && due <= now)
        {
            id = _due.Dequeue();
            Gap gap = _gaps[id];
            bool tooSoon = _lastOfKey.TryGetValue(gap.Key, out Instant last)
                && now < last + TimeSpan.FromMilliseconds(Limits.Mesh.GapMilliseconds);
            if (tooSoon)
            {
                gap.Due = last + TimeSpan.FromMilliseconds(Limits.Mesh.GapMilliseconds);
                _due.Enqueue(id, gap.Due.Milliseconds);
                continue;
            }

            _lastOfKey[gap.Key] = now;
            gap.Due = now + TimeSpan.FromMilliseconds(gap.Delay);
            gap.Delay = Math.Min(gap.Delay * 2, Limits.Mesh.GapMostMilliseconds);
            _due.Enqueue(id, gap.Due.Milliseconds);
            peer = gap.Peer;
            return true;
        }

        if (_gaps.Count == 0)
        {
            _lastOfKey.Clear();
        }

        (id, peer) = (default, null);
        return false;
    }

    private sealed class Gap(PublicKey key, PeerId? peer)
    {
        public PublicKey Key { get; } = key;

        public PeerId? Peer { get; } = peer;

        public Instant Due { get; set; }

        public int Delay { get; set; }
    }
}

using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Mesh;

/// <summary>When salted sessions with each peer are due and allowed: kept beyond a connection, so that
/// neither a peer that reconnects nor a node that is often restarted gets around it. <c>specs/sync.md</c>,
/// section 7.</summary>
/// <param name="interval">Time between two salted sessions that this node opens with one peer.</param>
/// <param name="random">Spreads the first: after a restart nobody knows when the last one was.</param>
internal sealed class SaltClock(TimeSpan interval, SeededRandom random)
{
    private readonly Dictionary<PeerId, Times> _times = [];

    /// <summary>Whether the next session with a peer is to be salted.</summary>
    public bool IsDue(PeerId peer, Instant now) => now >= Of(peer, now).Next;

    /// <summary>A salted session with a peer was opened.</summary>
    public void Opened(PeerId peer, Instant now) => Of(peer, now).Next = now + interval;

    /// <summary>Whether a peer may open a salted session; then it may not for a while.</summary>
    public bool TryAccept(PeerId peer, Instant now)
    {
        Times times = Of(peer, now);
        if (now < times.NextInbound)
        {
            return false;
        }

        times.NextInbound = now + TimeSpan.FromMilliseconds(Limits.Sync.SaltedMilliseconds);
        return true;
    }

    private Times Of(PeerId peer, Instant now)
    {
        if (!_times.TryGetValue(peer, out Times? times))
        {
            if (_times.Count >= Limits.Mesh.RememberedPeers)
            {
                _times.Remove(_times.MinBy(pair => pair.Value.Used).Key);
            }

            times = new Times { Next = now + (interval * random.NextDouble()), NextInbound = now };
            _times.Add(peer, times);
        }

        times.Used = now;
        return times;
    }

    private sealed class Times
    {
        public Instant Next { get; set; }

        public Instant NextInbound { get; set; }

        public Instant Used { get; set; }
    }
}

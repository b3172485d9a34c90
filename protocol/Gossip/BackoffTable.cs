using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Protocol.Gossip;

/// <summary>Peers that may not be grafted yet, connected or gone: who reconnects does not escape.</summary>
internal sealed class BackoffTable
{
    private readonly Dictionary<PeerId, Instant> _until = [];

    public int Count => _until.Count;

    /// <summary>Notes a backoff; a longer one that is already noted stays.</summary>
    public void Add(PeerId peer, Instant until, Instant now)
    {
        if (_until.Count >= Limits.Gossip.Backoffs && !_until.ContainsKey(peer))
        {
            Expire(now);
            if (_until.Count >= Limits.Gossip.Backoffs)
            {
                return;
            }
        }

        _until[peer] = Instant.Max(until, _until.GetValueOrDefault(peer));
    }

    public bool Holds(PeerId peer, Instant now) => _until.TryGetValue(peer, out Instant until) && until > now;

    public void Expire(Instant now)
    {
        // Removing while walking is allowed in this collection.
        foreach ((PeerId peer, Instant until) in _until)
        {
            if (until <= now)
            {
                _until.Remove(peer);
            }
        }
    }
}

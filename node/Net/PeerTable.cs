using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Node.Net;

/// <summary>Which link speaks for which peer: one each, by a rule that both ends reach alone.</summary>
/// <remarks>When both sides dialled at once, the link that the lower peer id dialled stays. When one side
/// dials again, or long after the first link came up, it has lost that link, and the new one stays.</remarks>
internal sealed class PeerTable(PeerId self)
{
    private static readonly TimeSpan _together = TimeSpan.FromSeconds(10);

    private readonly Dictionary<PeerId, PeerLink> _links = [];

    /// <summary>Peers with a link.</summary>
    public int Count => _links.Count;

    /// <summary>The links that speak for their peers.</summary>
    public IReadOnlyCollection<PeerLink> Links => _links.Values;

    /// <summary>The link of a peer.</summary>
    public PeerLink? Find(PeerId peer) => _links.GetValueOrDefault(peer);

    /// <summary>Puts a link in, unless the one that is there stays.</summary>
    /// <param name="link">Of a peer that is known.</param>
    /// <param name="loser">The link that the owner must close; null when there was none.</param>
    /// <returns>Whether <paramref name="link"/> speaks for its peer now.</returns>
    public bool TryAdd(PeerLink link, out PeerLink? loser)
    {
        loser = null;
        if (_links.TryGetValue(link.Peer, out PeerLink? old) && old != link)
        {
            loser = Stays(old, link) ? link : old;
        }

        if (loser == link)
        {
            return false;
        }

        _links[link.Peer] = link;
        return true;
    }

    /// <summary>Takes a link out.</summary>
    /// <returns>Whether it spoke for its peer.</returns>
    public bool Remove(PeerLink link) =>
        _links.TryGetValue(link.Peer, out PeerLink? current) && current == link && _links.Remove(link.Peer);

    private bool Stays(PeerLink old, PeerLink newer)
    {
        bool simultaneous = old.Outbound != newer.Outbound && newer.Started - old.Started < _together;
        return simultaneous && old.Outbound == (self < old.Peer);
    }
}

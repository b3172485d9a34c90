using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Libp2p;

namespace IncidentMesh.Node.Net;

/// <summary>What a <see cref="Host"/> tells its owner about peers. For each peer the events are in order:
/// connected, updated any number of times, disconnected.</summary>
public abstract record HostEvent
{
    private HostEvent()
    {
    }

    /// <summary>A peer is connected and has said who it is and what it speaks.</summary>
    public sealed record PeerConnected(PeerInfo Peer) : HostEvent;

    /// <summary>A connected peer changed what it speaks or where it listens.</summary>
    public sealed record PeerUpdated(PeerInfo Peer) : HostEvent;

    /// <summary>The connection ended; every stream of it is gone.</summary>
    /// <param name="Peer">The peer.</param>
    /// <param name="Reason">Why, where something went wrong; null at an end in good order.</param>
    public sealed record PeerDisconnected(PeerId Peer, Fault? Reason) : HostEvent;
}

/// <summary>What is known of a connected peer.</summary>
/// <param name="Id">Its peer id.</param>
/// <param name="Key">Its host key.</param>
/// <param name="Outbound">Whether this node dialled.</param>
/// <param name="RemoteAddress">The far end of the socket.</param>
/// <param name="Identity">What it said over Identify; without fields when it speaks no Identify.</param>
public sealed record PeerInfo(
    PeerId Id, PublicKey Key, bool Outbound, Multiaddr RemoteAddress, IdentifyMessage Identity)
{
    /// <summary>Protocol ids that the peer speaks.</summary>
    public IReadOnlyList<string> Protocols => Identity.Protocols;

    /// <summary>Whether the peer speaks a protocol.</summary>
    public bool Speaks(string protocol) => Identity.Protocols.Contains(protocol);
}

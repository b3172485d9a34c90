using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Node.Net;

/// <summary>How a <see cref="Host"/> presents and limits itself.</summary>
public sealed record HostOptions
{
    /// <summary>Name and version that Identify tells.</summary>
    public string Agent { get; init; } = "incidentmesh/0.1.0";

    /// <summary>Addresses told to peers in place of those that are listened on: what a port forward or a name
    /// makes reachable.</summary>
    public IReadOnlyList<Multiaddr> Announce { get; init; } = [];

    /// <summary>Connections either way, all peers together.</summary>
    public int MaxConnections { get; init; } = Limits.Libp2p.Connections;

    /// <summary>Attempts of one dial when the handshake fails, as it does when both sides dial at
    /// once.</summary>
    public int DialAttempts { get; init; } = 3;

    /// <summary>For TCP to connect, each address.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(Limits.Libp2p.NegotiationSeconds);
}

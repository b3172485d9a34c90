using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Protocol.Gossip;

/// <summary>The numbers of GossipSub that a node may choose for itself. The defaults are those of the
/// specification and of go-libp2p-pubsub. <c>specs/gossip.md</c>, "Parameters".</summary>
public sealed record GossipParameters
{
    /// <summary>D: mesh peers that a topic should have.</summary>
    public int Degree { get; init; } = 6;

    /// <summary>D_low: below it the heartbeat grafts.</summary>
    public int DegreeLow { get; init; } = 5;

    /// <summary>D_high: above it the heartbeat prunes.</summary>
    public int DegreeHigh { get; init; } = 12;

    /// <summary>D_lazy: peers outside the mesh that a heartbeat tells of new messages, at least.</summary>
    public int DegreeLazy { get; init; } = 6;

    /// <summary>D_out: mesh peers that this node dialled itself, at least; inbound ones cannot push them
    /// out.</summary>
    public int DegreeOut { get; init; } = 2;

    /// <summary>The share of peers outside the mesh that a heartbeat tells, where that is more than
    /// D_lazy.</summary>
    public double GossipFactor { get; init; } = 0.25;

    /// <summary>Time between heartbeats.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long peers of a topic without subscription are kept after the last publication.</summary>
    public TimeSpan FanoutTtl { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an id counts as seen.</summary>
    public TimeSpan SeenTtl { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long an owner may take to validate one message; then it is ignored.</summary>
    public TimeSpan ValidationTtl { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Time after a prune in which neither side grafts.</summary>
    public TimeSpan PruneBackoff { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The same after leaving a topic.</summary>
    public TimeSpan UnsubscribeBackoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a peer that offered a message may take to send it when asked.</summary>
    public TimeSpan WantFollowup { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Heartbeats that a message stays in the cache.</summary>
    public int CacheWindows { get; init; } = 5;

    /// <summary>Heartbeats that a message is offered in IHAVE.</summary>
    public int GossipWindows { get; init; } = 3;

    /// <summary>Heartbeats that an IDONTWANT of a peer holds.</summary>
    public int DontWantWindows { get; init; } = 3;

    /// <summary>Bytes of data from which IDONTWANT is sent.</summary>
    public int DontWantBytes { get; init; } = 1_024;

    /// <summary>Own messages go to every subscribed peer, not to the mesh alone.</summary>
    public bool FloodPublish { get; init; } = true;

    /// <summary>Bytes that one RPC is filled up to when several messages wait: with its framing it fits one
    /// Noise message. A larger message travels alone.</summary>
    public int PackBytes { get; init; } = 60_000;

    /// <summary>RPCs handed out for one peer before <see cref="GossipRouter.Written"/> must confirm one; what
    /// comes meanwhile is packed together.</summary>
    public int InFlight { get; init; } = 4;

    /// <summary>The host key of a private mesh in StrictSign mode; null: StrictNoSign.</summary>
    public SigningKey? Signer { get; init; }

    /// <summary>The first sequence number of StrictSign mode: the time in nanoseconds, so that a restart
    /// repeats none.</summary>
    public ulong FirstSequence { get; init; }
}

namespace IncidentMesh.Protocol.Gossip;

/// <summary>What a router did since it was made, for metrics and tests.</summary>
public sealed class GossipCounters
{
    /// <summary>Messages handed to the owner.</summary>
    public long Delivered { get; internal set; }

    /// <summary>Messages that came again.</summary>
    public long Duplicates { get; internal set; }

    /// <summary>Messages put into a peer's queue, own ones included.</summary>
    public long Sent { get; internal set; }

    /// <summary>Messages put into a peer's queue because it asked.</summary>
    public long Served { get; internal set; }

    /// <summary>Messages not sent because the peer said that it has them.</summary>
    public long Suppressed { get; internal set; }

    /// <summary>Messages lost to one peer because its queue was full.</summary>
    public long LostToSlowPeer { get; internal set; }

    /// <summary>Messages not taken because too many wait for validation.</summary>
    public long LostToPending { get; internal set; }

    /// <summary>Ids asked for.</summary>
    public long Asked { get; internal set; }

    /// <summary>Messages of topics without subscription.</summary>
    public long UnknownTopic { get; internal set; }
}

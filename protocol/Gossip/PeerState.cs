using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Gossip;

/// <summary>What the router knows of one peer.</summary>
internal sealed class PeerState(PeerId id, IEqualityComparer<Digest> comparer)
{
    public PeerId Id { get; } = id;

    /// <summary>Whether a stream to the peer is open; before it, what the peer says is already
    /// heard.</summary>
    public bool Writable { get; private set; }

    /// <summary>This node dialled.</summary>
    public bool Outbound { get; private set; }

    /// <summary>The peer may be in a mesh and understands control messages.</summary>
    public bool Meshes { get; private set; }

    /// <summary>The peer reads PRUNE's backoff.</summary>
    public bool ReadsBackoff { get; private set; }

    /// <summary>The peer reads IDONTWANT.</summary>
    public bool ReadsDontWant { get; private set; }

    public HashSet<string> Topics { get; } = [];

    public OutgoingQueue Queue { get; } = new();

    /// <summary>Messages that the peer said it has.</summary>
    public AgingSet DontWant { get; } = new(Limits.Gossip.DontWantKept, comparer);

    /// <summary>IHAVE entries heard since the last heartbeat.</summary>
    public int IhavesHeard { get; set; }

    /// <summary>Ids asked of the peer since the last heartbeat.</summary>
    public int IdsAsked { get; set; }

    /// <summary>IDONTWANT ids heard since the last heartbeat.</summary>
    public int DontWantsHeard { get; set; }

    /// <summary>IDONTWANT ids sent since the last heartbeat.</summary>
    public int DontWantsSent { get; set; }

    /// <summary>Whether the router already holds the peer among those with something to send.</summary>
    public bool Ready { get; set; }

    public void Open(string protocol, bool outbound)
    {
        Writable = true;
        Outbound = outbound;
        Meshes = protocol != GossipProtocols.Floodsub;
        ReadsBackoff = Meshes && protocol != GossipProtocols.Meshsub10;
        ReadsDontWant = ReadsBackoff && protocol != GossipProtocols.Meshsub11;
        Queue.Clear();
    }

    public void BeginHeartbeat(long window)
    {
        IhavesHeard = 0;
        IdsAsked = 0;
        DontWantsHeard = 0;
        DontWantsSent = 0;
        DontWant.Expire(window);
    }
}

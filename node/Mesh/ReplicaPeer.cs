using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Mesh;

/// <summary>What a replica keeps of a connected peer.</summary>
internal sealed class ReplicaPeer(PeerId id, Instant since)
{
    public PeerId Id { get; } = id;

    /// <summary>Whether it speaks the sync protocol.</summary>
    public bool Syncs { get; set; }

    public Instant Since { get; } = since;

    /// <summary>When to open the next session; null: when the timer or a hint says so.</summary>
    public Instant? NextSync { get; set; }

    /// <summary>The session that this node has open with it.</summary>
    public ReplicaSession? Outbound { get; set; }

    /// <summary>Sessions that it has open with this node.</summary>
    public List<ReplicaSession> Inbound { get; } = [];

    /// <summary>Something new was said to be there while a session ran.</summary>
    public bool Again { get; set; }

    /// <summary>When to tell it that there is something new here.</summary>
    public Instant? HintDue { get; set; }

    public Instant LastHint { get; set; } = new(long.MinValue / 2);

    public int Failures { get; set; }

    /// <summary>Not before this: it offers more than can be remembered as declined.</summary>
    public Instant NotBefore { get; set; } = new(long.MinValue / 2);

    public TimeSpan Interval { get; set; }

    /// <summary>Declined records of its overlay fall due: they lay in the future.</summary>
    public Instant? OverlayDue { get; set; }

    /// <summary>The next session is to be salted.</summary>
    public bool SaltNext { get; set; }

    /// <summary>Identity events to fetch from it.</summary>
    public HashSet<Digest> WantEvents { get; } = [];

    /// <summary>Records to fetch from it.</summary>
    public HashSet<Digest> WantRecords { get; } = [];

    /// <summary>Messages that were wrong in this hour.</summary>
    public int Faults { get; set; }

    public Instant FaultsUntil { get; set; }

    /// <summary>The last session that came to a good end.</summary>
    public Instant? LastSynced { get; set; }

    public SyncStatistics? LastStatistics { get; set; }

    public Fault? LastFault { get; set; }
}

/// <summary>One sync stream, either way round.</summary>
internal sealed class ReplicaSession(long id, ReplicaPeer peer)
{
    public long Id { get; } = id;

    public ReplicaPeer Peer { get; } = peer;

    /// <summary>Set where this node opened the session.</summary>
    public SyncInitiator? Initiator { get; set; }

    /// <summary>Set where the peer opened the session.</summary>
    public SyncResponder? Responder { get; set; }

    /// <summary>Whether the names in the exchange are salted.</summary>
    public bool Salted { get; init; }

    /// <summary>Frames to write; a responder makes its own as they are taken.</summary>
    public Queue<ReadOnlyMemory<byte>> Outgoing { get; } = new();

    /// <summary>Closes once everything is written.</summary>
    public bool Closing { get; set; }

    /// <summary>Records of the batch that are being checked or stored.</summary>
    public int Awaiting { get; set; }

    /// <summary>All bodies of the batch have come.</summary>
    public bool BatchEnded { get; set; }

    /// <summary>Checked records whose bodies are asked for.</summary>
    public Dictionary<Digest, Protocol.Records.Record> Wanted { get; } = [];

    /// <summary>Records that came and were stored.</summary>
    public int Stored { get; set; }

    /// <summary>Whether the peer has asked for a salted set in this session.</summary>
    public bool SaltedInbound { get; set; }

    public Instant? NextTick => Initiator is null ? Responder?.NextTick : Initiator.NextTick;

    /// <summary>The responder has been asked for something other than to take a hint.</summary>
    public bool Opened { get; set; }
}

using IncidentMesh.Node.Policy;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Mesh;

/// <summary>What a <see cref="Replica"/> wants of its owner.</summary>
public abstract record ReplicaOutput
{
    private ReplicaOutput()
    {
    }

    /// <summary>Write an RPC to the gossip stream of a peer, then call <see
    /// cref="Replica.GossipWritten"/>.</summary>
    public sealed record SendGossip(PeerId Peer, ReadOnlyMemory<byte> Rpc) : ReplicaOutput;

    /// <summary>Open a sync stream to a peer; what to write comes from <see
    /// cref="Replica.TryTakeSync"/>.</summary>
    public sealed record OpenSync(long Session, PeerId Peer) : ReplicaOutput;

    /// <summary>A session has bytes to write: call <see cref="Replica.TryTakeSync"/> as the stream has
    /// credit.</summary>
    public sealed record SyncReady(long Session) : ReplicaOutput;

    /// <summary>A session is over: close its stream in good order once its bytes are written.</summary>
    public sealed record CloseSync(long Session) : ReplicaOutput;

    /// <summary>A session is broken: reset its stream.</summary>
    public sealed record ResetSync(long Session, Fault Fault) : ReplicaOutput;

    /// <summary>Run <see cref="RecordVerifier.Run"/> on each, on any thread, then call
    /// <see cref="Replica.Verified"/>.</summary>
    public sealed record Verify(IReadOnlyList<VerifyJob> Jobs) : ReplicaOutput;

    /// <summary>Make these durable in this order, then call <see cref="Replica.Persisted"/>.</summary>
    public sealed record Persist(long Batch, IReadOnlyList<PersistItem> Items) : ReplicaOutput;

    /// <summary>Forget these quarantined records; they were evicted, or were promoted and are stored
    /// elsewhere.</summary>
    public sealed record Forget(IReadOnlyList<Digest> Ids) : ReplicaOutput;

    /// <summary>A record of an admitted author is durable and counts.</summary>
    public sealed record Admitted(Record Record, ReadOnlyMemory<byte> Body, RecordOrigin Origin, PeerId? From)
        : ReplicaOutput;

    /// <summary>A record of an unknown author is durable and held back.</summary>
    public sealed record Quarantined(Record Record, ReadOnlyMemory<byte> Body, QuarantineEntry Entry)
        : ReplicaOutput;

    /// <summary>Records of an author count no longer: the author was denied or forgotten, or a key was
    /// withdrawn.</summary>
    public sealed record Withdrawn(Cid Author, IReadOnlyList<Digest> Ids) : ReplicaOutput;

    /// <summary>A valid record was not taken.</summary>
    public sealed record Declined(Cid Id, Cid Author, string Reason, PeerId From) : ReplicaOutput;

    /// <summary>An identity event of an admitted author is in the book.</summary>
    public sealed record IdentityAdded(IdentityEvent Event) : ReplicaOutput;

    /// <summary>A local record or event is durable.</summary>
    public sealed record Acknowledged(long Token) : ReplicaOutput;

    /// <summary>A local record or event was not stored.</summary>
    public sealed record Refused(long Token, Fault Fault) : ReplicaOutput;

    /// <summary>Disconnect a peer and do not let it in before a moment.</summary>
    public sealed record DropPeer(PeerId Peer, Fault Fault, Instant Until) : ReplicaOutput;

    /// <summary>A session that this node opened came to its end.</summary>
    public sealed record SyncEnded(PeerId Peer, SyncStatistics Statistics, Fault? Fault) : ReplicaOutput;
}

/// <summary>How a record came.</summary>
public enum RecordOrigin
{
    /// <summary>Signed by this node, or brought in by its operator.</summary>
    Local,

    /// <summary>By gossip.</summary>
    Gossip,

    /// <summary>By reconciliation.</summary>
    Sync,

    /// <summary>Out of quarantine: its author was admitted.</summary>
    Promotion,
}

/// <summary>Where something is stored.</summary>
public enum PersistKind
{
    /// <summary>A record that counts: the log.</summary>
    Record,

    /// <summary>An identity event: the log.</summary>
    IdentityEvent,

    /// <summary>A record of an unknown author: the quarantine's own log.</summary>
    QuarantinedRecord,

    /// <summary>An identity event of an unknown author: the quarantine's own log.</summary>
    QuarantinedEvent,
}

/// <summary>One thing to make durable.</summary>
/// <param name="Kind">Where it goes.</param>
/// <param name="Id">Digest of the CID of the envelope.</param>
/// <param name="Envelope">The signed bytes.</param>
/// <param name="Body">The body; empty for an identity event.</param>
/// <param name="Received">When it came.</param>
public sealed record PersistItem(
    PersistKind Kind, Digest Id, ReadOnlyMemory<byte> Envelope, ReadOnlyMemory<byte> Body, Instant Received);

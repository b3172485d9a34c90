using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Sync;

/// <summary>What a sync session wants of its owner.</summary>
public abstract record SyncOutput;

/// <summary>Bytes for the stream.</summary>
/// <param name="Bytes">One frame with its length.</param>
public sealed record SyncSend(ReadOnlyMemory<byte> Bytes) : SyncOutput;

/// <summary>An exchange is over. The owner must answer with <see cref="SyncInitiator.Get"/>, naming those it
/// wants.</summary>
/// <param name="Set">What was compared.</param>
/// <param name="Ids">What the peer has and this side has not, as the exchange named it.</param>
public sealed record SyncNeed(SyncSet Set, IReadOnlyList<Digest> Ids) : SyncOutput;

/// <summary>Envelopes of one request came. The owner must answer with <see cref="SyncInitiator.GetBodies"/>,
/// naming those whose bodies it wants, once it has verified and judged all of them.</summary>
/// <param name="Set">What they belong to.</param>
/// <param name="Envelopes">The envelopes; each was asked for, by its hash.</param>
/// <param name="Refused">What the peer did not give.</param>
public sealed record SyncEnvelopes(
    SyncSet Set, IReadOnlyList<ReadOnlyMemory<byte>> Envelopes, IReadOnlyList<SyncNone> Refused) : SyncOutput;

/// <summary>A body came that was asked for; its hash is not checked yet.</summary>
/// <param name="Id">The record.</param>
/// <param name="Body">The bytes.</param>
public sealed record SyncBodyReceived(Digest Id, ReadOnlyMemory<byte> Body) : SyncOutput;

/// <summary>The body of a record was erased.</summary>
/// <param name="Id">The record.</param>
/// <param name="Tombstone">The erasure record's envelope, unchecked.</param>
public sealed record SyncBodyGone(Digest Id, ReadOnlyMemory<byte> Tombstone) : SyncOutput;

/// <summary>All bodies of a request came. The owner must answer with <see cref="SyncInitiator.Proceed"/>
/// once it can take more.</summary>
public sealed record SyncBatchEnd : SyncOutput;

/// <summary>The peer says that it holds something new.</summary>
public sealed record SyncHinted : SyncOutput;

/// <summary>The session is over; the owner closes the stream.</summary>
/// <param name="Statistics">What it took.</param>
public sealed record SyncFinished(SyncStatistics Statistics) : SyncOutput;

/// <summary>The session is broken; the owner resets the stream.</summary>
/// <param name="Fault">Why.</param>
public sealed record SyncFailed(Fault Fault) : SyncOutput;

/// <summary>What a session took so far.</summary>
public sealed class SyncStatistics
{
    /// <summary>Negentropy messages sent by the initiator.</summary>
    public int Rounds { get; internal set; }

    /// <summary>Bytes of negentropy messages that this side sent.</summary>
    public long BytesSent { get; internal set; }

    /// <summary>Bytes of negentropy messages that this side received.</summary>
    public long BytesReceived { get; internal set; }

    /// <summary>Ids that the peer offered and that were asked for.</summary>
    public int Asked { get; internal set; }

    /// <summary>Of these, how many the peer then did not know.</summary>
    public int Unknown { get; internal set; }

    /// <summary>Envelopes that came.</summary>
    public int Envelopes { get; internal set; }

    /// <summary>True when a limit ended an exchange early: another session will find more.</summary>
    public bool Partial { get; internal set; }
}

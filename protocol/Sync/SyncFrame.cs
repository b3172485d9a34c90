using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Sync;

/// <summary>Which of the two sets an exchange is about.</summary>
public enum SyncSet
{
    /// <summary>I: the identity events of the authors that the node admits.</summary>
    Identities = 0,

    /// <summary>S: the records that count.</summary>
    Records = 1,
}

/// <summary>Why a responder does not give a block.</summary>
public enum SyncReason
{
    /// <summary>It never had it.</summary>
    Unknown = 1,

    /// <summary>It holds or has seen it, and its policy keeps it back.</summary>
    Policy = 2,

    /// <summary>It was erased.</summary>
    Gone = 3,
}

/// <summary>One message of <c>/incidentmesh/sync/1.0.0</c>. <c>specs/sync.md</c>, section 4.</summary>
public abstract record SyncFrame;

/// <summary>Starts an exchange: <c>["open",1,set,salt]</c>.</summary>
/// <param name="Set">What is compared.</param>
/// <param name="Salt">Empty, or 16 random bytes: items are then (created, SHA-256(salt || id)).</param>
public sealed record SyncOpen(SyncSet Set, ReadOnlyMemory<byte> Salt) : SyncFrame;

/// <summary>A negentropy message: <c>["neg",bytes]</c>.</summary>
/// <param name="Message">At most <see cref="Limits.Sync.NegentropyBytes"/>.</param>
public sealed record SyncReconcile(ReadOnlyMemory<byte> Message) : SyncFrame;

/// <summary>Asks for envelopes: <c>["get",[id32]]</c>.</summary>
/// <param name="Ids">At most <see cref="Limits.Sync.GetIds"/>, as the exchange named them (salted where it
/// is).</param>
public sealed record SyncGet(IReadOnlyList<Digest> Ids) : SyncFrame;

/// <summary>Asks for bodies: <c>["body",[id32]]</c>.</summary>
/// <param name="Ids">At most <see cref="Limits.Sync.BodyIds"/> record ids, never salted.</param>
public sealed record SyncGetBodies(IReadOnlyList<Digest> Ids) : SyncFrame;

/// <summary>An envelope: <c>["env",bytes]</c>; its hash says which.</summary>
/// <param name="Bytes">At most <see cref="Limits.Records.EnvelopeBytes"/>.</param>
public sealed record SyncEnvelope(ReadOnlyMemory<byte> Bytes) : SyncFrame;

/// <summary>No envelope: <c>["no",id,reason]</c>.</summary>
/// <param name="Id">The id as it was asked for.</param>
/// <param name="Reason">Why.</param>
public sealed record SyncNone(Digest Id, SyncReason Reason) : SyncFrame;

/// <summary>A body: <c>["body",id,bytes]</c>.</summary>
/// <param name="Id">The record's id.</param>
/// <param name="Bytes">At most <see cref="Limits.Records.BodyBytes"/>.</param>
public sealed record SyncBody(Digest Id, ReadOnlyMemory<byte> Bytes) : SyncFrame;

/// <summary>An erased body: <c>["gone",id,tombstone]</c>.</summary>
/// <param name="Id">The record's id.</param>
/// <param name="Tombstone">The erasure record's envelope.</param>
public sealed record SyncGone(Digest Id, ReadOnlyMemory<byte> Tombstone) : SyncFrame;

/// <summary>Ends the answers to one request: <c>["end"]</c>.</summary>
public sealed record SyncEnd : SyncFrame;

/// <summary>The sender holds something new: <c>["hint"]</c>.</summary>
public sealed record SyncHint : SyncFrame;

using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Store;

/// <summary>What a frame of the log holds.</summary>
public enum FrameKind : byte
{
    /// <summary>A record: head = envelope, body = body block (empty where only the envelope is
    /// known).</summary>
    Record = 1,

    /// <summary>An identity event: head = envelope, no body.</summary>
    IdentityEvent = 2,

    /// <summary>A decision of this node alone, never sent: no head, body = <see cref="LocalEntry"/> as
    /// JSON.</summary>
    Local = 3,

    /// <summary>Says that the body of an earlier frame is erased: head = its position, u64le. Written by
    /// the log.</summary>
    Erasure = 4,
}

/// <summary>Whether the body of a frame can be had.</summary>
public enum BodyState : byte
{
    /// <summary>As it was written.</summary>
    Present = 0,

    /// <summary>Overwritten on purpose; the head stays.</summary>
    Erased = 1,

    /// <summary>Not what was written; the head is good, so the body can be asked for again.</summary>
    Damaged = 2,
}

/// <summary>What is handed to <see cref="RecordLog.AppendAsync"/>.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Head">At most 4,096 bytes, never erased.</param>
/// <param name="Body">At most 131,072 bytes; can be erased.</param>
/// <param name="Received">When this node first had it.</param>
public readonly record struct LogEntry(
    FrameKind Kind, ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Body, Instant Received);

/// <summary>A frame as it was read back; its memory belongs to the caller.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Kind">What it is.</param>
/// <param name="BodyState">Whether <paramref name="Body"/> can be had.</param>
/// <param name="Received">When this node first had it.</param>
/// <param name="Head">The envelope, or the position of an erased frame.</param>
/// <param name="Body">The body; empty unless <paramref name="BodyState"/> is present.</param>
public sealed record LogFrame(
    LogPosition Position, FrameKind Kind, BodyState BodyState, Instant Received,
    ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Body);

/// <summary>Bytes of the log that are not what was written.</summary>
/// <param name="Position">Where the damage starts.</param>
/// <param name="Length">Bytes that cannot be used.</param>
/// <param name="What">In words: torn tail, header, head or body.</param>
/// <param name="KeptAs">The file that holds the original bytes where the log had to change them, else
/// null.</param>
public sealed record LogDamage(LogPosition Position, long Length, string What, string? KeptAs = null)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{What} at {Position}, {Length} bytes{(KeptAs is null ? "" : $", original bytes kept in {KeptAs}")}";
}

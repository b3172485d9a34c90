using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Gossip;

/// <summary>A stretch of the bytes of an RPC.</summary>
/// <param name="Start">Offset of the first byte; -1: the field is absent.</param>
/// <param name="Length">Length in bytes.</param>
public readonly record struct RpcSlice(int Start, int Length)
{
    /// <summary>No such field.</summary>
    public static RpcSlice Absent { get; } = new(-1, 0);

    /// <summary>Whether the field is there, empty or not.</summary>
    public bool IsPresent => Start >= 0;

    /// <summary>The bytes, within the RPC that was read; empty where absent.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> rpc) => Start < 0 ? default : rpc.Slice(Start, Length);
}

/// <summary>A topic joined or left.</summary>
/// <param name="Topic">UTF-8 name.</param>
/// <param name="Subscribe">Joined, or left.</param>
public readonly record struct RpcSubscription(RpcSlice Topic, bool Subscribe);

/// <summary>One published message.</summary>
/// <param name="From">Peer id of the signer.</param>
/// <param name="Data">The payload.</param>
/// <param name="Sequence">Sequence number of the signer, 8 bytes big endian.</param>
/// <param name="Topic">UTF-8 name.</param>
/// <param name="Signature">Signature of the signer.</param>
/// <param name="Key">Public key of the signer, as protobuf.</param>
public readonly record struct RpcMessage(
    RpcSlice From, RpcSlice Data, RpcSlice Sequence, RpcSlice Topic, RpcSlice Signature, RpcSlice Key);

/// <summary>Kinds of control entries, numbered as the fields of <c>Control</c>.</summary>
public enum RpcControlKind
{
    /// <summary>The sender holds these messages.</summary>
    Ihave = 1,

    /// <summary>The sender asks for these messages.</summary>
    Iwant = 2,

    /// <summary>The sender takes the receiver into its mesh.</summary>
    Graft = 3,

    /// <summary>The sender takes the receiver out of its mesh.</summary>
    Prune = 4,

    /// <summary>The sender already has these messages.</summary>
    DontWant = 5,
}

/// <summary>One control entry.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Topic">UTF-8 name, of IHAVE, GRAFT and PRUNE.</param>
/// <param name="FirstId">Index of its first id in <see cref="Rpc.Ids"/>.</param>
/// <param name="IdCount">Its ids of 32 bytes.</param>
/// <param name="Backoff">Seconds, of PRUNE; 0 where absent.</param>
public readonly record struct RpcControl(
    RpcControlKind Kind, RpcSlice Topic, int FirstId, int IdCount, ulong Backoff);

/// <summary>One decoded RPC, as offsets into its bytes; an instance is filled again and again so that reading
/// allocates nothing. Source: libp2p/specs, pubsub and gossipsub 1.0 to 1.2; <c>specs/gossip.md</c>, "RPC".
/// <code>
/// RPC     = { subscriptions=1 *{ subscribe=1 bool, topicid=2 str }, publish=2 *Message, control=3 Control }
/// Message = { from=1, data=2, seqno=3, topic=4, signature=5, key=6 }
/// Control = { ihave=1 *{ topic=1, id=2 * }, iwant=2 *{ id=1 * }, graft=3 *{ topic=1 },
///             prune=4 *{ topic=1, peers=2 *, backoff=3 u64 }, idontwant=5 *{ id=1 * } }
/// </code></summary>
public sealed class Rpc
{
    /// <summary>Topics joined and left, in order.</summary>
    public List<RpcSubscription> Subscriptions { get; } = [];

    /// <summary>Messages, in order.</summary>
    public List<RpcMessage> Messages { get; } = [];

    /// <summary>Control entries, in order.</summary>
    public List<RpcControl> Controls { get; } = [];

    /// <summary>The ids of all control entries, in order. Ids of other lengths than 32 are left
    /// out.</summary>
    public List<Digest> Ids { get; } = [];

    internal void Clear()
    {
        Subscriptions.Clear();
        Messages.Clear();
        Controls.Clear();
        Ids.Clear();
    }
}

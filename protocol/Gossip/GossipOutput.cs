using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Gossip;

/// <summary>What the owner found when it validated a delivered message.</summary>
public enum GossipVerdict
{
    /// <summary>Valid: forwarded, and kept for peers that ask.</summary>
    Accept,

    /// <summary>Wrong for every node and for ever: dropped, and every peer that sent it is
    /// reported.</summary>
    Reject,

    /// <summary>Not wanted here or now: dropped, and nobody is blamed.</summary>
    Ignore,
}

/// <summary>What a <see cref="GossipRouter"/> wants done.</summary>
public abstract record GossipOutput
{
    private GossipOutput()
    {
    }

    /// <summary>Write one RPC to the gossip stream that this node opened to <paramref name="Peer"/>, and call
    /// <see cref="GossipRouter.Written"/> once the stream took it.</summary>
    /// <param name="Peer">Whom to send it to.</param>
    /// <param name="Rpc">The RPC without its length prefix; at most <see
    /// cref="Limits.Gossip.RpcBytes"/>.</param>
    public sealed record SendRpc(PeerId Peer, ReadOnlyMemory<byte> Rpc) : GossipOutput;

    /// <summary>Validate a message and answer with <see cref="GossipRouter.Resolve"/>, now or
    /// later.</summary>
    /// <param name="Peer">Who sent it first.</param>
    /// <param name="Topic">A topic that this node subscribed to.</param>
    /// <param name="Data">The message; the memory is never changed again.</param>
    /// <param name="MessageId">SHA-256 of <paramref name="Data"/>.</param>
    public sealed record Deliver(PeerId Peer, string Topic, ReadOnlyMemory<byte> Data, Digest MessageId)
        : GossipOutput;

    /// <summary>A peer broke a rule. The scope of the fault says what to throw away; how often it may happen
    /// is policy.</summary>
    /// <param name="Peer">Who.</param>
    /// <param name="Fault">What. Codes begin with <c>gossip-</c>.</param>
    public sealed record Misbehaved(PeerId Peer, Fault Fault) : GossipOutput;
}

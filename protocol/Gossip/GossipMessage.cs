using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Gossip;

/// <summary>A message that the router holds: encoded once, shared by every queue and by the cache.</summary>
internal sealed class GossipMessage(Digest id, TopicState topic, byte[] encoded, ReadOnlyMemory<byte> data)
{
    private Dictionary<PeerState, int>? _sent;

    public Digest Id { get; } = id;

    public TopicState Topic { get; } = topic;

    /// <summary>The protobuf <c>Message</c>.</summary>
    public byte[] Encoded { get; } = encoded;

    /// <summary>The payload within <see cref="Encoded"/>.</summary>
    public ReadOnlyMemory<byte> Data { get; } = data;

    /// <summary>Who sent it first; null for an own message.</summary>
    public PeerState? Sender { get; init; }

    /// <summary>Who sent it again before it was resolved.</summary>
    public List<PeerState>? Repeaters { get; set; }

    /// <summary>When an unresolved message is given up.</summary>
    public Instant Deadline { get; init; }

    public bool CameFrom(PeerState peer) => Sender == peer || Repeaters?.Contains(peer) == true;

    /// <summary>Counts one answer to an IWANT of <paramref name="peer"/>; false where it had enough of
    /// them.</summary>
    public bool CountSent(PeerState peer)
    {
        _sent ??= [];
        int sent = _sent.GetValueOrDefault(peer);
        _sent[peer] = sent + 1;
        return sent < Limits.Gossip.WantRetransmissions;
    }
}

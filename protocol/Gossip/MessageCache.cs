using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Gossip;

/// <summary>Accepted and own messages of the last heartbeats, to answer IWANT and to offer in IHAVE. Bounded
/// by
/// <see cref="Limits.Gossip.CacheBytes"/>: the oldest go first. Source: libp2p/specs, gossipsub 1.0, "Message
/// Cache".</summary>
internal sealed class MessageCache(int windows, IEqualityComparer<Digest> comparer)
{
    private readonly Dictionary<Digest, GossipMessage> _byId = new(comparer);
    private readonly Queue<(int Window, GossipMessage Message)> _order = new();
    private int _window;

    public long Bytes { get; private set; }

    public void Add(GossipMessage message)
    {
        if (!_byId.TryAdd(message.Id, message))
        {
            return;
        }

        _order.Enqueue((_window, message));
        Bytes += message.Encoded.Length;
        while (Bytes > Limits.Gossip.CacheBytes)
        {
            DropOldest();
        }
    }

    public bool TryGet(Digest id, [NotNullWhen(true)] out GossipMessage? message) =>
        _byId.TryGetValue(id, out message);

    /// <summary>Ids of a topic that came within the last <paramref name="count"/> windows, the current one
    /// included.</summary>
    public void CollectIds(TopicState topic, int count, List<Digest> into)
    {
        foreach ((int window, GossipMessage message) in _order)
        {
            if (window > _window - count && message.Topic == topic)
            {
                into.Add(message.Id);
            }
        }
    }

    /// <summary>Begins a new window and forgets the oldest.</summary>
    public void Shift()
    {
        _window++;
        while (_order.TryPeek(out (int Window, GossipMessage) oldest) && oldest.Window <= _window - windows)
        {
            DropOldest();
        }
    }

    private void DropOldest()
    {
        GossipMessage message = _order.Dequeue().Message;
        Bytes -= message.Encoded.Length;
        _byId.Remove(message.Id);
    }
}

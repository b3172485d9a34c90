using System.Runtime.InteropServices;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Gossip;

/// <summary>What waits for one peer. Control entries of a topic replace each other, id lists have limits, and
/// messages past the limit are lost: a slow peer costs messages, never memory.</summary>
internal sealed class OutgoingQueue
{
    private readonly List<(TopicState Topic, bool Subscribe)> _subscriptions = [];
    private readonly List<Control> _controls = [];
    private readonly List<Digest> _wanted = [];
    private readonly List<Digest> _notWanted = [];
    private readonly Queue<GossipMessage> _messages = new();

    private readonly record struct Control(
        RpcControlKind Kind, TopicState Topic, Digest[] Ids, ulong Backoff);

    /// <summary>RPCs handed to the owner and not yet confirmed.</summary>
    public int InFlight { get; set; }

    /// <summary>Bytes of the messages that wait.</summary>
    public int Bytes { get; private set; }

    public bool IsEmpty => _messages.Count == 0 && _subscriptions.Count == 0 && _controls.Count == 0
        && _wanted.Count == 0 && _notWanted.Count == 0;

    public bool IsHalfFull =>
        Bytes > Limits.Gossip.QueuedBytes / 2 || _messages.Count > Limits.Gossip.QueuedMessages / 2;

    public void Clear()
    {
        _subscriptions.Clear();
        _controls.Clear();
        _wanted.Clear();
        _notWanted.Clear();
        _messages.Clear();
        Bytes = 0;
        InFlight = 0;
    }

    public void Subscription(TopicState topic, bool subscribe)
    {
        _subscriptions.RemoveAll(waiting => waiting.Topic == topic);
        _subscriptions.Add((topic, subscribe));
    }

    public void Ihave(TopicState topic, Digest[] ids)
    {
        _controls.RemoveAll(waiting => waiting.Topic == topic && waiting.Kind == RpcControlKind.Ihave);
        _controls.Add(new Control(RpcControlKind.Ihave, topic, ids, 0));
    }

    public void Graft(TopicState topic) => Membership(RpcControlKind.Graft, topic, 0);

    public void Prune(TopicState topic, ulong backoff) => Membership(RpcControlKind.Prune, topic, backoff);

    public void Want(Digest id) => AddBounded(_wanted, id, Limits.Gossip.IhaveIds);

    public void DontWant(Digest id) => AddBounded(_notWanted, id, Limits.Gossip.DontWantSent);

    /// <summary>False where the queue is full: the message is lost to this peer.</summary>
    public bool Message(GossipMessage message)
    {
        if (_messages.Count >= Limits.Gossip.QueuedMessages
            || Bytes + message.Encoded.Length > Limits.Gossip.QueuedBytes)
        {
            return false;
        }

        _messages.Enqueue(message);
        Bytes += message.Encoded.Length;
        return true;
    }

    /// <summary>Takes as much as fits one RPC: control first, then messages up to <paramref
    /// name="packBytes"/>; one entry larger than that travels alone.</summary>
    /// <param name="writer">An empty writer.</param>
    /// <param name="packBytes">Bytes to fill up to.</param>
    /// <param name="unwanted">Messages that the peer has by now.</param>
    /// <param name="suppressed">How many of them were dropped.</param>
    /// <returns>The RPC, or null where nothing was left to send.</returns>
    public byte[]? Pack(RpcWriter writer, int packBytes, AgingSet unwanted, out int suppressed)
    {
        suppressed = 0;
        bool any = PackSubscriptions(writer, out int size);
        any |= PackControls(writer, packBytes, ref size);
        while (_messages.TryPeek(out GossipMessage? message))
        {
            if (unwanted.Count > 0 && unwanted.Contains(message.Id))
            {
                suppressed++;
            }
            else
            {
                int added = RpcWriter.SizeOfMessage(message.Encoded.Length);
                if (any && size + added > packBytes)
                {
                    break;
                }

                writer.Message(message.Encoded);
                size += added;
                any = true;
            }

            _messages.Dequeue();
            Bytes -= message.Encoded.Length;
        }

        return any ? writer.Finish() : null;
    }

    private bool PackSubscriptions(RpcWriter writer, out int size)
    {
        size = 0;
        int taken = Math.Min(_subscriptions.Count, Limits.Gossip.PeerTopics);
        foreach ((TopicState topic, bool subscribe) in _subscriptions.Take(taken))
        {
            writer.Subscription(topic.Utf8, subscribe);
            size += RpcWriter.SizeOfSubscription(topic.Utf8.Length);
        }

        _subscriptions.RemoveRange(0, taken);
        return taken > 0;
    }

    private bool PackControls(RpcWriter writer, int packBytes, ref int size)
    {
        bool any = false;
        any |= PackIds(writer, RpcControlKind.DontWant, _notWanted, ref size);
        if (size + RpcWriter.SizeOfControl(0, _wanted.Count) < Limits.Gossip.RpcBytes)
        {
            any |= PackIds(writer, RpcControlKind.Iwant, _wanted, ref size);
        }

        int kept = 0;
        for (int i = 0; i < _controls.Count; i++)
        {
            (RpcControlKind kind, TopicState topic, Digest[] ids, ulong backoff) = _controls[i];
            int added = RpcWriter.SizeOfControl(topic.Utf8.Length, ids.Length);
            if (size + added > (size == 0 ? Limits.Gossip.RpcBytes : packBytes))
            {
                _controls[kept++] = _controls[i];
                continue;
            }

            writer.Control(kind, topic.Utf8, ids, backoff);
            size += added;
            any = true;
        }

        _controls.RemoveRange(kept, _controls.Count - kept);
        return any;
    }

    private static bool PackIds(RpcWriter writer, RpcControlKind kind, List<Digest> ids, ref int size)
    {
        if (ids.Count == 0)
        {
            return false;
        }

        writer.Control(kind, default, CollectionsMarshal.AsSpan(ids), 0);
        size += RpcWriter.SizeOfControl(0, ids.Count);
        ids.Clear();
        return true;
    }

    private static void AddBounded(List<Digest> ids, Digest id, int limit)
    {
        if (ids.Count < limit)
        {
            ids.Add(id);
        }
    }

    private void Membership(RpcControlKind kind, TopicState topic, ulong backoff)
    {
        _controls.RemoveAll(waiting =>
            waiting.Topic == topic && waiting.Kind is RpcControlKind.Graft or RpcControlKind.Prune);
        _controls.Add(new Control(kind, topic, [], backoff));
    }
}

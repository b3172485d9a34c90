using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Gossip;

// Messages: in, validated, out. specs/gossip.md, "Messages".
public sealed partial class GossipRouter
{
    /// <summary>Takes one RPC (without its length prefix) from the stream that <paramref name="peer"/>
    /// opened. It may come before <see cref="Connected"/>: the streams of the two directions open
    /// independently.</summary>
    public void Receive(PeerId peer, ReadOnlySpan<byte> rpc, Instant now)
    {
        if (!TryGetOrAdd(peer, now, out PeerState? state))
        {
            return;
        }

        if (!RpcReader.TryRead(rpc, _rpc, out Fault? fault))
        {
            Blame(state, fault);
            return;
        }

        foreach (RpcSubscription subscription in _rpc.Subscriptions)
        {
            OnSubscription(state, subscription.Topic.Of(rpc), subscription.Subscribe);
        }

        foreach (RpcMessage message in _rpc.Messages)
        {
            OnMessage(state, rpc, message, now);
        }

        OnControls(state, rpc, now);
    }

    /// <summary>Sends an own message to all subscribed peers (or to the mesh, where flood publishing is
    /// off).</summary>
    /// <param name="topic">The topic, subscribed or not.</param>
    /// <param name="data">At most <see cref="Limits.Gossip.MessageBytes"/>; copied.</param>
    /// <param name="now">The time.</param>
    /// <returns>The message id, SHA-256 of <paramref name="data"/>. A message seen lately is not sent
    /// again.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The data is longer than any peer would take.</exception>
    public Digest Publish(string topic, ReadOnlySpan<byte> data, Instant now)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, Limits.Gossip.MessageBytes, nameof(data));
        StartClock(now);
        TopicState state = GetOrAddTopic(topic);
        Digest id = Digest.Sha256(data);
        if (!state.Seen.Add(id, (now + _parameters.SeenTtl).Milliseconds))
        {
            return id;
        }

        MessageOrigin? origin = _parameters.Signer is { } signer
            ? MessageOrigin.Sign(signer, _sequence++, state.Utf8, data)
            : null;
        (byte[] encoded, ReadOnlyMemory<byte> stored) = RpcWriter.EncodeMessage(state.Utf8, data, origin);
        GossipMessage message = new(id, state, encoded, stored);
        _cache.Add(message);
        if (_parameters.FloodPublish)
        {
            SendTo(state.Peers, message);
        }
        else
        {
            SendTo(state.Subscribed && state.Mesh.Count > 0 ? state.Mesh : FanoutOf(state, now), message);
            SendToFloodsub(message);
        }

        return id;
    }

    /// <summary>Answers a <see cref="GossipOutput.Deliver"/>. An id that does not wait for an answer is
    /// passed over.</summary>
    public void Resolve(Digest messageId, GossipVerdict verdict, Instant now)
    {
        if (!_pending.Remove(messageId, out GossipMessage? message))
        {
            return;
        }

        _pendingBytes -= message.Encoded.Length;
        if (verdict == GossipVerdict.Accept)
        {
            _cache.Add(message);
            SendTo(message.Topic.Mesh, message);
            SendToFloodsub(message);
        }
        else if (verdict == GossipVerdict.Reject)
        {
            // Not left among the seen: whoever repeats it is blamed again.
            message.Topic.Seen.Remove(messageId);
            Fault fault = Fault.Message("gossip-invalid-message", $"message {messageId} is not valid");
            Blame(message.Sender!, fault);
            foreach (PeerState peer in message.Repeaters ?? [])
            {
                Blame(peer, fault);
            }
        }
    }

    private void OnMessage(PeerState peer, ReadOnlySpan<byte> rpc, in RpcMessage message, Instant now)
    {
        TopicState? topic = FindTopic(message.Topic.Of(rpc));
        if (topic is not { Subscribed: true })
        {
            Counters.UnknownTopic++;
            return;
        }

        ReadOnlySpan<byte> data = message.Data.Of(rpc);
        if (data.Length is 0 or > Limits.Gossip.MessageBytes)
        {
            Blame(peer, Fault.Message("gossip-message-size", $"a message of {data.Length} bytes"));
            return;
        }

        Digest id = Digest.Sha256(data);
        if (topic.Seen.Contains(id))
        {
            Counters.Duplicates++;
            NoteRepeater(id, topic, peer);
            return;
        }

        if (_pending.Count >= Limits.Gossip.PendingMessages
            || _pendingBytes + data.Length > Limits.Gossip.PendingBytes
            || _pending.ContainsKey(id))
        {
            // Not marked as seen: it can still come by IHAVE. The last case is the same data under the other
            // topic.
            Counters.LostToPending++;
            return;
        }

        if (!TryOrigin(rpc, message, out MessageOrigin? origin, out Fault? fault))
        {
            Blame(peer, fault!);
            return;
        }

        topic.Seen.Add(id, (now + _parameters.SeenTtl).Milliseconds);
        (byte[] encoded, ReadOnlyMemory<byte> stored) = RpcWriter.EncodeMessage(topic.Utf8, data, origin);
        Instant deadline = now + _parameters.ValidationTtl;
        Deliver(new GossipMessage(id, topic, encoded, stored) { Sender = peer, Deadline = deadline }, peer);
    }

    private void Deliver(GossipMessage message, PeerState peer)
    {
        _pending.Add(message.Id, message);
        _pendingBytes += message.Encoded.Length;
        if (message.Data.Length >= _parameters.DontWantBytes)
        {
            SendDontWant(message.Topic, message.Id, peer);
        }

        Counters.Delivered++;
        _events.Enqueue(new GossipOutput.Deliver(peer.Id, message.Topic.Name, message.Data, message.Id));
    }

    // StrictNoSign forwards bare and takes a signed message whose signature holds; StrictSign takes nothing
    // else.
    private bool TryOrigin(
        ReadOnlySpan<byte> rpc, in RpcMessage message, out MessageOrigin? origin, out Fault? fault)
    {
        origin = null;
        fault = null;
        bool bare = !message.From.IsPresent && !message.Sequence.IsPresent
            && !message.Signature.IsPresent && !message.Key.IsPresent;
        if (bare && _parameters.Signer is null)
        {
            return true;
        }

        if (!MessageOrigin.TryVerify(rpc, message, out MessageOrigin? verified, out fault))
        {
            return false;
        }

        origin = _parameters.Signer is null ? null : verified;
        return true;
    }

    private void NoteRepeater(Digest id, TopicState topic, PeerState peer)
    {
        if (_pending.TryGetValue(id, out GossipMessage? message)
            && message.Topic == topic
            && !message.CameFrom(peer))
        {
            (message.Repeaters ??= []).Add(peer);
        }
    }

    private void SendDontWant(TopicState topic, Digest id, PeerState sender)
    {
        foreach (PeerState peer in topic.Mesh)
        {
            if (peer != sender && peer.ReadsDontWant && peer.DontWantsSent < Limits.Gossip.DontWantSent)
            {
                peer.DontWantsSent++;
                peer.Queue.DontWant(id);
                MarkReady(peer);
            }
        }
    }

    private void SendTo(List<PeerState> peers, GossipMessage message)
    {
        foreach (PeerState peer in peers)
        {
            if (!message.CameFrom(peer))
            {
                Enqueue(peer, message);
            }
        }
    }

    private void SendToFloodsub(GossipMessage message)
    {
        foreach (PeerState peer in message.Topic.Peers)
        {
            if (peer is { Meshes: false } && !message.CameFrom(peer))
            {
                Enqueue(peer, message);
            }
        }
    }

    private bool Enqueue(PeerState peer, GossipMessage message)
    {
        if (!peer.Writable)
        {
            return false;
        }

        if (peer.DontWant.Count > 0 && peer.DontWant.Contains(message.Id))
        {
            Counters.Suppressed++;
            return false;
        }

        if (!peer.Queue.Message(message))
        {
            Counters.LostToSlowPeer++;
            return false;
        }

        Counters.Sent++;
        MarkReady(peer);
        return true;
    }

    private TopicState? FindTopic(ReadOnlySpan<byte> utf8)
    {
        foreach (TopicState topic in _topics)
        {
            if (utf8.SequenceEqual(topic.Utf8))
            {
                return topic;
            }
        }

        return null;
    }
}

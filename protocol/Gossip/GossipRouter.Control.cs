using System.Runtime.InteropServices;
using System.Text;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Gossip;

// Control entries of peers. specs/gossip.md, "Control".
public sealed partial class GossipRouter
{
    private void OnSubscription(PeerState peer, ReadOnlySpan<byte> utf8, bool subscribe)
    {
        string name = Encoding.UTF8.GetString(utf8);
        TopicState? topic = FindTopic(utf8);
        if (!subscribe)
        {
            peer.Topics.Remove(name);
            topic?.Forget(peer);
            return;
        }

        if (peer.Topics.Contains(name))
        {
            return;
        }

        if (peer.Topics.Count >= Limits.Gossip.PeerTopics)
        {
            Blame(peer, Fault.Message("gossip-topics", $"more than {Limits.Gossip.PeerTopics} topics"));
            return;
        }

        peer.Topics.Add(name);
        topic?.Peers.Add(peer);
    }

    private void OnControls(PeerState peer, ReadOnlySpan<byte> rpc, Instant now)
    {
        if (peer is { Writable: true, Meshes: false })
        {
            return;
        }

        foreach (RpcControl control in _rpc.Controls)
        {
            TopicState? topic = control.Topic.IsPresent ? FindTopic(control.Topic.Of(rpc)) : null;
            ReadOnlySpan<Digest> ids =
                CollectionsMarshal.AsSpan(_rpc.Ids).Slice(control.FirstId, control.IdCount);
            switch (control.Kind)
            {
                case RpcControlKind.Ihave when topic is { Subscribed: true } && peer.Writable:
                    OnIhave(peer, topic, ids, now);
                    break;
                case RpcControlKind.Iwant:
                    OnIwant(peer, ids);
                    break;
                case RpcControlKind.Graft when topic is { Subscribed: true }:
                    OnGraft(peer, topic, now);
                    break;
                case RpcControlKind.Prune when topic is not null:
                    OnPrune(peer, topic, control.Backoff, now);
                    break;
                case RpcControlKind.DontWant:
                    OnDontWant(peer, ids);
                    break;
                default:
                    break;
            }
        }
    }

    private void OnIhave(PeerState peer, TopicState topic, ReadOnlySpan<Digest> ids, Instant now)
    {
        peer.IhavesHeard++;
        if (peer.IhavesHeard > Limits.Gossip.IhaveMessages)
        {
            if (peer.IhavesHeard == Limits.Gossip.IhaveMessages + 1)
            {
                Blame(peer, Fault.Message("gossip-ihave-flood", "too many IHAVE in one heartbeat"));
            }

            return;
        }

        _ids.Clear();
        foreach (Digest id in ids)
        {
            if (!topic.Seen.Contains(id) && !_asked.Contains(id))
            {
                _ids.Add(id);
            }
        }

        _random.Shuffle(_ids);
        int room = Math.Min(Limits.Gossip.IhaveIds - peer.IdsAsked, Limits.Gossip.AskedIds - _asked.Count);
        int count = Math.Min(_ids.Count, room);
        if (count <= 0)
        {
            return;
        }

        for (int i = 0; i < count; i++)
        {
            // The same id is asked of another peer after the next heartbeat, should this one not send it.
            _asked.Add(_ids[i]);
            peer.Queue.Want(_ids[i]);
        }

        peer.IdsAsked += count;
        Counters.Asked += count;
        _promises.Add(new Promise(peer, topic, _ids[0], now + _parameters.WantFollowup));
        MarkReady(peer);
    }

    private void OnIwant(PeerState peer, ReadOnlySpan<Digest> ids)
    {
        foreach (Digest id in ids)
        {
            if (_cache.TryGet(id, out GossipMessage? message)
                && message.CountSent(peer)
                && Enqueue(peer, message))
            {
                Counters.Served++;
            }
        }
    }

    private void OnGraft(PeerState peer, TopicState topic, Instant now)
    {
        if (topic.Mesh.Contains(peer))
        {
            return;
        }

        if (topic.Backoffs.Holds(peer.Id, now))
        {
            Blame(peer, Fault.Message("gossip-graft-backoff", $"a graft of {topic.Name} within its backoff"));
            RefuseGraft(topic, peer, now);
        }
        else if (!topic.Peers.Contains(peer)
            || (topic.Mesh.Count >= _parameters.DegreeHigh && !peer.Outbound))
        {
            RefuseGraft(topic, peer, now);
        }
        else
        {
            topic.Mesh.Add(peer);
        }
    }

    private void RefuseGraft(TopicState topic, PeerState peer, Instant now) =>
        PruneFromMesh(topic, peer, _parameters.PruneBackoff, now);

    private void OnPrune(PeerState peer, TopicState topic, ulong seconds, Instant now)
    {
        topic.Mesh.Remove(peer);
        TimeSpan backoff = seconds == 0
            ? _parameters.PruneBackoff
            : TimeSpan.FromSeconds((long)Math.Min(seconds, Limits.Gossip.BackoffSeconds));
        topic.Backoffs.Add(peer.Id, now + backoff, now);
    }

    private void OnDontWant(PeerState peer, ReadOnlySpan<Digest> ids)
    {
        foreach (Digest id in ids)
        {
            if (peer.DontWantsHeard >= Limits.Gossip.DontWantIds)
            {
                break;
            }

            peer.DontWantsHeard++;
            peer.DontWant.Add(id, _window + _parameters.DontWantWindows);
        }
    }
}

using System.Runtime.InteropServices;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Gossip;

// Mesh, fanout and gossip, kept up once a heartbeat. specs/gossip.md, "Heartbeat".
public sealed partial class GossipRouter
{
    private long _lostToPending;

    /// <summary>Runs the heartbeat where it is due; else does nothing.</summary>
    public void Tick(Instant now)
    {
        StartClock(now);
        if (now < _nextHeartbeat!.Value)
        {
            return;
        }

        // After a pause (a laptop that slept) the missed heartbeats are not made up for.
        _nextHeartbeat = Instant.Max(_nextHeartbeat.Value + _parameters.Heartbeat, now);
        _window++;
        _asked.Clear();
        foreach (PeerState peer in _peers.Values)
        {
            peer.BeginHeartbeat(_window);
        }

        ExpirePending(now);
        CheckPromises(now);
        foreach (TopicState topic in _topics)
        {
            topic.Seen.Expire(now.Milliseconds);
            topic.Backoffs.Expire(now);
            if (topic.Subscribed)
            {
                KeepMesh(topic, now);
            }
            else
            {
                KeepFanout(topic, now);
            }

            EmitGossip(topic);
        }

        _cache.Shift();
    }

    // The first heartbeat comes at a random moment of its interval, so that a mesh started at once does not
    // beat in step.
    private void StartClock(Instant now)
    {
        int interval = (int)_parameters.Heartbeat.TotalMilliseconds;
        _nextHeartbeat ??= now + TimeSpan.FromMilliseconds(1 + _random.Next(interval));
    }

    private void KeepMesh(TopicState topic, Instant now)
    {
        if (topic.Mesh.Count < _parameters.DegreeLow)
        {
            FillMesh(topic, _parameters.Degree, outboundOnly: false, now);
        }
        else if (topic.Mesh.Count > _parameters.DegreeHigh)
        {
            ThinMesh(topic, now);
        }

        int outbound = topic.Mesh.Count(peer => peer.Outbound);
        if (topic.Mesh.Count >= _parameters.DegreeLow && outbound < _parameters.DegreeOut)
        {
            FillMesh(topic, topic.Mesh.Count + _parameters.DegreeOut - outbound, outboundOnly: true, now);
        }
    }

    private void FillMesh(TopicState topic, int target, bool outboundOnly, Instant now)
    {
        if (topic.Mesh.Count >= target)
        {
            return;
        }

        CollectCandidates(topic, topic.Mesh);
        foreach (PeerState peer in _candidates)
        {
            if (topic.Mesh.Count >= target)
            {
                break;
            }

            if ((peer.Outbound || !outboundOnly) && !topic.Backoffs.Holds(peer.Id, now))
            {
                Graft(topic, peer);
            }
        }
    }

    // Down to D at random, but as many outbound peers as there are stay up to D_out.
    private void ThinMesh(TopicState topic, Instant now)
    {
        PeerState[] order = [.. topic.Mesh];
        _random.Shuffle(order);
        PeerState[] kept = [.. order.Where(peer => peer.Outbound).Take(_parameters.DegreeOut)];
        kept = [.. kept, .. order.Except(kept).Take(_parameters.Degree - kept.Length)];
        foreach (PeerState peer in order.Except(kept))
        {
            PruneFromMesh(topic, peer, _parameters.PruneBackoff, now);
        }
    }

    private void Graft(TopicState topic, PeerState peer)
    {
        topic.Mesh.Add(peer);
        peer.Queue.Graft(topic);
        MarkReady(peer);
    }

    private void PruneFromMesh(TopicState topic, PeerState peer, TimeSpan backoff, Instant now)
    {
        topic.Mesh.Remove(peer);
        topic.Backoffs.Add(peer.Id, now + backoff, now);
        if (peer.Writable)
        {
            peer.Queue.Prune(topic, peer.ReadsBackoff ? (ulong)backoff.TotalSeconds : 0);
            MarkReady(peer);
        }
    }

    private void KeepFanout(TopicState topic, Instant now)
    {
        if (topic.FanoutUntil <= now)
        {
            topic.Fanout.Clear();
        }
        else if (topic.Fanout.Count < _parameters.Degree)
        {
            FillFanout(topic);
        }
    }

    private List<PeerState> FanoutOf(TopicState topic, Instant now)
    {
        if (topic.Subscribed)
        {
            // A mesh that is still empty: this message goes to peers that the next heartbeat may graft.
            CollectCandidates(topic, topic.Mesh);
            return _candidates[..Math.Min(_candidates.Count, _parameters.Degree)];
        }

        topic.FanoutUntil = now + _parameters.FanoutTtl;
        FillFanout(topic);
        return topic.Fanout;
    }

    private void FillFanout(TopicState topic)
    {
        CollectCandidates(topic, topic.Fanout);
        int missing = Math.Max(0, _parameters.Degree - topic.Fanout.Count);
        topic.Fanout.AddRange(_candidates.Take(missing));
    }

    private void EmitGossip(TopicState topic)
    {
        _ids.Clear();
        _cache.CollectIds(topic, _parameters.GossipWindows, _ids);
        if (_ids.Count == 0)
        {
            return;
        }

        CollectCandidates(topic, topic.Subscribed ? topic.Mesh : topic.Fanout);
        int target = Math.Max(_parameters.DegreeLazy, (int)(_parameters.GossipFactor * _candidates.Count));
        foreach (PeerState peer in _candidates.Take(target))
        {
            if (_ids.Count > Limits.Gossip.IhaveIds)
            {
                // Too many for one IHAVE: each peer hears of others, so that together they hear of all.
                _random.Shuffle(_ids);
            }

            int count = Math.Min(_ids.Count, Limits.Gossip.IhaveIds);
            peer.Queue.Ihave(topic, CollectionsMarshal.AsSpan(_ids)[..count].ToArray());
            MarkReady(peer);
        }
    }

    // Subscribed peers that speak meshsub and are not in the list, in random order.
    private void CollectCandidates(TopicState topic, List<PeerState> without)
    {
        _candidates.Clear();
        foreach (PeerState peer in topic.Peers)
        {
            if (peer is { Writable: true, Meshes: true } && !without.Contains(peer))
            {
                _candidates.Add(peer);
            }
        }

        _random.Shuffle(_candidates);
    }

    private void ExpirePending(Instant now)
    {
        _ids.Clear();
        foreach ((Digest id, GossipMessage message) in _pending)
        {
            if (message.Deadline <= now)
            {
                _ids.Add(id);
            }
        }

        foreach (Digest id in _ids)
        {
            Resolve(id, GossipVerdict.Ignore, now);
        }
    }

    private void CheckPromises(Instant now)
    {
        // Where this node itself dropped messages, it cannot tell who did not send.
        bool blameless = Counters.LostToPending != _lostToPending;
        _lostToPending = Counters.LostToPending;
        _promises.RemoveAll(promise =>
        {
            bool kept = promise.Topic.Seen.Contains(promise.Id);
            bool due = promise.Deadline <= now;
            if (due && !kept && !blameless)
            {
                string detail = $"offered {promise.Id} and did not send it";
                Blame(promise.Peer, Fault.Message("gossip-broken-promise", detail));
            }

            return due || kept;
        });
    }
}

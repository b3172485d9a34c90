using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Mesh;

// When to talk to whom: on connect, on a hint, for a gap, and every minute with one peer. specs/mesh.md,
// "Schedule".
public sealed partial class Replica
{
    /// <summary>Opens a session with a peer as soon as one may be opened.</summary>
    /// <param name="peer">Who; nothing happens where it is not connected or speaks no sync.</param>
    /// <param name="salted">With a salt, which finds what a forger hid from the plain exchange.</param>
    /// <param name="now">The time.</param>
    public void SyncNow(PeerId peer, bool salted, Instant now)
    {
        _now = now;
        if (_peers.TryGetValue(peer, out ReplicaPeer? state) && state.Syncs)
        {
            state.SaltNext |= salted;
            state.NotBefore = now;
            SyncSoon(state);
            TickPeers();
        }
    }

    /// <summary>How sync stands with each connected peer.</summary>
    public IReadOnlyList<PeerSyncState> PeerStates() =>
    [
        .. _peers.Values.Select(peer => new PeerSyncState(
            peer.Id, peer.Syncs, peer.Since, peer.Outbound is not null, peer.LastSynced, peer.LastStatistics,
            peer.LastFault, _overlays.CountOf(peer.Id))),
    ];

    private void SyncSoon(ReplicaPeer peer)
    {
        if (peer.Outbound is not null)
        {
            peer.Again = true;
        }
        else
        {
            peer.NextSync = Instant.Earlier(peer.NextSync, Instant.Max(_now, peer.NotBefore));
        }
    }

    private void RetryLater(ReplicaPeer peer)
    {
        // 0.25, 0.5, 1 ... 64 s and up to half as much again, so that peers that collided part. The first
        // comes soon: a peer may not know yet that it is connected.
        double seconds = Math.Pow(2, Math.Min(peer.Failures++, 8) - 2) * (1 + (_random.NextDouble() / 2));
        peer.NextSync = _now + TimeSpan.FromSeconds(seconds);
    }

    private void Hinted(ReplicaPeer peer) => SyncSoon(peer);

    // What gossip carries needs no hint, unless its queues are full or a peer does not take part.
    private void HintUnreached()
    {
        if (_router.IsCongested(GossipTopics.Records))
        {
            HintOthers(null);
            return;
        }

        IReadOnlyList<PeerId> reached = _router.PeersOf(GossipTopics.Records);
        if (reached.Count < _peers.Count)
        {
            HintOthers(null, [.. reached]);
        }
    }

    private void HintOthers(PeerId? from, HashSet<PeerId>? except = null)
    {
        foreach (ReplicaPeer peer in _peers.Values)
        {
            if (peer.Syncs && peer.Id != from && except?.Contains(peer.Id) != true)
            {
                Instant earliest = peer.LastHint + TimeSpan.FromMilliseconds(Limits.Mesh.HintMilliseconds);
                peer.HintDue ??= Instant.Max(earliest, _now + TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private void SendHint(ReplicaPeer peer)
    {
        peer.HintDue = null;
        peer.LastHint = _now;
        var session = new ReplicaSession(++_lastNumber, peer) { Closing = true };
        session.Outgoing.Enqueue(SyncCodec.Write(new SyncHint()));
        _sessions.Add(session.Id, session);
        _outputs.Enqueue(new ReplicaOutput.OpenSync(session.Id, peer.Id));
        _outputs.Enqueue(new ReplicaOutput.SyncReady(session.Id));
    }

    private void TickPeers()
    {
        if (_nextRandomSync <= _now)
        {
            ReplicaPeer[] idle = [.. _peers.Values.Where(
                p => p.Syncs && p.Outbound is null && p.NextSync is null && p.NotBefore <= _now)];
            if (idle.Length > 0)
            {
                SyncSoon(idle[_random.Next(idle.Length)]);
            }

            ScheduleRandomSync();
        }

        foreach (ReplicaPeer peer in _peers.Values.ToArray())
        {
            if (peer.OverlayDue <= _now)
            {
                peer.OverlayDue = null;
                _overlays.Clear(peer.Id);
                SyncSoon(peer);
            }

            if (peer.HintDue <= _now)
            {
                SendHint(peer);
            }

            if (peer.NextSync <= _now && peer.Outbound is null)
            {
                if (_peers.Values.Count(other => other.Outbound is not null) < Limits.Sync.OutboundSessions)
                {
                    OpenSession(peer);
                }
                else
                {
                    peer.NextSync = _now + TimeSpan.FromMilliseconds(200 + _random.Next(400));
                }
            }
        }
    }

    private void TickGaps()
    {
        while (_gaps.TryTake(_now, out Digest id, out PeerId? from))
        {
            if (_table.Contains(id))
            {
                _gaps.Remove(id);
                continue;
            }

            ReplicaPeer? peer = from is { } asked && _peers.TryGetValue(asked, out ReplicaPeer? known)
                && known.Syncs
                ? known
                : RandomPeer();
            if (peer is not null && peer.WantRecords.Count < Limits.Sync.GetIds)
            {
                peer.WantRecords.Add(id);
                SyncSoon(peer);
            }
        }
    }

    private ReplicaPeer? RandomPeer()
    {
        ReplicaPeer[] peers = [.. _peers.Values.Where(peer => peer.Syncs)];
        return peers.Length == 0 ? null : peers[_random.Next(peers.Length)];
    }

    private void ScheduleRandomSync() =>
        _nextRandomSync = _now + (_options.SyncInterval * (0.8 + (0.4 * _random.NextDouble())));
}

/// <summary>How sync stands with a connected peer.</summary>
/// <param name="Peer">Who.</param>
/// <param name="Syncs">Whether it speaks the sync protocol.</param>
/// <param name="Since">Connected since.</param>
/// <param name="Running">Whether a session that this node opened is running.</param>
/// <param name="LastSynced">When the last session came to a good end.</param>
/// <param name="Statistics">What that session took.</param>
/// <param name="LastFault">What went wrong last, if anything.</param>
/// <param name="Declined">Items of it that this node declined and remembers.</param>
public sealed record PeerSyncState(
    PeerId Peer, bool Syncs, Instant Since, bool Running, Instant? LastSynced, SyncStatistics? Statistics,
    Fault? LastFault, int Declined);

using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Mesh;

// The streams of sync sessions, and the sessions that peers open. specs/sync.md, section 5.
public sealed partial class Replica
{
    /// <summary>A peer opened a sync stream.</summary>
    /// <returns>False where the stream must be reset: the peer has as many as it may.</returns>
    public bool AcceptSync(PeerId peer, Instant now, out long session)
    {
        _now = now;
        session = 0;
        if (!_peers.TryGetValue(peer, out ReplicaPeer? state)
            || state.Inbound.Count >= Limits.Sync.InboundStreams)
        {
            return false;
        }

        var accepted = new ReplicaSession(++_lastNumber, state);
        accepted.Responder = new SyncResponder(new PeerSource(this, accepted), now);
        state.Inbound.Add(accepted);
        _sessions.Add(accepted.Id, accepted);
        session = accepted.Id;
        return true;
    }

    /// <summary>Bytes of a sync stream. Hand in no more while <see cref="WantsSyncInput"/> is
    /// false.</summary>
    public void ReceiveSync(long session, ReadOnlySpan<byte> bytes, Instant now)
    {
        _now = now;
        if (_sessions.TryGetValue(session, out ReplicaSession? state))
        {
            state.Initiator?.Receive(bytes, now);
            state.Responder?.Receive(bytes, now);
            Pump(state);
        }
    }

    /// <summary>Whether a stream's bytes may be read: a responder answers one request before it takes the
    /// next. True for a session that is over, so that its reader comes to an end.</summary>
    public bool WantsSyncInput(long session) =>
        !_sessions.TryGetValue(session, out ReplicaSession? state) || state.Responder?.WantsInput != false;

    /// <summary>The next bytes for a sync stream. Call it when the stream has room: a responder reads what
    /// it serves only then.</summary>
    public bool TryTakeSync(long session, Instant now, out ReadOnlyMemory<byte> bytes)
    {
        _now = now;
        bytes = default;
        if (!_sessions.TryGetValue(session, out ReplicaSession? state))
        {
            return false;
        }

        bool taken = state.Outgoing.TryDequeue(out bytes)
            || (state.Responder is { } responder && TryTakeAnswer(state, responder, out bytes));
        CloseIfWritten(state);
        return taken;
    }

    /// <summary>The peer ended its side of a sync stream.</summary>
    public void SyncRemoteClosed(long session, Instant now)
    {
        _now = now;
        if (_sessions.TryGetValue(session, out ReplicaSession? state))
        {
            if (state.Initiator is not null && !state.Closing)
            {
                EndOutbound(state, state.Initiator.Statistics,
                    Fault.Stream("sync-closed", "the responder ended the stream"));
                return;
            }

            state.Closing = true;
            CloseIfWritten(state);
        }
    }

    /// <summary>A sync stream is gone, or could not be opened.</summary>
    public void SyncReset(long session, Instant now)
    {
        _now = now;
        if (_sessions.Remove(session, out ReplicaSession? state))
        {
            state.Peer.Inbound.Remove(state);
            if (state.Peer.Outbound == state)
            {
                state.Peer.Outbound = null;
                RetryLater(state.Peer);
            }
        }
    }

    private bool TryTakeAnswer(ReplicaSession session, SyncResponder responder,
        out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        while (responder.TryTakeOutput(_now, out SyncOutput? output))
        {
            switch (output)
            {
                case SyncSend send:
                    bytes = send.Bytes;
                    return true;
                case SyncHinted:
                    Hinted(session.Peer);
                    break;
                case SyncFailed failed:
                    EndInbound(session);
                    session.Peer.LastFault = failed.Fault;
                    _outputs.Enqueue(new ReplicaOutput.ResetSync(session.Id, failed.Fault));
                    return false;
                default:
                    break;
            }
        }

        return false;
    }

    private void CloseIfWritten(ReplicaSession session)
    {
        if (session.Closing && session.Outgoing.Count == 0 && session.Responder?.HasOutput != true
            && _sessions.ContainsKey(session.Id))
        {
            EndInbound(session);
            _outputs.Enqueue(new ReplicaOutput.CloseSync(session.Id));
        }
    }

    private void EndInbound(ReplicaSession session)
    {
        _sessions.Remove(session.Id);
        session.Peer.Inbound.Remove(session);
    }

    /// <summary>What one peer is served: the records and events that count, never what is held
    /// back.</summary>
    private sealed class PeerSource(Replica replica, ReplicaSession session) : ISyncSource
    {
        public bool TryOpen(SyncOpen open, [NotNullWhen(false)] out Fault? fault)
        {
            ReplicaPeer peer = session.Peer;
            bool others = peer.Inbound.Exists(other => other != session && other.Opened)
                || (!session.Opened && replica._sessions.Values.Count(other => other.Opened)
                    >= Limits.Sync.InboundSessions);
            bool salted = !open.Salt.IsEmpty && !session.SaltedInbound;
            fault = others
                ? Fault.Stream("sync-busy", "as many sessions are open as may be")
                : salted && !replica._salts.TryAccept(peer.Id, replica._now)
                    ? Fault.Stream("sync-salt", "salted again too soon")
                    : null;
            session.Opened |= fault is null;
            session.SaltedInbound |= fault is null && salted;
            return fault is null;
        }

        public ReconciliationView View(SyncSet set) => replica.ViewFor(session.Peer, set);

        public bool TryGetEnvelope(
            SyncSet set, Digest id, out ReadOnlyMemory<byte> envelope, out SyncReason reason)
        {
            reason = SyncReason.Unknown;
            if (set == SyncSet.Records)
            {
                bool counts = replica._table.Counts(id);
                reason = !counts && replica.IsHeld(id) ? SyncReason.Policy : SyncReason.Unknown;
                envelope = default;
                return counts && replica._source.TryReadEnvelope(id, out envelope);
            }

            IdentityEvent? known = replica._book.Find(new Cid(Codec.DagCbor, id));
            bool serves = known is not null && replica.ServesEventsOf(known.Author);
            reason = known is null ? SyncReason.Unknown : SyncReason.Policy;
            envelope = serves ? known!.Envelope : default;
            return serves;
        }

        public bool TryGetBody(Digest id, out ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> tombstone)
        {
            body = default;
            tombstone = default;
            return replica._table.Counts(id) && replica._source.TryReadBody(id, out body);
        }
    }
}

using IncidentMesh.Node.Policy;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Mesh;

// Sessions that this node opens: what it lacks is checked envelope first, so that an unwanted body costs
// nothing. specs/sync.md, section 5.
public sealed partial class Replica
{
    private void OpenSession(ReplicaPeer peer)
    {
        bool salted = peer.SaltNext || _salts.IsDue(peer.Id, _now);
        byte[] salt = salted ? _options.Entropy(Limits.Sync.SaltBytes) : [];
        if (salted)
        {
            _salts.Opened(peer.Id, _now);
            peer.SaltNext = false;
        }

        var plan = new List<SyncStep>();
        AddFetch(plan, SyncSet.Identities, peer.WantEvents);
        plan.Add(new SyncStep(SyncSet.Identities, SaltedView(peer, SyncSet.Identities, salt)));
        plan.Add(new SyncStep(SyncSet.Records, SaltedView(peer, SyncSet.Records, salt)));
        AddFetch(plan, SyncSet.Records, peer.WantRecords);

        var session = new ReplicaSession(++_lastNumber, peer)
        {
            Salted = salted,
            Initiator = new SyncInitiator(plan, salt, _now),
        };
        peer.Outbound = session;
        peer.NextSync = null;
        peer.Again = false;
        _sessions.Add(session.Id, session);
        _outputs.Enqueue(new ReplicaOutput.OpenSync(session.Id, peer.Id));
        Pump(session);
    }

    private static void AddFetch(List<SyncStep> plan, SyncSet set, HashSet<Digest> wanted)
    {
        if (wanted.Count > 0)
        {
            plan.Add(new SyncStep(set, null, [.. wanted]));
            wanted.Clear();
        }
    }

    private ReconciliationView SaltedView(ReplicaPeer peer, SyncSet set, byte[] salt)
    {
        ReconciliationView view = ViewFor(peer, set);
        return salt.Length == 0 ? view : SyncSalt.Copy(salt, view).View;
    }

    private ReconciliationView ViewFor(ReplicaPeer peer, SyncSet set) =>
        new(set == SyncSet.Identities ? _identities : _table.Set, _overlays.Of(peer.Id, set, _now));

    private void Pump(ReplicaSession session)
    {
        while (_sessions.ContainsKey(session.Id)
            && session.Initiator is { } initiator && initiator.TryTakeOutput(out SyncOutput? output))
        {
            switch (output)
            {
                case SyncSend send:
                    session.Outgoing.Enqueue(send.Bytes);
                    break;
                case SyncNeed need:
                    initiator.Get(session.Salted ? need.Ids : Wanted(session.Peer, need), _now);
                    break;
                case SyncEnvelopes { Set: SyncSet.Identities } got:
                    TakeEvents(session, got);
                    break;
                case SyncEnvelopes got:
                    VerifyEnvelopes(session, got);
                    break;
                case SyncBodyReceived body:
                    TakeBody(session, body);
                    break;
                case SyncBatchEnd:
                    session.BatchEnded = true;
                    session.Wanted.Clear();
                    ProceedIfDone(session);
                    break;
                case SyncFinished finished:
                    EndOutbound(session, finished.Statistics, null);
                    break;
                case SyncFailed failed:
                    EndOutbound(session, initiator.Statistics, failed.Fault);
                    break;
                default:
                    break;
            }
        }

        if (_sessions.ContainsKey(session.Id)
            && (session.Outgoing.Count > 0 || session.Responder?.HasOutput == true))
        {
            _outputs.Enqueue(new ReplicaOutput.SyncReady(session.Id));
        }
    }

    // What is held back here was checked when it came: it goes to the overlay without being asked for again.
    private List<Digest> Wanted(ReplicaPeer peer, SyncNeed need)
    {
        var wanted = new List<Digest>();
        foreach (Digest id in need.Ids)
        {
            if (need.Set == SyncSet.Identities)
            {
                if (_book.Find(new Cid(Codec.DagCbor, id)) is not { } known)
                {
                    wanted.Add(id);
                }
                else if (!ServesEventsOf(known.Author))
                {
                    DeclineEvent(known, peer.Id);
                }
            }
            else if (_quarantine.TryGet(id, out QuarantineEntry? held))
            {
                _overlays.Add(peer.Id, SyncSet.Records, new((ulong)held!.Created, id), _now);
            }
            else if (!_table.Contains(id) && !_storing.ContainsKey(id))
            {
                wanted.Add(id);
            }
            else if (_table.Find(id) is { } item && !_table.Counts(id))
            {
                _overlays.Add(peer.Id, SyncSet.Records, item, _now);
            }
        }

        return wanted;
    }

    private void TakeEvents(ReplicaSession session, SyncEnvelopes got)
    {
        foreach (ReadOnlyMemory<byte> envelope in got.Envelopes)
        {
            if (TakeEvent(envelope, session.Peer.Id, out Fault? fault) == GossipVerdict.Reject)
            {
                Drop(session.Peer, fault!);
                return;
            }
        }

        session.Initiator!.GetBodies([], _now);
    }

    private void VerifyEnvelopes(ReplicaSession session, SyncEnvelopes got)
    {
        foreach (ReadOnlyMemory<byte> envelope in got.Envelopes)
        {
            long job = ++_lastNumber;
            _work.Add(job, new Work(RecordOrigin.Sync, session.Peer.Id, default, session));
            _jobs.Add(new VerifyJob(job, envelope, WithBody: false));
        }

        session.Awaiting = got.Envelopes.Count;
        if (session.Awaiting == 0)
        {
            session.Initiator!.GetBodies([], _now);
        }
    }

    private void VerifiedEnvelope(ReplicaSession session, VerifyResult result)
    {
        if (result.Fault is { } fault)
        {
            if (RecordVerdict.Of(fault) is RecordVerdict.Reject)
            {
                Drop(session.Peer, fault);
                return;
            }
        }
        else if (JudgeEnvelope(session.Peer, result.Record!))
        {
            session.Wanted[result.Record!.Id.Digest] = result.Record;
        }

        if (--session.Awaiting == 0)
        {
            session.BatchEnded = false;
            session.Initiator!.GetBodies([.. session.Wanted.Keys], _now);
            Pump(session);
        }
    }

    // Whether the body is wanted. What is not goes to the overlay, so that it is not offered again.
    private bool JudgeEnvelope(ReplicaPeer peer, Record record)
    {
        RecordHeader header = record.Header;
        ReconciliationItem item = ItemOf(record);
        if (_storing.ContainsKey(item.Id) || _table.Counts(item.Id))
        {
            return false;
        }

        if (header.Created > LatestCreated)
        {
            Instant due = Instant.FromUnixSeconds(header.Created - FutureSeconds);
            peer.OverlayDue = Instant.Earlier(peer.OverlayDue, due);
            _overlays.Add(peer.Id, SyncSet.Records, item, _now);
            return false;
        }

        AuthOutcome auth = _book.Authorises(header.Author, header.Key, header.Auth);
        _declinedPending |= auth is not AuthOutcome.Yes;
        if (auth is AuthOutcome.Pending pending)
        {
            WantEvent(peer.Id, pending.Missing);
        }

        bool wanted = auth is AuthOutcome.Yes
            && !_table.Contains(item.Id)
            && _policy.Judge(header.Author, item.Id, header.Created, BytesOf(record)).Disposition switch
            {
                Disposition.Store => true,
                Disposition.Quarantine => !_quarantine.TryGet(item.Id, out _)
                    && _quarantine.HasRoomFor(header.Author, BytesOf(record)),
                _ => false,
            };
        if (!wanted || !_policy.Admits(header.Author, item.Id))
        {
            _overlays.Add(peer.Id, SyncSet.Records, item, _now);
        }

        return wanted;
    }

    private void TakeBody(ReplicaSession session, SyncBodyReceived body)
    {
        if (!session.Wanted.Remove(body.Id, out Record? record))
        {
            return;
        }

        if (!record.MatchesBody(body.Body.Span, out Fault? fault)
            || !RecordVerifier.CheckBody(record, body.Body, out fault))
        {
            Drop(session.Peer, fault!);
            return;
        }

        RecordHeader header = record.Header;
        Storing? storing = null;
        if (!IsHeld(body.Id))
        {
            PolicyDecision decision =
                _policy.Judge(header.Author, body.Id, header.Created, BytesOf(record));
            if (decision.Disposition == Disposition.Store)
            {
                storing = Store(record, body.Body, RecordOrigin.Sync, session.Peer.Id);
            }
            else if (decision.Disposition == Disposition.Quarantine)
            {
                storing = TryQuarantine(record, body.Body, session.Peer.Id) ? _storing[body.Id] : null;
            }
            else
            {
                Decline(record, decision.Reason, session.Peer.Id);
                _overlays.Add(session.Peer.Id, SyncSet.Records, ItemOf(record), _now);
            }
        }

        if (storing is not null)
        {
            session.Awaiting++;
            storing.Sessions.Add(session);
        }
    }

    private void StoredOne(ReplicaSession session)
    {
        session.Awaiting--;
        ProceedIfDone(session);
    }

    private void ProceedIfDone(ReplicaSession session)
    {
        if (session.BatchEnded && session.Awaiting == 0 && _sessions.ContainsKey(session.Id))
        {
            session.BatchEnded = false;
            session.Initiator!.Proceed(_now);
            Pump(session);
        }
    }

    private void EndOutbound(ReplicaSession session, SyncStatistics statistics, Fault? fault)
    {
        ReplicaPeer peer = session.Peer;
        peer.Outbound = null;
        peer.LastFault = fault;
        _outputs.Enqueue(new ReplicaOutput.SyncEnded(peer.Id, statistics, fault));
        if (fault is { Scope: FaultScope.Connection })
        {
            Drop(peer, fault);
        }
        else if (fault is not null)
        {
            _sessions.Remove(session.Id);
            _outputs.Enqueue(new ReplicaOutput.ResetSync(session.Id, fault));
            RetryLater(peer);
        }
        else
        {
            session.Closing = true;
            CloseIfWritten(session);
            peer.Failures = 0;
            peer.LastSynced = _now;
            peer.LastStatistics = statistics;
            RestAfter(peer, statistics);
        }
    }

    private void RestAfter(ReplicaPeer peer, SyncStatistics statistics)
    {
        if (_overlays.IsFull(peer.Id))
        {
            double most = Limits.Mesh.GapMostMilliseconds;
            peer.Interval = TimeSpan.FromMilliseconds(Math.Min(peer.Interval.TotalMilliseconds * 2, most));
            peer.NotBefore = _now + peer.Interval;
            return;
        }

        peer.Interval = _options.SyncInterval;
        bool more = statistics.Partial || peer.Again || peer.WantEvents.Count + peer.WantRecords.Count > 0;
        if (more)
        {
            SyncSoon(peer);
        }
    }
}

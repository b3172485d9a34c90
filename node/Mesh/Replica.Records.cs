using IncidentMesh.Node.Policy;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Mesh;

// Records: delivered, verified, judged, durable, counted. specs/mesh.md, "The way of a record".
public sealed partial class Replica
{
    /// <summary>A record that this node signed, or that its operator brings in. It must be authorised by
    /// events that were submitted before.</summary>
    /// <param name="signed">The record; its signature is not checked again.</param>
    /// <param name="token">Comes back in <see cref="ReplicaOutput.Acknowledged"/> when it is durable.</param>
    /// <param name="now">The time.</param>
    public void Submit(SignedRecord signed, long token, Instant now)
    {
        _now = now;
        Record record = signed.Record;
        RecordHeader header = record.Header;
        if (_table.Contains(record.Id.Digest))
        {
            _outputs.Enqueue(new ReplicaOutput.Acknowledged(token));
            return;
        }

        Fault? fault = header.Created > LatestCreated
            ? Fault.Message("record-future",
                $"created {header.Created} lies more than {FutureSeconds} s ahead")
            : _book.Authorises(header.Author, header.Key, header.Auth) is not AuthOutcome.Yes
                ? Fault.Message("record-unauthorised",
                    "no known identity event lets the key sign for the author")
                : !_policy.Admits(header.Author, record.Id.Digest)
                    ? Fault.Message("record-author", $"the author is {_policy.Explain(header.Author)}")
                    : null;
        if (fault is not null)
        {
            _outputs.Enqueue(new ReplicaOutput.Refused(token, fault));
            return;
        }

        Store(record, signed.Body, RecordOrigin.Local, null).Tokens.Add(token);
    }

    /// <summary>What the workers found.</summary>
    public void Verified(IReadOnlyList<VerifyResult> results, Instant now)
    {
        _now = now;
        foreach (VerifyResult result in results)
        {
            if (!_work.Remove(result.Id, out Work? work))
            {
                continue;
            }

            if (work.Origin == RecordOrigin.Gossip)
            {
                VerifiedGossip(work, result);
            }
            else if (work.Session is { } session && _sessions.ContainsKey(session.Id))
            {
                VerifiedEnvelope(session, result);
            }
        }
    }

    /// <summary>A batch is durable.</summary>
    public void Persisted(long batch, Instant now)
    {
        _now = now;
        if (!_batches.Remove(batch, out IReadOnlyList<PersistItem>? items))
        {
            return;
        }

        Settle(items);
    }

    /// <summary>A batch could not be made durable, or not all of it. What waited for it is refused, with all
    /// that waits behind it, as that may name it; all may be offered again.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="stored">Those of its items that are durable.</param>
    /// <param name="fault">What the submitters are told.</param>
    /// <param name="now">The time.</param>
    public void PersistFailed(
        long batch, IReadOnlyCollection<PersistItem> stored, Fault fault, Instant now)
    {
        _now = now;
        if (!_batches.Remove(batch, out IReadOnlyList<PersistItem>? items))
        {
            return;
        }

        PersistItem[] lost =
        [
            .. items.Except(stored), .. _batches.OrderBy(b => b.Key).SelectMany(b => b.Value), .. _toPersist,
        ];
        _batches.Clear();
        _toPersist = [];
        foreach (PersistItem item in lost)
        {
            Lose(item, fault);
        }

        // After the losses, so that what follows from these is not among them.
        Settle(stored);
    }

    private void Settle(IReadOnlyCollection<PersistItem> items)
    {
        bool reviews = false;
        foreach (PersistItem item in items)
        {
            if (_eventTokens.Remove(item.Id, out List<long>? tokens))
            {
                tokens.ForEach(token => _outputs.Enqueue(new ReplicaOutput.Acknowledged(token)));
            }

            if (_storing.Remove(item.Id, out Storing? storing))
            {
                _storingBytes -= BytesOf(storing.Record);
                reviews |= Stored(storing);
            }
        }

        if (reviews)
        {
            Review();
        }
    }

    private void Lose(PersistItem item, Fault fault)
    {
        List<long> tokens = _eventTokens.Remove(item.Id, out List<long>? of) ? of : [];
        if (item.Kind is PersistKind.IdentityEvent or PersistKind.QuarantinedEvent)
        {
            _storedEvents.Remove(item.Id);
        }

        if (_storing.Remove(item.Id, out Storing? storing))
        {
            Record record = storing.Record;
            _storingBytes -= BytesOf(record);
            tokens.AddRange(storing.Tokens);
            _quarantine.Remove(item.Id);
            if (!storing.Quarantined)
            {
                // The next record of the key must name only what somebody can have.
                _table.Heads.Remove(record.Id, record.Header);
                _policy.Refund(record.Header.Author, record.Header.Created, BytesOf(record));
            }

            storing.Sessions.ForEach(StoredOne);
        }

        tokens.ForEach(token => _outputs.Enqueue(new ReplicaOutput.Refused(token, fault)));
    }

    private const int FutureSeconds = Limits.Records.FutureSeconds;

    private long LatestCreated => _now.UnixSeconds + FutureSeconds;

    private static int BytesOf(Record record) => record.Envelope.Length + record.Header.Size;

    private static ReconciliationItem ItemOf(Record record) =>
        new((ulong)record.Header.Created, record.Id.Digest);

    private void Delivered(GossipOutput.Deliver deliver)
    {
        if (deliver.Topic == GossipTopics.Identity)
        {
            GossipVerdict verdict = TakeEvent(deliver.Data, deliver.Peer, out Fault? fault);
            _ = fault;
            _router.Resolve(deliver.MessageId, verdict, _now);
            return;
        }

        long job = ++_lastNumber;
        _work.Add(job, new Work(RecordOrigin.Gossip, deliver.Peer, deliver.MessageId, null));
        _jobs.Add(new VerifyJob(job, deliver.Data, WithBody: true));
    }

    private void VerifiedGossip(Work work, VerifyResult result)
    {
        GossipVerdict? verdict = result.Fault is { } fault
            ? RecordVerdict.Of(fault) is RecordVerdict.Reject ? GossipVerdict.Reject : GossipVerdict.Ignore
            : JudgeGossip(work.Peer, work.MessageId, result.Record!, result.Body);
        if (verdict is { } decided)
        {
            _router.Resolve(work.MessageId, decided, _now);
        }
    }

    // Null: the record waits for an identity event.
    private GossipVerdict? JudgeGossip(PeerId peer, Digest messageId, Record record,
        ReadOnlyMemory<byte> body)
    {
        if (IsHeld(record.Id.Digest) || record.Header.Created > LatestCreated)
        {
            return GossipVerdict.Ignore;
        }

        switch (_book.Authorises(record.Header.Author, record.Header.Key, record.Header.Auth))
        {
            case AuthOutcome.Pending pending:
                Instant until = _now + TimeSpan.FromMilliseconds(Limits.Mesh.PendingMilliseconds);
                if (!_pending.TryAdd(new PendingRecord(peer, record, body, messageId, pending.Missing,
                    until)))
                {
                    return GossipVerdict.Ignore;
                }

                WantEvent(peer, pending.Missing);
                return null;
            case AuthOutcome.No no:
                Decline(record, no.Reason, peer);
                return GossipVerdict.Ignore;
            default:
                break;
        }

        PolicyDecision decision = _policy.Judge(
            record.Header.Author, record.Id.Digest, record.Header.Created, BytesOf(record));
        switch (decision.Disposition)
        {
            case Disposition.Store:
                Store(record, body, RecordOrigin.Gossip, peer);
                return GossipVerdict.Accept;
            case Disposition.Quarantine:
                TryQuarantine(record, body, peer);
                return GossipVerdict.Ignore;
            default:
                Decline(record, decision.Reason, peer);
                return GossipVerdict.Ignore;
        }
    }

    private bool IsHeld(Digest id) =>
        _table.Contains(id) || _storing.ContainsKey(id) || _quarantine.TryGet(id, out _);

    private void Decline(Record record, string reason, PeerId peer) =>
        _outputs.Enqueue(new ReplicaOutput.Declined(record.Id, record.Header.Author, reason, peer));

    private Storing Store(Record record, ReadOnlyMemory<byte> body, RecordOrigin origin, PeerId? from)
    {
        Digest id = record.Id.Digest;
        if (_storing.TryGetValue(id, out Storing? already))
        {
            return already;
        }

        var storing = new Storing(record, body, origin, from, Quarantined: false);
        _storing.Add(id, storing);
        _storingBytes += BytesOf(record);
        _policy.Charge(record.Header.Author, record.Header.Created, BytesOf(record));
        // At once, so that the next local record names this one, durable or not yet: batches keep their
        // order.
        _table.Heads.Add(record.Id, record.Header);
        PersistEvents(record.Header.Author, PersistKind.IdentityEvent);
        _toPersist.Add(new PersistItem(PersistKind.Record, id, record.Envelope, body, _now));
        return storing;
    }

    private bool TryQuarantine(Record record, ReadOnlyMemory<byte> body, PeerId peer)
    {
        RecordHeader header = record.Header;
        var entry = new QuarantineEntry(
            record.Id.Digest, header.Author, header.Created, BytesOf(record), peer.ToString(), _now);
        if (!_quarantine.TryAdd(entry, out IReadOnlyList<QuarantineEntry> evicted))
        {
            Decline(record, "the quarantine has no more room for the author", peer);
            return false;
        }

        _storing.Add(entry.Id, new Storing(record, body, RecordOrigin.Gossip, peer, Quarantined: true));
        _storingBytes += BytesOf(record);
        PersistEvents(header.Author, PersistKind.QuarantinedEvent);
        _toPersist.Add(new PersistItem(PersistKind.QuarantinedRecord, entry.Id, record.Envelope, body, _now));
        Forget(evicted);
        return true;
    }

    // True where whose records are taken may have changed.
    private bool Stored(Storing storing)
    {
        Record record = storing.Record;
        storing.Sessions.ForEach(session => session.Stored++);
        if (storing.Quarantined)
        {
            if (_quarantine.TryGet(record.Id.Digest, out QuarantineEntry? entry))
            {
                _outputs.Enqueue(new ReplicaOutput.Quarantined(record, storing.Body, entry!));
            }

            storing.Sessions.ForEach(StoredOne);
            // Admitted while it was on its way: out again.
            return _policy.Admits(record.Header.Author, record.Id.Digest);
        }

        if (!IsAuthorised(record))
        {
            _void.Add(record.Id.Digest);
        }

        Digest id = record.Id.Digest;
        bool counts = _policy.Admits(record.Header.Author, id) && !_void.Contains(id);
        _table.Add(record, counts);
        _overlays.Remove(SyncSet.Records, ItemOf(record));
        NoteGaps(record, storing.From);
        foreach (long token in storing.Tokens)
        {
            _outputs.Enqueue(new ReplicaOutput.Acknowledged(token));
        }

        _outputs.Enqueue(counts
            ? new ReplicaOutput.Admitted(record, storing.Body, storing.Origin, storing.From)
            : new ReplicaOutput.Withdrawn(record.Header.Author, [record.Id.Digest]));

        if (storing.Origin == RecordOrigin.Promotion)
        {
            _outputs.Enqueue(new ReplicaOutput.Forget([record.Id.Digest]));
        }

        Spread(storing);
        storing.Sessions.ForEach(StoredOne);
        bool alone = counts && !_policy.Admits(record.Header.Author);
        return TakeTrustList(record, storing.Body) || alone;
    }

    private void Spread(Storing storing)
    {
        switch (storing.Origin)
        {
            case RecordOrigin.Local:
                byte[] data = storing.Record.Join(storing.Body.Span);
                _router.Publish(GossipTopics.Records, data, _now);
                HintUnreached();
                break;
            case RecordOrigin.Sync:
                HintOthers(storing.From);
                break;
            case RecordOrigin.Promotion:
                HintOthers(null);
                break;
            default:
                break;
        }
    }

    private void NoteGaps(Record record, PeerId? from)
    {
        _gaps.Remove(record.Id.Digest);
        foreach (Cid previous in record.Header.Previous)
        {
            if (!IsHeld(previous.Digest))
            {
                _gaps.Add(previous.Digest, record.Header.Key, from, _now);
            }
        }
    }
}

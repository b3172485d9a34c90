using IncidentMesh.Node.Policy;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Mesh;

// Whose records count, and what follows when that changes. specs/policy.md.
public sealed partial class Replica
{
    /// <summary>Changes whose records are taken: moves records out of quarantine into the set, or out of the
    /// set.</summary>
    public void ChangePolicy(Action<TrustPolicy> change, Instant now)
    {
        _now = now;
        change(_policy);
        Review();
    }

    /// <summary>A record of the log, as it was stored before. In the order of the log.</summary>
    /// <param name="record">The record; not verified again.</param>
    /// <param name="body">Its body; empty where it was erased.</param>
    public void Restore(Record record, ReadOnlyMemory<byte> body)
    {
        if (!_table.Contains(record.Id.Digest))
        {
            _policy.Charge(record.Header.Author, record.Header.Created, BytesOf(record));
            _table.Heads.Add(record.Id, record.Header);
            _table.Add(record, _policy.Admits(record.Header.Author, record.Id.Digest));
            _restored.Add((record.Header.Author, record.Header.Key, record.Header.Auth));
            TakeTrustList(record, body);
        }
    }

    /// <summary>An identity event of either log.</summary>
    public void RestoreEvent(IdentityEvent @event, bool quarantined)
    {
        _book.Apply(@event);
        _storedEvents[@event.Id.Digest] = !quarantined;
    }

    /// <summary>A record of the quarantine's log.</summary>
    /// <param name="record">The record.</param>
    /// <param name="received">When it came.</param>
    public void RestoreQuarantined(Record record, Instant received)
    {
        RecordHeader header = record.Header;
        var entry = new QuarantineEntry(
            record.Id.Digest, header.Author, header.Created, BytesOf(record), "", received);
        IReadOnlyList<QuarantineEntry> gone = [entry];
        if (!_table.Contains(entry.Id) && _quarantine.TryAdd(entry,
            out IReadOnlyList<QuarantineEntry> evicted))
        {
            gone = evicted;
        }

        Forget(gone);
    }

    /// <summary>Records that wait for an identity event, oldest first.</summary>
    internal IReadOnlyList<PendingRecord> Pending => [.. _pending.All];

    /// <summary>Records of unknown authors that stand in the log from when they counted: an accept was taken
    /// back, or the author was trusted. They wait as those in quarantine do.</summary>
    internal IEnumerable<(Cid Author, Digest Id)> Unadmitted => _table.Authors
        .Where(author => _policy.StandingOf(author) == Standing.Unknown)
        .SelectMany(author => _table.Of(author)
            .Where(id => !_table.Counts(id) && !_void.Contains(id)).Select(id => (author, id)));

    /// <summary>Forgets quarantined records that the operator dropped.</summary>
    public void ForgetQuarantined(IEnumerable<Digest> ids)
    {
        List<QuarantineEntry> gone = [];
        foreach (Digest id in ids)
        {
            if (_quarantine.TryGet(id, out QuarantineEntry? entry) && _quarantine.Remove(id))
            {
                gone.Add(entry!);
            }
        }

        Forget(gone);
    }

    /// <summary>Digest over the ids of all records that count, count first.</summary>
    public Digest RecordDigest() => _table.RecordDigest();

    /// <summary>What is held of an author.</summary>
    public AuthorDigest DigestOf(Cid author) => _table.DigestOf(author);

    /// <summary>The admitted authors of whom records are held.</summary>
    public IReadOnlyList<Cid> AdmittedAuthors() => [.. _table.Authors.Where(_policy.Admits).Order()];

    /// <summary>The heads of a key, with what is on its way to the disk: what its next record
    /// names.</summary>
    public IReadOnlyList<Head> HeadsOf(PublicKey key) => _table.Heads.Of(key);

    /// <summary>Ids that the records of a key name and that are not held.</summary>
    public IReadOnlyList<Cid> MissingOf(PublicKey key) => _table.Heads.MissingOf(key);

    /// <summary>Whether a record is held, its author admitted and its key allowed to sign.</summary>
    public bool Counts(Digest id) => _table.Counts(id);

    /// <summary>Whether a record is held outside quarantine.</summary>
    public bool Holds(Digest id) => _table.Contains(id);

    // True where the list is now the one that counts.
    private bool TakeTrustList(Record record, ReadOnlyMemory<byte> body)
    {
        return record.Header.Type == RecordTypes.TrustList
            && RecordBody.TryRead(body.Span, out IpldMap? map, out _)
            && _policy.SetList(
                record.Header.Author,
                record.Header.Created,
                record.Id.Digest,
                [.. new TrustListBody(map).Entries.Select(entry => entry.Author)]);
    }

    // Brings sets, quarantine and events in line with the policy as it is now.
    private void Review()
    {
        bool changed = false;
        foreach (Cid author in _table.Authors.Concat(_book.Authors).Distinct().ToArray())
        {
            changed |= ReviewRecords(author);
            changed |= ReviewEvents(author, ServesEventsOf(author));
            changed |= Promote(author);
            if (_policy.StandingOf(author) == Standing.Denied)
            {
                IReadOnlyList<QuarantineEntry> denied = _quarantine.Of(author);
                denied.ToList().ForEach(entry => _quarantine.Remove(entry.Id));
                Forget(denied);
            }
        }

        if (changed)
        {
            _overlays.Clear();
            HintOthers(null);
            foreach (ReplicaPeer peer in _peers.Values.Where(peer => peer.Syncs))
            {
                SyncSoon(peer);
            }
        }
    }

    private bool ReviewEvents(Cid author, bool admits)
    {
        bool changed = false;
        foreach (IdentityEvent @event in _book.EventsOf(author))
        {
            ReconciliationItem item = ItemOf(@event);
            changed |= admits ? _identities.Add(item) : _identities.Remove(item);
        }

        if (admits && changed)
        {
            PersistEvents(author, PersistKind.IdentityEvent);
        }

        return changed;
    }

    // A record that was let in by itself can be checked only with the events of its author.
    private bool ServesEventsOf(Cid author) =>
        _policy.Admits(author) || _table.Of(author).Any(_table.Counts);

    private bool ReviewRecords(Cid author)
    {
        var withdrawn = new List<Digest>();
        bool changed = false;
        foreach (Digest id in _table.Of(author))
        {
            bool counts = _policy.Admits(author, id) && !_void.Contains(id);
            if (_table.SetCounts(id, counts))
            {
                changed = true;
                if (!counts)
                {
                    withdrawn.Add(id);
                }
                else if (_source.TryReadEnvelope(id, out ReadOnlyMemory<byte> envelope)
                    && Record.TryRead(envelope, out Record? record, out _))
                {
                    _source.TryReadBody(id, out ReadOnlyMemory<byte> body);
                    _outputs.Enqueue(new ReplicaOutput.Admitted(record, body, RecordOrigin.Promotion, null));
                }
            }
        }

        if (withdrawn.Count > 0)
        {
            _outputs.Enqueue(new ReplicaOutput.Withdrawn(author, withdrawn));
        }

        return changed;
    }

    // Out of quarantine: the record is stored in the log before it is forgotten there.
    private bool Promote(Cid author)
    {
        bool promoted = false;
        foreach (QuarantineEntry entry in _quarantine.Of(author))
        {
            // Judged first: of most strangers nothing has to be read.
            PolicyDecision decision = _policy.Judge(author, entry.Id, entry.Created, entry.Bytes);
            if (decision.Disposition != Disposition.Store || _storing.ContainsKey(entry.Id))
            {
                continue;
            }

            bool readable = _source.TryReadEnvelope(entry.Id, out ReadOnlyMemory<byte> envelope)
                & _source.TryReadBody(entry.Id, out ReadOnlyMemory<byte> body);
            if (!readable || !Record.TryRead(envelope, out Record? record, out _)
                || _book.Authorises(author, record.Header.Key, record.Header.Auth) is not AuthOutcome.Yes)
            {
                continue;
            }

            _quarantine.Remove(entry.Id);
            Store(record, body, RecordOrigin.Promotion, null);
            promoted = true;
        }

        return promoted;
    }

    // Events were added, or are missing in the log: whether its key may sign is asked again for every record
    // of the author.
    private void Recheck(Cid author)
    {
        foreach (Digest id in _table.Of(author))
        {
            if (_source.TryReadEnvelope(id, out ReadOnlyMemory<byte> envelope)
                && Record.TryRead(envelope, out Record? record, out _))
            {
                _ = IsAuthorised(record) ? _void.Remove(id) : _void.Add(id);
            }
        }

        ReviewRecords(author);
    }

    private bool IsAuthorised(Record record) =>
        _book.Authorises(record.Header.Author, record.Header.Key, record.Header.Auth) is AuthOutcome.Yes;

    // An event may stand in the log behind records that it makes void, so they are judged when all is read;
    // asking for each key and event, not for each record, keeps a start fast.
    private void RecheckRestored()
    {
        foreach (Cid author in _restored
            .Where(r => _book.Authorises(r.Author, r.Key, r.Auth) is not AuthOutcome.Yes)
            .Select(r => r.Author).Distinct())
        {
            Recheck(author);
        }

        _restored.Clear();
    }
}

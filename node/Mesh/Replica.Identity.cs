using IncidentMesh.Node.Policy;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Mesh;

// Identity events: few and small, so they are checked where they come. specs/mesh.md, "Identity events".
public sealed partial class Replica
{
    // Whether an event was handed out to be stored, and whether in the log (true) or with the quarantine
    // (false).
    private readonly Dictionary<Digest, bool> _storedEvents = [];
    private readonly Dictionary<Digest, List<long>> _eventTokens = [];

    // Held records whose key no known event lets sign.
    private readonly HashSet<Digest> _void = [];
    private readonly HashSet<(Cid Author, PublicKey Key, Cid Auth)> _restored = [];

    /// <summary>An event of this node's own identity: its author is trusted from now on.</summary>
    /// <param name="event">The event.</param>
    /// <param name="token">Comes back in <see cref="ReplicaOutput.Acknowledged"/> when it is durable.</param>
    /// <param name="now">The time.</param>
    public void SubmitEvent(IdentityEvent @event, long token, Instant now)
    {
        _now = now;
        _policy.AddOwn(@event.Author);
        switch (_book.Apply(@event))
        {
            case IdentityOutcome.Added added:
                _eventTokens.Add(@event.Id.Digest, [token]);
                Added(added, null);
                _router.Publish(GossipTopics.Identity, @event.Envelope.Span, now);
                Review();
                break;
            case IdentityOutcome.Known when _eventTokens.ContainsKey(@event.Id.Digest):
                _eventTokens[@event.Id.Digest].Add(token);
                break;
            case IdentityOutcome.Known when !_storedEvents.ContainsKey(@event.Id.Digest):
                // The disk refused it before.
                _eventTokens.Add(@event.Id.Digest, [token]);
                PersistEvents(@event.Author, PersistKind.IdentityEvent);
                break;
            case IdentityOutcome.Known:
                _outputs.Enqueue(new ReplicaOutput.Acknowledged(token));
                break;
            case IdentityOutcome.Refused refused:
                _outputs.Enqueue(new ReplicaOutput.Refused(token, refused.Fault));
                break;
            default:
                _outputs.Enqueue(new ReplicaOutput.Refused(
                    token, Fault.Message("identity-order", "the event before it is not known")));
                break;
        }
    }

    /// <summary>An event of somebody else that the operator brings in: no trust follows from it.</summary>
    public IdentityOutcome ImportEvent(IdentityEvent @event, Instant now)
    {
        _now = now;
        IdentityOutcome outcome = _book.Apply(@event);
        if (outcome is IdentityOutcome.Added added)
        {
            Added(added, null);
            if (_policy.Admits(@event.Author))
            {
                _router.Publish(GossipTopics.Identity, @event.Envelope.Span, now);
            }
        }

        return outcome;
    }

    private static ReconciliationItem ItemOf(IdentityEvent @event) =>
        new((ulong)@event.Created, @event.Id.Digest);

    private GossipVerdict TakeEvent(ReadOnlyMemory<byte> envelope, PeerId from, out Fault? fault)
    {
        if (!IdentityEvent.TryRead(envelope, out IdentityEvent? @event, out fault))
        {
            return fault.Code == IdentityFaults.UnknownVersion ? GossipVerdict.Ignore : GossipVerdict.Reject;
        }

        Standing standing = _policy.StandingOf(@event.Author);
        if (standing == Standing.Denied || (standing == Standing.Unknown && !HasRoomFor(@event.Author)))
        {
            DeclineEvent(@event, from);
            return GossipVerdict.Ignore;
        }

        switch (_book.Apply(@event))
        {
            case IdentityOutcome.Added added:
                Added(added, from);
                return _policy.Admits(@event.Author) ? GossipVerdict.Accept : GossipVerdict.Ignore;
            case IdentityOutcome.Pending pending:
                WantEvent(from, pending.Missing);
                return GossipVerdict.Ignore;
            case IdentityOutcome.Refused refused:
                fault = refused.Fault;
                return GossipVerdict.Reject;
            case IdentityOutcome.Ignored:
                DeclineEvent(@event, from);
                return GossipVerdict.Ignore;
            default:
                if (standing == Standing.Unknown)
                {
                    DeclineEvent(@event, from);
                }

                return GossipVerdict.Ignore;
        }
    }

    private void Added(IdentityOutcome.Added added, PeerId? from)
    {
        foreach (IdentityEvent @event in added.Events)
        {
            if (_policy.Admits(@event.Author))
            {
                _identities.Add(ItemOf(@event));
                _overlays.Remove(SyncSet.Identities, ItemOf(@event));
                PersistEvents(@event.Author, PersistKind.IdentityEvent);
                _outputs.Enqueue(new ReplicaOutput.IdentityAdded(@event));
            }
            else if (from is { } peer)
            {
                DeclineEvent(@event, peer);
            }

            foreach (PendingRecord record in _pending.Take(@event.Id))
            {
                if (JudgeGossip(record.Peer, record.MessageId, record.Record, record.Body) is { } verdict)
                {
                    _router.Resolve(record.MessageId, verdict, _now);
                }
            }
        }

        Cid author = added.Events[0].Author;
        bool rejudges = added.Withdraws || (_void.Count > 0 && _table.Of(author).Any(_void.Contains));
        if (rejudges)
        {
            Recheck(author);
        }

        if (_declinedPending || rejudges)
        {
            // Some records were declined for want of an event: they are offered again.
            _declinedPending = false;
            _overlays.Clear();
        }
    }

    private void DeclineEvent(IdentityEvent @event, PeerId peer) =>
        _overlays.Add(peer, SyncSet.Identities, ItemOf(@event), _now);

    // Strangers whose records are not even in quarantine make room for others.
    private bool HasRoomFor(Cid author)
    {
        if (_book.Knows(author))
        {
            return _book.EventsOf(author).Count < Limits.Policy.UnknownIdentityEvents;
        }

        if (_book.Count < Limits.Policy.UnknownIdentities)
        {
            return true;
        }

        Cid[] unknown = [.. _book.Authors.Where(known => _policy.StandingOf(known) == Standing.Unknown)];
        if (unknown.Length < Limits.Policy.UnknownIdentities)
        {
            return true;
        }

        foreach (Cid idle in unknown.Where(known => _quarantine.Of(known).Count == 0))
        {
            _book.Remove(idle);
        }

        return unknown.Any(known => !_book.Knows(known));
    }

    private void PersistEvents(Cid author, PersistKind kind)
    {
        bool inLog = kind == PersistKind.IdentityEvent;
        foreach (IdentityEvent @event in _book.EventsOf(author))
        {
            if (!_storedEvents.TryGetValue(@event.Id.Digest, out bool stored) || (inLog && !stored))
            {
                _storedEvents[@event.Id.Digest] = inLog;
                _toPersist.Add(new PersistItem(kind, @event.Id.Digest, @event.Envelope, default, _now));
            }
        }
    }

    private void WantEvent(PeerId from, Cid missing)
    {
        if (_peers.TryGetValue(from, out ReplicaPeer? peer) && peer.Syncs
            && peer.WantEvents.Count < Limits.Mesh.PendingFetches)
        {
            peer.WantEvents.Add(missing.Digest);
            SyncSoon(peer);
        }
    }
}

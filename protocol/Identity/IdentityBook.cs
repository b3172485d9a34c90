using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Identity;

/// <summary>The logs of all identities that a node knows. What it answers is a function of the events that it
/// holds, never of the order in which they came. <c>specs/identity.md</c>, "The book".</summary>
public sealed class IdentityBook
{
    private readonly Dictionary<Cid, IdentityLog> _logs = [];
    private readonly Dictionary<Cid, IdentityLog> _logOfEvent = [];
    private readonly Dictionary<Cid, IdentityEvent> _waiting = [];
    private readonly Dictionary<Cid, List<Cid>> _waitingFor = [];
    private readonly Queue<Cid> _waitingOrder = [];

    /// <summary>How many identities are known.</summary>
    public int Count => _logs.Count;

    /// <summary>How many events wait for another.</summary>
    public int WaitingCount => _waiting.Count;

    /// <summary>The ids of all identities, in no order.</summary>
    public IReadOnlyCollection<Cid> Authors => _logs.Keys;

    /// <summary>True where the identity's inception is known.</summary>
    public bool Knows(Cid author) => _logs.ContainsKey(author);

    /// <summary>True where the event is in a log.</summary>
    public bool Contains(Cid eventId) => _logOfEvent.ContainsKey(eventId);

    /// <summary>The event of that id, or null.</summary>
    public IdentityEvent? Find(Cid eventId) => _logOfEvent.GetValueOrDefault(eventId)?.Find(eventId)?.Event;

    /// <summary>Checks an event and puts it into the log of its identity, or keeps it waiting.</summary>
    public IdentityOutcome Apply(IdentityEvent @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        if (_logOfEvent.ContainsKey(@event.Id))
        {
            return IdentityOutcome.Known.Instance;
        }

        IdentityOutcome outcome = Place(@event);
        switch (outcome)
        {
            case IdentityOutcome.Pending pending:
                Wait(@event, pending.Missing);
                return outcome;
            case IdentityOutcome.Added added:
                return Release(added);
            default:
                return outcome;
        }
    }

    /// <summary>Whether <paramref name="key"/> may sign records of <paramref name="author"/> under the event
    /// <paramref name="auth"/>: that event, or one before it, added the key and gave it
    /// <c>sign</c>.</summary>
    public AuthOutcome Authorises(Cid author, PublicKey key, Cid auth)
    {
        if (!_logOfEvent.TryGetValue(auth, out IdentityLog? log))
        {
            return new AuthOutcome.Pending(auth);
        }

        return log.Author == author
            ? log.Authorises(key, auth)
            : new AuthOutcome.No("auth names an event of another identity");
    }

    /// <summary>The events of an identity, each after the one that it follows; empty for an unknown
    /// one.</summary>
    public IReadOnlyList<IdentityEvent> EventsOf(Cid author) =>
        _logs.TryGetValue(author, out IdentityLog? log) ? log.Events : [];

    /// <summary>The keys of an identity that may sign now, each with the event that added it.</summary>
    public IReadOnlyList<(KeyGrant Grant, Cid AddedBy)> KeysOf(Cid author) =>
        _logs.TryGetValue(author, out IdentityLog? log) ? log.ActiveKeys() : [];

    /// <summary>True where two updates follow the same event: no key that either added may sign, until the
    /// root key is rotated.</summary>
    public bool IsContested(Cid author) => _logs.TryGetValue(author, out IdentityLog? log) && log.IsContested;

    /// <summary>Forgets an identity that policy does not want.</summary>
    public void Remove(Cid author)
    {
        if (_logs.Remove(author, out IdentityLog? log))
        {
            foreach (IdentityEvent @event in log.Events)
            {
                _logOfEvent.Remove(@event.Id);
            }
        }
    }

    private IdentityOutcome Place(IdentityEvent @event)
    {
        switch (@event.Operation)
        {
            case IdentityOperation.Unknown:
                return new IdentityOutcome.Ignored(
                    $"the operation \"{@event.OperationName}\" is of a later version");
            case IdentityOperation.Inception:
                return PlaceInception(@event);
            default:
                break;
        }

        Cid previous = @event.Previous!.Value;
        if (!_logOfEvent.TryGetValue(previous, out IdentityLog? log))
        {
            return new IdentityOutcome.Pending(previous);
        }

        IdentityOutcome outcome = log.Add(@event, out IdentityEvent? dropped);
        if (dropped is not null)
        {
            _logOfEvent.Remove(dropped.Id);
        }

        if (outcome is IdentityOutcome.Added)
        {
            _logOfEvent.Add(@event.Id, log);
        }

        return outcome;
    }

    private IdentityOutcome PlaceInception(IdentityEvent @event)
    {
        if (!@event.VerifySignature(@event.Root!.Value))
        {
            return new IdentityOutcome.Refused(Fault.Message(
                IdentityFaults.BadSignature, "an inception that its root key did not sign"));
        }

        if (_logs.Count >= Limits.Records.Identities)
        {
            return new IdentityOutcome.Ignored($"the book has {Limits.Records.Identities} identities");
        }

        IdentityLog log = new(@event);
        _logs.Add(@event.Id, log);
        _logOfEvent.Add(@event.Id, log);
        return new IdentityOutcome.Added([@event], false);
    }

    private void Wait(IdentityEvent @event, Cid missing)
    {
        if (!_waiting.TryAdd(@event.Id, @event))
        {
            return;
        }

        if (!_waitingFor.TryGetValue(missing, out List<Cid>? ids))
        {
            _waitingFor.Add(missing, ids = []);
        }

        ids.Add(@event.Id);
        _waitingOrder.Enqueue(@event.Id);
        while (_waiting.Count > Limits.Records.PendingIdentityEvents)
        {
            Forget(_waitingOrder.Dequeue());
        }

        // Ids of released events stay in the queue until they come to its head; trim so that it cannot
        // outgrow its owner.
        while (_waitingOrder.Count > 2 * Limits.Records.PendingIdentityEvents)
        {
            Forget(_waitingOrder.Dequeue());
        }
    }

    private void Forget(Cid id)
    {
        if (!_waiting.Remove(id, out IdentityEvent? @event))
        {
            return;
        }

        Cid missing = @event.Previous!.Value;
        List<Cid> ids = _waitingFor[missing];
        ids.Remove(id);
        if (ids.Count == 0)
        {
            _waitingFor.Remove(missing);
        }
    }

    private IdentityOutcome.Added Release(IdentityOutcome.Added first)
    {
        List<IdentityEvent> added = [.. first.Events];
        bool withdraws = first.Withdraws;
        for (int i = 0; i < added.Count; i++)
        {
            if (!_waitingFor.Remove(added[i].Id, out List<Cid>? ids))
            {
                continue;
            }

            foreach (Cid id in ids)
            {
                _waiting.Remove(id, out IdentityEvent? @event);
                if (@event is not null && Place(@event) is IdentityOutcome.Added next)
                {
                    added.AddRange(next.Events);
                    withdraws |= next.Withdraws;
                }
            }
        }

        return first with { Events = added, Withdraws = withdraws };
    }
}

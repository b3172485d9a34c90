using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Policy;

/// <summary>Whose records a node takes: the lists of its operator, the trust lists of those whom it trusts,
/// and the quotas of those who are vouched for. Pure and owned by one thread. What it answers depends on
/// what is known and held, not on the clock. <c>specs/policy.md</c>.</summary>
public sealed class TrustPolicy
{
    private readonly HashSet<Cid> _own = [];
    private readonly HashSet<Cid> _trusted = [];
    private readonly HashSet<Cid> _denied = [];
    private readonly HashSet<Cid> _followed = [];
    private readonly Dictionary<Cid, TrustList> _lists = [];
    private readonly Dictionary<Cid, Usage> _usage = [];
    private readonly HashSet<Cid> _trustedByList = [];
    private readonly Dictionary<Digest, bool> _reviews = [];
    private readonly Dictionary<Cid, Cid> _voucherOf = [];
    private readonly Dictionary<Cid, string> _beyond = [];

    private sealed record TrustList(long Created, Digest Record, IReadOnlyList<Cid> Entries);

    /// <summary>Identities on the operator's own list, the node's own among them.</summary>
    public IReadOnlyCollection<Cid> Trusted => _trusted;

    /// <summary>Identities on the operator's deny list.</summary>
    public IReadOnlyCollection<Cid> Denied => _denied;

    /// <summary>Identities whose trust lists count as the operator's own.</summary>
    public IReadOnlyCollection<Cid> Followed => _followed;

    /// <summary>An identity of this node itself: always trusted, never denied.</summary>
    public void AddOwn(Cid author)
    {
        _own.Add(author);
        Trust(author);
    }

    /// <summary>Puts an identity on the operator's list and takes her off the deny list.</summary>
    public void Trust(Cid author)
    {
        _denied.Remove(author);
        _trusted.Add(author);
        Recompute();
    }

    /// <summary>Takes an identity off both lists.</summary>
    public void Forget(Cid author)
    {
        if (!_own.Contains(author))
        {
            _trusted.Remove(author);
            _denied.Remove(author);
            _followed.Remove(author);
            Recompute();
        }
    }

    /// <summary>Puts an identity on the deny list, which wins over every trust list; false for the node's
    /// own.</summary>
    public bool Deny(Cid author)
    {
        if (_own.Contains(author))
        {
            return false;
        }

        _trusted.Remove(author);
        _followed.Remove(author);
        _denied.Add(author);
        Recompute();
        return true;
    }

    /// <summary>Trusts an identity and everybody on her trust list.</summary>
    public void Follow(Cid author)
    {
        _followed.Add(author);
        Trust(author);
    }

    /// <summary>Stops to follow; she stays trusted.</summary>
    public void Unfollow(Cid author)
    {
        _followed.Remove(author);
        Recompute();
    }

    /// <summary>The operator's decision on one record of an unknown author: let in, dropped, or
    /// none.</summary>
    public void Review(Digest record, bool? accepted)
    {
        _reviews.Remove(record);
        if (accepted is { } decided)
        {
            _reviews.Add(record, decided);
        }
    }

    /// <summary>What the operator decided on one record, or null.</summary>
    public bool? ReviewOf(Digest record) => _reviews.TryGetValue(record, out bool accepted) ? accepted : null;

    /// <summary>Takes in the trust list of an identity; an older one than is known changes nothing.</summary>
    /// <param name="voucher">Whose list it is.</param>
    /// <param name="created">The record's time.</param>
    /// <param name="record">The record's id: decides between two of one second.</param>
    /// <param name="entries">The identities on it, in the list's order.</param>
    /// <returns>Whether it is now the list that counts.</returns>
    public bool SetList(Cid voucher, long created, Digest record, IReadOnlyList<Cid> entries)
    {
        if (_lists.TryGetValue(voucher, out TrustList? known)
            && (known.Created, known.Record).CompareTo((created, record)) >= 0)
        {
            return false;
        }

        _lists[voucher] = new TrustList(created, record, entries);
        Recompute();
        return true;
    }

    /// <summary>How the node stands to an author.</summary>
    public Standing StandingOf(Cid author) =>
        _denied.Contains(author) ? Standing.Denied
        : _trusted.Contains(author) || _trustedByList.Contains(author) ? Standing.Trusted
        : _voucherOf.ContainsKey(author) ? Standing.Introduced
        : Standing.Unknown;

    /// <summary>True for authors whose records are stored, relayed and reconciled.</summary>
    public bool Admits(Cid author) => StandingOf(author) is Standing.Trusted or Standing.Introduced;

    /// <summary>True for a record that is stored, relayed and reconciled: its author is admitted, or it was
    /// let in by itself.</summary>
    public bool Admits(Cid author, Digest record) =>
        Admits(author) || (ReviewOf(record) == true && !_denied.Contains(author));

    /// <summary>Who vouches for an introduced author.</summary>
    public Cid? VoucherOf(Cid author) => _voucherOf.TryGetValue(author, out Cid voucher) ? voucher : null;

    /// <summary>What becomes of a record, with the operator's decision on it. Counts nothing: see
    /// <see cref="Charge"/>.</summary>
    public PolicyDecision Judge(Cid author, Digest record, long created, int bytes) =>
        StandingOf(author) != Standing.Unknown ? Judge(author, created, bytes)
        : ReviewOf(record) switch
        {
            true => new PolicyDecision(Disposition.Store, "the operator let it in"),
            false => new PolicyDecision(Disposition.Decline, "the operator dropped it"),
            null => Judge(author, created, bytes),
        };

    /// <summary>What becomes of a record of an author. Counts nothing: see <see cref="Charge"/>.</summary>
    /// <param name="author">The author's identity.</param>
    /// <param name="created">The record's time in Unix seconds: the day that its quota belongs to.</param>
    /// <param name="bytes">Bytes of envelope and body.</param>
    public PolicyDecision Judge(Cid author, long created, int bytes)
    {
        switch (StandingOf(author))
        {
            case Standing.Denied:
                return new PolicyDecision(Disposition.Decline, "the author is on the deny list");
            case Standing.Unknown:
                return new PolicyDecision(
                    Disposition.Quarantine, "nobody whom this node trusts vouches for the author");
            case Standing.Trusted:
                return new PolicyDecision(Disposition.Store, "the author is trusted");
            default:
                break;
        }

        Cid voucher = _voucherOf[author];
        if (Beyond(author, voucher, created, bytes) is not { } reason)
        {
            return new PolicyDecision(Disposition.Store, $"{voucher.Short} vouches for the author");
        }

        _beyond[author] = reason;
        return new PolicyDecision(Disposition.Decline, reason);
    }

    /// <summary>Why a record of an introduced author was last declined; null where none was.</summary>
    public string? BeyondQuota(Cid author) =>
        StandingOf(author) == Standing.Introduced ? _beyond.GetValueOrDefault(author) : null;

    private string? Beyond(Cid author, Cid voucher, long created, int bytes)
    {
        Usage? usage = _usage.GetValueOrDefault(author);
        return usage is not null && usage.OfDay(created) >= Limits.Policy.IntroducedRecordsPerDay
            ? $"more than {Limits.Policy.IntroducedRecordsPerDay} records of one day"
            : (usage?.Bytes ?? 0) + bytes > Limits.Policy.IntroducedBytes
            ? $"more than {Limits.Policy.IntroducedBytes >> 20} MiB of an introduced author"
            : BytesOf(voucher) + bytes > Limits.Policy.VoucherBytes
            ? $"{voucher.Short} vouches for more than {Limits.Policy.VoucherBytes >> 20} MiB"
            : null;
    }

    /// <summary>Counts a record that was stored.</summary>
    public void Charge(Cid author, long created, int bytes)
    {
        if (!_usage.TryGetValue(author, out Usage? usage))
        {
            _usage.Add(author, usage = new Usage());
        }

        usage.Add(created, bytes);
    }

    /// <summary>Gives back what a record was charged: it was lost before it was durable.</summary>
    public void Refund(Cid author, long created, int bytes) => _usage[author].Remove(created, bytes);

    /// <summary>Why the node stands to an author as it does, in words for the operator.</summary>
    public string Explain(Cid author) => StandingOf(author) switch
    {
        Standing.Denied => "on the deny list",
        Standing.Trusted when _own.Contains(author) => "this node's own",
        Standing.Trusted when _trusted.Contains(author) => "on the trust list",
        Standing.Trusted => "on a list that this node follows",
        Standing.Introduced => $"{_voucherOf[author].Short} vouches for her",
        _ => "nobody whom this node trusts vouches for her",
    };

    private long BytesOf(Cid voucher) =>
        _voucherOf.Where(pair => pair.Value == voucher).Sum(pair =>
            _usage.GetValueOrDefault(pair.Key)?.Bytes ?? 0);

    // In byte order of the vouchers, so that the same lists give the same answer in whatever order they came.
    private void Recompute()
    {
        _trustedByList.Clear();
        foreach (Cid follower in _followed)
        {
            _trustedByList.UnionWith(_lists.GetValueOrDefault(follower)?.Entries ?? []);
        }

        _voucherOf.Clear();
        foreach ((Cid voucher, TrustList list) in _lists.OrderBy(pair => pair.Key))
        {
            if (StandingOf(voucher) != Standing.Trusted)
            {
                continue;
            }

            IEnumerable<Cid> introduced = list.Entries
                .Where(entry => !_denied.Contains(entry) && !_trusted.Contains(entry))
                .Where(entry => !_trustedByList.Contains(entry) && !_voucherOf.ContainsKey(entry))
                .Distinct()
                .Take(Limits.Policy.VoucherIdentities);
            foreach (Cid author in introduced.ToArray())
            {
                _voucherOf.Add(author, voucher);
            }
        }
    }

    private sealed class Usage
    {
        private const long Day = 86_400;

        private readonly Dictionary<long, int> _ofDay = [];

        public long Bytes { get; private set; }

        public int OfDay(long created) => _ofDay.GetValueOrDefault(created / Day);

        public void Add(long created, int bytes)
        {
            Bytes += bytes;
            _ofDay[created / Day] = OfDay(created) + 1;
        }

        public void Remove(long created, int bytes)
        {
            Bytes -= bytes;
            _ofDay[created / Day] = OfDay(created) - 1;
        }
    }
}

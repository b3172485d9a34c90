using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Policy;

/// <summary>One record in quarantine.</summary>
/// <param name="Id">The record.</param>
/// <param name="Author">Its author.</param>
/// <param name="Created">Its time in Unix seconds.</param>
/// <param name="Bytes">Bytes of envelope and body.</param>
/// <param name="Peer">Who delivered it, as text; empty where that is no longer known.</param>
/// <param name="Since">When it came.</param>
public sealed record QuarantineEntry(
    Digest Id, Cid Author, long Created, int Bytes, string Peer, Instant Since);

/// <summary>Bookkeeping of the records of unknown authors: bounded in all ways in which a stranger can grow
/// it. When it is full, the oldest of the peer that fills it most go first, so that one peer cannot push out
/// what another brought. Pure. <c>specs/policy.md</c>, section 4.</summary>
public sealed class Quarantine
{
    private readonly Dictionary<Digest, QuarantineEntry> _entries = [];
    private readonly Dictionary<string, Group> _byPeer = [];
    private readonly Dictionary<Cid, Group> _byAuthor = [];

    /// <summary>Records held.</summary>
    public int Count => _entries.Count;

    /// <summary>Bytes of them.</summary>
    public long Bytes { get; private set; }

    /// <summary>All records, oldest first.</summary>
    public IEnumerable<QuarantineEntry> Entries => _entries.Values.OrderBy(e => e.Since).ThenBy(e => e.Id);

    /// <summary>When <see cref="Expire"/> next has work.</summary>
    public Instant? NextExpiry => _entries.Count == 0
        ? null
        : _byPeer.Values.Min(group => group.Oldest.Since) + Age;

    private static TimeSpan Age => TimeSpan.FromDays(Limits.Policy.QuarantineDays);

    /// <summary>The entry of a record.</summary>
    public bool TryGet(Digest id, out QuarantineEntry? entry) => _entries.TryGetValue(id, out entry);

    /// <summary>Whether there is room for a record of an author.</summary>
    public bool HasRoomFor(Cid author, int bytes) => !_byAuthor.TryGetValue(author, out Group? group)
        ? bytes <= Limits.Policy.QuarantineAuthorBytes
        : group.Count < Limits.Policy.QuarantineAuthorRecords
            && group.Bytes + bytes <= Limits.Policy.QuarantineAuthorBytes;

    /// <summary>Takes a record in, and says which ones had to go for it.</summary>
    /// <returns>False where the record is held already or its author fills her share.</returns>
    public bool TryAdd(QuarantineEntry entry, out IReadOnlyList<QuarantineEntry> evicted)
    {
        evicted = [];
        if (_entries.ContainsKey(entry.Id) || !HasRoomFor(entry.Author, entry.Bytes))
        {
            return false;
        }

        Group peer = Link(_byPeer, entry.Peer, entry);
        Link(_byAuthor, entry.Author, entry);
        _entries.Add(entry.Id, entry);
        Bytes += entry.Bytes;

        var gone = new List<QuarantineEntry>();
        while (peer.Count > Limits.Policy.QuarantinePeerRecords)
        {
            gone.Add(Drop(peer.Oldest));
        }

        while (Count > Limits.Policy.QuarantineRecords || Bytes > Limits.Policy.QuarantineBytes)
        {
            Group heaviest = _byPeer.Values.MaxBy(group => (group.Bytes, group.Count))!;
            gone.Add(Drop(heaviest.Oldest));
        }

        evicted = gone;
        return true;
    }

    /// <summary>Takes a record out.</summary>
    public bool Remove(Digest id)
    {
        bool held = _entries.TryGetValue(id, out QuarantineEntry? entry);
        if (held)
        {
            Drop(entry!);
        }

        return held;
    }

    /// <summary>The records of an author, oldest first.</summary>
    public IReadOnlyList<QuarantineEntry> Of(Cid author) =>
        _byAuthor.TryGetValue(author, out Group? group) ? [.. group.Entries] : [];

    /// <summary>Drops what has been there for 30 days.</summary>
    public IReadOnlyList<QuarantineEntry> Expire(Instant now)
    {
        QuarantineEntry[] old = [.. _entries.Values.Where(entry => entry.Since + Age <= now)];
        foreach (QuarantineEntry entry in old)
        {
            Drop(entry);
        }

        return old;
    }

    private static Group Link<TKey>(Dictionary<TKey, Group> groups, TKey key, QuarantineEntry entry)
        where TKey : notnull
    {
        if (!groups.TryGetValue(key, out Group? group))
        {
            groups.Add(key, group = new Group());
        }

        group.Add(entry);
        return group;
    }

    private static void Unlink<TKey>(Dictionary<TKey, Group> groups, TKey key, QuarantineEntry entry)
        where TKey : notnull
    {
        Group group = groups[key];
        group.Remove(entry);
        if (group.Count == 0)
        {
            groups.Remove(key);
        }
    }

    private QuarantineEntry Drop(QuarantineEntry entry)
    {
        _entries.Remove(entry.Id);
        Bytes -= entry.Bytes;
        Unlink(_byPeer, entry.Peer, entry);
        Unlink(_byAuthor, entry.Author, entry);
        return entry;
    }

    private sealed class Group
    {
        private static readonly Comparer<QuarantineEntry> ByAge = Comparer<QuarantineEntry>.Create(
            (a, b) => (a.Since, a.Id).CompareTo((b.Since, b.Id)));

        private readonly SortedSet<QuarantineEntry> _entries = new(ByAge);

        public IEnumerable<QuarantineEntry> Entries => _entries;

        public int Count => _entries.Count;

        public long Bytes { get; private set; }

        public QuarantineEntry Oldest => _entries.Min!;

        public void Add(QuarantineEntry entry)
        {
            _entries.Add(entry);
            Bytes += entry.Bytes;
        }

        public void Remove(QuarantineEntry entry)
        {
            _entries.Remove(entry);
            Bytes -= entry.Bytes;
        }
    }
}

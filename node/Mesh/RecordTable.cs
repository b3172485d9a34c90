using System.Buffers.Binary;
using System.Security.Cryptography;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Mesh;

/// <summary>What a node holds of one author, to compare nodes by. <c>specs/policy.md</c>, section
/// 5.</summary>
/// <param name="Author">The author's identity.</param>
/// <param name="Count">Records that count.</param>
/// <param name="Digest">Over their ids.</param>
/// <param name="Heads">Records of the author's keys that no other names in <c>prev</c>.</param>
public sealed record AuthorDigest(Cid Author, int Count, Digest Digest, IReadOnlyList<Cid> Heads);

/// <summary>The records that a node holds outside quarantine, and the set S of those that count.</summary>
internal sealed class RecordTable
{
    private readonly Dictionary<Digest, Entry> _entries = [];
    private readonly Dictionary<Cid, Author> _authors = [];
    private Digest? _digest;

    /// <summary>S: valid records of admitted authors.</summary>
    public ReconciliationSet Set { get; } = new();

    /// <summary>The chains of all keys.</summary>
    public Heads Heads { get; } = new();

    public int Count => _entries.Count;

    public IReadOnlyCollection<Cid> Authors => _authors.Keys;

    public bool Contains(Digest id) => _entries.ContainsKey(id);

    /// <summary>Whether a record is held and counts.</summary>
    public bool Counts(Digest id) => _entries.TryGetValue(id, out Entry entry) && entry.Counts;

    /// <summary>A held record as an item, or null.</summary>
    public ReconciliationItem? Find(Digest id) => _entries.TryGetValue(id, out Entry entry)
        ? new ReconciliationItem((ulong)entry.Created, id)
        : null;

    /// <summary>Takes in a record that is stored; false where it is held already.</summary>
    public bool Add(Record record, bool counts)
    {
        RecordHeader header = record.Header;
        var item = new ReconciliationItem((ulong)header.Created, record.Id.Digest);
        if (!_entries.TryAdd(item.Id, new Entry(header.Created, header.Author, counts)))
        {
            return false;
        }

        if (!_authors.TryGetValue(header.Author, out Author? author))
        {
            _authors.Add(header.Author, author = new Author());
        }

        author.Ids.Add(item.Id);
        author.Keys.Add(header.Key);
        author.Digest = null;
        if (counts)
        {
            Set.Add(item);
            _digest = null;
        }

        return true;
    }

    /// <summary>Lets a held record count, or no longer.</summary>
    /// <returns>Whether that is a change.</returns>
    public bool SetCounts(Digest id, bool counts)
    {
        if (!_entries.TryGetValue(id, out Entry entry) || entry.Counts == counts)
        {
            return false;
        }

        _entries[id] = entry with { Counts = counts };
        _authors[entry.Author].Digest = null;
        _digest = null;
        ReconciliationItem item = new((ulong)entry.Created, id);
        return counts ? Set.Add(item) : Set.Remove(item);
    }

    /// <summary>The records of an author, in the order in which they came.</summary>
    public IReadOnlyList<Digest> Of(Cid author) => _authors.TryGetValue(author, out Author? known) ? known.Ids
        : [];

    /// <summary>SHA-256("incidentmesh/digest/v1" || u64be count || the ids of S, sorted).</summary>
    public Digest RecordDigest() => _digest ??= DigestOf([.. Set.Range(0, Set.Count).Select(item =>
        item.Id)]);

    /// <summary>The same for the records of one author.</summary>
    public AuthorDigest DigestOf(Cid author)
    {
        if (!_authors.TryGetValue(author, out Author? known))
        {
            return new AuthorDigest(author, 0, DigestOf([]), []);
        }

        Digest[] ids = [.. known.Ids.Where(Counts)];
        known.Digest ??= DigestOf(ids);
        Cid[] heads = [.. known.Keys.SelectMany(key => Heads.Of(key)).Select(head => head.Id).Order()];
        return new AuthorDigest(author, ids.Length, known.Digest.Value, heads);
    }

    private static Digest DigestOf(Digest[] ids)
    {
        Array.Sort(ids);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("incidentmesh/digest/v1"u8);
        Span<byte> bytes = stackalloc byte[Digest.ByteLength];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)ids.Length);
        hash.AppendData(bytes[..8]);
        foreach (Digest id in ids)
        {
            id.CopyTo(bytes);
            hash.AppendData(bytes);
        }

        hash.GetHashAndReset(bytes);
        return new Digest(bytes);
    }

    private readonly record struct Entry(long Created, Cid Author, bool Counts);

    private sealed class Author
    {
        public List<Digest> Ids { get; } = [];

        public HashSet<PublicKey> Keys { get; } = [];

        public Digest? Digest { get; set; }
    }
}

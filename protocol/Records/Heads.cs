using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>The heads and gaps of each key, out of the records that are known, in whatever order they came.
/// Two branches of one key (a restored backup) are two heads, until a record names both.
/// <c>specs/records.md</c>, "Chain".</summary>
public sealed class Heads
{
    private readonly Dictionary<PublicKey, Chain> _chains = [];

    /// <summary>Takes in a record whose signature was checked. Taking one twice changes nothing.</summary>
    public void Add(Cid id, RecordHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (!_chains.TryGetValue(header.Key, out Chain? chain))
        {
            _chains.Add(header.Key, chain = new Chain());
        }

        if (!chain.Held.Add(id))
        {
            return;
        }

        foreach (Cid previous in header.Previous)
        {
            chain.Heads.Remove(previous);
            if (chain.Named.Add(previous) && !chain.Held.Contains(previous))
            {
                chain.Missing.Add(previous);
            }
        }

        chain.Missing.Remove(id);
        if (!chain.Named.Contains(id))
        {
            chain.Heads.Add(id, header.Seq);
        }
    }

    /// <summary>The heads of <paramref name="key"/>, in byte order.</summary>
    public IReadOnlyList<Head> Of(PublicKey key) => _chains.TryGetValue(key, out Chain? chain)
        ? [.. chain.Heads.Select(h => new Head(h.Key, h.Value)).OrderBy(h => h.Id)]
        : [];

    /// <summary>Ids that records of <paramref name="key"/> name and that are not held, in byte
    /// order.</summary>
    public IReadOnlyList<Cid> MissingOf(PublicKey key) =>
        _chains.TryGetValue(key, out Chain? chain) ? [.. chain.Missing.Order()] : [];

    /// <summary>How many records of <paramref name="key"/> are held.</summary>
    public int CountOf(PublicKey key) => _chains.TryGetValue(key, out Chain? chain) ? chain.Held.Count : 0;

    private sealed class Chain
    {
        internal HashSet<Cid> Held { get; } = [];

        internal HashSet<Cid> Named { get; } = [];

        internal HashSet<Cid> Missing { get; } = [];

        internal Dictionary<Cid, long> Heads { get; } = [];
    }
}

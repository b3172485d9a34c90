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

        if (!chain.Held.TryAdd(id, header.Seq))
        {
            return;
        }

        foreach (Cid previous in header.Previous)
        {
            int named = chain.Named.GetValueOrDefault(previous);
            chain.Named[previous] = named + 1;
            chain.Heads.Remove(previous);
            if (named == 0 && !chain.Held.ContainsKey(previous))
            {
                chain.Missing.Add(previous);
            }
        }

        chain.Missing.Remove(id);
        if (!chain.Named.ContainsKey(id))
        {
            chain.Heads.Add(id, header.Seq);
        }
    }

    /// <summary>Takes a record back, as if it had never been added: it was lost before it was durable.
    /// Does nothing for one that is not held.</summary>
    public void Remove(Cid id, RecordHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (!_chains.TryGetValue(header.Key, out Chain? chain) || !chain.Held.Remove(id))
        {
            return;
        }

        chain.Heads.Remove(id);
        if (chain.Named.ContainsKey(id))
        {
            chain.Missing.Add(id);
        }

        foreach (Cid previous in header.Previous)
        {
            if (--chain.Named[previous] > 0)
            {
                continue;
            }

            chain.Named.Remove(previous);
            chain.Missing.Remove(previous);
            if (chain.Held.TryGetValue(previous, out long seq))
            {
                chain.Heads.Add(previous, seq);
            }
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
        internal Dictionary<Cid, long> Held { get; } = [];

        // How many records that are held name it.
        internal Dictionary<Cid, int> Named { get; } = [];

        internal HashSet<Cid> Missing { get; } = [];

        internal Dictionary<Cid, long> Heads { get; } = [];
    }
}

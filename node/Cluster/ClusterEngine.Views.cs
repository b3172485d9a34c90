using System.Security.Cryptography;
using System.Text;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Cluster;

/// <content>What the engine answers.</content>
public sealed partial class ClusterEngine
{
    private int _version;
    private (int Version, int Count, Digest Digest) _digest = (-1, 0, default);

    /// <summary>A name of the present clusters: SHA-256 over a label, the graph's hash and, for each
    /// cluster in order of its id, the number of its members and their digests in order. Equal on nodes
    /// that hold the same reports, links and vectors.</summary>
    public Digest ClusterDigest
    {
        get
        {
            Settle();
            if (_digest.Version != _version || _digest.Count != Count)
            {
                _digest = (_version, Count, ComputeDigest());
            }

            return _digest.Digest;
        }
    }

    /// <summary>Number of clusters of two reports or more.</summary>
    public int ClusterCount
    {
        get
        {
            Settle();
            return _clusterOf.Count(c => c.Value.Length > 1 && c.Value[0] == c.Key);
        }
    }

    /// <summary>All clusters of at least <paramref name="least"/> reports, by id: members in order, the
    /// first is the id.</summary>
    public IEnumerable<IReadOnlyList<Digest>> Clusters(int least = 2)
    {
        Settle();
        return _slotOf.Values.Where(s => MembersOf(s)[0] == s && MembersOf(s).Length >= least)
            .Select(Ids).OrderBy(c => c[0]);
    }

    /// <summary>The id of the cluster of a report: the smallest digest among its members. An id that was a
    /// cluster's once still leads to where its reports are now, so ids never die. Null for an id that was
    /// never here.</summary>
    public Digest? ClusterOf(Digest id)
    {
        Settle();
        var seen = new HashSet<Digest>();
        while (!_slotOf.ContainsKey(id) && seen.Add(id) && _redirects.TryGetValue(id, out Digest next))
        {
            id = next;
        }

        return _slotOf.TryGetValue(id, out int slot) ? _slots[MembersOf(slot)[0]]!.Item.Id : null;
    }

    /// <summary>The reports of a cluster, by any of its ids, in order; empty if there is none.</summary>
    public IReadOnlyList<Digest> Members(Digest id) =>
        ClusterOf(id) is Digest cluster ? Ids(_slotOf[cluster]) : [];

    /// <summary>How the members of its cluster relate to one report, most probable first.</summary>
    public IReadOnlyList<ClusterMember> Describe(Digest id)
    {
        if (ClusterOf(id) is null || !_slotOf.TryGetValue(id, out int slot))
        {
            return [];
        }

        return [.. MembersOf(slot).Where(s => s != slot).Select(s => Relate(slot, s)).OrderBy(Rank)];
    }

    /// <summary>The reports most probably of the same event as one, in its cluster or not, most probable
    /// first.</summary>
    public IReadOnlyList<ClusterMember> Similar(Digest id, int limit)
    {
        Settle();
        if (!_slotOf.TryGetValue(id, out int slot))
        {
            return [];
        }

        Edges edges = EdgesOf(slot);
        IEnumerable<int> others = edges.Pairs.OrderByDescending(p => p.Value).Take(limit).Select(p => p.Key)
            .Concat(edges.Joined).Concat(MembersOf(slot)).Distinct().Where(s => s != slot);
        return [.. others.Select(s => Relate(slot, s)).OrderBy(Rank).Take(limit)];
    }

    /// <summary>The reports most probably of the same event as one that is not here: a draft, a
    /// query.</summary>
    public IReadOnlyList<ClusterMember> Similar(ClusterItem draft, int limit)
    {
        var profile = new ItemProfile(draft, _weights);
        HashSet<int> slots = _candidates.Find(profile, _room);
        slots.UnionWith(profile.Keys.Where(IsEvidence).SelectMany(k => _evidence.GetValueOrDefault(k, [])));
        slots.UnionWith(profile.Signatures.SelectMany(s => _signatures.GetValueOrDefault(s, []).Values));
        return
        [
            .. slots.Select(s => _slots[s]!).Where(p => p.Item.Id != draft.Id)
                .Select(p => new ClusterMember(
                    p.Item.Id, Explain(profile, p), Ruling.None, []))
                .Where(m => m.Verdict.Probability > 0)
                .OrderBy(Rank).Take(limit),
        ];
    }

    /// <summary>All pairs that are kept, each once, with their probabilities: for evaluation.</summary>
    internal IEnumerable<(Digest A, Digest B, double Probability)> Pairs() =>
        from slot in _slotOf.Values
        from pair in EdgesOf(slot).Pairs
        where _slots[slot]!.Item.Id < _slots[pair.Key]!.Item.Id
        select (_slots[slot]!.Item.Id, _slots[pair.Key]!.Item.Id, pair.Value / (double)AverageLinkage.One);

    /// <summary>What people say about the reports of a cluster: claims with an end in it, by id.</summary>
    public IReadOnlyList<ClusterLink> Claims(Digest id) =>
    [
        .. Members(id).SelectMany(m => _links.Linked(m).SelectMany(o => _links.Claims(m, o)))
            .DistinctBy(c => c.Id).OrderBy(c => c.Id),
    ];

    private static (double, Digest) Rank(ClusterMember member) =>
        (-(member.Ruling == Ruling.Same ? 2 : member.Verdict.Probability), member.Id);

    private Digest[] Ids(int slot) => [.. MembersOf(slot).Select(s => _slots[s]!.Item.Id)];

    private PairVerdict Explain(ItemProfile a, ItemProfile b) =>
        _judge.Explain(a, b, PairJudge.Cosine(a, b), SharedEvidence(a, b));

    private ClusterMember Relate(int slot, int other)
    {
        ItemProfile a = _slots[slot]!, b = _slots[other]!;
        return new ClusterMember(
            b.Item.Id, Explain(a, b), _links.Rule(a.Item.Id, b.Item.Id), _links.Claims(a.Item.Id, b.Item.Id));
    }

    private Digest ComputeDigest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes("incidentmesh/clusters/v1"));
        hash.AppendData(Graph.ToArray());
        Span<byte> count = stackalloc byte[4];
        foreach (IReadOnlyList<Digest> cluster in Clusters(least: 1))
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(count, cluster.Count);
            hash.AppendData(count);
            foreach (Digest member in cluster)
            {
                hash.AppendData(member.ToArray());
            }
        }

        return new Digest(hash.GetHashAndReset());
    }
}

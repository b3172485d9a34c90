using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Cluster;

/// <content>Clusters again what changed.</content>
public sealed partial class ClusterEngine
{
    /// <summary>Step by which the floor of an oversized component rises until it falls apart.</summary>
    private const int FloorStep = AverageLinkage.One / 20;

    private readonly Dictionary<int, int[]> _componentOf = [];
    private readonly Dictionary<int, int[]> _clusterOf = [];

    private int[] MembersOf(int slot) =>
        _clusterOf.TryGetValue(slot, out int[]? members) ? members : [slot];

    private int[] ComponentOf(int slot) =>
        _componentOf.TryGetValue(slot, out int[]? members) ? members : [slot];

    private void Forget(int slot)
    {
        _componentOf.Remove(slot);
        _clusterOf.Remove(slot);
        _dirty.Remove(slot);
    }

    /// <summary>Brings clusters up to date: for each changed report, the component that it was in and the
    /// one that it is in now.</summary>
    private void Settle()
    {
        if (_dirty.Count == 0 && _freed.Count == 0)
        {
            return;
        }

        var region = new HashSet<int>();
        foreach (int slot in _dirty)
        {
            region.UnionWith(ComponentOf(slot).Where(s => _slots[s] is not null));
        }

        _dirty.Clear();
        var edges = new Dictionary<int, Edges>();
        var queue = new Queue<int>(region);
        while (queue.TryDequeue(out int slot))
        {
            edges[slot] = EdgesOf(slot);
            foreach (int other in edges[slot].Joining(Units(_judge.Model.Join)))
            {
                // A report outside the region brings its whole component along: it may be cut anew.
                foreach (int pulled in ComponentOf(other).Append(other))
                {
                    if (_slots[pulled] is not null && region.Add(pulled))
                    {
                        queue.Enqueue(pulled);
                    }
                }
            }
        }

        int[] all = [.. region.OrderBy(s => _slots[s]!.Item.Id)];
        foreach (int[] piece in Pieces(all, edges, Units(_judge.Model.Join)))
        {
            foreach (int slot in piece)
            {
                _componentOf[slot] = piece;
            }

            Split(piece, edges, Units(_judge.Model.Join));
        }

        _freed.ForEach(_free.Push);
        _freed.Clear();
    }

    /// <summary>Clusters one component, or, if it is too large, the parts into which a higher floor breaks
    /// it.</summary>
    private void Split(int[] piece, Dictionary<int, Edges> edges, int floor)
    {
        if (piece.Length <= ComponentLimit || floor > AverageLinkage.One)
        {
            Link(piece, edges, floor);
            return;
        }

        foreach (int[] part in Pieces(piece, edges, floor + FloorStep))
        {
            Split(part, edges, floor + FloorStep);
        }
    }

    private void Link(int[] piece, Dictionary<int, Edges> edges, int floor)
    {
        var indexOf = new Dictionary<int, int>();
        foreach (int slot in piece)
        {
            indexOf[slot] = indexOf.Count;
        }

        // Past the limit nothing but exact keys and people joins.
        bool machine = floor <= AverageLinkage.One;
        int[] roots = AverageLinkage.Cluster(
            piece.Length,
            machine ? Inside(indexOf, s => edges[s].Pairs.Select(p => (p.Key, p.Value))) : [],
            Units(_judge.Model.Cut),
            Inside(indexOf, s => edges[s].Joined.Select(o => (o, 0))).Select(p => (p.A, p.B)),
            Inside(indexOf, s => edges[s].Apart.Select(o => (o, 0))).Select(p => (p.A, p.B)),
            (a, b) => PairJudge.Veto(_slots[piece[a]]!, _slots[piece[b]]!) is not null);
        foreach (IGrouping<int, int> cluster in Enumerable.Range(0, piece.Length).GroupBy(i => roots[i]))
        {
            int[] members = [.. cluster.Select(i => piece[i])];
            foreach (int slot in members)
            {
                _clusterOf[slot] = members;
            }
        }

        _version++;
    }

    /// <summary>Pairs within a piece, each once, lower index first.</summary>
    private static IEnumerable<(int A, int B, int Probability)> Inside(
        Dictionary<int, int> indexOf, Func<int, IEnumerable<(int Slot, int Probability)>> pairs) =>
        from slot in indexOf.Keys
        from pair in pairs(slot)
        where indexOf.ContainsKey(pair.Slot) && indexOf[slot] < indexOf[pair.Slot]
        select (indexOf[slot], indexOf[pair.Slot], pair.Probability);

    /// <summary>Connected parts of a set of slots, members in the order of
    /// <paramref name="slots"/>.</summary>
    private static IEnumerable<int[]> Pieces(int[] slots, Dictionary<int, Edges> edges, int floor)
    {
        var order = slots.Select((slot, at) => (slot, at)).ToDictionary(x => x.slot, x => x.at);
        var seen = new HashSet<int>();
        foreach (int start in slots)
        {
            if (!seen.Add(start))
            {
                continue;
            }

            var piece = new List<int> { start };
            for (int i = 0; i < piece.Count; i++)
            {
                piece.AddRange(
                    edges[piece[i]].Joining(floor).Where(o => order.ContainsKey(o) && seen.Add(o)));
            }

            yield return [.. piece.OrderBy(s => order[s])];
        }
    }

    private Edges EdgesOf(int slot)
    {
        ItemProfile profile = _slots[slot]!;
        var edges = new Edges(_pairs.Of(slot).ToDictionary(p => p.Slot, p => p.Probability), [], []);
        foreach (ExactKey key in profile.Keys.Where(IsEvidence))
        {
            HashSet<int> sharers = Sharers(key);
            foreach (int other in sharers.Count <= Limits.Cluster.SharersOfEvidence ? sharers : [])
            {
                if (other != slot)
                {
                    ItemProfile theirs = _slots[other]!;
                    float cosine = PairJudge.Cosine(profile, theirs);
                    edges.Pairs[other] = Units(_judge.Probability(profile, theirs, cosine, key));
                }
            }
        }

        // Those who share what names the event are joined to the first of them: a star, not every pair.
        foreach (string signature in profile.Signatures)
        {
            SortedDictionary<Digest, int> group = Group(signature);
            int first = group.Values.First();
            IEnumerable<int> others = first == slot ? group.Values.Skip(1) : [first];
            edges.Joined.UnionWith(others.Where(o => PairJudge.IsSame(profile, _slots[o]!)));
        }

        foreach (Digest id in _links.Linked(profile.Item.Id))
        {
            if (_slotOf.TryGetValue(id, out int other))
            {
                switch (_links.Rule(profile.Item.Id, id))
                {
                    case Ruling.Same:
                        edges.Joined.Add(other);
                        break;
                    case Ruling.Different:
                        edges.Apart.Add(other);
                        edges.Joined.Remove(other);
                        break;
                    default:
                        break;
                }
            }
        }

        return edges;
    }

    /// <summary>What binds a report to others, and what keeps it apart.</summary>
    private sealed record Edges(Dictionary<int, int> Pairs, HashSet<int> Joined, HashSet<int> Apart)
    {
        public IEnumerable<int> Joining(int floor) =>
            Pairs.Where(p => p.Value >= floor).Select(p => p.Key).Concat(Joined);
    }
}

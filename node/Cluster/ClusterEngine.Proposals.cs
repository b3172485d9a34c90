using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Cluster;

/// <content>What people are asked.</content>
public sealed partial class ClusterEngine
{
    /// <summary>Pairs that a person should judge: at least "likely" to be the same event, and not decided by
    /// what people said; most probable first. Nothing is asked that follows from other answers: an event of
    /// n reports takes n - 1 of them. <c>specs/same-event.md</c>, "What people are asked".</summary>
    /// <param name="limit">At most so many.</param>
    /// <param name="total">How many there are.</param>
    /// <param name="putOff">Pairs that nobody can tell, either way round; null leaves none out.</param>
    public IReadOnlyList<ProposedPair> Proposals(
        int limit, out int total, IReadOnlySet<(Digest A, Digest B)>? putOff = null)
    {
        Settle();
        DisjointSets judged = new(_slots.Count), asked = new(_slots.Count);
        HashSet<(int, int)> decided = [];
        foreach ((int a, int b) in Judged(Ruling.Same))
        {
            judged.Join(a, b);
            asked.Join(a, b);
        }

        IEnumerable<(Digest, Digest)> open = putOff ?? Enumerable.Empty<(Digest, Digest)>();
        foreach ((int a, int b) in Judged(Ruling.Different).Concat(SlotsOf(open)))
        {
            decided.Add(Parts(a, b));
        }

        List<(int A, int B, int Probability)> all = [];
        foreach ((int a, int b, int probability) in Likely())
        {
            (Digest, Digest) ids = (_slots[a]!.Item.Id, _slots[b]!.Item.Id);
            bool left = putOff?.Contains(ids) == true || putOff?.Contains((ids.Item2, ids.Item1)) == true;
            (int, int) parts = Parts(a, b);
            bool asks = parts.Item1 != parts.Item2 && !decided.Contains(parts) && asked.Join(a, b);
            if (!left && (asks || _links.Rule(ids.Item1, ids.Item2) == Ruling.Disputed))
            {
                all.Add((a, b, probability));
            }
        }

        total = all.Count;
        return
        [
            .. all.Take(limit).Select(p =>
                new ProposedPair(_slots[p.A]!.Item.Id, _slots[p.B]!.Item.Id, Relate(p.A, p.B).Verdict)),
        ];

        (int, int) Parts(int a, int b)
        {
            (a, b) = (judged.Find(a), judged.Find(b));
            return (Math.Min(a, b), Math.Max(a, b));
        }
    }

    // Most probable first, the lower id of a pair first. What is likely joins a component, and most reports
    // are alone in theirs.
    private IEnumerable<(int A, int B, int Probability)> Likely()
    {
        int likely = Units(_judge.Model.Likely);
        return
            from slot in _slotOf.Values
            where ComponentOf(slot).Length > 1
            from pair in EdgesOf(slot).Pairs
            let ids = (A: _slots[slot]!.Item.Id, B: _slots[pair.Key]!.Item.Id)
            where pair.Value >= likely && ids.A < ids.B
            orderby pair.Value descending, ids.A, ids.B
            select (slot, pair.Key, pair.Value);
    }

    private IEnumerable<(int A, int B)> Judged(Ruling ruling) =>
        SlotsOf(_links.Pairs.Where(p => _links.Rule(p.A, p.B) == ruling));

    private IEnumerable<(int A, int B)> SlotsOf(IEnumerable<(Digest A, Digest B)> pairs)
    {
        foreach ((Digest a, Digest b) in pairs)
        {
            if (_slotOf.TryGetValue(a, out int first) && _slotOf.TryGetValue(b, out int second))
            {
                yield return (first, second);
            }
        }
    }
}

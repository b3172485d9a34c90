namespace IncidentMesh.Node.Cluster;

/// <summary>Agglomerative clustering by average linkage (UPGMA; Sokal and Michener 1958) over sparse pair
/// probabilities: a pair that is not listed counts as 0. Two clusters join while the mean probability
/// between their members is at least a cut.</summary>
/// <remarks>Probabilities are integers, so that sums do not depend on the order of addition; ties go to the
/// lower indices. The result therefore depends on the numbering alone, and callers number items by their
/// sorted ids.</remarks>
public static class AverageLinkage
{
    /// <summary>Units of a probability of 1.</summary>
    public const int One = 10_000;

    /// <summary>Clusters <paramref name="count"/> items.</summary>
    /// <param name="count">Number of items.</param>
    /// <param name="pairs">Pairs with their probabilities in units of 1/<see cref="One"/>; each at most
    /// once.</param>
    /// <param name="cut">Lowest mean probability that joins, same unit.</param>
    /// <param name="joined">Pairs that are in one cluster from the start, unless apart.</param>
    /// <param name="apart">Pairs that are never in one cluster.</param>
    /// <param name="veto">Says of two items, lower index first, whether they are never joined by their
    /// probability; asked only when their clusters are about to join. Null for never.</param>
    /// <returns>For each item, the lowest index of its cluster.</returns>
    public static int[] Cluster(
        int count,
        IEnumerable<(int A, int B, int Probability)> pairs,
        int cut,
        IEnumerable<(int A, int B)> joined,
        IEnumerable<(int A, int B)> apart,
        Func<int, int, bool>? veto = null)
    {
        var state = new State(count, cut, veto);
        foreach ((int a, int b, int probability) in pairs)
        {
            state.Sums[a][b] = probability;
            state.Sums[b][a] = probability;
        }

        foreach ((int a, int b) in apart)
        {
            state.Apart[a].Add(b);
            state.Apart[b].Add(a);
        }

        foreach ((int a, int b) in joined.Order())
        {
            state.Merge(state.Find(a), state.Find(b));
        }

        state.Run();
        return [.. Enumerable.Range(0, count).Select(state.Find)];
    }

    private sealed class State
    {
        private readonly int[] _root;
        private readonly int[] _size;
        private readonly int _cut;
        private readonly Func<int, int, bool>? _veto;
        private readonly List<int>[] _members;
        private readonly PriorityQueue<(int A, int B, long Sum, int SizeA, int SizeB), Rank> _queue = new();

        public State(int count, int cut, Func<int, int, bool>? veto)
        {
            _cut = cut;
            _veto = veto;
            _members = [.. Enumerable.Range(0, count).Select(i => new List<int> { i })];
            _root = [.. Enumerable.Range(0, count)];
            _size = [.. Enumerable.Repeat(1, count)];
            Sums = [.. Enumerable.Range(0, count).Select(_ => new Dictionary<int, long>())];
            Apart = [.. Enumerable.Range(0, count).Select(_ => new HashSet<int>())];
        }

        public Dictionary<int, long>[] Sums { get; }

        public HashSet<int>[] Apart { get; }

        public int Find(int item)
        {
            while (_root[item] != item)
            {
                item = _root[item] = _root[_root[item]];
            }

            return item;
        }

        public void Merge(int a, int b)
        {
            if (a == b || Apart[a].Contains(b))
            {
                return;
            }

            (int keep, int gone) = a < b ? (a, b) : (b, a);
            _root[gone] = keep;
            _size[keep] += _size[gone];
            _members[keep].AddRange(_members[gone]);
            Sums[keep].Remove(gone);
            foreach ((int other, long sum) in Sums[gone])
            {
                if (other != keep)
                {
                    Sums[other].Remove(gone);
                    Sums[keep][other] = Sums[other][keep] = Sums[keep].GetValueOrDefault(other) + sum;
                }
            }

            foreach (int other in Apart[gone])
            {
                Apart[other].Remove(gone);
                Apart[other].Add(keep);
                Apart[keep].Add(other);
            }

            Sums[gone].Clear();
            Apart[gone].Clear();
        }

        public void Run()
        {
            for (int a = 0; a < _root.Length; a++)
            {
                foreach (int b in Sums[a].Keys.Where(b => b > a))
                {
                    Offer(a, b);
                }
            }

            while (_queue.TryDequeue(out (int A, int B, long Sum, int SizeA, int SizeB) best, out _))
            {
                bool current = _root[best.A] == best.A && _root[best.B] == best.B
                    && _size[best.A] == best.SizeA && _size[best.B] == best.SizeB;
                if (!current || Apart[best.A].Contains(best.B) || IsVetoed(best.A, best.B))
                {
                    continue;
                }

                Merge(best.A, best.B);
                int keep = Math.Min(best.A, best.B);
                foreach (int other in Sums[keep].Keys)
                {
                    Offer(Math.Min(keep, other), Math.Max(keep, other));
                }
            }
        }

        private bool IsVetoed(int a, int b)
        {
            bool vetoed = _veto is not null
                && _members[a].Exists(x => _members[b].Exists(y => x < y ? _veto(x, y) : _veto(y, x)));
            if (vetoed)
            {
                Apart[a].Add(b);
                Apart[b].Add(a);
            }

            return vetoed;
        }

        private void Offer(int a, int b)
        {
            long sum = Sums[a][b];
            long cells = (long)_size[a] * _size[b];
            if (sum >= _cut * cells)
            {
                _queue.Enqueue((a, b, sum, _size[a], _size[b]), new Rank(sum, cells, a, b));
            }
        }
    }

    /// <summary>Higher mean first, then lower indices; fractions are compared exactly.</summary>
    private readonly record struct Rank(long Sum, long Cells, int A, int B) : IComparable<Rank>
    {
        public int CompareTo(Rank other)
        {
            int order = ((Int128)other.Sum * Cells).CompareTo((Int128)Sum * other.Cells);
            order = order != 0 ? order : A.CompareTo(other.A);
            return order != 0 ? order : B.CompareTo(other.B);
        }
    }
}

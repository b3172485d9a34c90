using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Sync;

/// <summary>A set of (created, id) that answers ranks and sums of ranges fast while it grows: a list of
/// sorted chunks of at most 512 items, each with its own sum, and running totals over the chunks that are
/// renewed from the first changed chunk when they are next asked for. Insert, remove and find cost a binary
/// search and one short move; the sum of any range costs two partial chunks. Not safe for several threads:
/// one owner.</summary>
public sealed class ReconciliationSet
{
    private const int ChunkItems = 512;

    private readonly List<Chunk> _chunks = [];
    private int[] _startOf = [0];
    private IdSum[] _sumBefore = [default];
    private int _fresh;

    /// <summary>Number of items.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an item; false if it is there already.</summary>
    public bool Add(ReconciliationItem item)
    {
        int chunkIndex = ChunkOf(item);
        if (chunkIndex == _chunks.Count)
        {
            chunkIndex = Math.Max(0, chunkIndex - 1);
        }

        if (_chunks.Count == 0)
        {
            _chunks.Add(new Chunk());
        }

        Chunk chunk = _chunks[chunkIndex];
        int at = chunk.LowerBound(item);
        if (at < chunk.Count && chunk.Items[at] == item)
        {
            return false;
        }

        if (chunk.Count == ChunkItems)
        {
            // New reports come in at the end: an even split there would leave every chunk half empty.
            int keep = at == ChunkItems && chunkIndex == _chunks.Count - 1 ? ChunkItems : ChunkItems / 2;
            Chunk right = chunk.SplitAt(keep);
            _chunks.Insert(chunkIndex + 1, right);
            if (at >= keep)
            {
                chunk = right;
                at -= keep;
            }
        }

        chunk.Insert(at, item);
        _fresh = Math.Min(_fresh, chunkIndex);
        Count++;
        return true;
    }

    /// <summary>Removes an item; false if it is not there.</summary>
    public bool Remove(ReconciliationItem item)
    {
        int chunkIndex = ChunkOf(item);
        if (chunkIndex == _chunks.Count)
        {
            return false;
        }

        Chunk chunk = _chunks[chunkIndex];
        int at = chunk.LowerBound(item);
        if (at == chunk.Count || chunk.Items[at] != item)
        {
            return false;
        }

        chunk.RemoveAt(at);
        _fresh = Math.Min(_fresh, chunkIndex);
        Count--;
        if (chunk.Count == 0)
        {
            _chunks.RemoveAt(chunkIndex);
        }
        else if (chunkIndex + 1 < _chunks.Count
            && chunk.Count + _chunks[chunkIndex + 1].Count <= ChunkItems / 2)
        {
            chunk.Append(_chunks[chunkIndex + 1]);
            _chunks.RemoveAt(chunkIndex + 1);
        }

        return true;
    }

    /// <summary>Removes everything.</summary>
    public void Clear()
    {
        _chunks.Clear();
        _fresh = 0;
        Count = 0;
    }

    /// <summary>Whether the item is there.</summary>
    public bool Contains(ReconciliationItem item)
    {
        int chunkIndex = ChunkOf(item);
        if (chunkIndex == _chunks.Count)
        {
            return false;
        }

        Chunk chunk = _chunks[chunkIndex];
        int at = chunk.LowerBound(item);
        return at < chunk.Count && chunk.Items[at] == item;
    }

    /// <summary>The item at a rank.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rank is not below <see cref="Count"/>.</exception>
    public ReconciliationItem this[int rank]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)rank, (uint)Count, nameof(rank));
            int chunkIndex = ChunkAtRank(rank);
            return _chunks[chunkIndex].Items[rank - _startOf[chunkIndex]];
        }
    }

    /// <summary>How many items lie before <paramref name="bound"/>.</summary>
    public int LowerBound(ReconciliationItem bound)
    {
        Refresh();
        int chunkIndex = ChunkOf(bound);
        return chunkIndex == _chunks.Count ? Count
            : _startOf[chunkIndex] + _chunks[chunkIndex].LowerBound(bound);
    }

    /// <summary>The sum of the ids at ranks below <paramref name="rank"/>.</summary>
    internal IdSum SumBefore(int rank)
    {
        Refresh();
        if (rank == Count)
        {
            return _sumBefore[_chunks.Count];
        }

        int chunkIndex = ChunkAtRank(rank);
        Chunk chunk = _chunks[chunkIndex];
        int within = rank - _startOf[chunkIndex];
        IdSum sum;
        if (within <= chunk.Count / 2)
        {
            sum = _sumBefore[chunkIndex];
            for (int i = 0; i < within; i++)
            {
                sum.Add(chunk.Items[i].Id);
            }
        }
        else
        {
            sum = _sumBefore[chunkIndex + 1];
            for (int i = within; i < chunk.Count; i++)
            {
                sum.Subtract(chunk.Items[i].Id);
            }
        }

        return sum;
    }

    /// <summary>The items from one rank up to another, without copying. The set must not change
    /// meanwhile.</summary>
    public IEnumerable<ReconciliationItem> Range(int from, int to)
    {
        if (from >= to)
        {
            yield break;
        }

        Refresh();
        int chunkIndex = ChunkAtRank(from);
        int within = from - _startOf[chunkIndex];
        for (int left = to - from; left > 0; left--)
        {
            if (within == _chunks[chunkIndex].Count)
            {
                chunkIndex++;
                within = 0;
            }

            yield return _chunks[chunkIndex].Items[within++];
        }
    }

    /// <summary>Index of the first chunk whose last item is not before <paramref name="item"/>.</summary>
    private int ChunkOf(ReconciliationItem item)
    {
        int low = 0;
        int high = _chunks.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_chunks[middle].Last < item)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private int ChunkAtRank(int rank)
    {
        Refresh();
        int found = Array.BinarySearch(_startOf, 0, _chunks.Count, rank);
        return found >= 0 ? found : ~found - 1;
    }

    private void Refresh()
    {
        if (_startOf.Length <= _chunks.Count)
        {
            Array.Resize(ref _startOf, Math.Max(16, (_chunks.Count * 2) + 1));
            Array.Resize(ref _sumBefore, _startOf.Length);
        }

        for (; _fresh < _chunks.Count; _fresh++)
        {
            Chunk chunk = _chunks[_fresh];
            _startOf[_fresh + 1] = _startOf[_fresh] + chunk.Count;
            _sumBefore[_fresh + 1] = _sumBefore[_fresh];
            _sumBefore[_fresh + 1].Add(chunk.Sum);
        }
    }

    private sealed class Chunk
    {
        public readonly ReconciliationItem[] Items = new ReconciliationItem[ChunkItems];
        public IdSum Sum;

        public int Count { get; private set; }

        public ReconciliationItem Last => Items[Count - 1];

        public int LowerBound(ReconciliationItem item)
        {
            int found = Array.BinarySearch(Items, 0, Count, item);
            return found >= 0 ? found : ~found;
        }

        public void Insert(int at, ReconciliationItem item)
        {
            Array.Copy(Items, at, Items, at + 1, Count - at);
            Items[at] = item;
            Sum.Add(item.Id);
            Count++;
        }

        public void RemoveAt(int at)
        {
            Sum.Subtract(Items[at].Id);
            Count--;
            Array.Copy(Items, at + 1, Items, at, Count - at);
        }

        public Chunk SplitAt(int keep)
        {
            var right = new Chunk { Count = Count - keep };
            Array.Copy(Items, keep, right.Items, 0, right.Count);
            for (int i = 0; i < right.Count; i++)
            {
                right.Sum.Add(right.Items[i].Id);
            }

            Sum.Subtract(right.Sum);
            Count = keep;
            return right;
        }

        public void Append(Chunk right)
        {
            Array.Copy(right.Items, 0, Items, Count, right.Count);
            Count += right.Count;
            Sum.Add(right.Sum);
        }
    }
}

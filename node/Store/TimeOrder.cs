namespace IncidentMesh.Node.Store;

/// <summary>The rows by (created, id), oldest first: the order of reconciliation and, backwards, of every
/// list. Rows that were just added are sorted in when somebody asks, few by moving, many by
/// merging.</summary>
internal sealed class TimeOrder(ColumnArrays arrays)
{
    private const int FewRows = 32;

    private int[] _order = new int[256];
    private int _sorted;

    /// <summary>Whether rows wait to be sorted in.</summary>
    public bool Stale => _sorted != arrays.Count;

    /// <summary>The rows in order; not <see cref="Stale"/>.</summary>
    public ReadOnlySpan<int> Rows => _order.AsSpan(0, _sorted);

    public void Refresh()
    {
        int count = arrays.Count, added = count - _sorted;
        if (count > _order.Length) { Array.Resize(ref _order, Math.Max(count, _order.Length * 2)); }
        for (int row = _sorted; row < count; row++) { _order[row] = row; }
        if (added > FewRows)
        {
            _order.AsSpan(_sorted, added).Sort(Compare);
            if (_sorted > 0 && Compare(_order[_sorted - 1], _order[_sorted]) > 0) { Merge(count); }
        }
        else
        {
            for (int at = _sorted; at < count; at++) { MoveIn(at); }
        }
        _sorted = count;
    }

    /// <summary>The number of rows created before a Unix second.</summary>
    public int LowerBound(long created)
    {
        int low = 0, high = _sorted;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (arrays.Created[_order[middle]] < created) { low = middle + 1; }
            else { high = middle; }
        }
        return low;
    }

    private void MoveIn(int at)
    {
        int row = _order[at], low = 0, high = at;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (Compare(_order[middle], row) < 0) { low = middle + 1; }
            else { high = middle; }
        }
        Array.Copy(_order, low, _order, low + 1, at - low);
        _order[low] = row;
    }

    private void Merge(int count)
    {
        int[] left = _order[.._sorted];
        int a = 0, b = _sorted, to = 0;
        while (a < left.Length)
        {
            bool fromLeft = b >= count || Compare(left[a], _order[b]) < 0;
            _order[to++] = fromLeft ? left[a++] : _order[b++];
        }
    }

    private int Compare(int a, int b)
    {
        int order = arrays.Created[a].CompareTo(arrays.Created[b]);
        return order != 0 ? order : arrays.Ids[a].CompareTo(arrays.Ids[b]);
    }
}

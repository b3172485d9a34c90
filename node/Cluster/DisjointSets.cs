namespace IncidentMesh.Node.Cluster;

/// <summary>Parts of numbered items, joined pair by pair (Galler and Fischer 1964); a part goes by its lowest
/// item.</summary>
/// <param name="count">Number of items.</param>
internal sealed class DisjointSets(int count)
{
    private readonly int[] _first = [.. Enumerable.Range(0, count)];

    /// <summary>The lowest item of a part.</summary>
    public int Find(int item)
    {
        while (_first[item] != item)
        {
            item = _first[item] = _first[_first[item]];
        }

        return item;
    }

    /// <summary>Joins two parts; false where they were one.</summary>
    public bool Join(int a, int b)
    {
        (a, b) = (Find(a), Find(b));
        _first[Math.Max(a, b)] = Math.Min(a, b);
        return a != b;
    }
}

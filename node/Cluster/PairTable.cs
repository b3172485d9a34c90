namespace IncidentMesh.Node.Cluster;

/// <summary>Probabilities of the pairs that were compared: for each slot its best neighbours, at most
/// <see cref="Protocol.Limits.Cluster.NeighboursPerReport"/>. A pair counts if both sides keep it, so that
/// a flood of look-alikes costs bounded memory and what counts is a function of the set of
/// reports.</summary>
internal sealed class PairTable
{
    private readonly List<Neighbours> _slots = [];

    /// <summary>Records a pair; a lower one may be pushed out on either side.</summary>
    /// <param name="a">A slot.</param>
    /// <param name="b">Another slot.</param>
    /// <param name="probability">In units of 1/<see cref="AverageLinkage.One"/>.</param>
    /// <param name="idA">Breaks ties: the digest of the report in slot <paramref name="a"/>.</param>
    /// <param name="idB">The digest of the report in slot <paramref name="b"/>.</param>
    public void Set(int a, int b, int probability, Protocol.Wire.Digest idA, Protocol.Wire.Digest idB)
    {
        At(a).Set(b, probability, idB);
        At(b).Set(a, probability, idA);
    }

    /// <summary>The pairs of a slot that count, with their probabilities.</summary>
    public IEnumerable<(int Slot, int Probability)> Of(int slot) =>
        At(slot).Best.Where(n => At(n.Key).Best.ContainsKey(slot)).Select(n => (n.Key, n.Value));

    /// <summary>The neighbours that a slot keeps, whether they keep it or not.</summary>
    public IEnumerable<(int Slot, int Probability)> Kept(int slot) =>
        At(slot).Best.Select(n => (n.Key, n.Value));

    /// <summary>Whether neighbours of a slot were pushed out.</summary>
    public bool Overflowed(int slot) => At(slot).Overflowed;

    /// <summary>Lets one slot keep a neighbour, as <see cref="Kept"/> told it.</summary>
    public void Keep(int slot, int other, int probability, Protocol.Wire.Digest idOfOther) =>
        At(slot).Set(other, probability, idOfOther);

    /// <summary>Sets what <see cref="Overflowed"/> told.</summary>
    public void SetOverflowed(int slot, bool overflowed) => At(slot).Overflowed = overflowed;

    /// <summary>Forgets a slot.</summary>
    /// <returns>The slots whose list was full and now has room: they must be compared again.</returns>
    public List<int> Clear(int slot)
    {
        Neighbours mine = At(slot);
        IEnumerable<int> others = mine.Overflowed ? Enumerable.Range(0, _slots.Count) : mine.Best.Keys;
        List<int> again = [.. others.Where(o => o != slot && _slots[o].Remove(slot))];
        mine.Clear();
        return again;
    }

    private Neighbours At(int slot)
    {
        while (_slots.Count <= slot)
        {
            _slots.Add(new Neighbours());
        }

        return _slots[slot];
    }

    private sealed class Neighbours
    {
        private readonly SortedSet<(int Probability, Protocol.Wire.Digest Id, int Slot)> _order = [];

        /// <summary>Whether pairs were pushed out: others may then keep this slot that it does not
        /// keep.</summary>
        public bool Overflowed { get; set; }

        public Dictionary<int, int> Best { get; } = [];

        public void Set(int slot, int probability, Protocol.Wire.Digest id)
        {
            if (!Best.TryAdd(slot, probability))
            {
                return;
            }

            _order.Add((probability, id, slot));
            if (Best.Count > Protocol.Limits.Cluster.NeighboursPerReport)
            {
                (int, Protocol.Wire.Digest, int Slot) least = _order.Min;
                _order.Remove(least);
                Best.Remove(least.Slot);
                Overflowed = true;
            }
        }

        public bool Remove(int slot)
        {
            if (!Best.Remove(slot))
            {
                return false;
            }

            _order.RemoveWhere(n => n.Slot == slot);
            return Overflowed;
        }

        public void Clear()
        {
            Best.Clear();
            _order.Clear();
            Overflowed = false;
        }
    }
}

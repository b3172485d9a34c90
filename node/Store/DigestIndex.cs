using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Store;

/// <summary>From a digest to its number: digests in the order of adding, and an open-addressed table of
/// numbers. A digest is its own hash, as far as nobody can choose it: ids are SHA-256 of signed bytes, and
/// grinding them makes at most longer probes, so the seed of this process is mixed in.</summary>
internal sealed class DigestIndex
{
    private static readonly int Seed = Random.Shared.Next();

    private Digest[] _digests = new Digest[64];
    private int[] _slots = new int[256];

    public int Count { get; private set; }

    public ref readonly Digest this[int number] => ref _digests[number];

    public ReadOnlySpan<Digest> All => _digests.AsSpan(0, Count);

    /// <summary>The number of a digest, or -1.</summary>
    public int Find(in Digest digest)
    {
        for (int slot = SlotOf(digest); ; slot = (slot + 1) & (_slots.Length - 1))
        {
            int number = _slots[slot] - 1;
            if (number < 0 || _digests[number].Equals(digest)) { return number; }
        }
    }

    /// <summary>The number of a digest, which is added if it is new.</summary>
    public int Add(in Digest digest)
    {
        int number = Find(digest);
        if (number >= 0) { return number; }
        if (Count == _digests.Length) { Array.Resize(ref _digests, Count * 2); }
        number = Count++;
        _digests[number] = digest;
        if (Count * 2 > _slots.Length) { Grow(_slots.Length * 2); }
        else { Place(number); }
        return number;
    }

    /// <summary>Makes room for a number of digests at once.</summary>
    public void Reserve(int count)
    {
        if (count > _digests.Length) { Array.Resize(ref _digests, count); }
        int slots = _slots.Length;
        while (slots < count * 2) { slots *= 2; }
        if (slots > _slots.Length) { Grow(slots); }
    }

    private void Grow(int slots)
    {
        _slots = new int[slots];
        for (int number = 0; number < Count; number++) { Place(number); }
    }

    private void Place(int number)
    {
        int slot = SlotOf(_digests[number]);
        while (_slots[slot] != 0) { slot = (slot + 1) & (_slots.Length - 1); }
        _slots[slot] = number + 1;
    }

    private int SlotOf(in Digest digest)
    {
        uint hash = (uint)(digest.GetHashCode() ^ Seed) * 0x9e3779b1u;
        return (int)(hash >> 7) & (_slots.Length - 1);
    }
}

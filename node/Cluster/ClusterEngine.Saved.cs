using System.Security.Cryptography;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Cluster;

/// <content>Keeps the pairs between starts.</content>
public sealed partial class ClusterEngine
{
    private SavedPairs? _saved;

    /// <summary>Pairs of reports that were compared since the start.</summary>
    public long Compared { get; private set; }

    /// <summary>What a pair's probability depends on besides the two reports. The label changes with the code
    /// of the features or of the candidates.</summary>
    private Digest PairsKey
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData("incidentmesh/pairs/v1"u8);
            hash.AppendData(Graph.ToArray());
            hash.AppendData(_judge.Model.Digest.ToArray());
            hash.AppendData(_weights.Digest.ToArray());
            return new Digest(hash.GetHashAndReset());
        }
    }

    /// <summary>The pairs of all reports as bytes, for <see cref="TryRecall"/>.</summary>
    public byte[] SavePairs()
    {
        int[] slots = [.. _slotOf.Values];
        var places = slots.Select((slot, place) => (slot, place)).ToDictionary(x => x.slot, x => x.place);
        return new SavedPairs(
            [.. slots.Select(slot => _slots[slot]!.Item.Id)],
            [.. slots.Select(Neighbours)]).Write(PairsKey);

        SavedNeighbours Neighbours(int slot) => new(
            _pairs.Overflowed(slot), [.. _pairs.Kept(slot).Select(n => (places[n.Slot], n.Probability))]);
    }

    /// <summary>Takes the pairs that an engine of the same graph, tables and pair model saved; false where
    /// the bytes are none. Then <see cref="Place"/> the reports that they know, and end with
    /// <see cref="EndRecall"/> before any other is added.</summary>
    public bool TryRecall(ReadOnlySpan<byte> bytes) => SavedPairs.TryRead(bytes, PairsKey, out _saved);

    /// <summary>Adds a report whose pairs were saved, without comparing it; false where they were
    /// not.</summary>
    public bool Place(ClusterItem item)
    {
        if (_saved?.Contains(item.Id) != true || Contains(item.Id))
        {
            return false;
        }

        AddUncompared(new ItemProfile(item, _weights));
        return true;
    }

    /// <summary>Puts the saved pairs of the reports that were placed in their places. A report that lost a
    /// neighbour for which others had been pushed out is compared again.</summary>
    public void EndRecall()
    {
        SavedPairs? saved = _saved;
        _saved = null;
        var again = new List<int>();
        for (int i = 0; i < saved?.Ids.Count; i++)
        {
            if (!_slotOf.TryGetValue(saved.Ids[i], out int slot))
            {
                continue;
            }

            SavedNeighbours neighbours = saved.Neighbours[i];
            bool lost = false;
            foreach ((int place, int probability) in neighbours.Best)
            {
                Digest id = saved.Ids[place];
                lost |= !_slotOf.TryGetValue(id, out int other);
                if (_slotOf.ContainsKey(id))
                {
                    _pairs.Keep(slot, other, probability, id);
                }
            }

            _pairs.SetOverflowed(slot, neighbours.Overflowed);
            if (lost && neighbours.Overflowed)
            {
                again.Add(slot);
            }
        }

        again.ForEach(Compare);
    }
}

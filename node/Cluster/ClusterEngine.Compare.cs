using IncidentMesh.Node.Embed;
using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Cluster;

/// <content>Compares reports with their candidates.</content>
public sealed partial class ClusterEngine
{
    /// <summary>Pairs below this probability are not kept: they count as 0 in a mean.</summary>
    private const int PairFloor = 200;

    private readonly CandidateIndex.Room _room = new();

    /// <summary>Adds a report, or replaces what is known of it (its vector came, its author corrected
    /// it).</summary>
    public void Add(ClusterItem item) => Compare(AddUncompared(new ItemProfile(item, _weights)));

    /// <summary>Adds many reports, as <see cref="Add"/> does one after the other, on all cores.</summary>
    public void AddRange(IReadOnlyList<ClusterItem> items)
    {
        var profiles = new ItemProfile[items.Count];
        Parallel.For(0, profiles.Length, i => profiles[i] = new ItemProfile(items[i], _weights));
        HashSet<int> added = [.. profiles.Select(AddUncompared)];
        int[] slots = [.. added.Where(slot => _slots[slot] is not null)];
        var near = new List<(int Slot, int Probability)>[slots.Length];
        Parallel.For(0, slots.Length, () => new CandidateIndex.Room(), Find, _ => { });
        for (int i = 0; i < slots.Length; i++)
        {
            Keep(slots[i], near[i]);
        }

        // Of two that are new, one looks for the other.
        CandidateIndex.Room Find(int i, ParallelLoopState loop, CandidateIndex.Room room)
        {
            near[i] = Judge(slots[i], room, other => other > slots[i] && added.Contains(other));
            return room;
        }
    }

    private void Compare(int slot) => Keep(slot, Judge(slot, _room, _ => false));

    private void Keep(int slot, List<(int Slot, int Probability)> near)
    {
        Compared += near.Count;
        foreach ((int other, int probability) in near)
        {
            if (probability >= PairFloor)
            {
                _pairs.Set(slot, other, probability, _slots[slot]!.Item.Id, _slots[other]!.Item.Id);
            }
        }
    }

    /// <summary>The probabilities of the pairs of a report and its candidates. Changes nothing but the room,
    /// so that several threads may judge, each with its own.</summary>
    private List<(int Slot, int Probability)> Judge(
        int slot, CandidateIndex.Room room, Predicate<int> leaveOut)
    {
        ItemProfile profile = _slots[slot]!;
        Span<float> vector = stackalloc float[Vectors.Dimensions];
        if (profile.HasVector)
        {
            profile.CopyVectorTo(vector);
        }

        List<(int, int)> near = [];
        foreach (int other in _candidates.Find(profile, room))
        {
            if (other == slot || _slots[other] is not ItemProfile theirs || leaveOut(other))
            {
                continue;
            }

            float cosine = PairJudge.Cosine(vector, theirs);
            if (CandidateIndex.IsNear(profile, theirs, cosine))
            {
                near.Add((other, Units(_judge.Probability(profile, theirs, cosine, null))));
            }
        }

        return near;
    }

    /// <summary>An evidence key that both reports have and few others: a value that many share says
    /// nothing.</summary>
    private ExactKey? SharedEvidence(ItemProfile a, ItemProfile b)
    {
        foreach (ExactKey key in a.Keys.Where(IsEvidence))
        {
            if (Array.BinarySearch(b.Keys, key) >= 0
                && Sharers(key).Count <= Limits.Cluster.SharersOfEvidence)
            {
                return key;
            }
        }

        return null;
    }
}

using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Store;

/// <summary>The versions of one report: the records of its author that supersede each other, by way of
/// whatever record, held or not. What is in quarantine or dropped is none
/// (<c>specs/records.md</c>, "Corrections").</summary>
/// <param name="arrays">The columns.</param>
/// <param name="naming">The rows that name an id by a relation.</param>
internal sealed class RowVersions(ColumnArrays arrays, Func<Digest, IReadOnlyList<int>> naming)
{
    private const string Supersedes = "supersedes";

    /// <summary>All versions of the record in a row, its own included; the current one is the last: the
    /// deepest, then the one created last, then that of the greatest id.</summary>
    public int[] Of(int row)
    {
        List<int> members = [row];
        if (IsSilent(row))
        {
            return [row];
        }

        HashSet<int> seen = [row];
        HashSet<Digest> named = [];
        for (int i = 0; i < members.Count; i++)
        {
            foreach (Digest id in Before(members[i]).Append(arrays.Ids[members[i]]).Where(named.Add))
            {
                int held = arrays.Ids.Find(id);
                foreach (int other in Successors(id, row).Append(held).Where(o => o >= 0))
                {
                    if (IsVersion(other, row) && seen.Add(other))
                    {
                        members.Add(other);
                    }
                }
            }
        }

        return members.Count == 1 ? [row] : Ordered(members);
    }

    /// <summary>The ids that a row supersedes.</summary>
    public IEnumerable<Digest> Before(int row)
    {
        for (int link = arrays.LinkStart[row]; link < arrays.LinkStart[row + 1]; link++)
        {
            if (arrays.Relations.ValueOf(arrays.LinkHow[link]) == Supersedes)
            {
                yield return arrays.LinkTo[link];
            }
        }
    }

    /// <summary>Whether what a row says does not count.</summary>
    public bool IsSilent(int row) =>
        (arrays.Flags[row] & (int)(RowFlags.Dropped | RowFlags.Quarantined)) != 0;

    private bool IsVersion(int other, int row) =>
        arrays.Author[other] == arrays.Author[row] && !IsSilent(other);

    private IEnumerable<int> Successors(Digest id, int row) =>
        naming(id).Where(other => IsVersion(other, row) && Before(other).Contains(id));

    // Each version is taken once all that it supersedes have their depth (Kahn, 1962).
    private int[] Ordered(List<int> members)
    {
        Dictionary<int, int> waitsFor = [], depths = [];
        Dictionary<int, List<int>> successors = members.ToDictionary(m => m, _ => new List<int>());
        foreach (int member in members)
        {
            int[] before =
            [
                .. Before(member).Distinct().Select(id => arrays.Ids.Find(id)).Where(successors.ContainsKey),
            ];
            waitsFor[member] = before.Length;

            // One that supersedes what is not held is no first version.
            depths[member] = Before(member).Any() ? 1 : 0;
            Array.ForEach(before, b => successors[b].Add(member));
        }

        Queue<int> ready = new(members.Where(m => waitsFor[m] == 0));
        while (ready.TryDequeue(out int version))
        {
            foreach (int next in successors[version])
            {
                depths[next] = Math.Max(depths[next], depths[version] + 1);
                if (--waitsFor[next] == 0)
                {
                    ready.Enqueue(next);
                }
            }
        }

        return [.. members.OrderBy(m => depths[m]).ThenBy(m => arrays.Created[m]).ThenBy(m => arrays.Ids[m])];
    }
}

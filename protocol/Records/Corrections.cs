using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Which version of a record is current, out of the corrections and retractions that are known, in
/// whatever order they came. Only the author of a record can correct or retract it; what others sign to that
/// end has no effect. <c>specs/records.md</c>, "Corrections".</summary>
public sealed class Corrections
{
    private readonly Dictionary<Cid, Version> _versions = [];
    private readonly Dictionary<(Cid Author, Cid Of), List<Cid>> _successors = [];
    private readonly HashSet<(Cid Author, Cid Of)> _retracted = [];

    /// <summary>Takes in a valid record. Only corrections and retractions are kept; taking one twice changes
    /// nothing.</summary>
    public void Add(Cid id, RecordHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (header.Type == RecordTypes.Retraction)
        {
            foreach (Cid of in header.RelatedBy(Relation.Retracts))
            {
                _retracted.Add((header.Author, of));
            }
        }

        if (header.Type != RecordTypes.Correction || _versions.ContainsKey(id))
        {
            return;
        }

        Cid[] supersedes = [.. header.RelatedBy(Relation.Supersedes).Distinct()];
        _versions.Add(id, new Version(header.Author, header.Created, supersedes));
        foreach (Cid of in supersedes)
        {
            (Cid, Cid) key = (header.Author, of);
            if (!_successors.TryGetValue(key, out List<Cid>? ids))
            {
                _successors.Add(key, ids = []);
            }

            ids.Add(id);
        }
    }

    /// <summary>All versions of the record that <paramref name="id"/> is a version of, the first one first,
    /// then by depth, time and id: the last is the current one. The first may be one that is named and not
    /// held.</summary>
    /// <param name="id">A report or a correction.</param>
    /// <param name="author">Its author.</param>
    public IReadOnlyList<Cid> HistoryOf(Cid id, Cid author)
    {
        HashSet<Cid> roots = RootsOf(id, author);
        Dictionary<Cid, int> waitsFor = CountPredecessors(roots, author);
        Dictionary<Cid, int> depths = roots.ToDictionary(root => root, _ => 0);
        Queue<Cid> ready = new(roots);

        // Each version is taken once all that it supersedes have their depth (Kahn, 1962): linear in the
        // references.
        while (ready.TryDequeue(out Cid version))
        {
            foreach (Cid next in SuccessorsOf(version, author))
            {
                depths[next] = Math.Max(depths.GetValueOrDefault(next), depths[version] + 1);
                if (--waitsFor[next] == 0)
                {
                    ready.Enqueue(next);
                }
            }
        }

        return
        [
            .. from pair in depths
               orderby pair.Value, _versions.GetValueOrDefault(pair.Key)?.Created ?? 0, pair.Key
               select pair.Key,
        ];
    }

    /// <summary>The current version: the deepest in the order of <c>supersedes</c>, then the one created
    /// last, then the greatest id.</summary>
    /// <param name="id">A report or a correction.</param>
    /// <param name="author">Its author.</param>
    public Cid CurrentOf(Cid id, Cid author) => HistoryOf(id, author)[^1];

    /// <summary>True where the author retracted any version.</summary>
    /// <param name="id">A report or a correction.</param>
    /// <param name="author">Its author.</param>
    public bool IsRetracted(Cid id, Cid author) =>
        HistoryOf(id, author).Any(version => _retracted.Contains((author, version)));

    /// <summary>The versions that supersede nothing, of all that <paramref name="id"/> is joined with by what
    /// supersedes what.</summary>
    private HashSet<Cid> RootsOf(Cid id, Cid author)
    {
        HashSet<Cid> roots = [];
        HashSet<Cid> seen = [id];
        Stack<Cid> open = new([id]);
        while (open.TryPop(out Cid version))
        {
            foreach (Cid next in SuccessorsOf(version, author).Where(seen.Add))
            {
                open.Push(next);
            }

            bool corrects = _versions.TryGetValue(version, out Version? known) && known.Author == author
                && known.Supersedes.Length > 0;
            if (!corrects)
            {
                roots.Add(version);
                continue;
            }

            foreach (Cid before in known!.Supersedes.Where(seen.Add))
            {
                open.Push(before);
            }
        }

        return roots;
    }

    /// <summary>For each version below <paramref name="roots"/>, how many of those it supersedes.</summary>
    private Dictionary<Cid, int> CountPredecessors(HashSet<Cid> roots, Cid author)
    {
        Dictionary<Cid, int> counts = [];
        Queue<Cid> open = new(roots);
        while (open.TryDequeue(out Cid version))
        {
            foreach (Cid next in SuccessorsOf(version, author))
            {
                if (!counts.TryAdd(next, 1))
                {
                    counts[next]++;
                }
                else
                {
                    open.Enqueue(next);
                }
            }
        }

        return counts;
    }

    private List<Cid> SuccessorsOf(Cid version, Cid author) =>
        _successors.GetValueOrDefault((author, version)) ?? [];

    private sealed record Version(Cid Author, long Created, Cid[] Supersedes);
}

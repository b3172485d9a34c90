using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Store;

/// <summary>Works out what records say of each other: which is superseded, retracted, disputed, followed.
/// The result depends on which records are known, never on the order in which they came
/// (<c>specs/records.md</c>).</summary>
internal sealed class RowStates
{
    private const string Retraction = "retracts", Attests = "attests";
    private const string Dispute = "dispute", Corroborate = "corroborate";

    // What a new version takes over from the one before it.
    private const int Inherited = (int)(RowFlags.Retracted | RowFlags.Disputed | RowFlags.Bookmarked);

    private readonly ColumnArrays _arrays;
    private readonly RowVersions _versions;
    private readonly List<int> _targets = [];

    // Row numbers of the records that name an id by a relation, be it known or not; and of those that name
    // an id as their prev which is not known yet.
    private readonly Dictionary<Digest, List<int>> _named = [], _waited = [];

    public RowStates(ColumnArrays columns)
    {
        _arrays = columns;
        _versions = new RowVersions(columns, id => Naming(id));
    }

    /// <summary>The records that name another by a relation, in the order of adding.</summary>
    public IReadOnlyList<int> Naming(in Digest id) => _named.TryGetValue(id, out List<int>? rows) ? rows : [];

    /// <summary>All versions of the record in a row, the current one last.</summary>
    public int[] Versions(int row) => _versions.Of(row);

    /// <summary>Takes in a row that was just added: what it says of others, and what others said of
    /// it.</summary>
    public void Add(int row)
    {
        if (_waited.Remove(_arrays.Ids[row], out List<int>? after))
        {
            foreach (int later in after) { Follow(later, row); }
        }
        foreach (int target in Note(row)) { Follow(row, target); }
        if (Naming(_arrays.Ids[row]).Count > 0 || (_versions.Before(row).Any() && !Continues(row)))
        {
            Settle(row);
        }
        foreach (int target in Judged(row)) { Settle(target); }
    }

    /// <summary>Builds the tables again from rows whose flags are known already.</summary>
    public void Restore()
    {
        for (int row = 0; row < _arrays.Count; row++) { _ = Note(row); }
    }

    /// <summary>Works out anew what stands of a record, and of those that it names, after it went silent or
    /// is so no longer.</summary>
    public void Recompute(int row)
    {
        Settle(row);
        foreach (int naming in Naming(_arrays.Ids[row])) { Settle(naming); }
        for (int link = _arrays.LinkStart[row]; link < _arrays.LinkStart[row + 1]; link++)
        {
            int target = _arrays.Ids.Find(_arrays.LinkTo[link]);
            if (target >= 0) { Settle(target); }
        }
    }

    // The newest version of a line of them, which is the common case, is the deepest whatever its line is.
    private bool Continues(int row)
    {
        Digest[] before = [.. _versions.Before(row)];
        int last = before.Length == 1 ? _arrays.Ids.Find(before[0]) : -1;
        if (last < 0 || _versions.IsSilent(row) || _versions.IsSilent(last)
            || _arrays.Author[last] != _arrays.Author[row]
            || (_arrays.Flags[last] & (int)RowFlags.Superseded) != 0)
        {
            return false;
        }
        _arrays.Flags[row] |= (int)RowFlags.Corrects | (_arrays.Flags[last] & Inherited);
        _arrays.Flags[last] |= (int)RowFlags.Superseded;
        return true;
    }

    // The rows of which a record says something that was not known of them. One that is not held may have
    // later versions that are.
    private List<int> Judged(int row)
    {
        List<int> judged = [];
        for (int link = _arrays.LinkStart[row]; link < _arrays.LinkStart[row + 1]; link++)
        {
            Digest to = _arrays.LinkTo[link];
            int target = _arrays.Ids.Find(to);
            IEnumerable<int> versions =
                target >= 0 ? [target] : Naming(to).Where(n => _versions.Before(n).Contains(to));
            judged.AddRange(versions.Where(v => MayChange(row, link, _arrays.Flags[v])));
        }
        return judged;
    }

    private bool MayChange(int row, int link, int flags)
    {
        bool disputed = (flags & (int)RowFlags.Disputed) != 0;
        return Retracts(row, link) ? (flags & (int)RowFlags.Retracted) == 0
            : Verdict(row, link) is { } verdict && verdict == Dispute != disputed;
    }

    private bool Retracts(int from, int link) =>
        !_versions.IsSilent(from) && _arrays.Relations.ValueOf(_arrays.LinkHow[link]) == Retraction;

    // What a record attests by a link, where it counts.
    private string? Verdict(int from, int link)
    {
        string? verdict = _arrays.Verdicts.ValueOf(_arrays.Verdict[from]);
        bool counts = verdict is Dispute or Corroborate && !_versions.IsSilent(from)
            && (_arrays.Flags[from] & (int)RowFlags.Retracted) == 0
            && _arrays.Relations.ValueOf(_arrays.LinkHow[link]) == Attests;
        return counts ? verdict : null;
    }

    // What stands of all versions of a record.
    private void Settle(int row)
    {
        const int derived = (int)(RowFlags.Superseded | RowFlags.Corrects | RowFlags.Retracted
            | RowFlags.Disputed);
        int[] versions = _versions.Of(row);
        IEnumerable<Digest> ids =
            versions.SelectMany(v => _versions.Before(v).Append(_arrays.Ids[v])).Distinct();
        int said = 0;
        Dictionary<int, int> last = [];
        foreach (Digest id in ids)
        {
            foreach (int naming in Naming(id)) { said |= Said(naming, id, _arrays.Author[row], last); }
        }
        // Who changes her mind is not on both sides.
        bool disputed = last.Values.Any(from => _arrays.Verdicts.ValueOf(_arrays.Verdict[from]) == Dispute);
        said |= disputed ? (int)RowFlags.Disputed : 0;
        foreach (int version in versions)
        {
            int before = _arrays.Flags[version];
            bool corrects = versions.Length > 1 && _versions.Before(version).Any();
            int flags = said | (version == versions[^1] ? 0 : (int)RowFlags.Superseded)
                | (corrects ? (int)RowFlags.Corrects : 0);
            _arrays.Flags[version] = (before & ~derived) | flags;
            if (((before ^ flags) & (int)RowFlags.Retracted) != 0) { SettleJudged(version); }
        }
    }

    // Who takes back a dispute disputes no longer.
    private void SettleJudged(int row)
    {
        for (int link = _arrays.LinkStart[row]; link < _arrays.LinkStart[row + 1]; link++)
        {
            int target = _arrays.Ids.Find(_arrays.LinkTo[link]);
            bool attests = _arrays.Relations.ValueOf(_arrays.LinkHow[link]) == Attests;
            if (target >= 0 && attests) { Settle(target); }
        }
    }

    // Whether a record takes back another; of what it attests, the last word of each author is noted.
    private int Said(int from, Digest of, int author, Dictionary<int, int> last)
    {
        int said = 0, who = _arrays.Author[from];
        for (int link = _arrays.LinkStart[from]; link < _arrays.LinkStart[from + 1]; link++)
        {
            if (!_arrays.LinkTo[link].Equals(of)) { continue; }
            said |= who == author && Retracts(from, link) ? (int)RowFlags.Retracted : 0;
            bool later = !last.TryGetValue(who, out int before) || IsLater(from, before);
            if (later && Verdict(from, link) is not null) { last[who] = from; }
        }
        return said;
    }

    private bool IsLater(int row, int than) => (_arrays.Created[row], _arrays.Ids[row])
        .CompareTo((_arrays.Created[than], _arrays.Ids[than])) > 0;

    // Enters a row's links into the tables; returns the rows that they lead to.
    private List<int> Note(int row)
    {
        _targets.Clear();
        for (int link = _arrays.LinkStart[row]; link < _arrays.LinkStart[row + 1]; link++)
        {
            ref readonly Digest to = ref _arrays.LinkTo[link];
            int target = _arrays.Ids.Find(to);
            if (target >= 0) { _targets.Add(target); }
            bool previous = _arrays.Relations.ValueOf(_arrays.LinkHow[link]) == RowLink.Previous;
            if (previous && target >= 0) { continue; }
            Dictionary<Digest, List<int>> table = previous ? _waited : _named;
            if (!table.TryGetValue(to, out List<int>? rows)) { table.Add(to, rows = []); }
            if (rows.Count == 0 || rows[^1] != row) { rows.Add(row); }
        }
        return _targets;
    }

    // A stranger may name anybody's record as its prev: only the same key makes a chain.
    private void Follow(int later, int row)
    {
        if (_arrays.Key[later] != _arrays.Key[row]) { return; }
        for (int link = _arrays.LinkStart[later]; link < _arrays.LinkStart[later + 1]; link++)
        {
            if (_arrays.LinkTo[link].Equals(_arrays.Ids[row])
                && _arrays.Relations.ValueOf(_arrays.LinkHow[link]) == RowLink.Previous)
            {
                _arrays.Flags[row] |= (int)RowFlags.Followed;
            }
        }
    }
}

using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Store;

/// <summary>Works out what records say of each other: which is superseded, retracted, disputed, followed.
/// The result depends on which records are known, never on the order in which they came
/// (<c>specs/records.md</c>).</summary>
internal sealed class RowStates(ColumnArrays arrays)
{
    private const string Supersedes = "supersedes", Retracts = "retracts", Attests = "attests";
    private const string Dispute = "dispute";

    private readonly List<int> _targets = [];

    // Row numbers of the records that name an id by a relation, be it known or not; and of those that name
    // an id as their prev which is not known yet.
    private readonly Dictionary<Digest, List<int>> _named = [], _waited = [];

    /// <summary>The records that name another by a relation, in the order of adding.</summary>
    public IReadOnlyList<int> Naming(in Digest id) => _named.TryGetValue(id, out List<int>? rows) ? rows : [];

    /// <summary>Takes in a row that was just added: what it says of others, and what others said of
    /// it.</summary>
    public void Add(int row)
    {
        if (_waited.Remove(arrays.Ids[row], out List<int>? after))
        {
            foreach (int later in after) { Follow(later, row); }
        }
        foreach (int naming in Naming(arrays.Ids[row])) { Apply(naming, row); }
        foreach (int target in Note(row))
        {
            Follow(row, target);
            Apply(row, target);
        }
    }

    /// <summary>Builds the tables again from rows whose flags are known already.</summary>
    public void Restore()
    {
        for (int row = 0; row < arrays.Count; row++) { _ = Note(row); }
    }

    /// <summary>Works a target's flags out anew, after a record that names it was dropped.</summary>
    public void Recompute(int target)
    {
        const RowFlags derived = RowFlags.Superseded | RowFlags.Retracted | RowFlags.Disputed;
        arrays.Flags[target] &= ~(int)derived;
        foreach (int naming in Naming(arrays.Ids[target])) { Apply(naming, target); }
    }

    // Enters a row's links into the tables; returns the rows that they lead to.
    private List<int> Note(int row)
    {
        _targets.Clear();
        for (int link = arrays.LinkStart[row]; link < arrays.LinkStart[row + 1]; link++)
        {
            ref readonly Digest to = ref arrays.LinkTo[link];
            int target = arrays.Ids.Find(to);
            if (target >= 0) { _targets.Add(target); }
            bool previous = arrays.Relations.ValueOf(arrays.LinkHow[link]) == RowLink.Previous;
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
        if (arrays.Key[later] != arrays.Key[row]) { return; }
        for (int link = arrays.LinkStart[later]; link < arrays.LinkStart[later + 1]; link++)
        {
            if (arrays.LinkTo[link].Equals(arrays.Ids[row])
                && arrays.Relations.ValueOf(arrays.LinkHow[link]) == RowLink.Previous)
            {
                arrays.Flags[row] |= (int)RowFlags.Followed;
            }
        }
    }

    private void Apply(int from, int to)
    {
        if ((arrays.Flags[from] & (int)(RowFlags.Dropped | RowFlags.Quarantined)) != 0) { return; }
        bool own = arrays.Author[from] == arrays.Author[to];
        for (int link = arrays.LinkStart[from]; link < arrays.LinkStart[from + 1]; link++)
        {
            if (!arrays.LinkTo[link].Equals(arrays.Ids[to])) { continue; }
            switch (arrays.Relations.ValueOf(arrays.LinkHow[link]))
            {
                case Supersedes when own:
                    arrays.Flags[to] |= (int)RowFlags.Superseded;
                    arrays.Flags[from] |= (int)RowFlags.Corrects;
                    break;
                case Retracts when own:
                    arrays.Flags[to] |= (int)RowFlags.Retracted;
                    break;
                case Attests when arrays.Verdicts.ValueOf(arrays.Verdict[from]) == Dispute:
                    arrays.Flags[to] |= (int)RowFlags.Disputed;
                    break;
            }
        }
    }
}

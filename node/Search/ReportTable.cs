using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Search;

/// <summary>The columns that search filters, counts and sorts by, in memory: one row a record. About 120
/// bytes a row. Rows are appended and never move; a removed row is dead. Guarded by <see cref="Gate"/>:
/// readers for a whole query, the writer for a whole batch.</summary>
internal sealed class ReportTable
{
    private const int FirstCapacity = 1024;

    private readonly Dictionary<Digest, int> rows = [];
    private readonly Dictionary<string, int[]> lists = new(StringComparer.Ordinal);
    private readonly Dictionary<Digest, int> clusters = [];
    private readonly Dictionary<Digest, int> authors = [];
    private readonly List<Digest> authorIds = [];

    private volatile RowSet? shown;

    public ReaderWriterLockSlim Gate { get; } = new();

    public int Count { get; private set; }

    /// <summary>Another number after each change: what was read under one hold of <see cref="Gate"/> is still
    /// so under a later one while it is the same.</summary>
    public long Version { get; private set; }

    /// <summary>Rows that are not dead.</summary>
    public int Alive => rows.Count;

    public IReadOnlyCollection<Digest> Ids => rows.Keys;

    /// <summary>The latest time of receipt of any row.</summary>
    public long LatestReceived { get; private set; }

    public Interner Types { get; } = new();

    public Interner Languages { get; } = new();

    public Interner Severities { get; } = new();

    public Interner AiRoles { get; } = new();

    public Interner Stages { get; } = new();

    public Interner Tlps { get; } = new();

    public Interner Countries { get; } = new();

    public Interner Harms { get; } = new();

    public Interner Sectors { get; } = new();

    public FactColumns Facts { get; } = new();

    public StatusColumns States { get; } = new();

    public IReadOnlyList<Digest> Authors => authorIds;

    public bool TryRow(Digest id, out int row) => rows.TryGetValue(id, out row);

    /// <summary>The number of a cluster, from 1; 0 when no row is in it.</summary>
    public int ClusterCode(Digest cluster) => clusters.GetValueOrDefault(cluster);

    public int AuthorCode(Digest author) => authors.GetValueOrDefault(author, -1);

    /// <summary>Sets what a record says; what is held of it stays.</summary>
    public int Put(SearchDocument document)
    {
        if (!rows.TryGetValue(document.Id, out int row))
        {
            row = Append();
            rows.Add(document.Id, row);
            States.Set(row, new ReportStatus(Sources: 1), 0);
        }

        if (!authors.TryGetValue(document.Author, out int author))
        {
            author = authorIds.Count;
            authors.Add(document.Author, author);
            authorIds.Add(document.Author);
        }

        LatestReceived = Math.Max(LatestReceived, document.Received);
        (Facts.Id[row], Facts.Alive[row], Facts.Evidence[row]) = (document.Id, true, document.HasEvidence);
        (Facts.Created[row], Facts.Received[row]) = (document.Created, document.Received);
        Facts.OccurredFrom[row] = document.OccurredFrom ?? long.MinValue;
        Facts.OccurredTo[row] = document.OccurredTo ?? long.MinValue;
        Facts.Due[row] = document.Due ?? long.MinValue;
        Facts.Author[row] = author;
        Facts.Type[row] = Types.Code(document.Type);
        Facts.Language[row] = Languages.Code(document.Language);
        Facts.Severity[row] = Severities.Code(document.Severity);
        Facts.AiRole[row] = AiRoles.Code(document.AiRole);
        Facts.Stage[row] = Stages.Code(document.Stage);
        Facts.Tlp[row] = Tlps.Code(document.Tlp);
        Facts.Countries[row] = Codes(Countries, document.Countries);
        Facts.Harms[row] = Codes(Harms, document.Harms);
        Facts.Sectors[row] = Codes(Sectors, document.Sectors);
        Change();
        return row;
    }

    public bool Remove(Digest id)
    {
        if (!rows.Remove(id, out int row))
        {
            return false;
        }

        Facts.Clear(row);
        Change();
        return true;
    }

    /// <summary>Sets what is held of a record; false when the record is not known.</summary>
    public bool Mark(Digest id, in ReportStatus status)
    {
        if (!rows.TryGetValue(id, out int row))
        {
            return false;
        }

        int cluster = 0;
        if (status.Cluster is { } known && !clusters.TryGetValue(known, out cluster))
        {
            cluster = clusters.Count + 1;
            clusters.Add(known, cluster);
        }

        States.Set(row, status, cluster);
        Change();
        return true;
    }

    private int Append()
    {
        if (Count == Facts.Capacity)
        {
            int capacity = Math.Max(FirstCapacity, Count * 2);
            Facts.Grow(capacity);
            States.Grow(capacity);
        }

        return Count++;
    }

    /// <summary>Rows that a search shows unless a state is asked for. Kept until the table changes; not to be
    /// changed.</summary>
    public RowSet Shown() => shown ??= RowSet.Where(Count, row => Facts.Alive[row]
        && States.State[row] is not (ReportState.Superseded or ReportState.Quarantined));

    private void Change() => (shown, Version) = (null, Version + 1);

    /// <summary>The numbers of several words; equal lists share one array.</summary>
    private int[] Codes(Interner column, IReadOnlyList<string> words)
    {
        if (words.Count == 0)
        {
            return FactColumns.None;
        }

        int[] codes = [.. words.Select(column.Code).Where(code => code != 0).Distinct().Order()];
        string key = string.Join(',', codes);
        return lists.TryGetValue(key, out int[]? shared) ? shared : lists[key] = codes;
    }
}

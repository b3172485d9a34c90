using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Search;

/// <summary>The columns that search filters, counts and sorts by, in memory: one row a record. About 120
/// bytes a row.
/// Rows are appended and never move; a removed row is dead. Guarded by <see cref="Gate"/>: readers for a
/// whole query, the
/// writer for a whole batch.</summary>
internal sealed class ReportTable
{
    private const int FirstCapacity = 1024;
    private static readonly int[] None = [];

    private readonly Dictionary<Digest, int> rows = [];
    private readonly Dictionary<string, int[]> lists = new(StringComparer.Ordinal);
    private readonly Dictionary<Digest, int> clusters = [];
    private readonly Dictionary<Digest, int> authors = [];
    private readonly List<Digest> authorIds = [];

    public ReaderWriterLockSlim Gate { get; } = new();

    public int Count { get; private set; }

    /// <summary>Rows that are not dead.</summary>
    public int Alive => rows.Count;

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

    public Row[] Facts { get; private set; } = new Row[FirstCapacity];

    public Status[] States { get; private set; } = new Status[FirstCapacity];

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
            States[row] = new Status { Sources = 1 };
        }

        if (!authors.TryGetValue(document.Author, out int author))
        {
            author = authorIds.Count;
            authors.Add(document.Author, author);
            authorIds.Add(document.Author);
        }

        LatestReceived = Math.Max(LatestReceived, document.Received);
        Facts[row] = new Row
        {
            Alive = true,
            Id = document.Id,
            Created = document.Created,
            Received = document.Received,
            OccurredFrom = document.OccurredFrom ?? long.MinValue,
            OccurredTo = document.OccurredTo ?? long.MinValue,
            Due = document.Due ?? long.MinValue,
            Author = author,
            Type = Types.Code(document.Type),
            Language = Languages.Code(document.Language),
            Severity = Severities.Code(document.Severity),
            AiRole = AiRoles.Code(document.AiRole),
            Stage = Stages.Code(document.Stage),
            Tlp = Tlps.Code(document.Tlp),
            Evidence = document.HasEvidence,
            Countries = Codes(Countries, document.Countries),
            Harms = Codes(Harms, document.Harms),
            Sectors = Codes(Sectors, document.Sectors),
        };
        return row;
    }

    public bool Remove(Digest id)
    {
        if (!rows.Remove(id, out int row))
        {
            return false;
        }

        Facts[row] = new Row { Countries = None, Harms = None, Sectors = None };
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

        States[row] = new Status
        {
            State = status.State,
            Marks = status.Marks,
            Sources = status.Sources,
            Cluster = cluster,
        };
        return true;
    }

    private int Append()
    {
        if (Count == Facts.Length)
        {
            Row[] facts = Facts;
            Status[] states = States;
            Array.Resize(ref facts, Count * 2);
            Array.Resize(ref states, Count * 2);
            (Facts, States) = (facts, states);
        }

        return Count++;
    }

    /// <summary>The numbers of several words; equal lists share one array.</summary>
    private int[] Codes(Interner column, IReadOnlyList<string> words)
    {
        if (words.Count == 0)
        {
            return None;
        }

        int[] codes = [.. words.Select(column.Code).Where(code => code != 0).Distinct().Order()];
        string key = string.Join(',', codes);
        return lists.TryGetValue(key, out int[]? shared) ? shared : lists[key] = codes;
    }

    /// <summary>What a record says, as numbers.</summary>
    internal struct Row
    {
        public Digest Id;
        public long Created;
        public long Received;
        public long OccurredFrom;
        public long OccurredTo;
        public long Due;
        public int[] Countries;
        public int[] Harms;
        public int[] Sectors;
        public int Author;
        public int Type;
        public int Language;
        public int Severity;
        public int AiRole;
        public int Stage;
        public int Tlp;
        public bool Evidence;
        public bool Alive;
    }

    /// <summary>What is held of a record, as numbers.</summary>
    internal struct Status
    {
        public int Sources;
        public int Cluster;
        public ReportMarks Marks;
        public ReportState State;
    }
}

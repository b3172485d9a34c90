using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Search;

/// <summary>What records say, one array a column, so that a filter or a facet reads only what it is about. A
/// dead row
/// has no values.</summary>
internal sealed class FactColumns
{
    /// <summary>The list of a row without values.</summary>
    public static readonly int[] None = [];

    public Digest[] Id = [];
    public bool[] Alive = [];
    public bool[] Evidence = [];
    public long[] Created = [];
    public long[] Received = [];
    public long[] OccurredFrom = [];
    public long[] OccurredTo = [];
    public long[] Due = [];
    public int[] Author = [];
    public int[] Type = [];
    public int[] Language = [];
    public int[] Severity = [];
    public int[] AiRole = [];
    public int[] Stage = [];
    public int[] Tlp = [];
    public int[][] Countries = [];
    public int[][] Harms = [];
    public int[][] Sectors = [];

    public int Capacity => Id.Length;

    public void Grow(int capacity)
    {
        Array.Resize(ref Id, capacity);
        Array.Resize(ref Alive, capacity);
        Array.Resize(ref Evidence, capacity);
        Array.Resize(ref Created, capacity);
        Array.Resize(ref Received, capacity);
        Array.Resize(ref OccurredFrom, capacity);
        Array.Resize(ref OccurredTo, capacity);
        Array.Resize(ref Due, capacity);
        Array.Resize(ref Author, capacity);
        Array.Resize(ref Type, capacity);
        Array.Resize(ref Language, capacity);
        Array.Resize(ref Severity, capacity);
        Array.Resize(ref AiRole, capacity);
        Array.Resize(ref Stage, capacity);
        Array.Resize(ref Tlp, capacity);
        Array.Resize(ref Countries, capacity);
        Array.Resize(ref Harms, capacity);
        Array.Resize(ref Sectors, capacity);
    }

    public void Clear(int row)
    {
        (Id[row], Alive[row], Evidence[row]) = (default, false, false);
        (Created[row], Received[row]) = (0, 0);
        OccurredFrom[row] = OccurredTo[row] = Due[row] = long.MinValue;
        Author[row] = Type[row] = Language[row] = Severity[row] = AiRole[row] = Stage[row] = Tlp[row] = 0;
        Countries[row] = Harms[row] = Sectors[row] = None;
    }
}

/// <summary>What is held of records, one array a column.</summary>
internal sealed class StatusColumns
{
    public ReportState[] State = [];
    public ReportMarks[] Marks = [];
    public int[] Sources = [];
    public int[] Cluster = [];

    public void Grow(int capacity)
    {
        Array.Resize(ref State, capacity);
        Array.Resize(ref Marks, capacity);
        Array.Resize(ref Sources, capacity);
        Array.Resize(ref Cluster, capacity);
    }

    public void Set(int row, in ReportStatus status, int cluster) =>
        (State[row], Marks[row], Sources[row], Cluster[row]) =
            (status.State, status.Marks, status.Sources, cluster);
}

namespace IncidentMesh.Node.Store;

/// <summary>Where a frame stands in the log: segment number in the upper 32 bits, byte offset in the lower.
/// Positions grow in the order of writing and never change.</summary>
/// <param name="Value">The packed number, as the columns keep it.</param>
public readonly record struct LogPosition(long Value) : IComparable<LogPosition>
{
    /// <summary>The position of an offset in a segment.</summary>
    public LogPosition(int segment, int offset) : this(((long)segment << 32) | (uint)offset) { }

    /// <summary>Before every frame.</summary>
    public static LogPosition Start => default;

    /// <summary>Number of the segment, from 1.</summary>
    public int Segment => (int)(Value >> 32);

    /// <summary>Bytes from the start of the segment file.</summary>
    public int Offset => (int)(uint)Value;

    /// <inheritdoc/>
    public int CompareTo(LogPosition other) => Value.CompareTo(other.Value);

    /// <summary>Written before.</summary>
    public static bool operator <(LogPosition a, LogPosition b) => a.Value < b.Value;

    /// <summary>Written after.</summary>
    public static bool operator >(LogPosition a, LogPosition b) => a.Value > b.Value;

    /// <summary>Not written after.</summary>
    public static bool operator <=(LogPosition a, LogPosition b) => a.Value <= b.Value;

    /// <summary>Not written before.</summary>
    public static bool operator >=(LogPosition a, LogPosition b) => a.Value >= b.Value;

    /// <inheritdoc/>
    public override string ToString() => $"{Segment:d8}:{Offset:x8}";
}

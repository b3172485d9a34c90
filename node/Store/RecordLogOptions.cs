using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Store;

/// <summary>Sizes of a log; the defaults are the ones measured best (<c>specs/storage.md</c>, section
/// 2).</summary>
public sealed record RecordLogOptions
{
    /// <summary>Bytes of a segment.</summary>
    public int SegmentBytes { get; init; } = Limits.Store.SegmentBytes;

    /// <summary>Bytes of the first segment, so that a small node stays small.</summary>
    public int FirstSegmentBytes { get; init; } = Limits.Store.FirstSegmentBytes;

    /// <summary>Bytes of frames that share one fsync.</summary>
    public int CommitBytes { get; init; } = Limits.Store.CommitBytes;

    /// <summary>Bytes of frames that are appended as one: never more than a part of the smallest
    /// segment.</summary>
    internal int AppendBytes => Math.Min(Limits.Store.AppendBytes, FirstSegmentBytes / 4);

    /// <summary>Bytes of the segment of a number: each is twice the one before, up to the full
    /// size.</summary>
    internal int SizeOf(int number) =>
        (int)Math.Min(SegmentBytes, (long)FirstSegmentBytes << Math.Min(number - 1, 30));
}

using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;

namespace IncidentMesh.Tests.Store;

/// <summary>Small logs and frames that can be told apart.</summary>
internal static class LogSamples
{
    public static RecordLogOptions Small { get; } = new() { FirstSegmentBytes = 4_096, SegmentBytes = 4_096 };

    /// <summary>Frame number n: head and body of lengths that differ, without zero bytes.</summary>
    public static LogEntry Entry(int n, int body = 40) => new(
        n % 5 == 4 ? FrameKind.IdentityEvent : FrameKind.Record,
        Fill(n, 20 + (n % 7)), Fill(n + 100, body + (n % 11)), new Instant(1_000 + n));

    public static byte[] Fill(int n, int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) { bytes[i] = (byte)(1 + ((n * 31) + (i * 7)) % 255); }
        return bytes;
    }

    public static bool IsEntry(LogFrame frame, int n, int body = 40)
    {
        LogEntry entry = Entry(n, body);
        return frame.Kind == entry.Kind && frame.Received == entry.Received
            && frame.Head.Span.SequenceEqual(entry.Head.Span)
            && (frame.BodyState != BodyState.Present || frame.Body.Span.SequenceEqual(entry.Body.Span));
    }

    /// <summary>Which entries stand in a log, by number.</summary>
    public static List<int> NumbersIn(IEnumerable<LogFrame> frames) =>
        [.. frames.Select(f => (int)(f.Received.Milliseconds - 1_000))];

    /// <summary>Makes a log of some entries and returns its one segment file.</summary>
    public static async Task<(string Segment, LogPosition[] At)> MakeAsync(
        string folder, int count, int body = 40)
    {
        await using RecordLog log = RecordLog.Open(folder, Small);
        LogEntry[] entries = [.. Enumerable.Range(0, count).Select(n => Entry(n, body))];
        LogPosition[] at = await log.AppendAsync(entries);
        return (Path.Combine(folder, "00000001.seg"), at);
    }
}

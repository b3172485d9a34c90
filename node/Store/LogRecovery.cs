using System.Globalization;
using System.Security.Cryptography;
using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Store;

/// <summary>What opening a log found out, for the operator.</summary>
/// <param name="Damages">Everything that was not as written, in the part that was read at opening.</param>
/// <param name="CutBytes">Bytes of a torn tail that were cut off; their copy is named in the damage.</param>
public sealed record LogRecoveryReport(IReadOnlyList<LogDamage> Damages, long CutBytes)
{
    /// <summary>Nothing was wrong.</summary>
    public bool Clean => Damages.Count == 0;
}

/// <summary>Brings the folder of a log into a state to which frames can be appended (<c>specs/storage.md</c>,
/// section 5): removes half-made segments, finds the end, and cuts what a crash left behind it.</summary>
internal sealed class LogRecovery
{
    public const string KeptFolder = "damaged";

    private readonly string _folder;
    private readonly List<LogDamage> _damages = [];
    private long _cut;

    private LogRecovery(string folder) => _folder = folder;

    /// <summary>All segments by number; the last one may be empty and only prepared.</summary>
    public SortedList<int, Segment> Segments { get; } = [];

    public uint Key { get; private set; }

    /// <summary>Where the next frame goes.</summary>
    public LogPosition End { get; private set; }

    public LogRecoveryReport Report => new(_damages, _cut);

    public static LogRecovery Run(string folder, RecordLogOptions options, Instant now)
    {
        var recovery = new LogRecovery(folder);
        try
        {
            recovery.OpenSegments(options, now);
            recovery.FindEnd();
            return recovery;
        }
        catch (Exception e) when (StoreException.IsOfDisk(e))
        {
            foreach (Segment segment in recovery.Segments.Values) { segment.Dispose(); }
            throw StoreException.From(e, $"cannot open the log in {folder}");
        }
    }

    private void OpenSegments(RecordLogOptions options, Instant now)
    {
        Files.CreateFolder(_folder);
        foreach (string path in Directory.EnumerateFiles(_folder, "*" + Segment.TemporaryExtension))
        {
            File.Delete(path);
        }
        foreach (string path in Directory.EnumerateFiles(_folder, "*" + Segment.Extension))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (int.TryParse(name, CultureInfo.InvariantCulture, out int number) && number > 0)
            {
                Segments.Add(number, Segment.Open(path, number));
            }
        }
        uint? key = Segments.Values.Select(s => s.Key).FirstOrDefault(k => k is not null);
        if (key is null && Segments.Count > 0)
        {
            throw new StoreException(StoreError.Damaged, $"no segment label in {_folder} can be read");
        }
        Key = key ?? BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4));
        if (Segments.Count == 0)
        {
            Segments.Add(1, Segment.Create(_folder, 1, options.SizeOf(1), Key, now));
        }
        int expected = Segments.Keys[0];
        foreach ((int number, Segment segment) in Segments)
        {
            if (number != expected)
            {
                var gap = new LogPosition(expected, 0);
                _damages.Add(new LogDamage(gap, 0, $"segments before {number} are missing"));
            }
            if (!segment.LabelIntact)
            {
                _damages.Add(new LogDamage(new LogPosition(number, 0), Segment.LabelBytes, "damaged label"));
            }
            expected = number + 1;
        }
    }

    // The active segment is the last that holds a frame; one behind it was only prepared.
    private void FindEnd()
    {
        for (int i = Segments.Count - 1; i >= 0; i--)
        {
            Segment segment = Segments.Values[i];
            var found = new List<LogDamage>();
            var erasures = new List<LogPosition>();
            int end = Scan(segment, found, erasures);
            CutTail(segment, end);
            _damages.AddRange(found.Where(d => d.Position.Offset < end));
            End = new LogPosition(segment.Number, end);
            if (end > Segment.DataStart || i == 0)
            {
                foreach (LogPosition position in erasures) { BodyEraser.Finish(Segments, Key, position); }
                return;
            }
        }
    }

    private int Scan(Segment segment, List<LogDamage> found, List<LogPosition> erasures)
    {
        var scanner = new SegmentScanner(segment, Key, Segment.DataStart, segment.DataEnd, found.Add);
        int end = Segment.DataStart;
        LogFrame? last = null;
        while (scanner.TryNext(out LogFrame frame))
        {
            (last, end) = (frame, scanner.End);
            if (BodyEraser.TryReadTarget(frame, out LogPosition target)) { erasures.Add(target); }
        }
        // A last frame whose body is partly still zero was being written: it was never acknowledged.
        bool torn = last is { BodyState: BodyState.Damaged }
            && LooksUnwritten(segment, last.Position.Offset, end);
        return torn ? last!.Position.Offset : end;
    }

    private static bool LooksUnwritten(Segment segment, int start, int end)
    {
        const int sector = 512;
        byte[] frame = new byte[end - start];
        int read = segment.Read(frame, start);
        if (read < frame.Length) { return true; }
        _ = FrameLayout.TryReadLengths(frame, out int head, out int body);
        int bodyEnd = FrameLayout.HeaderBytes + head + body;
        if (frame[bodyEnd - 1] == 0) { return true; }
        for (int at = FrameLayout.HeaderBytes + head; at < bodyEnd;)
        {
            int next = Math.Min(bodyEnd, at + sector - ((start + at) % sector));
            if (next - at >= 16 && !frame.AsSpan(at..next).ContainsAnyExcept((byte)0)) { return true; }
            at = next;
        }
        return false;
    }

    private void CutTail(Segment segment, int end)
    {
        var scanner = new SegmentScanner(segment, Key, end, segment.DataEnd, null);
        if (scanner.IsZeroFrom(end, out int last)) { return; }
        byte[] tail = new byte[last - end];
        int read = segment.Read(tail, end);
        string folder = Path.Combine(_folder, KeptFolder);
        Files.CreateFolder(folder);
        string kept = Path.Combine(folder, $"{segment.Number:d8}-{end:x8}-{Crc32C.Of(tail):x8}.bytes");
        Files.WriteAtomic(kept, tail.AsSpan(0, read));
        segment.Write(new byte[tail.Length], end);
        segment.Flush();
        _cut += tail.Length;
        _damages.Add(new LogDamage(new LogPosition(segment.Number, end), tail.Length, "torn tail", kept));
    }
}

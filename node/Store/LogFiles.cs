using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Store;

/// <summary>The open segments of a log, and where it ends. Readers from any thread see what is durable;
/// only the owner thread adds segments and moves the end.</summary>
internal sealed class LogFiles : IDisposable
{
    private const int FirstRead = 4_096;

    private readonly string _folder;
    private readonly RecordLogOptions _options;
    private readonly TimeProvider _time;
    private readonly SortedList<int, Segment> _segments;
    private readonly Lock _gate = new();
    private readonly List<Segment> _trimmed = [];
    private Task<Segment>? _next;
    private long _end;

    public LogFiles(string folder, RecordLogOptions options, TimeProvider time, LogRecovery recovery)
    {
        (_folder, _options, _time) = (folder, options, time);
        (_segments, Key, _end) = (recovery.Segments, recovery.Key, recovery.End.Value);
        Active = _segments[recovery.End.Segment];
    }

    public uint Key { get; }

    public RecordLogOptions Options => _options;

    public Segment Active { get; private set; }

    public Instant Now => new(_time.GetUtcNow().ToUnixTimeMilliseconds());

    public LogPosition End
    {
        get => new(Volatile.Read(ref _end));
        set => Volatile.Write(ref _end, value.Value);
    }

    public List<Segment> Segments()
    {
        lock (_gate) { return [.. _segments.Values]; }
    }

    /// <summary>Makes the next segment active; the bytes left in the old one stay zero.</summary>
    /// <exception cref="StoreException">No room; the old segment stays active.</exception>
    public void Roll()
    {
        int number = Active.Number + 1;
        Segment? next;
        lock (_gate) { _segments.TryGetValue(number, out next); }
        if (next is null)
        {
            Task<Segment>? prepared = _next;
            _next = null;
            next = prepared is { IsFaulted: false } ? prepared.GetAwaiter().GetResult() : Make(number);
            lock (_gate) { _segments.Add(number, next); }
        }
        Active = next;
        End = new LogPosition(number, Segment.DataStart);
    }

    /// <summary>Starts to make the next segment in the background once the active one is half full, so that
    /// no append waits for 64 MiB of zeros.</summary>
    public void PrepareNext()
    {
        int number = Active.Number + 1;
        if (_next is not null || End.Offset < Active.Size / 2) { return; }
        lock (_gate)
        {
            if (_segments.ContainsKey(number)) { return; }
        }
        _next = Task.Run(() => Make(number));
    }

    public LogFrame? Read(LogPosition position)
    {
        Segment? segment;
        lock (_gate) { _segments.TryGetValue(position.Segment, out segment); }
        if (segment is null || position >= End || position.Offset < Segment.DataStart
            || position.Offset >= segment.DataEnd)
        {
            return null;
        }
        byte[] bytes = new byte[Math.Min(FirstRead, segment.DataEnd - position.Offset)];
        int read = segment.Read(bytes, position.Offset);
        if (!FrameLayout.TryReadHeader(bytes.AsSpan(0, read), Key, position, out FrameHeader header))
        {
            return null;
        }
        if (header.Length > bytes.Length)
        {
            bytes = new byte[header.Length];
            read = segment.Read(bytes, position.Offset);
        }
        return read < header.Length ? null
            : FrameDecoder.Decode(bytes.AsSpan(0, header.Length), header, position, out _);
    }

    public IEnumerable<LogFrame> ReadFrom(LogPosition start, Action<LogDamage>? damaged)
    {
        LogPosition end = End;
        foreach (Segment segment in Segments())
        {
            if (segment.Number < start.Segment || segment.Number > end.Segment) { continue; }
            bool first = segment.Number == start.Segment;
            int from = first ? Math.Max(start.Offset, Segment.DataStart) : Segment.DataStart;
            int to = segment.Number == end.Segment ? end.Offset : segment.DataEnd;
            var scanner = new SegmentScanner(segment, Key, from, to, damaged);
            while (scanner.TryNext(out LogFrame frame)) { yield return frame; }
            if (damaged is not null && !scanner.IsZeroFrom(scanner.End, out int last))
            {
                var at = new LogPosition(segment.Number, scanner.End);
                damaged(new LogDamage(at, last - scanner.End, "unreadable bytes at the end"));
            }
        }
    }

    /// <summary>Deletes the segments that end before a position. They stay open for readers that are at
    /// them, and their room is given back when the log is closed at the latest.</summary>
    public void Trim(LogPosition keep)
    {
        lock (_gate)
        {
            while (_segments.GetKeyAtIndex(0) < Math.Min(keep.Segment, Active.Number))
            {
                Segment segment = _segments.GetValueAtIndex(0);
                File.Delete(segment.FilePath);
                _segments.RemoveAt(0);
                _trimmed.Add(segment);
            }
        }
        DirectorySync.Flush(_folder);
    }

    public bool Erase(LogPosition position)
    {
        lock (_gate) { return BodyEraser.Finish(_segments, Key, position); }
    }

    public void Dispose()
    {
        // A segment that could not be prepared is made when it is needed; nobody else waits for this task.
        if (_next is not null)
        {
            Task.WhenAny(_next).GetAwaiter().GetResult();
            if (_next.IsCompletedSuccessfully) { _next.Result.Dispose(); }
        }
        foreach (Segment segment in Segments().Concat(_trimmed)) { segment.Dispose(); }
    }

    private Segment Make(int number) => Segment.Create(_folder, number, _options.SizeOf(number), Key, Now);
}

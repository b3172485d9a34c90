using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Store;

/// <summary>Records of unknown authors, in a log of its own (<c>specs/storage.md</c>, section 8): durable
/// like the others, and its room is given back, so that strangers cannot fill the disk. One owner for
/// writing; reading is safe from any thread.</summary>
public sealed class QuarantineLog : IAsyncDisposable
{
    private readonly RecordLog _log;
    private readonly Dictionary<Digest, LogPosition> _positions = [];
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly long _roomBytes;

    private QuarantineLog(RecordLog log, long roomBytes) => (_log, _roomBytes) = (log, roomBytes);

    /// <summary>What opening found.</summary>
    public LogRecoveryReport Recovery => _log.Recovery;

    /// <summary>Bytes of its files.</summary>
    public long DiskBytes => _log.DiskBytes;

    /// <summary>Entries that are not forgotten.</summary>
    public int Count
    {
        get
        {
            lock (_gate) { return _positions.Count; }
        }
    }

    /// <summary>Opens the log and finds what in it is not forgotten.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="idOf">The id of a frame; null for one that is of no use.</param>
    /// <param name="options">Sizes; small ones by default, as whole segments are given back.</param>
    /// <param name="roomBytes">Files larger than this are made smaller by moving what is left in the
    /// oldest.</param>
    public static QuarantineLog Open(
        string folder, Func<LogFrame, Digest?> idOf, RecordLogOptions? options = null,
        long roomBytes = Limits.Store.QuarantineFileBytes)
    {
        ArgumentNullException.ThrowIfNull(idOf);
        options ??= new RecordLogOptions { FirstSegmentBytes = 1 << 20, SegmentBytes = 8 << 20 };
        RecordLog log = RecordLog.Open(folder, options);
        var quarantine = new QuarantineLog(log, roomBytes);
        var forgotten = new HashSet<LogPosition>();
        foreach (LogFrame frame in log.ReadFrom(LogPosition.Start))
        {
            if (BodyEraser.TryReadTarget(frame, out LogPosition target)) { forgotten.Add(target); }
        }
        foreach (LogFrame frame in log.ReadFrom(LogPosition.Start))
        {
            bool live = frame.Kind != FrameKind.Erasure && frame.BodyState == BodyState.Present
                && !forgotten.Contains(frame.Position);
            if (live && idOf(frame) is { } id) { quarantine._positions[id] = frame.Position; }
        }
        return quarantine;
    }

    /// <summary>Appends entries with their ids; completes when they are durable.</summary>
    public async Task AppendAsync(IReadOnlyList<(Digest Id, LogEntry Entry)> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            await AppendOwnedAsync(entries).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>The frame of an id, or null.</summary>
    public LogFrame? Read(Digest id)
    {
        LogPosition at;
        lock (_gate)
        {
            if (!_positions.TryGetValue(id, out at)) { return null; }
        }
        return _log.Read(at);
    }

    /// <summary>All frames that are not forgotten, in the order of writing.</summary>
    public IEnumerable<LogFrame> Frames()
    {
        LogPosition[] positions;
        lock (_gate) { positions = [.. _positions.Values.Order()]; }
        return positions.Select(_log.Read).OfType<LogFrame>();
    }

    /// <summary>Forgets ids, durably, and gives back the files that hold nothing else.</summary>
    public async Task ForgetAsync(IReadOnlyCollection<Digest> ids, Instant now)
    {
        ArgumentNullException.ThrowIfNull(ids);
        // A frame that is durable and not yet among the positions would look like room to give back.
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            await AppendForgottenAsync(Remove(ids), now).ConfigureAwait(false);
            if (_log.DiskBytes > _roomBytes) { await MoveOldestAsync(now).ConfigureAwait(false); }
            await _log.TrimAsync(OldestKept()).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync().ConfigureAwait(false);
        _writing.Dispose();
    }

    private List<LogPosition> Remove(IReadOnlyCollection<Digest> ids)
    {
        var gone = new List<LogPosition>();
        lock (_gate)
        {
            foreach (Digest id in ids)
            {
                if (_positions.Remove(id, out LogPosition at)) { gone.Add(at); }
            }
        }
        return gone;
    }

    private async Task AppendOwnedAsync(IReadOnlyList<(Digest Id, LogEntry Entry)> entries)
    {
        LogPosition[] at = await _log.AppendAsync([.. entries.Select(e => e.Entry)]).ConfigureAwait(false);
        lock (_gate)
        {
            for (int i = 0; i < at.Length; i++) { _positions[entries[i].Id] = at[i]; }
        }
    }

    // Says what is forgotten without overwriting it: the frame goes with its file.
    private async Task AppendForgottenAsync(IReadOnlyList<LogPosition> gone, Instant now)
    {
        LogEntry[] entries =
        [
            .. gone.Select(at => new LogEntry(FrameKind.Erasure, BodyEraser.Intention(at), default, now)),
        ];
        await _log.AppendAsync(entries).ConfigureAwait(false);
    }

    private LogPosition OldestKept()
    {
        lock (_gate) { return _positions.Count == 0 ? _log.End : _positions.Values.Min(); }
    }

    private async Task MoveOldestAsync(Instant now)
    {
        int segment = OldestKept().Segment;
        if (segment >= _log.End.Segment) { return; }
        (Digest Id, LogPosition At)[] kept;
        lock (_gate)
        {
            kept = [.. _positions.Where(p => p.Value.Segment == segment).Select(p => (p.Key, p.Value))];
        }
        var moved = new List<(Digest Id, LogEntry Entry)>();
        foreach ((Digest id, LogPosition at) in kept)
        {
            if (_log.Read(at) is { } frame)
            {
                moved.Add((id, new LogEntry(frame.Kind, frame.Head, frame.Body, frame.Received)));
            }
        }
        await AppendOwnedAsync(moved).ConfigureAwait(false);
        await AppendForgottenAsync([.. kept.Select(k => k.At)], now).ConfigureAwait(false);
    }
}

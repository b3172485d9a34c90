using System.Threading.Channels;
using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Store;

/// <summary>The only truth of a node: an append-only log of records, identity events and local decisions
/// (<c>specs/storage.md</c>). What <see cref="AppendAsync"/> has acknowledged survives a crash, a kill and
/// a power cut. One thread owns the files for writing; reading is safe from any thread.</summary>
public sealed class RecordLog : IAsyncDisposable
{
    private readonly LogFiles _files;
    private readonly Channel<LogRequest> _queue;
    private readonly Thread _owner;
    private int _disposed;

    private RecordLog(LogFiles files, LogRecoveryReport recovery)
    {
        _files = files;
        Recovery = recovery;
        _queue = Channel.CreateBounded<LogRequest>(
            new BoundedChannelOptions(Limits.Store.QueuedAppends) { SingleReader = true });
        var writer = new LogWriter(_files, _queue.Reader);
        _owner = new Thread(writer.Run) { IsBackground = true, Name = "record-log" };
        _owner.Start();
    }

    /// <summary>What opening found.</summary>
    public LogRecoveryReport Recovery { get; }

    /// <summary>Where the next frame goes: everything before it is durable.</summary>
    public LogPosition End => _files.End;

    /// <summary>Names the log: a snapshot of another log does not fit this one.</summary>
    public uint Key => _files.Key;

    /// <summary>Bytes of all segment files.</summary>
    public long DiskBytes => _files.Segments().Sum(s => (long)s.Size);

    /// <summary>Opens or makes the log in a folder, and repairs what a crash left. The caller holds the
    /// folder's lock.</summary>
    /// <exception cref="StoreException">No room, the disk refused, or no label of a segment can be
    /// read.</exception>
    public static RecordLog Open(string folder, RecordLogOptions? options = null, TimeProvider? time = null)
    {
        options ??= new RecordLogOptions();
        time ??= TimeProvider.System;
        var now = new Instant(time.GetUtcNow().ToUnixTimeMilliseconds());
        LogRecovery recovery = LogRecovery.Run(folder, options, now);
        return new RecordLog(new LogFiles(folder, options, time, recovery), recovery.Report);
    }

    /// <summary>Appends frames in order and completes when they are on the disk; appends that wait at the
    /// same time share one fsync. Returns the position of each entry.</summary>
    /// <exception cref="ArgumentException">An entry is over its limit: a bug of the caller.</exception>
    /// <exception cref="StoreException"><see cref="StoreError.NoRoom"/>: a beginning of long lists may
    /// be written, and the log goes on; <see cref="StoreError.Disk"/>: the log takes nothing more until it is
    /// opened again.</exception>
    public async Task<LogPosition[]> AppendAsync(
        IReadOnlyList<LogEntry> entries, CancellationToken cancel = default)
    {
        (LogPosition[] written, StoreException? failure) =
            await TryAppendAsync(entries, new AppendChain(), cancel).ConfigureAwait(false);
        return failure is null ? written : throw failure;
    }

    /// <summary>Appends frames in order, of which a beginning may get through. Returns the positions of
    /// those that are durable, and why no more are.</summary>
    /// <param name="entries">What to append; more than one append holds is several.</param>
    /// <param name="chain">Where an append of this chain has failed before, nothing is written.</param>
    /// <param name="cancel">Ends the wait for the queue.</param>
    public async Task<(LogPosition[] Written, StoreException? Failure)> TryAppendAsync(
        IReadOnlyList<LogEntry> entries, AppendChain chain, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var parts = new List<Task<LogPosition[]>>();
        for (int start = 0; start < entries.Count;)
        {
            LogRequest request = LogRequest.Append(entries, start, _files.Options.AppendBytes, chain);
            await EnqueueAsync(request, cancel).ConfigureAwait(false);
            parts.Add(request.Done.Task);
            start += request.Entries.Length;
        }
        var written = new List<LogPosition>(entries.Count);
        StoreException? failure = null;
        foreach (Task<LogPosition[]> part in parts)
        {
            try
            {
                written.AddRange(await part.ConfigureAwait(false));
            }
            catch (StoreException e)
            {
                failure ??= e;
            }
        }
        return ([.. written], failure);
    }

    /// <summary>Appends one frame; see
    /// <see cref="AppendAsync(IReadOnlyList{LogEntry}, CancellationToken)"/>.</summary>
    public async Task<LogPosition> AppendAsync(LogEntry entry, CancellationToken cancel = default)
    {
        LogRequest request = LogRequest.Append([entry], 0, _files.Options.AppendBytes, new AppendChain());
        await EnqueueAsync(request, cancel).ConfigureAwait(false);
        return (await request.Done.Task.ConfigureAwait(false))[0];
    }

    /// <summary>Overwrites the body of a frame where it lies and keeps its head; completes when that is
    /// durable.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.Damaged"/> if no frame can be read
    /// there.</exception>
    public async Task EraseBodyAsync(LogPosition position, CancellationToken cancel = default)
    {
        if (Read(position) is null)
        {
            throw new StoreException(StoreError.Damaged, $"no frame can be read at {position}");
        }
        LogRequest request = LogRequest.Erase(position, _files.Now);
        await EnqueueAsync(request, cancel).ConfigureAwait(false);
        await request.Done.Task.ConfigureAwait(false);
    }

    /// <summary>Deletes the segments in which all frames stand before a position.</summary>
    public async Task TrimAsync(LogPosition keep, CancellationToken cancel = default)
    {
        LogRequest request = LogRequest.Trim(keep);
        await EnqueueAsync(request, cancel).ConfigureAwait(false);
        await request.Done.Task.ConfigureAwait(false);
    }

    /// <summary>Reads the frame at a position. Null if there is none that can be read.</summary>
    public LogFrame? Read(LogPosition position) => _files.Read(position);

    /// <summary>Reads all frames from a position on, in the order of writing, up to the end at the time of
    /// the call. What cannot be read is told to <paramref name="damaged"/> and passed over.</summary>
    public IEnumerable<LogFrame> ReadFrom(LogPosition start, Action<LogDamage>? damaged = null) =>
        _files.ReadFrom(start, damaged);

    /// <summary>Reads every frame of every segment and checks all checksums. Returns what is wrong.</summary>
    public IReadOnlyList<LogDamage> Verify(out long frames)
    {
        var damages = new List<LogDamage>();
        frames = ReadFrom(LogPosition.Start, damages.Add).LongCount();
        return damages;
    }

    /// <summary>Finishes what is queued and closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) { return; }
        _queue.Writer.Complete();
        await Task.Run(_owner.Join).ConfigureAwait(false);
        _files.Dispose();
    }

    private async ValueTask EnqueueAsync(LogRequest request, CancellationToken cancel)
    {
        try
        {
            await _queue.Writer.WriteAsync(request, cancel).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(RecordLog));
        }
    }
}

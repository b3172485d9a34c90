using System.Threading.Channels;
using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Store;

/// <summary>The owner of the log's files: takes all appends that wait, writes them with one call and makes
/// them durable with one fsync, then acknowledges them. While it flushes, the next ones gather.</summary>
internal sealed class LogWriter(LogFiles files, ChannelReader<LogRequest> queue)
{
    // Making a segment on a full disk writes until it fails; once a second is enough to notice that there
    // is room.
    private static readonly TimeSpan RetryAfterNoRoom = TimeSpan.FromSeconds(1);

    private readonly List<LogRequest> _commit = [];
    private byte[] _buffer = new byte[64 << 10];
    private StoreException? _failed, _noRoom;
    private Instant _retryAt;

    private int Room => files.Active.DataEnd - files.End.Offset;

    /// <summary>Works until the queue is completed and empty.</summary>
    public void Run()
    {
        while (queue.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (queue.TryRead(out LogRequest? first))
            {
                if ((_failed ?? first.Chain?.Broken) is { } why) { first.Fail(why); }
                else if (first.Size <= Room || TryRoll(first)) { Commit(first); }
            }
        }
    }

    private bool TryRoll(LogRequest first)
    {
        int capacity = files.Options.SizeOf(files.Active.Number + 1) - (2 * Segment.LabelBytes);
        try
        {
            if (first.Size > capacity)
            {
                throw new StoreException(
                    StoreError.NoRoom, $"{first.Size} bytes do not fit a segment that holds {capacity}");
            }
            if (_noRoom is not null && files.Now < _retryAt) { throw _noRoom; }
            files.Roll();
            _noRoom = null;
            return true;
        }
        catch (Exception e) when (StoreException.IsOfDisk(e))
        {
            StoreException told = StoreException.From(e, "cannot make the next log segment");
            if (told.Error == StoreError.NoRoom && !ReferenceEquals(told, _noRoom))
            {
                (_noRoom, _retryAt) = (told, files.Now + RetryAfterNoRoom);
            }
            first.Fail(told);
            return false;
        }
    }

    private void Commit(LogRequest first)
    {
        int size = Gather(first);
        LogPosition start = files.End;
        if (size == 0)
        {
            _commit.ForEach(Acknowledge);
            return;
        }
        try
        {
            Encode(size, start);
            files.Active.Write(_buffer.AsSpan(0, size), start.Offset);
            files.Active.Flush();
        }
        catch (Exception e) when (StoreException.IsOfDisk(e))
        {
            Fail(StoreException.From(e, "cannot write the log"), start, size);
            return;
        }
        files.End = new LogPosition(start.Segment, start.Offset + size);
        foreach (LogRequest request in _commit) { Acknowledge(request); }
        files.PrepareNext();
    }

    private int Gather(LogRequest first)
    {
        _commit.Clear();
        _commit.Add(first);
        int size = first.Size, room = Math.Min(Room, Math.Max(files.Options.CommitBytes, first.Size));
        while (queue.TryPeek(out LogRequest? next) && size + next.Size <= room && next.Chain?.Broken is null)
        {
            _ = queue.TryRead(out _);
            _commit.Add(next);
            size += next.Size;
        }
        return size;
    }

    private void Encode(int size, LogPosition start)
    {
        if (_buffer.Length < size) { _buffer = new byte[Math.Max(size, _buffer.Length * 2)]; }
        int at = 0;
        foreach (LogRequest request in _commit)
        {
            request.Positions = new LogPosition[request.Entries.Length];
            for (int i = 0; i < request.Entries.Length; i++)
            {
                LogEntry entry = request.Entries[i];
                int frame = FrameLayout.Size(entry.Head.Length, entry.Body.Length);
                var position = new LogPosition(start.Segment, start.Offset + at);
                FrameLayout.Write(_buffer.AsSpan(at, frame), entry, files.Key, position);
                request.Positions[i] = position;
                at += frame;
            }
        }
    }

    private void Acknowledge(LogRequest request)
    {
        try
        {
            if (request.Keep is LogPosition keep) { files.Trim(keep); }
            if (request.Target is LogPosition target && !files.Erase(target))
            {
                throw new StoreException(StoreError.Damaged, $"no frame can be read at {target}");
            }
            request.Done.SetResult(request.Positions);
        }
        catch (Exception e) when (StoreException.IsOfDisk(e))
        {
            request.Done.SetException(StoreException.From(e, "cannot erase or trim"));
        }
    }

    // After a failed flush nobody knows which pages the kernel dropped: the log then takes nothing more
    // until it is opened again and has found its end anew. No room is different: nothing was promised, and
    // zeros restore the tail.
    private void Fail(StoreException why, LogPosition start, int size)
    {
        bool restored = why.Error == StoreError.NoRoom && TryZero(start, size);
        if (!restored) { _failed = why; }
        foreach (LogRequest request in _commit) { request.Fail(why); }
    }

    private bool TryZero(LogPosition start, int size)
    {
        try
        {
            files.Active.Write(new byte[size], start.Offset);
            files.Active.Flush();
            return true;
        }
        catch (Exception e) when (StoreException.IsOfDisk(e))
        {
            return false;
        }
    }
}

using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Store;

/// <summary>What waits for the owner of the log: frames to append, and perhaps a body to erase after
/// them.</summary>
internal sealed class LogRequest
{
    private LogRequest(LogEntry[] entries, int size) => (Entries, Size) = (entries, size);

    public LogEntry[] Entries { get; }

    /// <summary>The frame whose body is to be overwritten once the entries are durable.</summary>
    public LogPosition? Target { get; private init; }

    /// <summary>Where the oldest frame that is still wanted stands.</summary>
    public LogPosition? Keep { get; private init; }

    /// <summary>Bytes of all frames.</summary>
    public int Size { get; }

    /// <summary>What it builds on.</summary>
    public AppendChain? Chain { get; private init; }

    public LogPosition[] Positions { get; set; } = [];

    public TaskCompletionSource<LogPosition[]> Done { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>As many entries from an index on as one append may hold, at least one.</summary>
    public static LogRequest Append(IReadOnlyList<LogEntry> entries, int start, int bytes, AppendChain chain)
    {
        int size = 0, count = 0;
        while (start + count < entries.Count)
        {
            LogEntry entry = entries[start + count];
            if (entry.Head.Length > Limits.Store.HeadBytes || entry.Body.Length > Limits.Store.BodyBytes)
            {
                throw new ArgumentException(
                    $"a frame of {entry.Head.Length} + {entry.Body.Length} bytes is over the limit",
                    nameof(entries));
            }
            int frame = FrameLayout.Size(entry.Head.Length, entry.Body.Length);
            if (count > 0 && size + frame > bytes) { break; }
            (size, count) = (size + frame, count + 1);
        }
        var part = new LogEntry[count];
        for (int i = 0; i < count; i++) { part[i] = entries[start + i]; }
        return new LogRequest(part, size) { Chain = chain };
    }

    public static LogRequest Erase(LogPosition position, Instant now)
    {
        var entry = new LogEntry(FrameKind.Erasure, BodyEraser.Intention(position), default, now);
        return new LogRequest([entry], FrameLayout.Size(entry.Head.Length, 0)) { Target = position };
    }

    /// <summary>Says that nothing of it was written.</summary>
    public void Fail(StoreException why)
    {
        if (Chain is not null) { Chain.Broken ??= why; }
        Done.SetException(why);
    }

    public static LogRequest Trim(LogPosition keep) => new([], 0) { Keep = keep };
}

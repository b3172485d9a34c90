using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Mesh;

/// <summary>What a node has stored: the log of what counts with its columns, and the quarantine's own log.
/// Appends
/// in order; reads from any thread.</summary>
internal sealed class Archive : IRecordSource, IAsyncDisposable
{
    private readonly DataFolder _folder;
    private readonly RowReader _read;
    private readonly List<string> _notes = [];
    private readonly QuarantineLog _quarantine;
    private readonly Lock _gate = new();
    private int _underWay, _sinceSnapshot;
    private Task _entered = Task.CompletedTask;

    private Archive(DataFolder folder, RowReader read, TimeProvider time)
    {
        (_folder, _read) = (folder, read);
        Log = RecordLog.Open(folder.Log, null, time);
        _notes.AddRange(Log.Recovery.Damages.Select(d => $"log: {d}"));
        Columns = ColumnsLoader.Open(folder.Index, Log, read, out ColumnsReport report);
        _notes.AddRange(report.Notes.Where(n => !_notes.Contains(n)));
        _quarantine = QuarantineLog.Open(folder.Quarantine, IdOf);
        _notes.AddRange(_quarantine.Recovery.Damages.Select(d => $"quarantine: {d}"));
    }

    /// <summary>The log of what counts, and of this node's own decisions.</summary>
    public RecordLog Log { get; }

    /// <summary>What the log holds, as columns.</summary>
    public Columns Columns { get; }

    /// <summary>What was found at the start, in words.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Opens both logs.</summary>
    public static Archive Open(DataFolder folder, RowReader read, TimeProvider time)
    {
        folder.Create();
        return new Archive(folder, read, time);
    }

    /// <summary>Gives a replica what was stored, in the order in which it was.</summary>
    public void Restore(Replica replica)
    {
        foreach (LogFrame frame in Log.ReadFrom(LogPosition.Start))
        {
            if (frame.Kind == FrameKind.IdentityEvent
                && IdentityEvent.TryRead(frame.Head, out IdentityEvent? @event, out _))
            {
                replica.RestoreEvent(@event, quarantined: false);
            }
            else if (frame.Kind == FrameKind.Record && Record.TryRead(frame.Head, out Record? record, out _))
            {
                replica.Restore(record, frame.Body);
            }
        }

        foreach (LogFrame frame in _quarantine.Frames())
        {
            if (frame.Kind == FrameKind.IdentityEvent
                && IdentityEvent.TryRead(frame.Head, out IdentityEvent? @event, out _))
            {
                if (!replica.Identities.Contains(@event.Id))
                {
                    replica.RestoreEvent(@event, quarantined: true);
                }
            }
            else if (frame.Kind == FrameKind.Record && Record.TryRead(frame.Head, out Record? record, out _))
            {
                replica.RestoreQuarantined(record, frame.Received);
            }
        }
    }

    /// <summary>Makes items durable, in order, and enters them into the columns.</summary>
    /// <param name="items">What to store.</param>
    /// <param name="chain">The batches that build on each other.</param>
    /// <returns>Those that are durable: of what counts a beginning; and why no more are.</returns>
    public async Task<(IReadOnlyList<PersistItem> Stored, StoreException? Failure)> PersistAsync(
        IReadOnlyList<PersistItem> items, AppendChain chain)
    {
        PersistItem[] counted = [.. items.Where(i => !IsQuarantined(i))];
        PersistItem[] held = [.. items.Where(IsQuarantined)];
        Task<(int Written, StoreException? Failure)> first = AppendAsync([.. counted.Select(Entry)], chain);
        StoreException? failure = null;
        try
        {
            await (held.Length == 0 ? Task.CompletedTask
                : _quarantine.AppendAsync([.. held.Select(i => (i.Id, Entry(i)))]));
        }
        catch (StoreException e)
        {
            failure = e;
            held = [];
        }

        (int written, StoreException? stopped) = await first;
        return ([.. counted.Take(written), .. held], stopped ?? failure);
    }

    /// <summary>Appends a decision of this node alone.</summary>
    /// <exception cref="StoreException">It is not stored.</exception>
    public async Task AppendLocalAsync(LocalEntry entry, Instant now)
    {
        if ((await AppendAsync([entry.ToFrame(now)], new AppendChain())).Failure is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>Forgets quarantined records, and gives their room back.</summary>
    public Task ForgetAsync(IReadOnlyCollection<Digest> ids, Instant now) =>
        _quarantine.ForgetAsync(ids, now);

    /// <summary>The frame of a stored record, quarantined or not; null where it cannot be read.</summary>
    public LogFrame? Find(Digest id) =>
        Columns.TryFindPosition(id, out LogPosition position) ? Log.Read(position) : _quarantine.Read(id);

    public bool TryReadEnvelope(Digest id, out ReadOnlyMemory<byte> envelope)
    {
        LogFrame? frame = Find(id);
        envelope = frame?.Head ?? default;
        return frame is not null;
    }

    public bool TryReadBody(Digest id, out ReadOnlyMemory<byte> body)
    {
        LogFrame? frame = Find(id);
        body = frame?.Body ?? default;
        return frame is { BodyState: BodyState.Present, Body.Length: > 0 };
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            SaveSnapshot();
        }

        await Log.DisposeAsync();
        await _quarantine.DisposeAsync();
        Columns.Dispose();
    }

    private async Task<(int Written, StoreException? Failure)> AppendAsync(
        LogEntry[] entries, AppendChain chain)
    {
        // Rows stand in the order of the log, as after a restart: readers of events count by them. Appends
        // become durable together, and what follows each would else run in any order.
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<(LogPosition[] Positions, StoreException? Failure)> appended;
        Task before;
        lock (_gate)
        {
            _underWay++;
            (before, _entered) = (_entered, entered.Task);
            appended = Log.TryAppendAsync(entries, chain);
        }

        try
        {
            LogPosition[] positions;
            StoreException? failure;
            try
            {
                (positions, failure) = await appended;
            }
            finally
            {
                await before;
            }

            for (int i = 0; i < positions.Length; i++)
            {
                LogEntry e = entries[i];
                LogFrame frame = new(positions[i], e.Kind, BodyState.Present, e.Received, e.Head, e.Body);
                ColumnsLoader.Replay(Columns, frame, _read);
            }

            return (positions.Length, failure);
        }
        finally
        {
            entered.SetResult();
            lock (_gate)
            {
                _underWay--;
                _sinceSnapshot += entries.Length;
                if (_sinceSnapshot >= Limits.Store.SnapshotFrames)
                {
                    SaveSnapshot();
                }
            }
        }
    }

    // A snapshot must not cover a frame that it lacks: none while an append is under way.
    private void SaveSnapshot()
    {
        if (_underWay > 0)
        {
            return;
        }

        _sinceSnapshot = 0;
        try
        {
            ColumnsLoader.Save(Columns, _folder.Index, Log, Log.End);
        }
        catch (StoreException)
        {
            // Without it the next start reads the log; a full disk must not keep the node from going on.
            return;
        }
    }

    private static Digest? IdOf(LogFrame frame) => frame.Kind is FrameKind.Record or FrameKind.IdentityEvent
        ? Cid.Of(Codec.DagCbor, frame.Head.Span).Digest : null;

    private static bool IsQuarantined(PersistItem item) =>
        item.Kind is PersistKind.QuarantinedRecord or PersistKind.QuarantinedEvent;

    private static LogEntry Entry(PersistItem item) => new(
        item.Kind is PersistKind.Record or PersistKind.QuarantinedRecord
            ? FrameKind.Record
            : FrameKind.IdentityEvent,
        item.Envelope,
        item.Body,
        item.Received);
}

using System.Threading.Channels;
using IncidentMesh.Protocol;
using LiteDB;

namespace IncidentMesh.Node.Store;

/// <summary>The small, mutable, queryable state of a node in LiteDB (<c>specs/storage.md</c>, section 7).
/// One thread owns it; writes that wait are made as one transaction. It is an index: deleted or damaged it
/// is built again from the local frames of the log, and what is not in the log (a peer's history) starts
/// anew.</summary>
public sealed class StateDb : IAsyncDisposable
{
    private const int LargestTransaction = 256;

    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(
        new BoundedChannelOptions(Limits.Store.QueuedStateWrites) { SingleReader = true });

    private readonly Thread _owner;
    private readonly TaskCompletionSource<string?> _opened =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly string _path;
    private readonly Action<StateTables> _rebuild;
    private int _disposed;

    private StateDb(string path, Action<StateTables> rebuild)
    {
        (_path, _rebuild) = (path, rebuild);
        _owner = new Thread(Run) { IsBackground = true, Name = "state-db" };
    }

    /// <summary>What was wrong at opening, in words, or null.</summary>
    public string? Note { get; private set; }

    /// <summary>Opens the database.</summary>
    /// <param name="path">Its file, by its full path.</param>
    /// <param name="rebuild">Fills an empty database from the log, where there is none or it is
    /// damaged.</param>
    /// <exception cref="StoreException">No room, or the disk refused.</exception>
    public static async Task<StateDb> OpenAsync(string path, Action<StateTables> rebuild)
    {
        var state = new StateDb(path, rebuild);
        state._owner.Start();
        state.Note = await state._opened.Task.ConfigureAwait(false);
        return state;
    }

    /// <summary>Changes the state; completes when the change is written. Changes that wait at the same time
    /// are one transaction, in the order of calling.</summary>
    public Task WriteAsync(Action<StateTables> change) => EnqueueAsync(new Work(change, Writes: true));

    /// <summary>Asks the state, after the changes that were asked for before.</summary>
    public async Task<T> ReadAsync<T>(Func<StateTables, T> question)
    {
        T? answer = default;
        await EnqueueAsync(new Work(t => answer = question(t), Writes: false)).ConfigureAwait(false);
        return answer!;
    }

    /// <summary>Finishes what is queued and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) { return; }
        _queue.Writer.TryComplete();
        await Task.Run(_owner.Join).ConfigureAwait(false);
    }

    private async Task EnqueueAsync(Work work)
    {
        try
        {
            await _queue.Writer.WriteAsync(work).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(StateDb));
        }
        await work.Done.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        LiteDatabase? database = null;
        try
        {
            (database, StateTables tables, string? note) = Open();
            _opened.SetResult(note);
            Serve(database, tables);
        }
        catch (Exception e) when (e is LiteException || StoreException.IsOfDisk(e))
        {
            StoreException told = StoreException.From(e, $"cannot open {_path}");
            _opened.TrySetException(told);
            _queue.Writer.TryComplete();
            while (_queue.Reader.TryRead(out Work? work)) { work.Done.TrySetException(told); }
        }
        finally
        {
            database?.Dispose();
        }
    }

    private (LiteDatabase Database, StateTables Tables, string? Note) Open()
    {
        Files.CreateFolder(Path.GetDirectoryName(_path)!);
        bool existed = File.Exists(_path);
        string? note = null;
        if (existed && StateCheck.WhyUseless(_path) is { } why)
        {
            string aside = Files.MoveAside(_path);
            Files.TryDelete(StateCheck.JournalOf(_path));
            existed = false;
            note = $"state database {why}, built again from the log; it is kept as {aside}";
        }
        var database = new LiteDatabase(StateCheck.ConnectionTo(_path));
        var tables = new StateTables(database);
        if (!existed)
        {
            // A crash while filling must not leave a half that looks whole: the mark comes in the same
            // transaction.
            database.BeginTrans();
            _rebuild(tables);
            StateCheck.MarkWhole(database);
            database.Commit();
        }
        return (database, tables, note);
    }

    private void Serve(LiteDatabase database, StateTables tables)
    {
        var batch = new List<Work>();
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            while (batch.Count < LargestTransaction && _queue.Reader.TryRead(out Work? work))
            {
                batch.Add(work);
            }
            if (!TryTogether(database, tables, batch))
            {
                batch.ForEach(work => Alone(database, tables, work));
            }
        }
    }

    private static bool TryTogether(LiteDatabase database, StateTables tables, List<Work> batch)
    {
        bool writes = batch.Exists(work => work.Writes);
        if (writes) { database.BeginTrans(); }
        try
        {
            batch.ForEach(work => work.Do(tables));
            if (writes) { database.Commit(); }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // One that fails must not undo the others: each is then tried alone.
            if (writes) { database.Rollback(); }
            return false;
        }
        batch.ForEach(work => work.Done.SetResult());
        return true;
    }

    private static void Alone(LiteDatabase database, StateTables tables, Work work)
    {
        database.BeginTrans();
        try
        {
            work.Do(tables);
            database.Commit();
            work.Done.SetResult();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            database.Rollback();
            work.Done.SetException(e);
        }
    }

    private sealed record Work(Action<StateTables> Do, bool Writes)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

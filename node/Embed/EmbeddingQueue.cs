using IncidentMesh.Protocol.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace IncidentMesh.Node.Embed;

/// <summary>A record whose text is to be embedded.</summary>
/// <param name="Id">Digest of the record's id.</param>
/// <param name="Text">Title and summary.</param>
/// <param name="Created">Unix seconds: the newest come first.</param>
public sealed record EmbeddingJob(Digest Id, string Text, long Created);

/// <summary>A record's vector.</summary>
/// <param name="Id">Digest of the record's id.</param>
/// <param name="Graph">Hash of the graph that made it.</param>
/// <param name="Vector">384 components, unit length.</param>
public sealed record EmbeddedText(Digest Id, Digest Graph, float[] Vector);

/// <summary>Embeds in the background, newest first, so that receiving never waits for the model. The model
/// is loaded there, too; without a usable model the queue stays empty and says why. A text that a person
/// waits for goes first.</summary>
/// <remarks>Threads of its own at low priority: the runtime's pool stays free for the network.</remarks>
public sealed class EmbeddingQueue : IAsyncDisposable
{
    /// <summary>Texts of one round on an accelerator, which sorts them into batches of like length.</summary>
    private const int RoundOfAccelerator = 256;

    /// <summary>How soon a model that could not be used is tried again, as its files may have been put in
    /// place meanwhile.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(30);

    private readonly Func<Embedder> _load;
    private readonly Action<EmbeddedText> _done;
    private readonly ILogger _log;
    private readonly int _capacity;
    private readonly TimeProvider _time;
    private readonly object _lock = new();
    private readonly SortedSet<(long Created, Digest Id)> _order = [];
    private readonly Dictionary<Digest, EmbeddingJob> _waiting = [];
    private readonly Queue<(string Text, TaskCompletionSource<EmbeddedText?> Answer)> _urgent = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Thread> _threads = [];
    private Embedder? _embedder;
    private ITimer? _retry;
    private int _running;
    private bool _stopping;

    /// <summary>A queue that has not started.</summary>
    /// <param name="load">Loads the model; called on a background thread.</param>
    /// <param name="done">Takes each vector; called on the queue's threads, several at a time, must be
    /// quick.</param>
    /// <param name="log">Where warnings go.</param>
    /// <param name="capacity">Jobs held; of more, the oldest are dropped and counted.</param>
    /// <param name="time">The clock of <see cref="RetryInterval"/>.</param>
    public EmbeddingQueue(
        Func<Embedder> load, Action<EmbeddedText> done, ILogger log, int capacity = 65_536,
        TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _load = load;
        _done = done;
        _log = log;
        _capacity = capacity;
    }

    /// <summary>Raised, on a queue's thread, when nothing waits any more although jobs had been dropped:
    /// the owner then enqueues again what has no vector.</summary>
    public event Action? Drained;

    /// <summary>Raised, on a queue's thread, when the model is loaded, and again when a failing accelerator
    /// gave way to the CPU: the graph, and with it all vectors, are then others.</summary>
    public event Action<Embedder>? Loaded;

    /// <summary>Ends when the model is loaded or first found unusable.</summary>
    public Task Ready => _ready.Task;

    /// <summary>The embedder, or null while it loads or where there is none.</summary>
    public Embedder? Embedder => Volatile.Read(ref _embedder);

    /// <summary>Why there is no embedding, or null. The model is tried again every <see
    /// cref="RetryInterval"/>.</summary>
    public ModelFault? Fault { get; private set; }

    /// <summary>Jobs that were dropped since the queue was last empty.</summary>
    public int Dropped { get; private set; }

    /// <summary>Vectors made since the start.</summary>
    public int Done { get; private set; }

    /// <summary>Texts that wait, dropped ones included.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count + Dropped;
            }
        }
    }

    /// <summary>Starts to load the model, then to work.</summary>
    public void Start() => StartThread(LoadAndWork);

    /// <summary>Adds a job; one that waits already is replaced.</summary>
    /// <returns>False where there is no model, or the queue is full of newer jobs.</returns>
    public bool Enqueue(EmbeddingJob job)
    {
        lock (_lock)
        {
            if (_stopping || Fault is not null)
            {
                return false;
            }

            if (_waiting.Remove(job.Id, out EmbeddingJob? before))
            {
                _order.Remove((before.Created, before.Id));
            }

            _waiting[job.Id] = job;
            _order.Add((job.Created, job.Id));
            bool kept = true;
            if (_waiting.Count > _capacity)
            {
                (long, Digest Id) oldest = _order.Min;
                _order.Remove(oldest);
                _waiting.Remove(oldest.Id);
                Dropped++;
                kept = oldest.Id != job.Id;
            }

            Monitor.Pulse(_lock);
            return kept;
        }
    }

    /// <summary>Takes a job back: its record was erased.</summary>
    public void Cancel(Digest id)
    {
        lock (_lock)
        {
            if (_waiting.Remove(id, out EmbeddingJob? job))
            {
                _order.Remove((job.Created, id));
            }
        }
    }

    /// <summary>Embeds a text that a person waits for, before everything else.</summary>
    /// <returns>The vector with the graph that made it (the id is empty); null where there is no
    /// model.</returns>
    public async Task<EmbeddedText?> EmbedNowAsync(string text, CancellationToken cancel = default)
    {
        var answer = new TaskCompletionSource<EmbeddedText?>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_stopping || Fault is not null)
            {
                return null;
            }

            _urgent.Enqueue((text, answer));
            Monitor.Pulse(_lock);
        }

        return await answer.Task.WaitAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Stops after the texts in hand; what waits is left for the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        Thread[] threads;
        lock (_lock)
        {
            _stopping = true;
            Monitor.PulseAll(_lock);
            threads = [.. _threads];
            _retry?.Dispose();
        }

        await Task.Run(() => Array.ForEach(threads, t => t.Join())).ConfigureAwait(false);
        Answer(null);
        _ready.TrySetResult();
        _embedder?.Dispose();
    }

    private void StartThread(ThreadStart run)
    {
        var thread = new Thread(
            run) { IsBackground = true, Name = "embed", Priority = ThreadPriority.BelowNormal };
        lock (_lock)
        {
            if (!_stopping)
            {
                _threads.Add(thread);
                thread.Start();
            }
        }
    }

    private void LoadAndWork()
    {
        Embedder embedder;
        try
        {
            embedder = _load();
        }
        catch (ModelException e)
        {
            Failed(e.Fault);
            return;
        }

        if (Fault is not null)
        {
            _log.LogWarning("the embedding model is there now: embedding starts");
            Fault = null;
        }

        Use(embedder);
        _ready.TrySetResult();
        for (int i = 1; i < embedder.Workers; i++)
        {
            StartThread(Work);
        }

        Work();
    }

    private void Failed(ModelFault fault)
    {
        if (fault != Fault)
        {
            _log.LogWarning(
                "no embedding: {Reason}; tried again every {Seconds} s", fault.Message,
                RetryInterval.TotalSeconds);
        }

        lock (_lock)
        {
            Fault = fault;
            _waiting.Clear();
            _order.Clear();
            _threads.Remove(Thread.CurrentThread);
            if (!_stopping)
            {
                _retry ??= _time.CreateTimer(
                    _ => Start(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _retry.Change(RetryInterval, Timeout.InfiniteTimeSpan);
            }
        }

        Answer(null);
        _ready.TrySetResult();
    }

    private void Use(Embedder embedder)
    {
        Volatile.Write(ref _embedder, embedder);
        if (embedder.Fallback is string reason)
        {
            _log.LogWarning("embedding runs on the CPU: {Reason}", reason);
        }

        Loaded?.Invoke(embedder);
    }

    private void Work()
    {
        while (Take(out List<EmbeddingJob> jobs, out var urgent))
        {
            Embedder embedder = _embedder!;
            try
            {
                if (urgent is var (text, answer))
                {
                    answer.TrySetResult(new EmbeddedText(default, embedder.Graph, embedder.Embed(text)));
                }

                float[][] vectors = embedder.Embed([.. jobs.Select(j => j.Text)]);
                for (int i = 0; i < vectors.Length; i++)
                {
                    _done(new EmbeddedText(jobs[i].Id, embedder.Graph, vectors[i]));
                }
            }
            catch (OnnxRuntimeException e)
            {
                urgent?.Answer.TrySetResult(null);
                Recover(embedder, jobs, e);
            }

            Finished(jobs.Count);
        }
    }

    /// <summary>Waits for work: a text that a person waits for, or the newest jobs. False when the queue
    /// stops.</summary>
    private bool Take(
        out List<EmbeddingJob> jobs, out (string Text, TaskCompletionSource<EmbeddedText?> Answer)? urgent)
    {
        jobs = [];
        urgent = null;
        lock (_lock)
        {
            while (!_stopping && _urgent.Count == 0 && _waiting.Count == 0)
            {
                Monitor.Wait(_lock);
            }

            if (_stopping)
            {
                return false;
            }

            if (_urgent.TryDequeue(out (string, TaskCompletionSource<EmbeddedText?>) first))
            {
                urgent = first;
                return true;
            }

            int round = _embedder!.OneAtATime ? 1 : RoundOfAccelerator;
            for (; round > 0 && _order.Count > 0; round--)
            {
                (long, Digest Id) newest = _order.Max;
                _order.Remove(newest);
                _waiting.Remove(newest.Id, out EmbeddingJob? job);
                jobs.Add(job!);
            }

            _running += jobs.Count;
            return true;
        }
    }

    private void Finished(int count)
    {
        bool drained;
        lock (_lock)
        {
            _running -= count;
            Done += count;
            drained = count > 0 && _waiting.Count == 0 && _running == 0 && Dropped > 0;
            Dropped = drained ? 0 : Dropped;
        }

        if (drained)
        {
            Drained?.Invoke();
        }
    }

    /// <summary>A device that fails while it runs gives way to the CPU, and its jobs are done again; a text
    /// on which the CPU fails is left without a vector.</summary>
    private void Recover(Embedder failed, List<EmbeddingJob> jobs, OnnxRuntimeException e)
    {
        _log.LogWarning("embedding failed on {Device}: {Reason}", failed.Device, e.Message);
        if (failed.OneAtATime)
        {
            return;
        }

        Use(failed.Reopen(new EmbeddingOptions { Provider = EmbeddingProvider.Cpu }));
        failed.Dispose();
        jobs.ForEach(j => Enqueue(j));
    }

    private void Answer(EmbeddedText? answer)
    {
        lock (_lock)
        {
            while (_urgent.TryDequeue(out (string, TaskCompletionSource<EmbeddedText?> Answer) first))
            {
                first.Answer.TrySetResult(answer);
            }
        }
    }
}

using System.Diagnostics;
using System.Threading.Channels;
using IncidentMesh.Node.Cluster;
using IncidentMesh.Node.Embed;
using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Search;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace IncidentMesh.Node.Serve;

/// <summary>Keeps the indexes of reports up with what is stored: text, vectors, clusters. One task takes
/// changes in order;
/// storing and relaying never wait for it. All of it can be deleted and is fed again from the log.</summary>
internal sealed partial class ReportIndex : IAsyncDisposable
{
    private const int CommitEvery = 2_000;

    // Each time all pairs are written: about 2 KB a report.
    private const int SaveEvery = 10_000;
    private static readonly TimeSpan RefreshPause = TimeSpan.FromMilliseconds(50);

    // Records come first: while they pour in, the indexes and the model leave the cores to them, but never
    // for longer than this.
    private const int Few = 64;
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MostHeld = TimeSpan.FromSeconds(3);

    // How soon an index that a full disk broke is opened again.
    private static readonly TimeSpan RepairPause = TimeSpan.FromSeconds(2);

    private readonly MeshLoop _mesh;
    private readonly AuthorBook _authors;
    private readonly ILogger _log;
    private readonly string _folder;
    private readonly string _modelFolder;
    private readonly Lock _clusterGate = new();
    private readonly Channel<Work> _work = Channel.CreateUnbounded<Work>();

    private readonly Task _owner;
    private long? _brokenSince;
    private TextIndex _text;
    private VectorIndex? _vectors;
    private ClusterEngine? _clusters;
    private readonly IReadOnlyList<string> _notes;
    private string? _position;
    private int _fed;
    private int _dirty;
    private int _unsaved;
    private readonly HashSet<Digest> _waiting = [];
    private readonly List<EmbeddingJob> _held = [];
    private long _heldSince;
    private long _lastAdmitted;
    private int _pours;
    private int _waitingCount;
    private int _started;

    private ReportIndex(
        MeshLoop mesh, AuthorBook authors, string folder, EmbeddingOptions options, string model, ILogger log)
    {
        (_mesh, _authors, _log, _folder, _modelFolder) = (mesh, authors, log, folder, model);
        _text = TextIndex.Open(Path.Combine(folder, "text"), out IndexReport report);
        _position = report.Position;
        _notes = report.Fresh is null ? [] : [$"text index: {report.Fresh}; it is being rebuilt"];
        Searcher = new Searcher(_text, authors, new Meaning(this));
        Queue = new EmbeddingQueue(
            () => Embedder.Open(_modelFolder, options), v => Post(new Work.Embedded(v)), log);
        Queue.Loaded += e => Post(new Work.Loaded(e.Graph));
        Queue.Drained += () => Post(new Work.Drained());
        _owner = Task.Run(OwnAsync);
    }

    /// <summary>One thing to take in.</summary>
    private abstract record Work
    {
        /// <summary>Feed the text index with what it lacks.</summary>
        public sealed record CatchUp : Work;

        public sealed record Changed(MeshChange Change) : Work;

        public sealed record Loaded(Digest Graph) : Work;

        public sealed record Embedded(EmbeddedText Text) : Work;

        public sealed record Drained : Work;

        /// <summary>Runs after what was posted before; also after the clusters of all that have a
        /// vector.</summary>
        public sealed record Ask(Action Run, bool Clustered = false) : Work;
    }

    /// <summary>Answers queries.</summary>
    public Searcher Searcher { get; private set; }

    /// <summary>The background of the model.</summary>
    public EmbeddingQueue Queue { get; }

    /// <summary>What was found at the start, in words.</summary>
    public IReadOnlyList<string> Notes => _brokenSince is null ? _notes
        : [.. _notes, "text index: the disk refuses it; what is new is not found until there is room"];

    /// <summary>Reports that wait for the model or for their clusters.</summary>
    public int Backlog => Queue.Fault is null ? Volatile.Read(ref _waitingCount) + _work.Reader.Count : 0;

    /// <summary>Told after each record is searchable: its row in the columns.</summary>
    public event Action<Record>? Indexed;

    /// <summary>Opens the indexes and starts to feed them.</summary>
    public static ReportIndex Open(
        MeshLoop mesh, AuthorBook authors, DataFolder folder, EmbeddingOptions options, string model,
            ILogger log)
    {
        ReportIndex index = new(mesh, authors, folder.Index, options, model, log);
        index.ReadProfiles();
        mesh.Changed += index.Note;
        index.Post(new Work.CatchUp());
        return index;
    }

    /// <summary>Starts to load the model; again does nothing.</summary>
    public void StartModel()
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
        {
            Queue.Start();
        }
    }

    /// <summary>Says that many records come one after the other until <see cref="EndPour"/>, however long one
    /// of them takes.</summary>
    public void BeginPour() => Interlocked.Increment(ref _pours);

    /// <summary>Ends what <see cref="BeginPour"/> began.</summary>
    public void EndPour() => Interlocked.Decrement(ref _pours);

    /// <summary>Waits until the model is loaded, or known to be unusable, and the clusters stand; for a few
    /// reports that are not embedded yet, too.</summary>
    public async Task ReadyAsync(CancellationToken stop)
    {
        StartModel();
        await Queue.Ready.WaitAsync(stop);
        await SettleAsync(clustered: true).WaitAsync(stop);
        long since = Stopwatch.GetTimestamp();
        while (Backlog is > 0 and <= Few && Stopwatch.GetElapsedTime(since) < MostHeld)
        {
            await Task.Delay(RefreshPause, stop);
        }
    }

    /// <summary>Runs something with the clusters, which have one user at a time; the default where there is
    /// no model.</summary>
    public T? WithClusters<T>(Func<ClusterEngine, T> ask)
    {
        lock (_clusterGate)
        {
            return _clusters is null ? default : ask(_clusters);
        }
    }

    /// <summary>Tells the text index anew what stands of a record, after its marks changed.</summary>
    public void MarkAgain(Digest id) => Post(new Work.Ask(() => Mark(id)));

    /// <summary>Waits until all that was posted so far is taken in; where it is <paramref
    /// name="clustered"/>, until all that have a vector are in their clusters, too.</summary>
    public Task SettleAsync(bool clustered = false)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(new Work.Ask(done.SetResult, clustered));
        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await Queue.DisposeAsync();
        _work.Writer.TryComplete();
        await _owner;
        SavePairs();
        Guard(Commit);
        _text.Dispose();
        _vectors?.Dispose();
    }

    private void Post(Work work) => _work.Writer.TryWrite(work);

    private void Note(MeshChange change)
    {
        if (change is MeshChange.Admitted)
        {
            Volatile.Write(ref _lastAdmitted, Stopwatch.GetTimestamp());
            Interlocked.Increment(ref _posted);
        }

        Post(new Work.Changed(change));
    }

    private async Task OwnAsync()
    {
        while (await WaitAsync())
        {
            await LetPourAsync();
            while (_work.Reader.TryRead(out Work? work))
            {
                Guard(() => Take(work));
                if (_dirty >= CommitEvery)
                {
                    Guard(Commit);
                }

                if (_unsaved >= SaveEvery)
                {
                    SavePairs();
                }

                ReleaseHeld();
            }

            Tend(_waiting.Count == 0);

            // A refresh for each record of a stream would cost more than the records.
            await Task.Delay(RefreshPause);
        }
    }

    // Wakes without work, too, while jobs are held, reports wait for their clusters, these are not marked, or
    // an index is broken.
    private async Task<bool> WaitAsync()
    {
        Task<bool> more = _work.Reader.WaitToReadAsync().AsTask();
        while ((_held.Count + _joined.Count + _unjoined.Count > 0 || _brokenSince is not null)
            && await Task.WhenAny(more, Task.Delay(Quiet)) != more)
        {
            Tend(false);
        }

        return await more;
    }

    // What was fed to an index that was opened anew is to be found, too: it is refreshed last.
    private void Tend(bool settle)
    {
        Repair();
        ReleaseHeld();
        Guard(JoinDue);
        MarkJoined(settle);
        RefreshText();
    }

    private bool IsQuiet => Volatile.Read(ref _pours) == 0
        && Stopwatch.GetElapsedTime(Volatile.Read(ref _lastAdmitted)) >= Quiet;

    private async Task LetPourAsync()
    {
        long since = Stopwatch.GetTimestamp();
        while (_work.Reader.Count > Few && !IsQuiet && Stopwatch.GetElapsedTime(since) < MostHeld)
        {
            await Task.Delay(RefreshPause);
        }
    }

    private void ReleaseHeld()
    {
        if (_held.Count > 0 && (IsQuiet || Stopwatch.GetElapsedTime(_heldSince) >= MostHeld))
        {
            _held.ForEach(job => Queue.Enqueue(job));
            _held.Clear();
        }
    }

    private void Take(Work work)
    {
        switch (work)
        {
            case Work.CatchUp:
                CatchUp();
                break;
            case Work.Changed { Change: MeshChange.Admitted admitted }:
                _taken++;
                Admit(admitted);
                break;
            case Work.Changed { Change: MeshChange.Withdrawn gone }:
                foreach (Digest id in gone.Ids)
                {
                    Drop(id);
                }

                break;
            case Work.Loaded loaded:
                StartClusters(loaded.Graph);
                break;
            case Work.Embedded embedded:
                Embedded(embedded.Text);
                break;
            case Work.Drained:
                EnqueueMissing();
                break;
            case Work.Ask ask:
                JoinDue();
                if (ask.Clustered)
                {
                    JoinAll();
                }

                MarkJoined(true);
                RefreshText();
                ask.Run();
                break;
        }
    }
}

using System.Threading.Channels;
using IncidentMesh.Node.Net;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentMesh.Node.Mesh;

/// <summary>How a <see cref="MeshLoop"/> runs.</summary>
public sealed record MeshOptions
{
    /// <summary>Where everything is stored.</summary>
    public required DataFolder Folder { get; init; }

    /// <summary>The libp2p host key; stays the caller's.</summary>
    public required SigningKey HostKey { get; init; }

    /// <summary>Reads the columns' fields of a record.</summary>
    public required RowReader Rows { get; init; }

    /// <summary>This node's own identity.</summary>
    public required Cid Self { get; init; }

    /// <summary>False opens the folder without the network.</summary>
    public bool Network { get; init; } = true;

    /// <summary>The numbers of the replica.</summary>
    public ReplicaOptions Replica { get; init; } = new();

    /// <summary>How the host presents itself.</summary>
    public HostOptions Host { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where refusals and failures are told.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;
}

/// <summary>The one loop of a node: owns the <see cref="Replica"/>, and does what it wants done with sockets,
/// files and
/// threads. Inputs come through one bounded channel; a record is acknowledged when it is on disk, and nothing
/// waits for
/// the model. <c>specs/mesh.md</c>.</summary>
public sealed partial class MeshLoop : IAsyncDisposable
{
    private const int WaitingInputs = 1_024;
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(50);

    private readonly MeshOptions _options;
    private readonly MeshClock _clock;
    private readonly Archive _archive;
    private readonly Replica _replica;
    private readonly VerifyPool _verify;
    private readonly Host? _host;
    private readonly GossipStreams? _gossip;
    private readonly SyncStreams? _sync;
    private readonly Dialler? _dialler;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<Action<Replica>> _inputs = Channel.CreateBounded<Action<Replica>>(
        new BoundedChannelOptions(WaitingInputs) { SingleReader = true });

    // What the disk and the workers finished must never wait behind what peers send, or both would wait for
    // ever.
    private readonly Channel<Action<Replica>> _finished = Channel.CreateUnbounded<Action<Replica>>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly Dictionary<long, TaskCompletionSource> _tokens = [];
    private readonly HashSet<Task> _running = [];
    private readonly Task _owner;
    private readonly Task _ticker;
    private Task _persisting = Task.CompletedTask;
    private AppendChain _chain = new();
    private long _lastToken;

    private MeshLoop(MeshOptions options)
    {
        _options = options;
        _clock = new MeshClock(options.Time);
        _archive = Archive.Open(options.Folder, options.Rows, options.Time);
        Local = LocalState.Replay(_archive.Log, _archive.Columns.LocalFrames);
        _replica = new Replica(options.Replica, LocalPolicy.Of(Local, options.Self), _archive);
        _archive.Restore(_replica);
        _verify = new VerifyPool(Math.Clamp(Environment.ProcessorCount, 1, 2), results =>
            FinishAsync(r => r.Verified(results, Now)));
        if (options.Network)
        {
            _host = new Host(options.HostKey, options.Host, options.Time, options.Log);
            _gossip = new GossipStreams(this, _host);
            _sync = new SyncStreams(this, _host);
            _dialler = new Dialler(this, _host, options.Log);
            _gossip.Register();
            _sync.Register();
        }

        _owner = Task.Run(OwnAsync);
        _ticker = Task.Run(TickAsync);
        if (_host is not null)
        {
            Run(WatchPeersAsync);
        }
    }

    /// <summary>Told of each change to what counts, on the owner's task: it must not wait.</summary>
    public event Action<MeshChange>? Changed;

    /// <summary>What was decided on this node alone, as it stood at the start.</summary>
    public LocalState Local { get; }

    /// <summary>The columns of what is stored; reads from any thread.</summary>
    public Columns Columns => _archive.Columns;

    /// <summary>What recovery found, in words.</summary>
    public IReadOnlyList<string> Notes => _archive.Notes;

    /// <summary>The libp2p host, or null without the network.</summary>
    public Host? Host => _host;

    internal CancellationToken Stopping => _stop.Token;

    internal TimeProvider Time => _options.Time;

    /// <summary>The loop's clock.</summary>
    public Instant Now => _clock.Now;

    /// <summary>Opens what is stored and starts the loop. Nothing listens yet.</summary>
    /// <exception cref="StoreException">The log cannot be opened.</exception>
    public static async Task<MeshLoop> OpenAsync(MeshOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        MeshLoop loop = await Task.Run(() => new MeshLoop(options));
        await loop.AskAsync(r =>
        {
            r.Start(loop.Now);
            loop.MarkRows();
            return true;
        });
        return loop;
    }

    /// <summary>Listens on an address.</summary>
    /// <exception cref="ListenException">It cannot be used.</exception>
    public Multiaddr Listen(Multiaddr address) => Network().Listen(address);

    /// <summary>Keeps a connection to a peer from now on.</summary>
    /// <param name="address">With <c>/p2p/ID</c>.</param>
    public void Connect(Multiaddr address) => _dialler?.Add(address);

    /// <summary>Ends the connection to a peer and dials it no longer.</summary>
    public void Disconnect(PeerId peer)
    {
        _dialler?.Remove(peer);
        _host?.Disconnect(peer);
    }

    /// <summary>Stores a record that is signed already; completes when it is on disk.</summary>
    /// <exception cref="RefusedException">It was not taken.</exception>
    public Task SubmitAsync(SignedRecord signed) =>
        WithTokenAsync((r, token) => r.Submit(signed, token, Now));

    /// <summary>Signs and stores records as one step of the owner, so that each names the heads before it;
    /// completes
    /// when all are on disk.</summary>
    /// <param name="key">The device key.</param>
    /// <param name="sign">Each signs one record with the heads given.</param>
    /// <exception cref="RefusedException">One was not taken.</exception>
    public async Task<IReadOnlyList<SignedRecord>> SignAsync(
        PublicKey key, IReadOnlyList<Func<IReadOnlyList<Head>, SignedRecord>> sign)
    {
        ArgumentNullException.ThrowIfNull(sign);
        (List<SignedRecord> made, List<Task> stored) = await AskAsync(r =>
        {
            List<SignedRecord> records = [];
            List<Task> waiting = [];
            foreach (Func<IReadOnlyList<Head>, SignedRecord> one in sign)
            {
                records.Add(one(r.HeadsOf(key)));
                TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
                _tokens.Add(++_lastToken, done);
                waiting.Add(done.Task);
                r.Submit(records[^1], _lastToken, Now);
            }

            return (records, waiting);
        });
        await Task.WhenAll(stored).WaitAsync(_stop.Token);
        return made;
    }

    /// <summary>Stores an event of this node's own identity; completes when it is on disk.</summary>
    public Task SubmitEventAsync(IdentityEvent @event) =>
        WithTokenAsync((r, token) => r.SubmitEvent(@event, token, Now));

    /// <summary>Appends a decision of this node alone; completes when it is on disk.</summary>
    public Task AppendLocalAsync(LocalEntry entry) => _archive.AppendLocalAsync(entry, Now);

    /// <summary>Asks the replica something as one step of the owner.</summary>
    public async Task<T> AskAsync<T>(Func<Replica, T> question)
    {
        TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await PostAsync(r =>
        {
            // A question that fails is its asker's failure, not the owner's.
            try
            {
                answer.SetResult(question(r));
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
            {
                answer.SetException(e);
            }
        });
        return await answer.Task.WaitAsync(_stop.Token);
    }

    /// <summary>The frame of a stored record, quarantined or not.</summary>
    public LogFrame? Find(Digest id) => _archive.Find(id);

    /// <summary>The log itself: its frames, and a check of them.</summary>
    public RecordLog Log => _archive.Log;

    /// <summary>What went wrong last at addresses that are dialled.</summary>
    public IReadOnlyDictionary<Multiaddr, string> DialFailures =>
        _dialler?.Failures ?? new Dictionary<Multiaddr, string>();

    /// <summary>Addresses that are dialled.</summary>
    public IReadOnlyList<Multiaddr> DialTargets => _dialler?.Targets ?? [];

    /// <summary>Stops in good order: what was taken in is written.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        await _stop.CancelAsync();
        _inputs.Writer.TryComplete();
        await _owner;
        await _ticker;
        await _verify.DisposeAsync();
        await _persisting;
        await _archive.DisposeAsync();
        _stop.Dispose();
    }

    internal ValueTask PostAsync(Action<Replica> input) =>
        _stop.IsCancellationRequested ? ValueTask.CompletedTask : WriteAsync(_inputs, input);

    private static async ValueTask WriteAsync(Channel<Action<Replica>> channel, Action<Replica> input)
    {
        try
        {
            await channel.Writer.WriteAsync(input);
        }
        catch (ChannelClosedException)
        {
            // The loop has stopped: nobody is left to tell.
            return;
        }
    }

    private Host Network() => _host ?? throw new InvalidOperationException("opened without the network");
}

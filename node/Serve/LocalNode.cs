using System.Reflection;
using IncidentMesh.Node.Embed;
using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentMesh.Node.Serve;

/// <summary>A node in this process: its folder, its loop and its indexes, with or without the
/// network.</summary>
internal sealed partial class LocalNode : INodeApi
{
    private readonly DataFolder _folder;
    private readonly IDisposable _lock;
    private readonly Keyring _keys;
    private readonly MeshLoop _mesh;
    private readonly AuthorBook _authors;
    private readonly ReportIndex _index;
    private readonly ReportViews _views;
    private readonly EventHub _events;
    private readonly RecordBuilder _builder;
    private readonly LocalState _local;
    private readonly StateDb _state;
    private readonly PeerHistory _history;

    private LocalNode(
        DataFolder folder, IDisposable held, Keyring keys, MeshLoop mesh, AuthorBook authors,
            StateDb state,
        ILogger log)
    {
        (_folder, _lock, _keys, _mesh, _authors, _state) = (folder, held, keys, mesh, authors, state);
        _log = log;
        _history = new PeerHistory(state);
        _drafts = new Drafts(folder);
        _local = mesh.Local;
        _builder = new RecordBuilder(keys.Author, keys.Device, keys.Auth, keys.NodeSecret);
        _index = ReportIndex.Open(
            mesh, _authors, folder, EmbeddingSettings.Read(), EmbeddingSettings.Model, log);
        _views = new ReportViews(mesh, _authors, _index);
        _events = new EventHub(mesh, _authors, _views, ArrivedAsync);
        _index.Indexed += _events.Arrived;
        mesh.Changed += TakeTrustList;
        mesh.Changed += NotePeers;
    }

    /// <summary>The loop behind it.</summary>
    public MeshLoop Mesh => _mesh;

    public bool Running => _mesh.Host is not null;

    /// <summary>The program's version.</summary>
    public static string Version { get; } = typeof(LocalNode).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Opens a node's folder without the network.</summary>
    /// <param name="folder">The folder; it is locked until this is disposed.</param>
    /// <param name="passphrase">Asked only where the device key is sealed.</param>
    /// <param name="stop">Ends the opening.</param>
    public static Task<LocalNode> OpenAsync(
        DataFolder folder, Func<Task<string>> passphrase, CancellationToken stop) =>
        OpenAsync(folder, passphrase, network: false, NullLogger.Instance, stop);

    /// <summary>Opens a node's folder, ready for the network if that is wanted; nothing listens
    /// yet.</summary>
    public static async Task<LocalNode> OpenAsync(
        DataFolder folder, Func<Task<string>> passphrase, bool network, ILogger log, CancellationToken stop)
    {
        if (Ed25519SelfTest.Run() is { } mismatch)
        {
            throw new ApiException(
                "ed25519", $"this machine's Ed25519 is not the one of the protocol: {mismatch}",
                "the node must not start: it would split the mesh", ExitCode.Damaged);
        }

        if (!Keyring.Exists(folder))
        {
            throw ApiException.NotFound(
                $"no node was set up in {folder.Home}", "incidentmesh init sets one up");
        }

        IDisposable held = folder.Lock();
        Keyring? keys = null;
        try
        {
            keys = await Keyring.LoadAsync(folder, passphrase);
            MeshLoop mesh = await MeshLoop.OpenAsync(new MeshOptions
            {
                Folder = folder,
                HostKey = keys.Host,
                Rows = ReportReader.TryReadRow,
                Self = keys.Author,
                Network = network,
                Log = log,
                Host = new Net.HostOptions { Agent = "incidentmesh/" + Version },
            });
            AuthorBook authors = new(keys.Author);
            await SubmitIdentityAsync(mesh, keys);
            await RefreshStandingsAsync(mesh, authors);
            StateDb state = await StateDb.OpenAsync(
                Path.Combine(folder.Index, "state.db"), t => PeerHistory.Rebuild(t, mesh.Local, mesh.Now));
            TakeDecisions(mesh, authors);
            LocalNode node = new(folder, held, keys, mesh, authors, state, log);
            if (network)
            {
                node._index.StartModel();
            }

            stop.ThrowIfCancellationRequested();
            node.Start();
            return node;
        }
        catch
        {
            keys?.Dispose();
            held.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _releasing;
        _events.Dispose();
        await _index.DisposeAsync();
        await _mesh.DisposeAsync();
        await _state.DisposeAsync();
        _closing.Dispose();
        _holding.Dispose();
        _drafts.Dispose();
        _keys.Dispose();
        _lock.Dispose();
    }

    // Whom a trusted author names has another standing from now on.
    private void TakeTrustList(MeshChange change)
    {
        if (change is MeshChange.Admitted { Record.Header.Type: RecordTypes.TrustList })
        {
            _mesh.Run(() => RefreshStandingsAsync(_mesh, _authors));
        }
    }

    private void NotePeers(MeshChange change)
    {
        if (change is MeshChange.Peers && _mesh.Host is { } host)
        {
            _mesh.Run(async () => await _history.NoteAsync(
                host.Peers, await _mesh.AskAsync(r => r.PeerStates()), _mesh.Now));
        }
    }

    private static async Task SubmitIdentityAsync(MeshLoop mesh, Keyring keys)
    {
        foreach (IdentityEvent @event in keys.Events)
        {
            await mesh.SubmitEventAsync(@event);
        }
    }

    // Before the indexes are fed: what counts there and how it is marked comes of it.
    private static void TakeDecisions(MeshLoop mesh, AuthorBook authors)
    {
        LocalState local = mesh.Local;
        foreach ((string author, string name) in local.Names)
        {
            if (Cid.TryParse(author, out Cid id))
            {
                authors.SetName(id, name);
            }
        }

        foreach ((string record, bool accepted) in local.Reviews)
        {
            if (Cid.TryParse(record, out Cid id))
            {
                authors.SetAccepted(id.Digest, accepted);
            }
        }

        foreach (LocalEntry.SaveSearch search in local.Searches.Values)
        {
            authors.SetSaved(search.Name, search.Query);
        }

        // A snapshot may be older than the latest decision.
        foreach ((RowFlags flag, IReadOnlySet<string> records) in new[]
        {
            (RowFlags.Read, local.Read), (RowFlags.Unread, local.Unread),
            (RowFlags.Bookmarked, local.Bookmarked),
        })
        {
            List<RecordRow> marked = [];
            mesh.Columns.ForEach(new RowFilter { With = flag }, marked.Add);
            marked.ForEach(row => mesh.Columns.Mark(row.Id, RowFlags.None, flag));
            foreach (string record in records)
            {
                if (Cid.TryParse(record, out Cid id))
                {
                    mesh.Columns.Mark(id.Digest, flag);
                }
            }
        }
    }

    private void Start()
    {
        if (_mesh.Host is not null)
        {
            _releasing = Task.Run(ReleaseAsync);
            foreach (string address in _local.Peers.Values.SelectMany(a => a))
            {
                if (Multiaddr.TryParse(address, out Multiaddr? peer, out _))
                {
                    _mesh.Connect(peer);
                }
            }

            foreach (string banned in _local.Banned)
            {
                if (PeerId.TryParse(banned, out PeerId id))
                {
                    _mesh.Host.Ban(id, TimeSpan.FromDays(3_650));
                }
            }
        }
    }

    private static async Task RefreshStandingsAsync(MeshLoop mesh, AuthorBook authors)
    {
        // Also those that no list names any more, of whom no record came.
        Cid[] known = [.. authors.All.Select(a => a.Id)];
        IReadOnlyList<(Cid Id, Policy.Standing Standing)> standings = await mesh.AskAsync(r =>
            r.Identities.Authors.Concat(r.Policy.Trusted).Concat(r.Policy.Denied).Concat(known).Distinct()
                .Select(a => (a, r.Policy.StandingOf(a))).ToList());
        foreach ((Cid id, Policy.Standing standing) in standings)
        {
            authors.SetStanding(id, standing);
        }
    }

    /// <summary>What was wrong with the log when the folder was opened, in words.</summary>
    public IReadOnlyList<string> Losses => _mesh.Notes;

    public async Task<StatusView> StatusAsync(CancellationToken stop)
    {
        if (!Running)
        {
            await _index.ReadyAsync(stop);
        }

        var state = await _mesh.AskAsync(r => new
        {
            Digest = r.RecordDigest(),
            Records = r.RecordCount,
            Quarantine = r.Quarantine.Entries.Select(e => e.Id)
                .Concat(r.Unadmitted.Select(u => u.Id)).ToArray(),
            Pending = r.PendingCount,
            Peers = r.PeerStates(),
            _mesh.Now,
        });
        // Read first: the clusters that are told are then those of all that no longer wait.
        int backlog = _index.Backlog;
        (int clusters, Digest clusterDigest) = _index.WithClusters(c => (c.ClusterCount, c.ClusterDigest));
        Embedder? embedder = _index.Queue.Embedder;
        Instant? synced = state.Peers.Max(p => p.LastSynced);
        return new StatusView
        {
            Identity = _keys.Author.ToString(),
            Name = _authors.View(_keys.Author).Name ?? "",
            PeerId = PeerId.Of(_keys.Host.Public).ToString(),
            Addresses = _mesh.Host is null ? [] : [.. _mesh.Host.ListenAddresses.Select(a => a.ToString())],
            Peers = state.Peers.Count,
            Records = state.Records,
            ByType = ByType(),
            RecordDigest = state.Digest.ToString(),
            Clusters = clusters,
            ClusterDigest = clusterDigest.ToString(),
            EmbedBacklog = backlog,
            Embedded = _index.Queue.Done,
            Graph = embedder?.Graph.ToString(),
            Device = embedder?.Device,
            Provider = embedder?.Provider,
            ModelNote = ModelNoteOf(_index.Queue.Fault) ?? embedder?.Fallback,
            Pending = state.Pending,
            Quarantine = state.Quarantine.Count(IsWaiting),
            Held = _drafts.Held().Count,
            SyncedSecondsAgo = synced is null ? null : (state.Now - synced.Value).TotalSeconds,
            Home = _folder.Home,
            Version = Version,
            Warnings = [.. _mesh.Notes, .. _index.Notes, .. Note(_state.Note)],
        };
    }

    private string? ModelNoteOf(ModelFault? fault) => fault is null || !Running ? fault?.Message
        : $"{fault.Message}; tried again every {EmbeddingQueue.RetryInterval.TotalSeconds:0} s";

    private static IEnumerable<string> Note(string? note) => note is null ? [] : [note];

    private IReadOnlyDictionary<string, int> ByType() =>
        _mesh.Columns.CountBy(RowColumn.Type, new RowFilter { Without = RowFlags.Quarantined });
}

using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Serve;

/// <summary>What a search asks for.</summary>
/// <param name="Query">MQL (<c>specs/query.md</c>); empty for all.</param>
/// <param name="Limit">Items of the page.</param>
/// <param name="Cursor">Where to go on, from the page before.</param>
/// <param name="Sort"><c>relevance new severity sources</c>, or null for the query's own.</param>
/// <param name="Facets">Fields to count.</param>
internal sealed record SearchRequest(
    string Query,
    int Limit = 20,
    string? Cursor = null,
    string? Sort = null,
    IReadOnlyList<string>? Facets = null);

/// <summary>Which events are asked for.</summary>
/// <param name="After">Id of the last event that was seen, or null for none.</param>
/// <param name="Since">Without <paramref name="After"/>: records received at this time or later. Null for
/// those that come from now on.</param>
/// <param name="Query">Reports that this finds alone; null for every record.</param>
internal sealed record EventRequest(long? After = null, DateTimeOffset? Since = null, string? Query = null);

/// <summary>What a node does for its clients. Two ways to it: <c>LocalNode</c> in this process, and
/// <see cref="RemoteNode"/> over the socket of a node that runs. Failures are <see
/// cref="ApiException"/>.</summary>
internal interface INodeApi : IAsyncDisposable
{
    /// <summary>False where the data folder was opened without the network.</summary>
    bool Running { get; }

    Task<StatusView> StatusAsync(CancellationToken stop);

    Task<SearchView> SearchAsync(SearchRequest request, CancellationToken stop);

    Task<ReportView> ShowAsync(string id, bool raw, CancellationToken stop);

    Task<ClusterView> ClusterOfAsync(string id, CancellationToken stop);

    /// <summary>Clusters with a report that a query finds, largest first.</summary>
    Task<ClusterListView> ClustersAsync(string query, int limit, CancellationToken stop);

    /// <summary>Signs and stores; the record is on disk when this completes.</summary>
    Task<SubmitView> SubmitAsync(SubmitRequest request, CancellationToken stop);

    /// <summary>Reports that may tell of the same event as one that is being written; nothing is
    /// stored.</summary>
    Task<SimilarListView> SimilarAsync(SubmitRequest draft, CancellationToken stop);

    /// <summary>Imports a file or folder; yields progress, and the result last.</summary>
    IAsyncEnumerable<ImportView> ImportAsync(ImportRequest request, CancellationToken stop);

    /// <summary>What a query finds in one of <see cref="ExportFormat.All"/>, piece by piece. A case file is
    /// of one report: an id, or a query that finds one.</summary>
    IAsyncEnumerable<ExportView> ExportAsync(string query, string format, CancellationToken stop);

    /// <summary>Checks stored records; all of them where no id is given.</summary>
    Task<VerifyView> VerifyAsync(IReadOnlyList<string> ids, CancellationToken stop);

    Task<PeerListView> PeersAsync(PeerRequest? change, CancellationToken stop);

    Task<TrustListView> TrustAsync(TrustRequest? change, CancellationToken stop);

    /// <summary>Records as they come. The first event is a <c>start</c>, whose id says where it is carried on
    /// from.</summary>
    IAsyncEnumerable<EventView> EventsAsync(EventRequest request, CancellationToken stop);

    /// <summary>What waits for the operator's decision.</summary>
    Task<ReviewView> ReviewAsync(int limit, CancellationToken stop);

    /// <summary>Decides.</summary>
    Task<ReviewDone> ReviewAsync(ReviewRequest change, CancellationToken stop);

    /// <summary>Counts what a query finds by one field, or by two.</summary>
    Task<StatsView> StatsAsync(string query, string by, string? split, CancellationToken stop);

    /// <summary>Marks records on this node alone.</summary>
    Task<MarkListView> MarkAsync(MarkRequest request, CancellationToken stop);

    /// <summary>Who can read a record, and why it stands here as it does.</summary>
    Task<ExplainView> ExplainAsync(string id, string? reader, string? peer, CancellationToken stop);

    /// <summary>The keys of this node.</summary>
    Task<KeyListView> KeysAsync(CancellationToken stop);

    /// <summary>Reconciles with peers now; completes when that is over.</summary>
    Task<PeerListView> SyncAsync(SyncRequest request, CancellationToken stop);

    /// <summary>Drafts, changed first where a change is given.</summary>
    Task<DraftListView> DraftsAsync(DraftRequest? change, CancellationToken stop);

    /// <summary>One draft, opened; the key must be open.</summary>
    Task<DraftView> DraftAsync(int number, CancellationToken stop);

    /// <summary>Saved queries, changed first where a change is given.</summary>
    Task<SavedListView> SearchesAsync(SavedRequest? change, CancellationToken stop);
}

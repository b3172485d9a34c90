using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Tui.Data;

/// <summary>What the terminal UI asks of a node. Every method throws <see cref="NodeFailure"/> and nothing
/// else but <see cref="OperationCanceledException"/>.</summary>
internal interface INodeClient
{
    /// <summary>The node at a glance.</summary>
    Task<StatusView> StatusAsync(CancellationToken stop);

    /// <summary>A page of the reports that a query selects.</summary>
    /// <param name="query">MQL; empty is everything.</param>
    /// <param name="limit">Reports wanted.</param>
    /// <param name="cursor">From the page before, or null.</param>
    /// <param name="sort"><c>relevance new severity sources</c>, or null for the node's choice.</param>
    /// <param name="facets">Fields to count by, with commas, or null.</param>
    /// <param name="stop">Gives up.</param>
    Task<SearchView> SearchAsync(
        string query, int limit, string? cursor, string? sort, string? facets, CancellationToken stop);

    /// <summary>Everything about one report.</summary>
    Task<ReportView> ReportAsync(string id, CancellationToken stop);

    /// <summary>The reports of the same event.</summary>
    Task<ClusterView> ClusterAsync(string id, CancellationToken stop);

    /// <summary>The peers, after a change of them where one is given.</summary>
    Task<PeerListView> PeersAsync(PeerRequest? change, CancellationToken stop);

    /// <summary>The authors, after a change of a standing where one is given.</summary>
    Task<TrustListView> TrustAsync(TrustRequest? change, CancellationToken stop);

    /// <summary>Signs and stores a record; it is on disk when this completes.</summary>
    Task<SubmitView> SubmitAsync(SubmitRequest request, CancellationToken stop);

    /// <summary>Reports that may tell of the same event as a draft; nothing is stored.</summary>
    Task<SimilarListView> SimilarAsync(SubmitRequest draft, CancellationToken stop);

    /// <summary>Checks stored records.</summary>
    Task<VerifyView> VerifyAsync(IReadOnlyList<string> ids, CancellationToken stop);

    /// <summary>What a query finds in one of <see cref="ExportFormat.All"/>, piece by piece.</summary>
    IAsyncEnumerable<ExportView> ExportAsync(string query, string format, CancellationToken stop);

    /// <summary>Reconciles with all connected peers now; completes when that is over, after a minute at
    /// most.</summary>
    Task<PeerListView> SyncAsync(SyncRequest request, CancellationToken stop);

    /// <summary>What waits for a decision.</summary>
    Task<ReviewView> ReviewAsync(CancellationToken stop);

    /// <summary>Decides.</summary>
    Task<ReviewDone> DecideAsync(ReviewRequest request, CancellationToken stop);

    /// <summary>Counts reports by a field, each split by another where one is given.</summary>
    Task<StatsView> StatsAsync(string query, string by, string? split, CancellationToken stop);

    /// <summary>Marks records on this node.</summary>
    Task<MarkListView> MarkAsync(MarkRequest request, CancellationToken stop);

    /// <summary>The saved searches, after a change of them where one is given.</summary>
    Task<SavedListView> SearchesAsync(SavedRequest? change, CancellationToken stop);

    /// <summary>The drafts on disk, after a change of them where one is given.</summary>
    Task<DraftListView> DraftsAsync(DraftRequest? change, CancellationToken stop);

    /// <summary>Opens a draft.</summary>
    Task<DraftView> DraftAsync(int number, CancellationToken stop);

    /// <summary>What happens from now on, or after event <paramref name="lastId"/>; ends when the node
    /// closes the stream.</summary>
    IAsyncEnumerable<EventView> EventsAsync(long? lastId, CancellationToken stop);
}

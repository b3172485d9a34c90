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

    Task<ClusterListView> ClustersAsync(int limit, CancellationToken stop);

    /// <summary>Signs and stores; the record is on disk when this completes.</summary>
    Task<SubmitView> SubmitAsync(SubmitRequest request, CancellationToken stop);

    /// <summary>Imports a file or folder; yields progress, and the result last.</summary>
    IAsyncEnumerable<ImportView> ImportAsync(ImportRequest request, CancellationToken stop);

    /// <summary>Our JSON lines of what a query finds; with <paramref name="answers"/> also of every record
    /// that names one of them: versions, attestations, links, retractions.</summary>
    IAsyncEnumerable<string> ExportAsync(string query, bool answers, CancellationToken stop);

    /// <summary>Checks stored records; all of them where no id is given.</summary>
    Task<VerifyView> VerifyAsync(IReadOnlyList<string> ids, CancellationToken stop);

    Task<PeerListView> PeersAsync(PeerRequest? change, CancellationToken stop);

    Task<TrustListView> TrustAsync(TrustRequest? change, CancellationToken stop);

    /// <summary>New records as they come, after the event <paramref name="after"/>.</summary>
    IAsyncEnumerable<EventView> EventsAsync(long? after, CancellationToken stop);
}

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
    /// <param name="stop">Gives up.</param>
    Task<SearchView> SearchAsync(
        string query, int limit, string? cursor, string? sort, CancellationToken stop);

    /// <summary>Everything about one report.</summary>
    Task<ReportView> ReportAsync(string id, CancellationToken stop);

    /// <summary>The reports of the same event.</summary>
    Task<ClusterView> ClusterAsync(string id, CancellationToken stop);

    /// <summary>The peers.</summary>
    Task<PeerListView> PeersAsync(CancellationToken stop);

    /// <summary>What happens from now on, or after event <paramref name="lastId"/>; ends when the node
    /// closes the stream.</summary>
    IAsyncEnumerable<EventView> EventsAsync(long? lastId, CancellationToken stop);
}

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Tui.Data;

/// <summary>The local API over HTTP: <c>specs/api.md</c>.</summary>
internal sealed class NodeClient(NodeAddress address) : INodeClient
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(15);

    public Task<StatusView> StatusAsync(CancellationToken stop) =>
        AskAsync(ApiPaths.Status, ApiJson.Default.StatusView, stop);

    public Task<SearchView> SearchAsync(
        string query, int limit, string? cursor, string? sort, CancellationToken stop)
    {
        string path = string.Create(
            CultureInfo.InvariantCulture,
            $"{ApiPaths.Reports}?q={Uri.EscapeDataString(query)}&limit={limit}");
        path += cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
        path += sort is null ? "" : $"&sort={sort}";
        return AskAsync(path, ApiJson.Default.SearchView, stop);
    }

    public Task<ReportView> ReportAsync(string id, CancellationToken stop) =>
        AskAsync(ApiPaths.Report(id), ApiJson.Default.ReportView, stop);

    public Task<ClusterView> ClusterAsync(string id, CancellationToken stop) =>
        AskAsync(ApiPaths.ClusterOf(id), ApiJson.Default.ClusterView, stop);

    public Task<PeerListView> PeersAsync(CancellationToken stop) =>
        AskAsync(ApiPaths.Peers, ApiJson.Default.PeerListView, stop);

    public async IAsyncEnumerable<EventView> EventsAsync(
        long? lastId, [EnumeratorCancellation] CancellationToken stop)
    {
        string? after = lastId?.ToString(CultureInfo.InvariantCulture);
        using HttpExchange exchange = await HttpExchange.GetAsync(address, ApiPaths.Events, after, stop)
            .ConfigureAwait(false);
        if (exchange.Status != 200)
        {
            throw Refusal(exchange.Status, await exchange.ReadBodyAsync(stop).ConfigureAwait(false));
        }

        var lines = new EventStreamReader();
        while (await exchange.ReadSomeAsync(stop).ConfigureAwait(false) is { Length: > 0 } some)
        {
            lines.Append(some.Span);
            while (lines.TryTake(out string? data))
            {
                yield return Read(System.Text.Encoding.UTF8.GetBytes(data), ApiJson.Default.EventView);
            }
        }
    }

    private async Task<T> AskAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(AnswerTime);
        try
        {
            using HttpExchange exchange = await HttpExchange.GetAsync(address, path, null, limit.Token)
                .ConfigureAwait(false);
            byte[] body = await exchange.ReadBodyAsync(limit.Token).ConfigureAwait(false);
            return exchange.Status == 200 ? Read(body, type) : throw Refusal(exchange.Status, body);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw NodeFailure.Unreachable(address.ToString(), "no answer in 15 s");
        }
    }

    private static T Read<T>(byte[] json, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw NodeFailure.NotUnderstood("null");
        }
        catch (JsonException e)
        {
            throw NodeFailure.NotUnderstood(e.Message);
        }
    }

    private static NodeFailure Refusal(int status, byte[] body)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, ApiJson.Default.ErrorView) is { Error: { } error })
            {
                return new NodeFailure(error.Code, error.Message, error.Hint, error.Exit);
            }
        }
        catch (JsonException)
        {
            return new NodeFailure($"http-{status}", $"the node answers {status}", null, 1);
        }

        return new NodeFailure($"http-{status}", $"the node answers {status}", null, 1);
    }
}

using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Data;

/// <summary>The local API over HTTP: <c>specs/api.md</c>.</summary>
internal sealed class NodeClient(NodeAddress address) : INodeClient
{
    private const int ReviewItems = 200;
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(15);

    // The node answers after 60 seconds at the latest (specs/api.md).
    private static readonly TimeSpan SyncTime = TimeSpan.FromSeconds(75);

    public Task<StatusView> StatusAsync(CancellationToken stop) =>
        AskAsync(ApiPaths.Status, ApiJson.Default.StatusView, stop);

    public Task<SearchView> SearchAsync(
        string query, int limit, string? cursor, string? sort, string? facets, CancellationToken stop)
    {
        string path = string.Create(
            CultureInfo.InvariantCulture,
            $"{ApiPaths.Reports}?q={Uri.EscapeDataString(query)}&limit={limit}");
        path += cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
        path += sort is null ? "" : $"&sort={sort}";
        path += facets is null ? "" : $"&facets={facets}";
        return AskAsync(path, ApiJson.Default.SearchView, stop);
    }

    public Task<ReportView> ReportAsync(string id, CancellationToken stop) =>
        AskAsync(ApiPaths.Report(id), ApiJson.Default.ReportView, stop);

    public Task<ClusterView> ClusterAsync(string id, CancellationToken stop) =>
        AskAsync(ApiPaths.ClusterOf(id), ApiJson.Default.ClusterView, stop);

    public Task<PeerListView> PeersAsync(PeerRequest? change, CancellationToken stop) => AskAsync(
        ApiPaths.Peers, Body(change, ApiJson.Default.PeerRequest), ApiJson.Default.PeerListView, stop);

    public Task<TrustListView> TrustAsync(TrustRequest? change, CancellationToken stop) => AskAsync(
        ApiPaths.Trust, Body(change, ApiJson.Default.TrustRequest), ApiJson.Default.TrustListView, stop);

    public Task<SubmitView> SubmitAsync(SubmitRequest request, CancellationToken stop) => AskAsync(
        ApiPaths.Records, Body(request, ApiJson.Default.SubmitRequest), ApiJson.Default.SubmitView, stop);

    public Task<VerifyView> VerifyAsync(IReadOnlyList<string> ids, CancellationToken stop) => AskAsync(
        $"{ApiPaths.Verify}?{string.Join('&', ids.Select(id => "id=" + Uri.EscapeDataString(id)))}",
        ApiJson.Default.VerifyView, stop);

    public Task<ReviewView> ReviewAsync(CancellationToken stop) =>
        AskAsync($"{ApiPaths.Review}?limit={ReviewItems}", ApiJson.Default.ReviewView, stop);

    public Task<ReviewDone> DecideAsync(ReviewRequest request, CancellationToken stop) => AskAsync(
        ApiPaths.Review, Body(request, ApiJson.Default.ReviewRequest), ApiJson.Default.ReviewDone, stop);

    public Task<SimilarListView> SimilarAsync(SubmitRequest draft, CancellationToken stop) => AskAsync(
        ApiPaths.Similar, Body(draft, ApiJson.Default.SubmitRequest), ApiJson.Default.SimilarListView, stop);

    public Task<StatsView> StatsAsync(string query, string by, string? split, CancellationToken stop) =>
        AskAsync(
            $"{ApiPaths.Stats}?q={Uri.EscapeDataString(query)}&by={by}"
                + (split is null ? "" : "&split=" + split),
            ApiJson.Default.StatsView, stop);

    public Task<MarkListView> MarkAsync(MarkRequest request, CancellationToken stop) => AskAsync(
        ApiPaths.Marks, Body(request, ApiJson.Default.MarkRequest), ApiJson.Default.MarkListView, stop);

    public Task<SavedListView> SearchesAsync(SavedRequest? change, CancellationToken stop) => AskAsync(
        ApiPaths.Searches, Body(change, ApiJson.Default.SavedRequest), ApiJson.Default.SavedListView, stop);

    public Task<DraftListView> DraftsAsync(DraftRequest? change, CancellationToken stop) => AskAsync(
        ApiPaths.Drafts, Body(change, ApiJson.Default.DraftRequest), ApiJson.Default.DraftListView, stop);

    public Task<DraftView> DraftAsync(int number, CancellationToken stop) => AskAsync(
        string.Create(CultureInfo.InvariantCulture, $"{ApiPaths.Drafts}/{number}"),
        ApiJson.Default.DraftView, stop);

    public Task<PeerListView> SyncAsync(SyncRequest request, CancellationToken stop) => AskAsync(
        ApiPaths.Sync, Body(request, ApiJson.Default.SyncRequest), ApiJson.Default.PeerListView, stop,
        SyncTime);

    public async IAsyncEnumerable<ExportView> ExportAsync(
        string query, string format, [EnumeratorCancellation] CancellationToken stop)
    {
        string path = $"{ApiPaths.Export}?q={Uri.EscapeDataString(query)}&format={format}&progress=true";
        using HttpExchange exchange = await HttpExchange.SendAsync(address, path, null, null, stop)
            .ConfigureAwait(false);
        if (exchange.Status != 200)
        {
            throw Refusal(exchange.Status, await exchange.ReadBodyAsync(stop).ConfigureAwait(false));
        }

        var line = new ArrayBufferWriter<byte>();
        while (await exchange.ReadSomeAsync(stop).ConfigureAwait(false) is { Length: > 0 } some)
        {
            while (some.Span.IndexOf((byte)'\n') is >= 0 and var end)
            {
                line.Write(some.Span[..end]);
                some = some[(end + 1)..];
                byte[] piece = line.WrittenSpan.ToArray();
                line.Clear();
                yield return piece.AsSpan().StartsWith("{\"error\":"u8) ? throw Refusal(200, piece)
                    : Read(piece, ApiJson.Default.ExportView);
            }

            line.Write(some.Span);
        }
    }

    public async IAsyncEnumerable<EventView> EventsAsync(
        long? lastId, [EnumeratorCancellation] CancellationToken stop)
    {
        string? after = lastId?.ToString(CultureInfo.InvariantCulture);
        using HttpExchange exchange = await HttpExchange
            .SendAsync(address, ApiPaths.Events, null, after, stop).ConfigureAwait(false);
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
                yield return Read(Encoding.UTF8.GetBytes(data), ApiJson.Default.EventView);
            }
        }
    }

    private Task<T> AskAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken stop) =>
        AskAsync(path, null, type, stop);

    private async Task<T> AskAsync<T>(
        string path, byte[]? send, JsonTypeInfo<T> type, CancellationToken stop, TimeSpan? patience = null)
    {
        TimeSpan wait = patience ?? AnswerTime;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(wait);
        try
        {
            using HttpExchange exchange = await HttpExchange.SendAsync(address, path, send, null, limit.Token)
                .ConfigureAwait(false);
            byte[] body = await exchange.ReadBodyAsync(limit.Token).ConfigureAwait(false);
            return exchange.Status == 200 ? Read(body, type) : throw Refusal(exchange.Status, body);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw NodeFailure.Unreachable(address.ToString(), Texts.T($"no answer in {wait.TotalSeconds} s"));
        }
    }

    private static byte[]? Body<T>(T? request, JsonTypeInfo<T> type)
        where T : class => request is null ? null : JsonSerializer.SerializeToUtf8Bytes(request, type);

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
            return new NodeFailure($"http-{status}", T($"the node answers {status}"), null, 1);
        }

        return new NodeFailure($"http-{status}", T($"the node answers {status}"), null, 1);
    }
}

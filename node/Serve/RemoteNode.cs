using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Serve;

/// <summary>A node that runs in another process, reached over its Unix socket, or over loopback with a token.
/// <c>specs/api.md</c>.</summary>
internal sealed class RemoteNode : INodeApi
{
    private readonly NodeEndpoint _node;

    // The connection that showed that a node answers carries the first request.
    private Socket? _first;

    private RemoteNode(NodeEndpoint node, Socket first) => (_node, _first) = (node, first);

    public bool Running => true;

    /// <summary>Connects to <paramref name="address"/>: a socket's path, or <c>http://127.0.0.1:PORT</c>.
    /// Null where nobody listens.</summary>
    public static RemoteNode? TryConnect(string address, string? token)
    {
        NodeEndpoint node = new(address, token);
        return node.TryConnect() is { } socket ? new RemoteNode(node, socket) : null;
    }

    public Task<StatusView> StatusAsync(CancellationToken stop) =>
        GetAsync(ApiPaths.Status, ViewReader.Status, stop);

    public Task<SearchView> SearchAsync(SearchRequest request, CancellationToken stop)
    {
        string facets = string.Join(',', request.Facets ?? []);
        string path = ApiPaths.Reports + Query(
            ("q", request.Query), ("limit", request.Limit.ToString(CultureInfo.InvariantCulture)),
            ("cursor", request.Cursor), ("sort", request.Sort),
            ("facets", facets.Length > 0 ? facets : null));
        return GetAsync(path, ViewReader.Search, stop);
    }

    public Task<ReportView> ShowAsync(string id, bool raw, CancellationToken stop) =>
        GetAsync(ApiPaths.Report(id) + (raw ? "?raw=true" : ""), ViewReader.Report, stop);

    public Task<ClusterView> ClusterOfAsync(string id, CancellationToken stop) =>
        GetAsync(ApiPaths.ClusterOf(id), ApiJson.Default.ClusterView, stop);

    public Task<ClusterListView> ClustersAsync(string query, int limit, CancellationToken stop) => GetAsync(
        ApiPaths.Clusters
            + Query(("q", query), ("limit", limit.ToString(CultureInfo.InvariantCulture))),
        ApiJson.Default.ClusterListView,
        stop);

    public Task<SubmitView> SubmitAsync(SubmitRequest request, CancellationToken stop) => PostAsync(
        ApiPaths.Records, request, ApiJson.Default.SubmitRequest, ApiJson.Default.SubmitView, stop);

    public async IAsyncEnumerable<ImportView> ImportAsync(
        ImportRequest request, [EnumeratorCancellation] CancellationToken stop)
    {
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.ImportRequest);
        await foreach (string line in LinesAsync("POST", ApiPaths.Import, content, stop))
        {
            yield return Parse(line, ApiJson.Default.ImportView);
        }
    }

    public async IAsyncEnumerable<ExportView> ExportAsync(
        string query, string format, [EnumeratorCancellation] CancellationToken stop)
    {
        string asked = ApiPaths.Export + Query(("q", query), ("format", format), ("progress", "true"));
        await foreach (string line in LinesAsync("GET", asked, null, stop))
        {
            yield return Parse(line, ApiJson.Default.ExportView);
        }
    }

    public Task<VerifyView> VerifyAsync(IReadOnlyList<string> ids, CancellationToken stop) => GetAsync(
        ApiPaths.Verify + "?" + string.Join('&', ids.Select(id => "id=" + Uri.EscapeDataString(id))),
        ApiJson.Default.VerifyView,
        stop);

    public Task<PeerListView> PeersAsync(PeerRequest? change, CancellationToken stop) => change is null
        ? GetAsync(ApiPaths.Peers, ApiJson.Default.PeerListView, stop)
        : PostAsync(ApiPaths.Peers, change, ApiJson.Default.PeerRequest, ApiJson.Default.PeerListView, stop);

    public Task<TrustListView> TrustAsync(TrustRequest? change, CancellationToken stop)
    {
        ApiJson json = ApiJson.Default;
        return change is null
            ? GetAsync(ApiPaths.Trust, json.TrustListView, stop)
            : PostAsync(ApiPaths.Trust, change, json.TrustRequest, json.TrustListView, stop);
    }

    public async IAsyncEnumerable<EventView> EventsAsync(
        EventRequest request, [EnumeratorCancellation] CancellationToken stop)
    {
        string path = ApiPaths.Events + Query(
            ("after", request.After?.ToString(CultureInfo.InvariantCulture)),
            ("since", request.Since?.ToString("O", CultureInfo.InvariantCulture)),
            ("q", request.Query));
        bool started = false;
        await foreach (string line in LinesAsync("GET", path, null, stop))
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                yield return Parse(line["data: ".Length..], ApiJson.Default.EventView);
            }
            else if (line.StartsWith("{\"error\":", StringComparison.Ordinal))
            {
                Parse(line, ApiJson.Default.EventView);
            }
            else if (!started && line.StartsWith("id: ", StringComparison.Ordinal))
            {
                started = true;
                yield return new EventView(
                    long.Parse(line.AsSpan(4), CultureInfo.InvariantCulture), "start", null);
            }
        }
    }

    public Task<ReviewView> ReviewAsync(int limit, CancellationToken stop) => GetAsync(
        ApiPaths.Review + Query(("limit", limit.ToString(CultureInfo.InvariantCulture))),
        ApiJson.Default.ReviewView, stop);

    public Task<ReviewDone> ReviewAsync(ReviewRequest change, CancellationToken stop) => PostAsync(
        ApiPaths.Review, change, ApiJson.Default.ReviewRequest, ApiJson.Default.ReviewDone, stop);

    public Task<StatsView> StatsAsync(string query, string by, string? split, CancellationToken stop) =>
        GetAsync(
            ApiPaths.Stats + Query(("q", query), ("by", by), ("split", split)), ApiJson.Default.StatsView,
            stop);

    public Task<MarkListView> MarkAsync(MarkRequest request, CancellationToken stop) => PostAsync(
        ApiPaths.Marks, request, ApiJson.Default.MarkRequest, ApiJson.Default.MarkListView, stop);

    public Task<ExplainView> ExplainAsync(
        string id, string? reader, string? peer, CancellationToken stop) => GetAsync(
        ApiPaths.Report(id) + "/explain" + Query(("reader", reader), ("peer", peer)),
        ApiJson.Default.ExplainView, stop);

    public Task<KeyListView> KeysAsync(CancellationToken stop) =>
        GetAsync(ApiPaths.Keys, ApiJson.Default.KeyListView, stop);

    public Task<PeerListView> SyncAsync(SyncRequest request, CancellationToken stop) => PostAsync(
        ApiPaths.Sync, request, ApiJson.Default.SyncRequest, ApiJson.Default.PeerListView, stop);

    public Task<SimilarListView> SimilarAsync(SubmitRequest draft, CancellationToken stop) => PostAsync(
        ApiPaths.Similar, draft, ApiJson.Default.SubmitRequest, ApiJson.Default.SimilarListView, stop);

    public Task<DraftListView> DraftsAsync(DraftRequest? change, CancellationToken stop)
    {
        ApiJson json = ApiJson.Default;
        return change is null
            ? GetAsync(ApiPaths.Drafts, json.DraftListView, stop)
            : PostAsync(ApiPaths.Drafts, change, json.DraftRequest, json.DraftListView, stop);
    }

    public Task<DraftView> DraftAsync(int number, CancellationToken stop) => GetAsync(
        $"{ApiPaths.Drafts}/{number.ToString(CultureInfo.InvariantCulture)}", ApiJson.Default.DraftView,
        stop);

    public Task<SavedListView> SearchesAsync(SavedRequest? change, CancellationToken stop)
    {
        ApiJson json = ApiJson.Default;
        return change is null
            ? GetAsync(ApiPaths.Searches, json.SavedListView, stop)
            : PostAsync(ApiPaths.Searches, change, json.SavedRequest, json.SavedListView, stop);
    }

    public ValueTask DisposeAsync()
    {
        _first?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Query(params (string Name, string? Value)[] values)
    {
        StringBuilder query = new();
        foreach ((string name, string? value) in values)
        {
            if (value is not null)
            {
                query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=');
                query.Append(Uri.EscapeDataString(value));
            }
        }

        return query.ToString();
    }

    private static T Parse<T>(string line, JsonTypeInfo<T> type)
    {
        if (line.StartsWith("{\"error\":", StringComparison.Ordinal))
        {
            throw new ApiException(JsonSerializer.Deserialize(line, ApiJson.Default.ErrorView)!.Error);
        }

        return JsonSerializer.Deserialize(line, type)!;
    }

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken stop) =>
        AskAsync("GET", path, null, json => JsonSerializer.Deserialize(json.Span, type)!, stop);

    private Task<T> GetAsync<T>(string path, Func<JsonElement, T> view, CancellationToken stop) =>
        AskAsync("GET", path, null, json => ViewReader.Read(json, view), stop);

    private Task<T> PostAsync<TRequest, T>(
        string path,
        TRequest request,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<T> type,
        CancellationToken stop)
    {
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(request, requestType);
        if (content.Length > ApiLimits.RequestBytes)
        {
            return Task.FromException<T>(TooLarge(request, content.Length));
        }

        return AskAsync("POST", path, content, json => JsonSerializer.Deserialize(json.Span, type)!, stop);
    }

    // The node would close the connection before it has read what is wrong.
    private static ApiException TooLarge<TRequest>(TRequest request, int bytes)
    {
        try
        {
            _ = request is SubmitRequest report ? LocalNode.ReadBody(report) : null;
        }
        catch (ApiException e)
        {
            return e;
        }

        return new ApiException(
            "request-size", $"the request has {bytes:N0} bytes; {ApiLimits.RequestBytes:N0} are allowed",
            "large files belong into evidence, by hash", ExitCode.NoRoom);
    }

    private Task<T> AskAsync<T>(
        string method, string path, byte[]? content, Func<ReadOnlyMemory<byte>, T> read,
        CancellationToken stop)
    {
        try
        {
            (int status, byte[] body) =
                NodeConnection.Exchange(Connect(), _node, method, path, content, stop);
            return status is >= 200 and < 300
                ? Task.FromResult(read(body))
                : Task.FromException<T>(Error(status, Encoding.UTF8.GetString(body)));
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }

    private Socket Connect() => Interlocked.Exchange(ref _first, null) ?? _node.TryConnect()
        ?? throw new ApiException(
            "node-lost", "the node went away", "incidentmesh status", ExitCode.NeedsNode);

    private static ApiException Error(int code, string text)
    {
        if (text.StartsWith("{\"error\":", StringComparison.Ordinal))
        {
            return new ApiException(JsonSerializer.Deserialize(text, ApiJson.Default.ErrorView)!.Error);
        }

        string status = code.ToString(CultureInfo.InvariantCulture);
        return new ApiException("node-answer", $"the node answered {status}", null, ExitCode.NeedsNode);
    }

    // A line may come in several pieces, and a piece may end within a character.
    private async IAsyncEnumerable<string> LinesAsync(
        string method, string path, byte[]? content, [EnumeratorCancellation] CancellationToken stop)
    {
        using NodeConnection answer =
            await NodeConnection.SendAsync(Connect(), _node, method, path, content, stop);
        if (answer.Status is < 200 or >= 300)
        {
            throw Error(answer.Status, Encoding.UTF8.GetString(await answer.ReadAllAsync(stop)));
        }

        List<byte> line = [];
        while (await answer.ReadSomeAsync(stop) is { Length: > 0 } some)
        {
            for (int at = 0; at < some.Length;)
            {
                int end = Array.IndexOf(some, (byte)'\n', at);
                line.AddRange(some.AsSpan(at..(end < 0 ? some.Length : end)));
                at = end < 0 ? some.Length : end + 1;
                if (end >= 0)
                {
                    yield return Encoding.UTF8.GetString([.. line]);
                    line.Clear();
                }
            }
        }

        if (line.Count > 0)
        {
            yield return Encoding.UTF8.GetString([.. line]);
        }
    }
}

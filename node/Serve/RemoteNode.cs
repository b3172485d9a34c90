using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Serve;

/// <summary>A node that runs in another process, reached over its Unix socket, or over loopback with a token.
/// <c>specs/api.md</c>.</summary>
internal sealed class RemoteNode : INodeApi
{
    private readonly HttpClient _http;

    private RemoteNode(HttpClient http) => _http = http;

    public bool Running => true;

    /// <summary>Connects to <paramref name="address"/>: a socket's path, or <c>http://127.0.0.1:PORT</c>.
    /// Null where nobody answers.</summary>
    public static async Task<RemoteNode?> TryConnectAsync(
        string address, string? token, CancellationToken stop)
    {
        bool url = address.StartsWith("http://", StringComparison.Ordinal);
        if (!url && !File.Exists(address))
        {
            return null;
        }

        SocketsHttpHandler handler = new() { UseProxy = false };
        if (!url)
        {
            handler.ConnectCallback = (_, cancel) => ConnectAsync(address, cancel);
        }

        HttpClient http = new(handler) { BaseAddress = new Uri(url ? address : "http://node/") };
        http.Timeout = Timeout.InfiniteTimeSpan;
        if (token is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            Uri health = new(ApiPaths.Health, UriKind.Relative);
            using HttpResponseMessage answer = await http.GetAsync(health, stop);
            return new RemoteNode(http);
        }
        catch (HttpRequestException)
        {
            http.Dispose();
            return null;
        }
    }

    public Task<StatusView> StatusAsync(CancellationToken stop) =>
        GetAsync(ApiPaths.Status, ApiJson.Default.StatusView, stop);

    public Task<SearchView> SearchAsync(SearchRequest request, CancellationToken stop)
    {
        string limit = request.Limit.ToString(CultureInfo.InvariantCulture);
        string path = $"{ApiPaths.Reports}?q={Uri.EscapeDataString(request.Query)}&limit={limit}";
        path += request.Cursor is null ? "" : $"&cursor={Uri.EscapeDataString(request.Cursor)}";
        path += request.Sort is null ? "" : $"&sort={Uri.EscapeDataString(request.Sort)}";
        string facets = string.Join(',', request.Facets ?? []);
        path += facets.Length == 0 ? "" : "&facets=" + Uri.EscapeDataString(facets);
        return GetAsync(path, ApiJson.Default.SearchView, stop);
    }

    public Task<ReportView> ShowAsync(string id, bool raw, CancellationToken stop) =>
        GetAsync(ApiPaths.Report(id) + (raw ? "?raw=true" : ""), ApiJson.Default.ReportView, stop);

    public Task<ClusterView> ClusterOfAsync(string id, CancellationToken stop) =>
        GetAsync(ApiPaths.ClusterOf(id), ApiJson.Default.ClusterView, stop);

    public Task<ClusterListView> ClustersAsync(int limit, CancellationToken stop) => GetAsync(
        $"{ApiPaths.Clusters}?limit={limit.ToString(CultureInfo.InvariantCulture)}",
        ApiJson.Default.ClusterListView,
        stop);

    public Task<SubmitView> SubmitAsync(SubmitRequest request, CancellationToken stop) => PostAsync(
        ApiPaths.Records, request, ApiJson.Default.SubmitRequest, ApiJson.Default.SubmitView, stop);

    public async IAsyncEnumerable<ImportView> ImportAsync(
        ImportRequest request, [EnumeratorCancellation] CancellationToken stop)
    {
        using JsonContent content = JsonContent.Create(request, ApiJson.Default.ImportRequest);
        await foreach (string line in LinesAsync(HttpMethod.Post, ApiPaths.Import, content, stop))
        {
            yield return Parse(line, ApiJson.Default.ImportView);
        }
    }

    public IAsyncEnumerable<string> ExportAsync(string query, bool answers, CancellationToken stop) =>
        LinesAsync(
            HttpMethod.Get,
            $"{ApiPaths.Export}?q={Uri.EscapeDataString(query)}{(answers ? "&answers=true" : "")}",
            null,
            stop);

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
        long? after, [EnumeratorCancellation] CancellationToken stop)
    {
        string path = ApiPaths.Events
            + (after is null ? "" : "?after=" + after.Value.ToString(CultureInfo.InvariantCulture));
        await foreach (string line in LinesAsync(HttpMethod.Get, path, null, stop))
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                yield return Parse(line["data: ".Length..], ApiJson.Default.EventView);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken stop)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static T Parse<T>(string line, JsonTypeInfo<T> type)
    {
        if (line.StartsWith("{\"error\":", StringComparison.Ordinal))
        {
            throw new ApiException(JsonSerializer.Deserialize(line, ApiJson.Default.ErrorView)!.Error);
        }

        return JsonSerializer.Deserialize(line, type)!;
    }

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken stop)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, path, null, stop);
        return (await answer.Content.ReadFromJsonAsync(type, stop))!;
    }

    private async Task<T> PostAsync<TRequest, T>(
        string path,
        TRequest request,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<T> type,
        CancellationToken stop)
    {
        using JsonContent content = JsonContent.Create(request, requestType);
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Post, path, content, stop);
        return (await answer.Content.ReadFromJsonAsync(type, stop))!;
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken stop)
    {
        HttpResponseMessage answer;
        try
        {
            using HttpRequestMessage request = new(method, path) { Content = content };
            answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        }
        catch (HttpRequestException e)
        {
            throw new ApiException(
                "node-lost", $"the node went away: {e.Message}", "incidentmesh status", ExitCode.NeedsNode);
        }

        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw await ErrorAsync(answer, stop);
        }
    }

    private static async Task<ApiException> ErrorAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        string text = await answer.Content.ReadAsStringAsync(stop);
        if (text.StartsWith("{\"error\":", StringComparison.Ordinal))
        {
            return new ApiException(JsonSerializer.Deserialize(text, ApiJson.Default.ErrorView)!.Error);
        }

        string status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        return new ApiException("node-answer", $"the node answered {status}", null, ExitCode.NeedsNode);
    }

    private async IAsyncEnumerable<string> LinesAsync(
        HttpMethod method, string path, HttpContent? content, [EnumeratorCancellation] CancellationToken stop)
    {
        using HttpResponseMessage answer = await SendAsync(method, path, content, stop);
        using StreamReader reader = new(await answer.Content.ReadAsStreamAsync(stop));
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            yield return line;
        }
    }
}

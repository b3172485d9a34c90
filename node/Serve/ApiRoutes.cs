using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncidentMesh.Protocol.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IncidentMesh.Node.Serve;

/// <summary>Which resource of the local API calls what. <c>specs/api.md</c>.</summary>
internal static class ApiRoutes
{
    /// <summary>Adds all resources to <paramref name="routes"/>.</summary>
    public static void Map(IEndpointRouteBuilder routes, INodeApi node)
    {
        Get(routes, ApiPaths.Status, ApiJson.Default.StatusView, (_, stop) => node.StatusAsync(stop));
        Get(routes, ApiPaths.Reports, ApiJson.Default.SearchView, (http, stop) =>
            node.SearchAsync(ReadSearch(http), stop));
        Get(routes, ApiPaths.Reports + "/{id}", ApiJson.Default.ReportView, (http, stop) =>
            node.ShowAsync(Id(http), http.Request.Query["raw"] == "true", stop));
        Get(routes, ApiPaths.Reports + "/{id}/cluster", ApiJson.Default.ClusterView, (http, stop) =>
            node.ClusterOfAsync(Id(http), stop));
        Get(routes, ApiPaths.Clusters, ApiJson.Default.ClusterListView, (http, stop) =>
            node.ClustersAsync(http.Request.Query["q"].ToString(), Limit(http.Request.Query), stop));
        Get(routes, ApiPaths.Verify, ApiJson.Default.VerifyView, (http, stop) =>
            node.VerifyAsync([.. http.Request.Query["id"].OfType<string>()], stop));
        Get(routes, ApiPaths.Peers, ApiJson.Default.PeerListView, (_, stop) => node.PeersAsync(null, stop));
        Get(routes, ApiPaths.Trust, ApiJson.Default.TrustListView, (_, stop) => node.TrustAsync(null, stop));
        ApiJson json = ApiJson.Default;
        Get(routes, ApiPaths.Review, json.ReviewView, (http, stop) =>
            node.ReviewAsync(Limit(http.Request.Query), stop));
        Get(routes, ApiPaths.Stats, json.StatsView, (http, stop) => node.StatsAsync(
            http.Request.Query["q"].ToString(),
            Text(http, "by") ?? throw ApiException.Usage("by is missing", "by=month"),
            Text(http, "split"), stop));
        Get(routes, ApiPaths.Searches, json.SavedListView, (_, stop) => node.SearchesAsync(null, stop));
        Get(routes, ApiPaths.Reports + "/{id}/explain", json.ExplainView, (http, stop) =>
            node.ExplainAsync(Id(http), Text(http, "reader"), Text(http, "peer"), stop));
        Get(routes, ApiPaths.Keys, json.KeyListView, (_, stop) => node.KeysAsync(stop));
        Get(routes, ApiPaths.Drafts, json.DraftListView, (_, stop) => node.DraftsAsync(null, stop));
        Get(routes, ApiPaths.Drafts + "/{number:int}", json.DraftView, (http, stop) => node.DraftAsync(
            int.Parse((string)http.Request.RouteValues["number"]!, CultureInfo.InvariantCulture), stop));
        Post(routes, ApiPaths.Drafts, json.DraftRequest, json.DraftListView, node.DraftsAsync);
        Post(routes, ApiPaths.Sync, json.SyncRequest, json.PeerListView, node.SyncAsync);
        Post(routes, ApiPaths.Review, json.ReviewRequest, json.ReviewDone, node.ReviewAsync);
        Post(routes, ApiPaths.Marks, json.MarkRequest, json.MarkListView, node.MarkAsync);
        Post(routes, ApiPaths.Searches, json.SavedRequest, json.SavedListView, node.SearchesAsync);
        routes.MapGet(ApiPaths.Feeds + "/{name}.atom", http => Guard(http, () => FeedAsync(http, node)));
        Post(routes, ApiPaths.Records, json.SubmitRequest, json.SubmitView, node.SubmitAsync);
        Post(routes, ApiPaths.Similar, json.SubmitRequest, json.SimilarListView, node.SimilarAsync);
        Post(routes, ApiPaths.Peers, json.PeerRequest, json.PeerListView, node.PeersAsync);
        Post(routes, ApiPaths.Trust, json.TrustRequest, json.TrustListView, node.TrustAsync);
        routes.MapPost(ApiPaths.Import, http => Guard(http, () => ImportAsync(http, node)));
        routes.MapGet(ApiPaths.Export, http => Guard(http, () => ExportAsync(http, node)));
        routes.MapGet(ApiPaths.Events, http => Guard(http, () => EventStream.WriteAsync(http, node)));
        routes.MapGet(ApiPaths.Health, http => TextAsync(http, "text/plain; charset=utf-8", "ok\n"));
        routes.MapGet(ApiPaths.Metrics, http => Guard(http, () => MetricsText.WriteAsync(http, node)));
        routes.MapGet(ApiPaths.OpenApi, http => TextAsync(http, "application/json", OpenApiDocument.Text));
    }

    private static Task TextAsync(HttpContext http, string type, string text)
    {
        http.Response.ContentType = type;
        return http.Response.WriteAsync(text);
    }

    /// <summary>Writes an error as JSON.</summary>
    public static Task WriteErrorAsync(HttpContext http, ErrorBody error)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.ContentType = "application/json";
        }

        ErrorView view = new(error);
        return http.Response.WriteAsync(JsonSerializer.Serialize(view, ApiJson.Default.ErrorView));
    }

    private static void Get<T>(
        IEndpointRouteBuilder routes,
        string path,
        JsonTypeInfo<T> type,
        Func<HttpContext, CancellationToken, Task<T>> answer) =>
        routes.MapGet(path, http => Guard(http, async () =>
            await WriteAsync(http, await answer(http, http.RequestAborted), type)));

    private static void Post<TRequest, T>(
        IEndpointRouteBuilder routes,
        string path,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<T> type,
        Func<TRequest, CancellationToken, Task<T>> answer) =>
        routes.MapPost(path, http => Guard(http, async () =>
        {
            TRequest request = await ReadAsync(http, requestType);
            await WriteAsync(http, await answer(request, http.RequestAborted), type);
        }));

    private static async Task<T> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type)
    {
        T request = await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted)
            ?? throw ApiException.Usage("the request is empty");
        JsonPropertyInfo? missing = type.Properties.FirstOrDefault(
            p => p.Get is not null && !p.IsGetNullable && p.Get(request) is null);
        return missing is null ? request : throw ApiException.Usage($"\"{missing.Name}\" is missing");
    }

    private static async Task WriteAsync<T>(HttpContext http, T value, JsonTypeInfo<T> type)
    {
        http.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(http.Response.Body, value, type, http.RequestAborted);
    }

    private static async Task Guard(HttpContext http, Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
        }
        catch (Exception e) when (Failure.Of(e) is { } error)
        {
            await FailAsync(http, error);
        }
    }

    private static Task FailAsync(HttpContext http, ErrorBody error)
    {
        // Once lines are on their way the status is sent, and the error is the last line.
        if (!http.Response.HasStarted)
        {
            http.Response.StatusCode = error.Exit switch
            {
                ExitCode.NotFound => StatusCodes.Status404NotFound,
                ExitCode.NotAllowed => StatusCodes.Status403Forbidden,
                ExitCode.Busy => StatusCodes.Status409Conflict,
                ExitCode.NoRoom => StatusCodes.Status507InsufficientStorage,
                ExitCode.Damaged => StatusCodes.Status500InternalServerError,
                _ => StatusCodes.Status400BadRequest,
            };
        }

        return WriteErrorAsync(http, error);
    }

    private static async Task ImportAsync(HttpContext http, INodeApi node)
    {
        ImportRequest request = await ReadAsync(http, ApiJson.Default.ImportRequest);
        http.Response.ContentType = "application/jsonl";
        await foreach (ImportView view in node.ImportAsync(request, http.RequestAborted))
        {
            await http.Response.WriteAsync(JsonSerializer.Serialize(view, ApiJson.Default.ImportView) + "\n");
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }

    private static async Task ExportAsync(HttpContext http, INodeApi node)
    {
        string format = Text(http, "format")
            ?? (http.Request.Query["answers"] == "true" ? ExportFormat.Bundle : ExportFormat.Lines);
        bool lines = http.Request.Query["progress"] == "true";
        string type = lines || format is ExportFormat.Lines or ExportFormat.Bundle ? "application/jsonl"
            : "text/plain; charset=utf-8";
        string query = Text(http, "q") ?? "";
        await foreach (ExportView piece in node.ExportAsync(query, format, http.RequestAborted))
        {
            // Set when there is something to write: an error before it is answered as JSON.
            http.Response.ContentType ??= type;
            string text = lines ? JsonSerializer.Serialize(piece, ApiJson.Default.ExportView) + "\n"
                : piece.Text;
            await http.Response.WriteAsync(text, http.RequestAborted);
        }
    }

    private static async Task FeedAsync(HttpContext http, INodeApi node)
    {
        string name = (string)http.Request.RouteValues["name"]!;
        SavedListView saved = await node.SearchesAsync(null, http.RequestAborted);
        SavedSearch search = saved.Items.FirstOrDefault(s => s.Name == name)
            ?? throw ApiException.NotFound($"no saved query \"{name}\"", "GET /v1/searches lists them");
        SearchView found = await node.SearchAsync(
            new SearchRequest(search.Query, AtomFeed.Entries, null, "received"), http.RequestAborted);
        string identity = (await node.StatusAsync(http.RequestAborted)).Identity;
        string self = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.Path}";
        http.Response.ContentType = "application/atom+xml; charset=utf-8";
        await http.Response.WriteAsync(AtomFeed.Write(identity, search, self, found.Items));
    }

    private static string? Text(HttpContext http, string name) =>
        http.Request.Query[name].ToString() is { Length: > 0 } value ? value : null;

    private static string Id(HttpContext http) => (string)http.Request.RouteValues["id"]!;

    private static int Limit(IQueryCollection query)
    {
        string text = query["limit"].ToString();
        if (text.Length == 0)
        {
            return 20;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
            && limit <= ApiLimits.PageItems
            ? limit
            : throw ApiException.Usage($"limit must be a number from 0 to {ApiLimits.PageItems}");
    }

    private static SearchRequest ReadSearch(HttpContext http) => new(
        Text(http, "q") ?? "", Limit(http.Request.Query), Text(http, "cursor"), Text(http, "sort"),
        Text(http, "facets")?.Split(','));
}

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Serve;

/// <summary>The OpenAPI 3.1 document of the local API, made from the same types that it sends.</summary>
internal static class OpenApiDocument
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly Route[] Routes =
    [
        new("get", ApiPaths.Status, "state of the node", [], ApiJson.Default.StatusView),
        new("get", ApiPaths.Reports, "search reports with a query",
            ["q", "limit", "cursor", "sort", "facets"], ApiJson.Default.SearchView),
        new("get", ApiPaths.Reports + "/{id}", "one record", ["raw"], ApiJson.Default.ReportView),
        new("get", ApiPaths.Reports + "/{id}/cluster", "the same event", [], ApiJson.Default.ClusterView),
        new("get", ApiPaths.Clusters, "clusters, largest first", ["q", "limit"],
            ApiJson.Default.ClusterListView),
        new("post", ApiPaths.Records, "sign and store a record", [], ApiJson.Default.SubmitView),
        new("post", ApiPaths.Import, "import a file", [], ApiJson.Default.ImportView),
        new("get", ApiPaths.Export, "a file of what a query finds, by default JSON lines",
            ["q", "format", "answers", "progress"], null),
        new("get", ApiPaths.Verify, "check records", ["id"], ApiJson.Default.VerifyView),
        new("get", ApiPaths.Peers, "peers and their sync state", [], ApiJson.Default.PeerListView),
        new("post", ApiPaths.Peers, "change the peers", [], ApiJson.Default.PeerListView),
        new("post", ApiPaths.Similar, "reports like a draft", [], ApiJson.Default.SimilarListView),
        new("get", ApiPaths.Trust, "authors and their standing", [], ApiJson.Default.TrustListView),
        new("post", ApiPaths.Trust, "change standing", [], ApiJson.Default.TrustListView),
        new("get", ApiPaths.Reports + "/{id}/explain", "who can read it and why it stands as it does",
            ["reader", "peer"], ApiJson.Default.ExplainView),
        new("get", ApiPaths.Keys, "the node's keys", [], ApiJson.Default.KeyListView),
        new("post", ApiPaths.Sync, "reconcile now", [], ApiJson.Default.PeerListView),
        new("get", ApiPaths.Drafts, "drafts", [], ApiJson.Default.DraftListView),
        new("post", ApiPaths.Drafts, "change the drafts", [], ApiJson.Default.DraftListView),
        new("get", ApiPaths.Drafts + "/{number}", "one draft, opened", [], ApiJson.Default.DraftView),
        new("get", ApiPaths.Review, "what waits for a decision", ["limit"], ApiJson.Default.ReviewView),
        new("post", ApiPaths.Review, "decide", [], ApiJson.Default.ReviewDone),
        new("get", ApiPaths.Stats, "counts by one field or two", ["q", "by", "split"],
            ApiJson.Default.StatsView),
        new("post", ApiPaths.Marks, "mark records on this node alone", [], ApiJson.Default.MarkListView),
        new("get", ApiPaths.Searches, "saved queries", [], ApiJson.Default.SavedListView),
        new("post", ApiPaths.Searches, "change the saved queries", [], ApiJson.Default.SavedListView),
        new("get", ApiPaths.Feeds + "/{name}.atom", "Atom feed of a saved query", [], null),
        new("get", ApiPaths.Events, "server-sent events", ["after", "since", "q"],
            ApiJson.Default.EventView),
        new("get", ApiPaths.Health, "answers while the node runs", [], null),
        new("get", ApiPaths.Metrics, "Prometheus text", [], null),
    ];

    private static readonly Dictionary<string, JsonTypeInfo> Requests = new()
    {
        [ApiPaths.Records] = ApiJson.Default.SubmitRequest,
        [ApiPaths.Similar] = ApiJson.Default.SubmitRequest,
        [ApiPaths.Import] = ApiJson.Default.ImportRequest,
        [ApiPaths.Peers] = ApiJson.Default.PeerRequest,
        [ApiPaths.Trust] = ApiJson.Default.TrustRequest,
        [ApiPaths.Review] = ApiJson.Default.ReviewRequest,
        [ApiPaths.Sync] = ApiJson.Default.SyncRequest,
        [ApiPaths.Drafts] = ApiJson.Default.DraftRequest,
        [ApiPaths.Marks] = ApiJson.Default.MarkRequest,
        [ApiPaths.Searches] = ApiJson.Default.SavedRequest,
    };

    private static readonly Lazy<string> Built = new(Build);

    /// <summary>The document, JSON.</summary>
    public static string Text => Built.Value;

    private sealed record Route(
        string Method, string Path, string Summary, string[] Query, JsonTypeInfo? Answer);

    private static string Build()
    {
        JsonObject schemas = [];
        JsonObject paths = [];
        foreach (Route route in Routes)
        {
            JsonObject operation = new() { ["summary"] = route.Summary };
            JsonArray parameters = [.. Parameters(route.Path, route.Query)];
            if (parameters.Count > 0)
            {
                operation["parameters"] = parameters;
            }

            if (route.Method == "post" && Requests.TryGetValue(route.Path, out JsonTypeInfo? request))
            {
                operation["requestBody"] = new JsonObject { ["content"] = Content(request, schemas) };
            }

            JsonObject ok = new() { ["description"] = "done" };
            if (route.Answer is not null)
            {
                ok["content"] = Content(route.Answer, schemas);
            }

            JsonObject error = new() { ["description"] = "error" };
            error["content"] = Content(ApiJson.Default.ErrorView, schemas);
            operation["responses"] = new JsonObject { ["200"] = ok, ["default"] = error };
            paths[route.Path] ??= new JsonObject();
            paths[route.Path]![route.Method] = operation;
        }

        JsonObject document = new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "IncidentMesh local API", ["version"] = ApiSchema.Name },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
        return document.ToJsonString(Indented);
    }

    private static IEnumerable<JsonNode> Parameters(string path, string[] query)
    {
        foreach (string name in new[] { "id", "name", "number" }.Where(n => path.Contains(
            $"{{{n}}}", StringComparison.Ordinal)))
        {
            yield return Parameter(name, "path", required: true);
        }

        foreach (string name in query)
        {
            yield return Parameter(name, "query", required: false);
        }
    }

    private static JsonObject Parameter(string name, string where, bool required) => new()
    {
        ["name"] = name,
        ["in"] = where,
        ["required"] = required,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Content(JsonTypeInfo type, JsonObject schemas)
    {
        string name = type.Type.Name;
        schemas[name] ??= JsonSchemaExporter.GetJsonSchemaAsNode(type);
        JsonObject schema = new() { ["$ref"] = "#/components/schemas/" + name };
        return new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schema } };
    }
}

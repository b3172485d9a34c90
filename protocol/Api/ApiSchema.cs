using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncidentMesh.Protocol.Api;

/// <summary>The JSON of the local API: camel case, RFC 3339 times, absent instead of null; keys only get
/// added.
/// <c>specs/api.md</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ReportItem))]
[JsonSerializable(typeof(ReportView))]
[JsonSerializable(typeof(SearchView))]
[JsonSerializable(typeof(ClusterView))]
[JsonSerializable(typeof(ClusterListView))]
[JsonSerializable(typeof(SimilarView))]
[JsonSerializable(typeof(SimilarListView))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(PeerListView))]
[JsonSerializable(typeof(TrustListView))]
[JsonSerializable(typeof(DoctorView))]
[JsonSerializable(typeof(EventView))]
[JsonSerializable(typeof(SubmitRequest))]
[JsonSerializable(typeof(SubmitView))]
[JsonSerializable(typeof(ImportRequest))]
[JsonSerializable(typeof(ImportView))]
[JsonSerializable(typeof(ExportView))]
[JsonSerializable(typeof(LossView))]
[JsonSerializable(typeof(IReadOnlyList<LossView>))]
[JsonSerializable(typeof(TrustRequest))]
[JsonSerializable(typeof(PeerRequest))]
[JsonSerializable(typeof(VerifyView))]
[JsonSerializable(typeof(ReviewView))]
[JsonSerializable(typeof(ReviewRequest))]
[JsonSerializable(typeof(ReviewDone))]
[JsonSerializable(typeof(StatsView))]
[JsonSerializable(typeof(StatsRow))]
[JsonSerializable(typeof(ExplainView))]
[JsonSerializable(typeof(ConfigView))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(KeyListView))]
[JsonSerializable(typeof(SyncRequest))]
[JsonSerializable(typeof(DraftContent))]
[JsonSerializable(typeof(DraftView))]
[JsonSerializable(typeof(DraftListView))]
[JsonSerializable(typeof(DraftRequest))]
[JsonSerializable(typeof(MarkRequest))]
[JsonSerializable(typeof(MarkListView))]
[JsonSerializable(typeof(SavedRequest))]
[JsonSerializable(typeof(SavedListView))]
[JsonSerializable(typeof(ErrorView))]
[JsonSerializable(typeof(JsonElement))]
public sealed partial class ApiJson : JsonSerializerContext;

/// <summary>Names that node and clients share.</summary>
public static class ApiSchema
{
    /// <summary>The version of every document's shape.</summary>
    public const string Name = "incidentmesh/1";
}

/// <summary>The resources of the local API. <c>specs/api.md</c>.</summary>
public static class ApiPaths
{
    /// <summary>GET: <see cref="StatusView"/>.</summary>
    public const string Status = "/v1/status";

    /// <summary>GET <c>?q=&amp;limit=&amp;cursor=&amp;sort=&amp;facets=</c>: <see
    /// cref="SearchView"/>.</summary>
    public const string Reports = "/v1/reports";

    /// <summary>POST <see cref="SubmitRequest"/>: <see cref="SubmitView"/>.</summary>
    public const string Records = "/v1/records";

    /// <summary>POST <see cref="SubmitRequest"/>: <see cref="SimilarListView"/>; nothing is
    /// stored.</summary>
    public const string Similar = "/v1/similar";

    /// <summary>GET <c>?limit=</c>: <see cref="ClusterListView"/>.</summary>
    public const string Clusters = "/v1/clusters";

    /// <summary>GET: <see cref="PeerListView"/>; POST <see cref="PeerRequest"/>: the same.</summary>
    public const string Peers = "/v1/peers";

    /// <summary>GET: <see cref="TrustListView"/>; POST <see cref="TrustRequest"/>: the same.</summary>
    public const string Trust = "/v1/trust";

    /// <summary>POST <see cref="ImportRequest"/>: lines of <see cref="ImportView"/>, the last one
    /// <c>done</c>.</summary>
    public const string Import = "/v1/import";

    /// <summary>GET <c>?q=&amp;format=</c>: the file, by default our JSON lines; with <c>progress=true</c>
    /// lines of <see cref="ExportView"/>.</summary>
    public const string Export = "/v1/export";

    /// <summary>GET <c>?id=</c> (repeated; none: all): <see cref="VerifyView"/>.</summary>
    public const string Verify = "/v1/verify";

    /// <summary>GET <c>?limit=</c>: <see cref="ReviewView"/>; POST <see cref="ReviewRequest"/>: <see
    /// cref="ReviewDone"/>.</summary>
    public const string Review = "/v1/review";

    /// <summary>GET: <see cref="KeyListView"/>.</summary>
    public const string Keys = "/v1/keys";

    /// <summary>POST <see cref="SyncRequest"/>: <see cref="PeerListView"/>, when it is over.</summary>
    public const string Sync = "/v1/sync";

    /// <summary>GET: <see cref="DraftListView"/>; POST <see cref="DraftRequest"/>: the same; GET
    /// <c>/NUMBER</c>: <see cref="DraftView"/>.</summary>
    public const string Drafts = "/v1/drafts";

    /// <summary>GET <c>?q=&amp;by=&amp;split=</c>: <see cref="StatsView"/>.</summary>
    public const string Stats = "/v1/stats";

    /// <summary>POST <see cref="MarkRequest"/>: <see cref="MarkListView"/>.</summary>
    public const string Marks = "/v1/marks";

    /// <summary>GET: <see cref="SavedListView"/>; POST <see cref="SavedRequest"/>: the same.</summary>
    public const string Searches = "/v1/searches";

    /// <summary>GET <c>/NAME.atom</c>: an Atom feed of a saved query.</summary>
    public const string Feeds = "/v1/feeds";

    /// <summary>GET <c>?after=&amp;since=&amp;q=</c>: server-sent events, each an <see
    /// cref="EventView"/>.</summary>
    public const string Events = "/v1/events";

    /// <summary>GET: 200 when the node answers.</summary>
    public const string Health = "/healthz";

    /// <summary>GET: Prometheus text.</summary>
    public const string Metrics = "/metrics";

    /// <summary>GET: OpenAPI 3.1 document.</summary>
    public const string OpenApi = "/openapi.json";

    /// <summary>GET <c>?raw=true</c>: <see cref="ReportView"/>. The id is a CID, a prefix of 4 characters or
    /// more, or an
    /// id of another system.</summary>
    public static string Report(string id) => $"{Reports}/{Uri.EscapeDataString(id)}";

    /// <summary>GET: <see cref="ClusterView"/> of a report.</summary>
    public static string ClusterOf(string id) => $"{Report(id)}/cluster";
}

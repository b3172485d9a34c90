using System.Text.Json;

namespace IncidentMesh.Protocol.Api;

/// <summary>Reads the views that short commands print. <see cref="ApiJson"/> reads them too, but sets up a
/// serializer for each type that they are made of first, which takes longer than all else that such a command
/// does.</summary>
public static class ViewReader
{
    /// <summary>Reads one document.</summary>
    /// <exception cref="JsonException">It is no JSON, or not that view.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> json, Func<JsonElement, T> view)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        try
        {
            return view(document.RootElement);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <summary>The node at a glance.</summary>
    public static StatusView Status(JsonElement json) => new()
    {
        Schema = Text(json, "schema"),
        Identity = Text(json, "identity"),
        Name = Text(json, "name"),
        PeerId = Text(json, "peerId"),
        Addresses = Texts(json, "addresses"),
        Peers = Number(json, "peers"),
        Records = Number(json, "records"),
        ByType = Counts(json.GetProperty("byType")),
        RecordDigest = Text(json, "recordDigest"),
        Clusters = Number(json, "clusters"),
        ClusterDigest = Text(json, "clusterDigest"),
        EmbedBacklog = Number(json, "embedBacklog"),
        Embedded = Number(json, "embedded"),
        Graph = Maybe(json, "graph"),
        Device = Maybe(json, "device"),
        Provider = Maybe(json, "provider"),
        ModelNote = Maybe(json, "modelNote"),
        Pending = Number(json, "pending"),
        Quarantine = Number(json, "quarantine"),
        // A node that was started before an upgrade does not tell it.
        Held = Part(json, "held")?.GetInt32() ?? 0,
        SyncedSecondsAgo = Real(json, "syncedSecondsAgo"),
        Home = Text(json, "home"),
        Version = Text(json, "version"),
        Warnings = Texts(json, "warnings"),
    };

    /// <summary>What a search found.</summary>
    public static SearchView Search(JsonElement json)
    {
        Dictionary<string, IReadOnlyDictionary<string, int>> facets = [];
        foreach (JsonProperty facet in json.GetProperty("facets").EnumerateObject())
        {
            facets[facet.Name] = Counts(facet.Value);
        }

        return new SearchView(
            Text(json, "schema"), Text(json, "query"), Number(json, "total"), Maybe(json, "cursor"),
            List(json, "items", Item), facets, Flag(json, "semantic"), Real(json, "milliseconds") ?? 0);
    }

    /// <summary>A report with all that is known of it.</summary>
    public static ReportView Report(JsonElement json) => new()
    {
        Schema = Text(json, "schema"),
        Report = Item(json.GetProperty("report")),
        Description = Maybe(json, "description"),
        Body = Part(json, "body")?.Clone(),
        Checks = List(json, "checks", c => new CheckView(
            Text(c, "name"), Flag(c, "ok"), Text(c, "why"), Maybe(c, "state"))),
        Answers = List(json, "answers", a => new AnswerView(
            Text(a, "id"), Text(a, "verdict"), Maybe(a, "basis"), Maybe(a, "reason"), Author(a),
            Time(a, "created"))),
        History = List(json, "history", v => new VersionView(
            Text(v, "id"), Text(v, "kind"), Time(v, "created"), Maybe(v, "reason"), Flag(v, "current"))),
        Evidence = Texts(json, "evidence"),
        Key = Text(json, "key"),
        Seq = json.GetProperty("seq").GetInt64(),
        Note = Maybe(json, "note"),
        Corroboration = Part(json, "corroboration") is { } part ? new CorroborationView(
            Number(part, "independent"), Texts(part, "countries"), Texts(part, "counted"),
            Texts(part, "disputes")) : null,
        Envelope = Maybe(json, "envelope"),
        RawBody = Maybe(json, "rawBody"),
    };

    private static ReportItem Item(JsonElement json) => new()
    {
        Id = Text(json, "id"),
        Short = Text(json, "short"),
        Type = Text(json, "type"),
        Author = Author(json),
        Created = Time(json, "created"),
        Received = Time(json, "received"),
        Tlp = Text(json, "tlp"),
        Lang = Maybe(json, "lang"),
        Title = Text(json, "title"),
        Severity = Part(json, "severity") is { } severity
            ? new SeverityView(Maybe(severity, "value"), Maybe(severity, "scheme"), Maybe(severity, "raw"))
            : null,
        Harm = Texts(json, "harm"),
        Countries = Texts(json, "countries"),
        Models = Texts(json, "models"),
        State = Text(json, "state"),
        ExternalIds = Texts(json, "externalIds"),
        Occurred = Maybe(json, "occurred"),
        Cluster = Part(json, "cluster") is { } cluster ? new ClusterRef(
            Text(cluster, "id"), Number(cluster, "reports"), Number(cluster, "independent"),
            cluster.TryGetProperty("told", out JsonElement told) ? told.GetInt32() : null) : null,
        Disputed = Flag(json, "disputed"),
        Read = Flag(json, "read"),
        Bookmarked = Flag(json, "bookmarked"),
        Verified = Verified(json.GetProperty("verified")),
        Score = Real(json, "score"),
    };

    private static VerifiedView Verified(JsonElement json) =>
        new(Flag(json, "signature"), Flag(json, "body"), Number(json, "missing"));

    private static AuthorView Author(JsonElement of)
    {
        JsonElement json = of.GetProperty("author");
        return new AuthorView(
            Text(json, "id"), Maybe(json, "name"), Maybe(json, "callsItself"), Text(json, "standing"));
    }

    private static JsonElement? Part(JsonElement of, string name) =>
        of.TryGetProperty(name, out JsonElement part) && part.ValueKind != JsonValueKind.Null ? part : null;

    private static string Text(JsonElement of, string name) =>
        of.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null");

    private static string? Maybe(JsonElement of, string name) => Part(of, name)?.GetString();

    private static int Number(JsonElement of, string name) => of.GetProperty(name).GetInt32();

    private static double? Real(JsonElement of, string name) => Part(of, name)?.GetDouble();

    private static bool Flag(JsonElement of, string name) => of.GetProperty(name).GetBoolean();

    private static DateTimeOffset Time(JsonElement of, string name) =>
        of.GetProperty(name).GetDateTimeOffset();

    private static string[] Texts(JsonElement of, string name) =>
        List(of, name, text => text.GetString() ?? "");

    private static T[] List<T>(JsonElement of, string name, Func<JsonElement, T> read)
        where T : class
    {
        JsonElement json = of.GetProperty(name);
        T[] list = new T[json.GetArrayLength()];
        int at = 0;
        foreach (JsonElement item in json.EnumerateArray())
        {
            list[at++] = read(item);
        }

        return list;
    }

    private static Dictionary<string, int> Counts(JsonElement json)
    {
        Dictionary<string, int> counts = [];
        foreach (JsonProperty count in json.EnumerateObject())
        {
            counts[count.Name] = count.Value.GetInt32();
        }

        return counts;
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Exchange;

/// <summary>MISP events as JSON that MISP imports (<c>specs/exchange.md</c>, "MISP"): an event a report, with
/// ids that come of names, so that importing again updates the event.</summary>
internal sealed class MispExport() : Exporter("misp")
{
    private const string Analysis = "External analysis";
    private bool _any;

    public override bool Says(string state) => state is not (ExportItem.Retracted or ExportItem.Superseded);

    public override void Begin(TextWriter to) => to.Write("{\"response\":[");

    public override void End(TextWriter to) => to.Write("\n]}\n");

    protected override void WriteReport(TextWriter to, ExportItem item)
    {
        ReportBody body = item.Body;
        string? start = body.Occurred?.Start;
        string? day = start is { Length: >= 10 } && Forms.IsTime(start) ? start[..10] : null;
        MispParts parts = new(item.FirstId, Seconds(item.Changed));
        JsonObject @event = new()
        {
            ["uuid"] = NameUuid.Of(item.FirstId).ToString(),
            ["info"] = body.Title ?? "(no title)",
            ["date"] = day ?? JsonText.Day(item.FirstCreated),
            ["timestamp"] = Seconds(item.Changed),
            ["published"] = false,
            // 4 is "undefined": no severity of ours is converted into a threat level.
            ["threat_level_id"] = "4",
            ["analysis"] = "0",
            ["distribution"] = Distribution(item.Report.Tlp),
            ["Orgc"] = new JsonObject
            {
                ["name"] = item.AuthorName,
                ["uuid"] = NameUuid.Of("identity/" + item.Report.Author.Id).ToString(),
            },
            ["Tag"] = Tags(item),
            ["Attribute"] = Attributes(body, parts),
            ["Object"] = Objects(item, parts),
        };
        to.Write(_any ? ",\n" : "\n");
        to.Write(JsonText.Of(new JsonObject { ["Event"] = @event }));
        _any = true;
    }

    private static string Seconds(DateTimeOffset time) =>
        time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    // MISP: 3 all communities, 2 connected communities, 1 this community, 0 own organisation.
    private static string Distribution(string tlp) => tlp.ToLowerInvariant() switch
    {
        "clear" => "3",
        "green" => "2",
        "amber" => "1",
        _ => "0",
    };

    private static JsonArray Tags(ExportItem item)
    {
        string[] names =
        [
            "tlp:" + item.Report.Tlp.ToLowerInvariant(),
            .. item.Body.Tags.Select(tag => $"{tag.Namespace}=\"{tag.Value}\""),
        ];
        return new JsonArray([.. names.Distinct().Select(name =>
            (JsonNode)new JsonObject { ["name"] = name })]);
    }

    private static JsonArray Attributes(ReportBody body, MispParts parts)
    {
        List<JsonNode> all = [];
        void Add(string type, string? value, string? comment)
        {
            // MISP refuses a second attribute of the same type and value.
            if (value is not null && all.All(one => (string)one["value"]! != value))
            {
                all.Add(parts.Attribute("event", type, Analysis, value).With("comment", comment));
            }
        }

        foreach (Evidence evidence in body.Evidence)
        {
            string? hash = evidence.Sha256 is { } digest ? Convert.ToHexStringLower(digest.ToArray()) : null;
            string? url = evidence.Url ?? evidence.ArchiveUrl;
            Add(url is null ? "sha256" : "link", url ?? hash, evidence.Name);
        }

        foreach (ExternalId id in body.ExternalIds.Where(id => id.Scheme == "CVE"))
        {
            Add("vulnerability", id.Id, null);
        }

        return new JsonArray([.. all]);
    }

    private static JsonArray Objects(ExportItem item, MispParts parts)
    {
        ReportBody body = item.Body;
        bool incident = body is IncidentBody;
        JsonObject main = parts.Object(
            incident ? MispNames.IncidentTemplate : MispNames.VulnerabilityTemplate,
            [
                (incident ? "name" : "summary", body.Title),
                (incident ? "description" : "text", body.Description),
            ]);
        IEnumerable<(string, string?)> fields = MispNames.InObject.Select(name =>
            (name, item.Fields[name] is JsonNode value ? FieldCell.Of(value) : null));
        JsonObject ours = parts.Object(
            MispNames.OursTemplate, [("id", item.Report.Id), ("lang", item.Report.Lang), .. fields]);
        JsonArray all = [main, ours];
        foreach (AnswerView answer in item.View.Answers)
        {
            string by = ExportItem.NameOf(answer.Author);
            string text = string.Join(": ",
                new[] { by, answer.Verdict, answer.Basis, answer.Reason }.OfType<string>());
            all.Add((JsonNode)parts.Object(MispNames.AnnotationTemplate,
                [("type", "Annotation"), ("format", "text"), ("text", text)], answer.Id));
        }

        return all;
    }
}

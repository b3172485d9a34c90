using System.Globalization;
using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Exchange;

/// <summary>AVID reports as JSON lines (<c>specs/exchange.md</c>, "AVID"). A number is AVID's to give: a
/// report that has none leaves it open.</summary>
internal sealed class AvidExport() : Exporter("avid")
{
    private const string Scheme = "AVID";
    private const string Inspect = "inspect:";
    private const string Garak = "garak:";

    public override bool Says(string state) => state is not (ExportItem.Retracted or ExportItem.Superseded);

    protected override void WriteReport(TextWriter to, ExportItem item)
    {
        ReportBody body = item.Body;
        string language = item.Report.Lang ?? "und";
        string? number = body.ExternalIds.FirstOrDefault(id => id.Scheme == Scheme)?.Id;
        JsonObject json = new()
        {
            ["data_type"] = "AVID",
            ["data_version"] = "0.2",
            ["metadata"] = new JsonObject { [IsVulnerability(number) ? "vuln_id" : "report_id"] = number },
            ["affects"] = Affects(body),
            ["problemtype"] = new JsonObject
            {
                ["classof"] = ClassOf(body),
                ["type"] = TypeOf(body),
                ["description"] = Text(language, body.Title ?? ""),
            },
        };
        json.With("metrics", Metrics(body));
        json["references"] = References(item);
        json.With("description", body.Description is null ? null : Text(language, body.Description));
        json["impact"] = Impact(body);
        json.With("credit", Array(body.Credits.Select(name => Text(language, name))));
        string? disclosed = (body as ModelRiskBody)?.DisclosureDate;
        json["reported_date"] = disclosed ?? JsonText.Day(item.Report.Created);
        to.Write(JsonText.Of(json) + "\n");
    }

    private static bool IsVulnerability(string? number) => number?.Split('-') is [_, _, ['V', ..], ..];

    private static JsonObject Text(string language, string value) =>
        new() { ["lang"] = language, ["value"] = value };

    private static JsonArray? Array(IEnumerable<JsonObject> items)
    {
        JsonNode[] all = [.. items];
        return all.Length == 0 ? null : new JsonArray(all);
    }

    private static string ClassOf(ReportBody body) => body switch
    {
        IncidentBody when body.ExternalIds.Any(id => id.Scheme == "AIID") => "AIID Incident",
        IncidentBody => "Third-party Report",
        _ => TagOf(body, "avid-class")
            ?? ((body as ModelRiskBody)?.RiskClass == "evaluation" ? "LLM Evaluation" : "Undefined"),
    };

    private static string TypeOf(ReportBody body) =>
        (body as ModelRiskBody)?.RiskClass == "evaluation" ? "Measurement" : "Advisory";

    private static string? TagOf(ReportBody body, string name) => TagsOf(body, name).FirstOrDefault();

    private static string[] TagsOf(ReportBody body, string name) =>
        [.. body.Tags.Where(tag => tag.Namespace == name).Select(tag => tag.Value)];

    private static JsonObject Affects(ReportBody body)
    {
        ModelRiskBody? risk = body as ModelRiskBody;
        JsonObject Artifact(string type, string name) => new() { ["type"] = type, ["name"] = name };
        JsonNode[] artifacts =
        [
            .. (risk?.Models ?? []).Select(model => Artifact("Model", model.Name)),
            .. body.Systems.Select(system => Artifact("System", system.Name)),
            .. (risk?.Datasets ?? []).Select(dataset => Artifact("Dataset", dataset.Name)),
        ];
        return new JsonObject
        {
            ["developer"] = JsonText.List(body.Developers.Select(party => party.Name)) ?? [],
            ["deployer"] = JsonText.List(body.Deployers.Select(party => party.Name)) ?? [],
            ["artifacts"] = new JsonArray(artifacts),
        };
    }

    private static JsonArray? Metrics(ReportBody body)
    {
        List<JsonObject> metrics = [];
        foreach (Eval eval in (body as ModelRiskBody)?.Evals ?? [])
        {
            JsonNode value = Number(eval.Value) ?? JsonValue.Create(eval.Value)!;
            string[] parts = eval.Metric.StartsWith(Inspect, StringComparison.Ordinal)
                ? eval.Metric[Inspect.Length..].Split('/', 2) : [];
            if (parts.Length == 2)
            {
                metrics.Add(new JsonObject
                {
                    ["scorer"] = parts[0], ["metrics"] = parts[1], ["value"] = value,
                });
            }
            else if (eval.Metric.StartsWith(Garak, StringComparison.Ordinal))
            {
                JsonObject row = new()
                {
                    ["detector"] = eval.Metric[Garak.Length..], ["score"] = value,
                };
                row.With("total_evaluated", eval.N);
                JsonObject results = new() { ["rows"] = new JsonArray(row) };
                metrics.Add(new JsonObject { ["results"] = results });
            }
        }

        return Array(metrics);
    }

    private static JsonArray References(ExportItem item)
    {
        IEnumerable<JsonObject> evidence = item.Body.Evidence.Where(one => one.Url is not null)
            .Select(one => Reference("source", one.Name ?? one.Url!, one.Url!));
        IEnumerable<JsonObject> ids = item.Body.ExternalIds
            .Where(id => id.Scheme != Scheme && id.Url is not null)
            .Select(id => Reference("source", id.ToString(), id.Url!));
        JsonNode[] all =
        [
            .. evidence.Concat(ids).DistinctBy(one => (string)one["url"]!),
            new JsonObject { ["type"] = "misc", ["label"] = $"IncidentMesh record {item.Report.Id}" },
        ];
        return new JsonArray(all);
    }

    private static JsonObject Reference(string type, string label, string url) =>
        new() { ["type"] = type, ["label"] = label, ["url"] = url };

    private static JsonObject Impact(ReportBody body)
    {
        ModelRiskBody? risk = body as ModelRiskBody;
        string Labelled(string vocabulary, string code) =>
            $"{code}: {Vocabulary.Get(vocabulary).LabelOf(code)}";
        // An incident has no such fields: an import made tags of them.
        IEnumerable<string> Told(IReadOnlyList<string>? field, string vocabulary) => field
            ?? TagsOf(body, vocabulary).Where(Vocabulary.Get(vocabulary).Contains);
        JsonObject avid = new()
        {
            ["risk_domain"] = JsonText.List(
                Told(risk?.RiskDomains, AvidImpact.Domain)
                    .Select(Vocabulary.Get(AvidImpact.Domain).LabelOf)) ?? [],
            ["sep_view"] = JsonText.List(
                Told(risk?.SepView, AvidImpact.Sep).Select(code => Labelled(AvidImpact.Sep, code))) ?? [],
            ["lifecycle_view"] = body.LifecyclePhase is { } phase
                ? new JsonArray(Labelled("avid-lifecycle", phase)) : [],
            ["taxonomy_version"] = Vocabulary.Get(AvidImpact.Sep).Version,
        };
        avid.With("vuln_id", TagOf(body, "avid-vulnerability"));
        return new JsonObject { ["avid"] = avid }
            .With("atlas", Array(body.Techniques.Select(technique =>
                new JsonObject { ["tactic"] = technique.Tactic, ["technique"] = technique.Id })))
            .With("odin", Odin(body))
            .With("cvss", Cvss(body))
            .With("cwe", Array((risk?.Cwes ?? []).Select(cwe => new JsonObject { ["cweId"] = cwe })));
    }

    private static JsonObject? Odin(ReportBody body)
    {
        JsonObject odin = new JsonObject().With("SocialImpactScore", TagOf(body, AvidImpact.SocialImpact));
        string[][] levels = [.. AvidImpact.Levels.Select(level => TagsOf(body, AvidImpact.TagOf(level)))];
        // Which strategy, category and technique belong together is known where there is one of each.
        if (levels.All(values => values.Length == 1))
        {
            odin["JailbreakTaxonomy"] = new JsonArray(new JsonObject(AvidImpact.Levels.Zip(levels,
                (level, values) => KeyValuePair.Create<string, JsonNode?>(level, values[0]))));
        }

        return odin.Count == 0 ? null : odin;
    }

    private static JsonObject? Cvss(ReportBody body)
    {
        const string Prefix = "cvss-";
        if (body.Severity is not { } severity
            || !severity.Scheme.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        // The raw value of an import is the word and the score: "HIGH 7.5".
        string[] raw = (severity.Raw ?? severity.Value.ToUpperInvariant()).Split(' ', 2);
        JsonObject cvss = new()
        {
            ["version"] = severity.Scheme[Prefix.Length..], ["baseSeverity"] = raw[0],
        };
        return cvss.With("baseScore", raw.Length == 2 ? Number(raw[1]) : null)
            .With("vectorString", (body as ModelRiskBody)?.CvssVector);
    }

    private static JsonValue? Number(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
            ? JsonValue.Create(number) : null;
}

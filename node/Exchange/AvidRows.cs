using System.Text.Json;
using System.Text.RegularExpressions;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Exchange;

/// <summary>The AI Vulnerability Database: a report or a vulnerability as JSON (<c>specs/exchange.md</c>,
/// "AVID").</summary>
internal static partial class AvidRows
{
    private const string Attribution = "AI Vulnerability Database, avidml.org";
    private const string Licence = "MIT";
    private const string AiidClass = "AIID Incident";

    /// <summary>Whether an object is one of AVID's.</summary>
    public static bool IsAvid(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("data_type", out JsonElement type)
        && type.ValueKind == JsonValueKind.String && type.ValueEquals("AVID");

    public static ImportRow Read(string file, long line, string text, JsonElement json)
    {
        var row = new JsonRow(json);
        string? id = row.Text("metadata.report_id") ?? row.Text("metadata.vuln_id");
        string? title = row.Text("problemtype.description.value");
        string? date = row.Text("reported_date") ?? row.Text("published_date");
        if (id is null)
        {
            row.Fail("metadata", "has no report_id or vuln_id");
        }
        else if (Placeholder().IsMatch(id))
        {
            row.Fail("metadata", $"\"{id}\" is a placeholder, not a number that AVID gave");
        }
        else if (title is null)
        {
            row.Fail("problemtype.description.value", "is missing");
        }
        else if (date is not null && !Forms.IsTime(date))
        {
            row.Fail("reported_date", "expected a date");
        }

        // AVID also holds events that AIID told of; those happened.
        ReportBody body =
            row.Text("problemtype.classof") == AiidClass ? new IncidentBody() : new ModelRiskBody();
        if (row.Error is null)
        {
            body.Title = RowResult.Short(title!);
            body.TextLicense = Licence;
            body.Attribution = Attribution;
            Describe(row, body, title!);
            Affects(row, body);
            AvidImpact.Read(row, body);
            References(row, body, id!);
            if (body is ModelRiskBody risk)
            {
                risk.DisclosureDate = date;
                risk.RiskClass = RiskClassOf(row);
                AvidMetrics.Read(row, risk);
            }
        }

        string? language = LanguageOf(
            row.Text("description.lang") ?? row.Text("problemtype.description.lang"));
        return row.Succeeded(out string? error)
            ? RowResult.Of(file, line, text, body, language, RowResult.Seconds(date))
            : RowResult.Bad(file, line, error, text);
    }

    private static void Describe(JsonRow row, ReportBody body, string title)
    {
        string? description = row.Text("description.value");
        body.Description = description is not null ? RowResult.Long(description)
            : body.Title == title ? null : RowResult.Long(title);
        body.Credits = [.. row.Items("credit").Concat(row.Items("credits"))
            .Select(credit => row.Text(credit, "value")).OfType<string>().Select(RowResult.Short)
            .Take(Limits.Records.ListEntries)];
    }

    private static string? RiskClassOf(JsonRow row) => row.Text("problemtype.classof") switch
    {
        "LLM Evaluation" => "evaluation",
        _ => row.Text("problemtype.type") switch
        {
            "Measurement" or "Detection" => "evaluation",
            "Advisory" or "Issue" => "advisory",
            _ => null,
        },
    };

    private static void Affects(JsonRow row, ReportBody body)
    {
        body.Developers = Parties(row.Texts("affects.developer"));
        body.Deployers = Parties(row.Texts("affects.deployer"));
        var models = new List<Model>();
        var systems = new List<AiSystem>();
        var datasets = new List<DatasetReference>();
        foreach (JsonElement artifact in row.Items("affects.artifacts"))
        {
            if (row.Text(artifact, "name") is not { } whole)
            {
                continue;
            }

            string name = RowResult.Short(whole);
            string? type = row.Text(artifact, "type");
            if (type == "Dataset")
            {
                datasets.Add(new DatasetReference(name));
            }
            else if (type == "Model" && body is ModelRiskBody && models.Count < Limits.Records.Models)
            {
                models.Add(new Model(name));
            }
            else
            {
                systems.Add(new AiSystem(name));
            }
        }

        body.Systems = [.. systems.Take(Limits.Records.ListEntries)];
        if (body is ModelRiskBody risk)
        {
            risk.Models = models;
            risk.Datasets = [.. datasets.Take(Limits.Records.ListEntries)];
        }
    }

    private static void References(JsonRow row, ReportBody body, string id)
    {
        var ids = new List<ExternalId> { new("AVID", id) };
        var evidence = new List<Evidence>();
        bool ofCve = row.Text("problemtype.classof") == "CVE Entry";
        bool ofAiid = row.Text("problemtype.classof") == AiidClass;
        foreach (JsonElement reference in row.Items("references"))
        {
            string? url = row.Text(reference, "url");
            if (url is null || !Forms.IsUrl(url))
            {
                continue;
            }

            string? label = row.Text(reference, "label");
            evidence.Add(
                new Evidence(url, Name: label is null || label == url ? null : RowResult.Short(label)));
            if (ofCve)
            {
                ids.AddRange(CveId().Matches(url)
                    .Select(match => new ExternalId("CVE", match.Value.ToUpperInvariant())));
            }
            else if (ofAiid && AiidCite().Match(url) is { Success: true } cite)
            {
                ids.Add(new ExternalId("AIID", cite.Groups[1].Value));
            }
        }

        body.Evidence = [.. evidence.DistinctBy(one => one.Url).Take(Limits.Records.ListEntries)];
        body.ExternalIds = [.. ids.DistinctBy(one => one.ToString()).Take(Limits.Records.ListEntries)];
    }

    private static Party[] Parties(IReadOnlyList<string> names) =>
        [.. names.Take(Limits.Records.ListEntries).Select(name => new Party(RowResult.Short(name)))];

    /// <summary>AVID writes ISO 639-3; BCP 47 wants the two-letter code where there is one (RFC 5646,
    /// 2.2.1).</summary>
    private static string? LanguageOf(string? code) => code switch
    {
        "eng" => "en",
        "deu" or "ger" => "de",
        "fra" or "fre" => "fr",
        "spa" => "es",
        "por" => "pt",
        "ita" => "it",
        "rus" => "ru",
        "zho" or "chi" => "zh",
        "jpn" => "ja",
        "kor" => "ko",
        "hin" => "hi",
        "ara" => "ar",
        _ => code,
    };

    [GeneratedRegex(@"^AVID-\d{4}-[RV]-", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"CVE-\d{4}-\d{4,7}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CveId();

    [GeneratedRegex(@"incidentdatabase\.ai/cite/(\d{1,9})", RegexOptions.CultureInvariant)]
    private static partial Regex AiidCite();
}

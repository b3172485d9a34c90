using System.Globalization;
using System.Text.Json;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Exchange;

/// <summary>The objects of AIID's GraphQL interface: reports and incidents (<c>specs/exchange.md</c>,
/// "AIID").</summary>
internal static class AiidObjects
{
    private const string Attribution = "AI Incident Database, incidentdatabase.ai";

    private static readonly string[] Places = ["reports", "report", "incidents", "incident"];

    /// <summary>The objects of a document: an answer <c>{"data":{"reports":[..]}}</c>, a list, or one
    /// object.</summary>
    public static IReadOnlyList<JsonElement> Objects(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("data", out JsonElement data)
            && data.ValueKind == JsonValueKind.Object)
        {
            return [.. Places.SelectMany(name => data.TryGetProperty(name, out JsonElement found)
                ? Listed(found) : [])];
        }

        return Listed(root);
    }

    /// <summary>Whether an object is one of AIID's interface.</summary>
    public static bool IsOne(JsonElement json) => json.ValueKind == JsonValueKind.Object
        && (json.TryGetProperty("report_number", out _) || IsIncident(json));

    public static bool IsIncident(JsonElement json) => json.TryGetProperty("incident_id", out _)
        && !json.TryGetProperty("report_number", out _) && !json.TryGetProperty("report_id", out _);

    public static ImportRow Read(string file, long line, string text, JsonElement json) =>
        !IsOne(json) ? RowResult.Bad(file, line, "has neither \"report_number\" nor \"incident_id\"", text)
        : IsIncident(json) ? Incident(file, line, text, json) : Report(file, line, text, json);

    private static JsonElement[] Listed(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray()] : [json];

    private static ImportRow Report(string file, long line, string text, JsonElement json)
    {
        JsonRow row = new(json);
        string? title = row.Text("title");
        string? number = AiidRows.IntegerOf(row.At("report_number"));
        string? date = Day(row, "date_published");
        if (title is null || number is null)
        {
            row.Fail(title is null ? "title" : "report_number", "is missing");
        }

        bool issue = row.At("is_incident_report").ValueKind == JsonValueKind.False;
        ReportBody body = issue ? new ModelRiskBody { RiskClass = "hazard" } : new IncidentBody();
        if (row.Error is null)
        {
            body.Title = RowResult.Short(title!);
            body.Description = row.Text("description") is { } told ? RowResult.Long(told) : null;
            body.Evidence = [.. new[] { row.Text("url"), row.Text("image_url") }.OfType<string>()
                .Where(Forms.IsUrl).Distinct().Select(url => new Evidence(url))];
            body.ExternalIds = [new ExternalId("AIID-report", number!)];
            body.Credits = [.. row.Texts("authors").Select(RowResult.Short).Take(Limits.Records.ListEntries)];
            body.Tags = [.. row.Texts("tags").Select(tag => new Tag("aiid", RowResult.Short(tag)))
                .Take(Limits.Records.ListEntries)];
            body.Systems = Systems(row);
            body.Attribution = Attribution;
        }

        return row.Succeeded(out string? error)
            ? RowResult.Of(file, line, text, body, row.Text("language"), RowResult.Seconds(date))
            : RowResult.Bad(file, line, error, text);
    }

    private static ImportRow Incident(string file, long line, string text, JsonElement json)
    {
        JsonRow row = new(json);
        string? title = row.Text("title");
        string? number = AiidRows.IntegerOf(row.At("incident_id"));
        string? date = Day(row, "date");
        if (title is null || number is null)
        {
            row.Fail(title is null ? "title" : "incident_id", "is missing");
        }

        IncidentBody body = new();
        if (row.Error is null)
        {
            body.Title = RowResult.Short(title!);
            body.Description = row.Text("description") is { } told ? RowResult.Long(told) : null;
            body.Occurred = date is null ? null : new Occurrence(date);
            body.Deployers = Parties(row, "AllegedDeployerOfAISystem");
            body.Developers = Parties(row, "AllegedDeveloperOfAISystem");
            body.HarmedParties = Parties(row, "AllegedHarmedOrNearlyHarmedParties");
            body.Systems = Systems(row);
            body.ExternalIds =
                [new ExternalId("AIID", number!, $"https://incidentdatabase.ai/cite/{number}")];
            body.TextLicense = "CC-BY-SA-4.0";
            body.Attribution = Attribution;
        }

        return row.Succeeded(out string? error)
            ? RowResult.Of(file, line, text, body, "en", RowResult.Seconds(date))
            : RowResult.Bad(file, line, error, text);
    }

    private static AiSystem[] Systems(JsonRow row) =>
        [.. Parties(row, "implicated_systems").Select(party => new AiSystem(party.Name))];

    // Entities are {entity_id, name}; older answers have their ids as texts.
    private static Party[] Parties(JsonRow row, string name)
    {
        List<Party> all = [];
        foreach (JsonElement item in row.Items(name))
        {
            bool slug = item.ValueKind == JsonValueKind.String;
            string? id = row.Text(item, slug ? "" : "entity_id");
            string? called = slug ? id : row.Text(item, "name") ?? id;
            if (called is not null)
            {
                all.Add(new Party(RowResult.Short(called), id is null ? null : RowResult.Short(id)));
            }
        }

        return [.. all.Take(Limits.Records.ListEntries)];
    }

    // A date, a date and time, or {"$date": ..} of a database dump; kept to the day.
    private static string? Day(JsonRow row, string name)
    {
        JsonElement value = row.At(name);
        string? text = value.ValueKind == JsonValueKind.Object ? row.Text(value, "$date") : row.Text(name);
        if (text is null)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out DateTimeOffset time))
        {
            return JsonText.Day(time);
        }

        row.Fail(name, "expected a date");
        return null;
    }
}

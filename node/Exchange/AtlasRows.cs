using System.Text.Json;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Exchange;

/// <summary>MITRE ATLAS case studies: a YAML file each, or a list of them (<c>specs/exchange.md</c>,
/// "ATLAS").</summary>
internal static class AtlasRows
{
    private const string Exercise = "exercise";

    /// <summary>The case studies of a document: itself, its <c>study</c>, or its
    /// <c>case-studies</c>.</summary>
    public static IReadOnlyList<JsonElement> Studies(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        return root.TryGetProperty("case-studies", out JsonElement list)
            && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()]
            : root.TryGetProperty("study", out JsonElement study) ? [study]
            : root.TryGetProperty("procedure", out _) || root.TryGetProperty("incident-date", out _) ? [root]
            : [];
    }

    public static ImportRow Read(string file, long line, string text, JsonElement study)
    {
        JsonRow row = new(study);
        string? title = row.Text("name");
        string? id = row.Text("id");
        string? date = row.Text("incident-date");
        if (title is null)
        {
            row.Fail("name", "is missing");
        }
        else if (date is not null && !Forms.IsTime(date))
        {
            row.Fail("incident-date", "expected a date");
        }

        ReportBody body = row.Text("case-study-type") == Exercise
            ? new ModelRiskBody { Maturity = "demonstrated" } : new IncidentBody();
        if (row.Error is null)
        {
            body.Title = RowResult.Short(title!);
            body.Description = row.Text("summary") is { } summary ? RowResult.Long(summary) : null;
            body.Occurred = date is null ? null : new Occurrence(Cut(date, row));
            body.Systems = row.Text("target") is { } target ? [new AiSystem(RowResult.Short(target))] : [];
            body.Tags =
                row.Text("actor") is { } actor ? [new Tag("atlas-actor", RowResult.Short(actor))] : [];
            body.Credits = row.Text("reporter") is { } reporter ? [RowResult.Short(reporter)] : [];
            body.ExternalIds = id is null ? [] : [IdOf(id)];
            body.Techniques = [.. row.Items("procedure").Select(step => Step(row, step)).OfType<Technique>()
                .Take(Limits.Records.ListEntries)];
            body.Evidence = References(row);
            body.TextLicense = "Apache-2.0";
            body.Attribution = "MITRE ATLAS, atlas.mitre.org";
        }

        return row.Succeeded(out string? error)
            ? RowResult.Of(file, line, text, body, "en", RowResult.Seconds(date))
            : RowResult.Bad(file, line, error, text);
    }

    private static ExternalId IdOf(string id)
    {
        string url = $"https://atlas.mitre.org/studies/{id}";
        return new ExternalId("ATLAS", RowResult.Short(id), Forms.IsUrl(url) ? url : null);
    }

    // The date as far as it is known: 2024-10-24, 2024-10, 2024.
    private static string Cut(string date, JsonRow row) => row.Text("incident-date-granularity") switch
    {
        "YEAR" => date[..4],
        "MONTH" when date.Length >= 7 => date[..7],
        _ => date,
    };

    private static Technique? Step(JsonRow row, JsonElement step)
    {
        // A contribution may describe a technique that has no id yet, as an object.
        string? Id(string name) => step.ValueKind == JsonValueKind.Object
            && step.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object
            ? row.Text(value, "id") ?? row.Text(value, "name") : row.Text(step, name);
        string? description = row.Text(step, "description");
        return Id("technique") is not { } id ? null : new Technique(
            Unwrapped(id), Id("tactic") is { } tactic ? Unwrapped(tactic) : null,
            Description: description is null ? null : RowResult.Long(description));
    }

    /// <summary><c>pi_indirect</c> of <c>{{pi_indirect.id}}</c>: the names that the source repository has
    /// where the published file has ids.</summary>
    private static string Unwrapped(string id)
    {
        const string Open = "{{", Close = ".id}}";
        bool wrapped = id.StartsWith(Open, StringComparison.Ordinal)
            && id.EndsWith(Close, StringComparison.Ordinal) && id.Length > Open.Length + Close.Length;
        return RowResult.Short(wrapped ? id[Open.Length..^Close.Length] : id);
    }

    private static Evidence[] References(JsonRow row)
    {
        List<Evidence> all = [];
        foreach (JsonElement reference in row.Items("references"))
        {
            if (row.Text(reference, "url") is { } url && Forms.IsUrl(url))
            {
                string? title = row.Text(reference, "title");
                all.Add(new Evidence(url, Name: title is null ? null : RowResult.Short(title)));
            }
        }

        return [.. all.DistinctBy(one => one.Url).Take(Limits.Records.ListEntries)];
    }
}

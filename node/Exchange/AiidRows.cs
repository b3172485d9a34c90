using System.Globalization;
using System.Text.Json;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Exchange;

/// <summary>The AI Incident Database: report titles as JSON lines, and incidents as its snapshot's CSV
/// (<c>specs/exchange.md</c>, "AIID").</summary>
internal static class AiidRows
{
    private const string Attribution = "AI Incident Database, incidentdatabase.ai";
    private const string Licence = "CC-BY-SA-4.0";
    private const string IdColumn = "incident_id";
    private const string DeployerColumn = "Alleged deployer of AI system";
    private const string DeveloperColumn = "Alleged developer of AI system";
    private const string HarmedColumn = "Alleged harmed or nearly harmed parties";

    /// <summary>The columns that an incidents file must have.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        [IdColumn, "date", DeployerColumn, DeveloperColumn, HarmedColumn, "description", "title"];

    /// <summary>A report: its title, language and address. The incident that the editors put it under is left
    /// out: which reports tell of one event is what this node finds out, and an exact key would answer
    /// it.</summary>
    public static ImportRow Title(string file, TextLine line, JsonElement json)
    {
        var row = new JsonRow(json);
        string? title = row.Text("title");
        string? url = row.Text("url");
        string? id = IntegerOf(row.At("report_id"));
        if (title is null || id is null)
        {
            row.Fail(title is null ? "title" : "report_id", "is missing");
        }

        string? language = row.Text("language");
        if (!row.Succeeded(out string? error))
        {
            return RowResult.Bad(file, line.Number, error, line.Text);
        }

        var body = new IncidentBody
        {
            Title = RowResult.Short(title!),
            Evidence = url is not null && Forms.IsUrl(url) ? [new Evidence(url)] : [],
            ExternalIds = [new ExternalId("AIID-report", id!)],
            Attribution = Attribution,
        };
        return RowResult.Of(file, line.Number, line.Text, body, language, null);
    }

    /// <summary>An incident. The numbers of its reports are left out for the same reason.</summary>
    public static ImportRow Incident(string file, CsvRow row, IReadOnlyDictionary<string, int> columns)
    {
        string Cell(string name) => row.Fields[columns[name]].Trim();
        if (row.Error is not null)
        {
            return RowResult.Bad(file, row.Line, row.Error, row.Text);
        }

        if (row.Fields.Count != columns.Count)
        {
            return RowResult.Bad(file, row.Line,
                $"{row.Fields.Count} cells where the header has {columns.Count}", row.Text);
        }

        string id = Cell(IdColumn);
        string date = Cell("date");
        string? why = Tlp.OfRow(row, columns) is { } marked ? marked
            : !IsNumber(id) ? $"\"{IdColumn}\": expected a number"
            : Cell("title").Length == 0 ? "\"title\": is missing"
            : !Forms.IsTime(date) ? "\"date\": expected a date" : null;
        var lists = new Dictionary<string, IReadOnlyList<Party>>();
        foreach (string name in new[] { DeployerColumn, DeveloperColumn, HarmedColumn })
        {
            bool listed = TryParties(Cell(name), out IReadOnlyList<Party> parties);
            why ??= listed ? null : $"\"{name}\": expected a list of texts";
            lists[name] = parties;
        }

        if (why is not null)
        {
            return RowResult.Bad(file, row.Line, why, row.Text);
        }

        string description = Cell("description");
        var body = new IncidentBody
        {
            Title = RowResult.Short(Cell("title")),
            Description = description.Length == 0 ? null : RowResult.Long(description),
            Occurred = new Occurrence(date),
            Deployers = lists[DeployerColumn],
            Developers = lists[DeveloperColumn],
            HarmedParties = lists[HarmedColumn],
            ExternalIds = [new ExternalId("AIID", id, $"https://incidentdatabase.ai/cite/{id}")],
            TextLicense = Licence,
            Attribution = Attribution,
        };
        return RowResult.Of(file, row.Line, row.Text, body, "en", RowResult.Seconds(date));
    }

    /// <summary>The names of a cell <c>["keolis-north-america"]</c>: the slug is the id, the name its
    /// words.</summary>
    private static bool TryParties(string cell, out IReadOnlyList<Party> parties)
    {
        parties = [];
        if (cell.Length == 0)
        {
            return true;
        }

        using JsonDocument? list = JsonRow.Parse(cell, out _);
        if (list is null || list.RootElement.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        var row = new JsonRow(list.RootElement);
        parties = [.. row.Texts("").Take(Limits.Records.ListEntries)
            .Select(slug => new Party(RowResult.Short(slug.Replace('-', ' ')), RowResult.Short(slug)))];
        return row.Error is null;
    }

    private static bool IsNumber(string text) => text.Length is > 0 and <= 9 && text.All(char.IsAsciiDigit);

    internal static string? IntegerOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt32(out int number) && number >= 0 =>
            number.ToString(CultureInfo.InvariantCulture),
        JsonValueKind.String when IsNumber(value.GetString()!) => value.GetString(),
        _ => null,
    };
}

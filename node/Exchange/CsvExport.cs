using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Exchange;

/// <summary>A table of RFC 4180, one report a row, a column for each field (<c>specs/exchange.md</c>,
/// "CSV").</summary>
internal sealed class CsvExport() : Exporter("csv")
{
    private static readonly string[] About = ["id", "type", "created", "lang", "author", "tlp", "state"];

    private static readonly string[] Fields =
        [.. Schema.Of(RecordTypes.ModelRisk)!.Fields.Select(field => field.Name)
            .Where(name => name != RecordBody.Salt)];

    /// <summary>Whether a header is one of ours.</summary>
    public static bool IsOurs(IReadOnlyList<string> header) =>
        header.Contains("title") && header.All(name => About.Contains(name) || Fields.Contains(name));

    public static bool IsField(string column) => Fields.Contains(column);

    public override void Begin(TextWriter to) => to.Write(string.Join(',', About.Concat(Fields)) + "\r\n");

    protected override void WriteReport(TextWriter to, ExportItem item)
    {
        string[] about =
        [
            item.Report.Id, item.Body.Type, item.Report.Created.UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            item.Report.Lang ?? "", item.AuthorName, item.Report.Tlp, item.Report.State,
        ];
        IEnumerable<string> fields =
            Fields.Select(name => item.Fields[name] is JsonNode value ? FieldCell.Of(value) : "");
        to.Write(string.Join(',', about.Concat(fields).Select(CsvCell.Write)) + "\r\n");
    }
}

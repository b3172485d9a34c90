using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Exchange;

/// <summary>A JSON object a line, a report each, by the names of the 29 criteria of the OECD common reporting
/// framework (<c>specs/exchange.md</c>, "OECD").</summary>
internal sealed class OecdExport() : Exporter("oecd")
{
    public override bool Says(string state) => state is not (ExportItem.Retracted or ExportItem.Superseded);

    protected override void WriteReport(TextWriter to, ExportItem item)
    {
        JsonObject json = new()
        {
            ["record"] = item.Report.Id,
            ["type"] = item.Body.Type,
            ["submitted"] = JsonText.Milliseconds(item.Report.Created),
        };
        json.With("language", item.Report.Lang);
        json["4. Submitter"] = new JsonObject { ["name"] = item.AuthorName };
        foreach (MappedField row in Mapping.Of("oecd").Rows.Where(row =>
            row.Ours is not null && row.Theirs is not null && item.Fields.ContainsKey(row.Ours)))
        {
            bool otherScale = row.Ours == "severity" && item.Body.Severity?.Scheme != Severity.Oecd;
            if (!otherScale)
            {
                JsonObject criterion = json[row.Theirs!] as JsonObject ?? [];
                criterion[row.Ours!] = item.Fields[row.Ours!]!.DeepClone();
                json[row.Theirs!] = criterion;
            }
        }

        to.Write(JsonText.Of(json) + "\n");
    }
}

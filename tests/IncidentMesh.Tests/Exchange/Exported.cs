using System.Text.Json;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;
using Xunit;

namespace IncidentMesh.Tests.Exchange;

/// <summary>Reports as a node shows them, written in a format.</summary>
internal static class Exported
{
    public static readonly AuthorView Author = new("bafyreiauthor", null, "Café <b>Novara</b>", "trusted");

    public static readonly DateTimeOffset Created = new(2026, 11, 25, 10, 30, 0, TimeSpan.Zero);

    public static ReportView View(ReportBody body, string? lang = "de", string id = "bafyreireport") => new()
    {
        Report = new ReportItem
        {
            Id = id, Short = "report", Type = body.Type, Author = Author, Created = Created,
            Received = Created,
            Tlp = "CLEAR", Lang = lang, Title = body.Title ?? "", State = "current",
            Verified = new VerifiedView(true, true, 0),
        },
        Body = JsonElement.Parse(BodyJson.Write(body.Type, body.ToMap())),
        Description = body.Description,
        Key = "z6Mk",
        Seq = 3,
        Checks = [new CheckView("signature", true, "Ed25519 of this key")],
        History = [new VersionView(id, "original", Created, null, true)],
    };

    public static string Text(string format, params ReportView[] views)
    {
        Assert.True(Exporter.TryMake(format, out Exporter? exporter));
        using StringWriter to = new();
        exporter.Begin(to);
        foreach (ReportView view in views)
        {
            exporter.Write(to, ExportItem.Of(view)!);
        }

        exporter.End(to);
        return to.ToString();
    }
}

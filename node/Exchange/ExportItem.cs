using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Exchange;

/// <summary>A report as conversions read it: what the API shows of it, and its body.</summary>
internal sealed class ExportItem
{
    /// <summary>State of a report that its author took back.</summary>
    public const string Retracted = "retracted";

    /// <summary>State of a version that a newer one took the place of.</summary>
    public const string Superseded = "superseded";

    private ExportItem(ReportView view, ReportBody body)
    {
        View = view;
        Body = body;
        Fields = JsonNode.Parse(BodyJson.Write(body.Type, body.ToMap()))!.AsObject();
    }

    public ReportView View { get; }

    public ReportItem Report => View.Report;

    public ReportBody Body { get; }

    /// <summary>The fields of the body in their JSON form (<c>specs/records.md</c>, "JSON"), without
    /// salt.</summary>
    public JsonObject Fields { get; }

    /// <summary>Id of the first version: what other systems know the report by, however often it is
    /// corrected.</summary>
    public string FirstId => View.History.Count > 0 ? View.History[0].Id : Report.Id;

    /// <summary>When the first version was signed, as claimed.</summary>
    public DateTimeOffset FirstCreated => View.History.Count > 0 ? View.History[0].Created : Report.Created;

    /// <summary>When it last changed, as claimed: its version was signed, or it was taken back.</summary>
    public DateTimeOffset Changed => Report.State != Retracted ? Report.Created
        : View.History.Where(version => version.Kind == "retraction").Select(version => version.Created)
            .Append(Report.Created).Max();

    /// <summary>What to call the author in a file that leaves the node: its own word for itself, else the
    /// operator's name, else its id.</summary>
    public string AuthorName => NameOf(Report.Author);

    public static string NameOf(AuthorView author) => author.CallsItself ?? author.Name ?? author.Id;

    /// <summary>What there is of <paramref name="view"/>; null where it has no report that can be read, e.g.
    /// since its body was erased.</summary>
    public static ExportItem? Of(ReportView view)
    {
        bool read = view.Body is { } json
            & BodyJson.TryRead(view.Report.Type, view.Body ?? default, out IpldMap? map, out _);
        return read && TypedBody.Read(view.Report.Type, map!.Without(RecordBody.Salt)) is ReportBody body
            ? new ExportItem(view, body) : null;
    }

    /// <summary>Names of what it has, for the loss report.</summary>
    public IEnumerable<string> Present()
    {
        IEnumerable<string> about = ["id", "type", "signature", "author", "created", "tlp", "state"];
        IEnumerable<string> some =
        [
            .. Report.Lang is null ? [] : new[] { "lang" },
            .. View.History.Count > 1 ? new[] { "versions" } : [],
            .. View.Answers.Count > 0 ? new[] { "answers" } : [],
        ];
        return about.Concat(some).Concat(Fields.Select(field => field.Key));
    }
}

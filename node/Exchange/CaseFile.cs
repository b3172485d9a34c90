using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Exchange;

/// <summary>A line of a case file: a name and what it says.</summary>
/// <param name="Label">Ours.</param>
/// <param name="Text">Text of others, made harmless; lines stay.</param>
/// <param name="Exact">True for ids and bytes, which are shown as they are.</param>
internal sealed record CaseLine(string Label, string Text, bool Exact = false);

/// <summary>A part of a case file.</summary>
internal sealed record CaseSection(string Heading, IReadOnlyList<CaseLine> Lines);

/// <summary>What a person needs to judge one report, with its chain of proof: the report, its versions, what
/// others say, and who signed what (<c>specs/exchange.md</c>, "Case file").</summary>
internal static class CaseFile
{
    private static readonly string[] Aside = ["title", "description"];

    public static string Title(ExportItem item) => SafeText.Show(item.Body.Title ?? "(no title)");

    /// <summary>What it is, on one line.</summary>
    public static string Summary(ExportItem item) => string.Join("  ", new[]
    {
        $"TLP:{item.Report.Tlp}", item.Body.Type, item.Report.State,
        item.Report.Lang is { } lang ? $"language {SafeText.Show(lang)}" : "",
    }.Where(part => part.Length > 0));

    public static string? Description(ExportItem item) =>
        item.Body.Description is { } text ? SafeText.Show(text, lines: true) : null;

    public static IReadOnlyList<CaseSection> Sections(ExportItem item)
    {
        CaseSection[] all =
        [
            new("Report", [.. item.Fields.Where(field => !Aside.Contains(field.Key)).Select(Field)]),
            new("What others say", [.. item.View.Answers.Select(Answer)]),
            new("Versions", [.. item.View.History.Select(Version)]),
            new("Same event", Event(item)),
            new("Proof", [.. Proof(item)]),
        ];
        return [.. all.Where(section => section.Lines.Count > 0)];
    }

    private static CaseLine Field(KeyValuePair<string, JsonNode?> field)
    {
        string name = SafeText.Show(field.Key.Replace('_', ' '));
        string label = name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];
        return new CaseLine(label, SafeText.Show(Words(field.Value, "\n"), lines: true));
    }

    private static string Words(JsonNode? value, string between) => value switch
    {
        JsonArray list => string.Join(between, list.Select(item => Words(item, ", "))),
        JsonObject map => string.Join("; ", map.Select(one => $"{one.Key} {Words(one.Value, ", ")}")),
        null => "",
        _ when value.GetValueKind() == JsonValueKind.String => (string)value!,
        _ => value.ToJsonString(),
    };

    private static CaseLine Answer(AnswerView answer)
    {
        string basis = answer.Basis is null ? "" : $" ({answer.Basis})";
        string reason = answer.Reason is null ? "" : $": {answer.Reason}";
        return new CaseLine(
            SafeText.Show(ExportItem.NameOf(answer.Author)),
            SafeText.Show($"{answer.Verdict}{basis}{reason}, {Time(answer.Created)}, record {answer.Id}"));
    }

    private static CaseLine Version(VersionView version)
    {
        string current = version.Current ? " (current)" : "";
        string reason = version.Reason is null ? "" : $": {version.Reason}";
        return new CaseLine(
            $"{version.Kind}{current}", SafeText.Show($"{Time(version.Created)}, {version.Id}{reason}"));
    }

    private static CaseLine[] Event(ExportItem item) => item.Report.Cluster is { Reports: > 1 } cluster
        ? [new("Reports", $"{cluster.Reports}, {cluster.Independent} of them independent")] : [];

    private static IEnumerable<CaseLine> Proof(ExportItem item)
    {
        ReportView view = item.View;
        yield return new CaseLine("Record", item.Report.Id, true);
        yield return new CaseLine("Author", SafeText.Show(item.AuthorName));
        yield return new CaseLine("Identity of the author", item.Report.Author.Id, true);
        yield return new CaseLine("Key that signed", view.Key, true);
        yield return new CaseLine(
            "Place in the chain of that key", view.Seq.ToString(CultureInfo.InvariantCulture));
        yield return new CaseLine("Signed (claimed)", Time(item.Report.Created));
        yield return new CaseLine("Received by this node", Time(item.Report.Received));
        foreach (CheckView check in view.Checks)
        {
            string outcome = check.Mark switch { '=' => "holds", '!' => "does not hold", _ => "not made" };
            yield return new CaseLine($"Check: {check.Name}", SafeText.Show($"{outcome}: {check.Why}"));
        }

        if (view.Envelope is not null && view.RawBody is not null)
        {
            yield return new CaseLine("Signed envelope (base64)", view.Envelope, true);
            yield return new CaseLine("Body (base64)", view.RawBody, true);
        }
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}

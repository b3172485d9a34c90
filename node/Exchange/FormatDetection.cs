using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace IncidentMesh.Node.Exchange;

/// <summary>Finds out the form of a file from what is in it: its first row, or the whole where it is one
/// document. Its name says nothing.</summary>
internal static partial class FormatDetection
{
    private const string Forms = "AIID (JSON lines, CSV, JSON), AVID (JSON), ATLAS (YAML), STIX (JSON), "
        + "MISP (JSON), IncidentMesh (JSON lines, CSV)";

    public static bool TryDetect(string path, out ImportFormat format,
        [NotNullWhen(false)] out string? problem)
    {
        format = ImportFormat.Auto;
        problem = null;
        TextLine first = TextLines.Read(path).FirstOrDefault(
            line => line.Error is not null || !string.IsNullOrWhiteSpace(line.Text));
        if (first.Number == 0)
        {
            problem = $"{path} is empty";
            return false;
        }

        string text = first.Text.TrimStart();
        bool json = text.Length > 0 && text[0] is '{' or '[';
        if (first.Error is not null && !json)
        {
            problem = $"{path} is not text that can be read: line {first.Number}: {first.Error}";
            return false;
        }

        (format, problem) = json ? OfJson(path, first)
            : Yaml().IsMatch(text) ? OfYaml(path) : OfTable(path, text);
        return problem is null;
    }

    private static (ImportFormat Format, string? Problem) OfJson(string path, TextLine line)
    {
        using JsonDocument? row = line.Error is null ? JsonRow.Parse(line.Text, out _) : null;
        if (row is not null)
        {
            return OfRoot(path, row.RootElement, "its first line");
        }

        using JsonDocument? whole = Importer.Document(path, out string? error);
        return whole is not null ? OfRoot(path, whole.RootElement, "it")
            : line.Error is not null ? OfLaterLine(path, line.Error) : Unknown(path, error!);
    }

    // A first line that cannot be read is a bad row, and says nothing of the others.
    private static (ImportFormat Format, string? Problem) OfLaterLine(string path, string error)
    {
        TextLine line = TextLines.Read(path).FirstOrDefault(
            one => one.Error is null && !string.IsNullOrWhiteSpace(one.Text));
        using JsonDocument? row = line.Text is null ? null : JsonRow.Parse(line.Text, out _);
        return row is null ? Unknown(path, error) : OfRoot(path, row.RootElement, $"line {line.Number}");
    }

    private static (ImportFormat Format, string? Problem) OfRoot(string path, JsonElement root, string what)
    {
        if (StixRows.IsBundle(root) || MispRows.Events(root).Count > 0)
        {
            return (StixRows.IsBundle(root) ? ImportFormat.Stix : ImportFormat.Misp, null);
        }

        if (AiidObjects.Objects(root) is [var first, ..] && AiidObjects.IsOne(first))
        {
            return (first.TryGetProperty("envelope", out _) || first.TryGetProperty("body", out _)
                ? ImportFormat.Lines : ImportFormat.AiidObjects, null);
        }

        JsonElement one = root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 ? root[0] : root;
        return AvidRows.IsAvid(one) ? (ImportFormat.Avid, null)
            : root.ValueKind != JsonValueKind.Object ? Unknown(path, $"{what} is no JSON object")
            : Has(root, "report_id") && Has(root, "title") ? (ImportFormat.AiidTitles, null)
            : Has(root, "envelope") || Has(root, "body") || Has(root, "title") ? (ImportFormat.Lines, null)
            : Unknown(path, $"{what} has no \"title\", \"body\" or \"envelope\"");
    }

    private static (ImportFormat Format, string? Problem) OfYaml(string path)
    {
        string? text = Importer.WholeText(path, out string? error);
        using JsonDocument? document = text is null ? null : YamlJson.Parse(text, out error);
        return document is null ? Unknown(path, error!)
            : AtlasRows.Studies(document.RootElement).Count > 0 ? (ImportFormat.Atlas, null)
            : Unknown(path, "there is no case study in it");
    }

    private static (ImportFormat Format, string? Problem) OfTable(string path, string line)
    {
        IReadOnlyList<string> names = CsvRows.Read([new TextLine(1, line, null)]).First().Fields;
        string? missing = AiidRows.Columns.FirstOrDefault(name => !names.Contains(name));
        return missing is null ? (ImportFormat.AiidIncidents, null)
            : CsvExport.IsOurs(names) ? (ImportFormat.Csv, null)
            : Unknown(path, $"as CSV of AIID it lacks the column \"{missing}\"; "
                + "--map=FILE says what its columns mean");
    }

    private static bool Has(JsonElement row, string name) => row.TryGetProperty(name, out _);

    private static (ImportFormat Format, string? Problem) Unknown(string path, string why) =>
        (ImportFormat.Auto, $"{path} is none of {Forms}: {why}");

    [GeneratedRegex("^(---|%YAML|[a-z-]+:(\\s|$))", RegexOptions.CultureInvariant)]
    private static partial Regex Yaml();
}

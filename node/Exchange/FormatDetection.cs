using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace IncidentMesh.Node.Exchange;

/// <summary>Finds out the form of a file from its first row; the name says only what to expect.</summary>
internal static class FormatDetection
{
    private const string Forms =
        "AIID titles (JSON lines), AIID incidents (CSV), AVID (JSON), IncidentMesh (JSON lines)";

    public static bool TryDetect(string path, out ImportFormat format,
        [NotNullWhen(false)] out string? problem)
    {
        format = ImportFormat.Auto;
        problem = null;
        if (Directory.Exists(path))
        {
            bool any = Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Any();
            format = ImportFormat.Avid;
            problem = any ? null : $"the folder {path} holds no .json file";
            return any;
        }

        TextLine first = TextLines.Read(path).FirstOrDefault(
            line => line.Error is not null || !string.IsNullOrWhiteSpace(line.Text));
        if (first.Number == 0)
        {
            problem = $"{path} is empty";
            return false;
        }

        if (first.Error is not null)
        {
            problem = $"{path} is not text that can be read: line {first.Number}: {first.Error}";
            return false;
        }

        string text = first.Text.TrimStart();
        (format, problem) = text[0] is '{' or '[' ? OfJson(path, text) : OfTable(path, text);
        return problem is null;
    }

    private static (ImportFormat Format, string? Problem) OfJson(string path, string line)
    {
        using JsonDocument? document = JsonRow.Parse(line, out _);
        if (document is null || document.RootElement.ValueKind == JsonValueKind.Array)
        {
            // One document over several lines: AVID writes its files so.
            return path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
                ? (ImportFormat.Avid, null) : Unknown(path, "its first line is no JSON object");
        }

        JsonElement row = document.RootElement;
        return AvidRows.IsAvid(row) ? (ImportFormat.Avid, null)
            : Has(row, "report_id") && Has(row, "title") ? (ImportFormat.AiidTitles, null)
            : Has(row, "envelope") || Has(row, "body") || Has(row, "title") ? (ImportFormat.Lines, null)
            : Unknown(path, "its first line has no \"title\", \"body\" or \"envelope\"");
    }

    private static (ImportFormat Format, string? Problem) OfTable(string path, string line)
    {
        IReadOnlyList<string> names = CsvRows.Read([new TextLine(1, line, null)]).First().Fields;
        string? missing = AiidRows.Columns.FirstOrDefault(name => !names.Contains(name));
        return missing is null ? (ImportFormat.AiidIncidents, null)
            : Unknown(path, $"as CSV of AIID it lacks the column \"{missing}\"");
    }

    private static bool Has(JsonElement row, string name) => row.TryGetProperty(name, out _);

    private static (ImportFormat Format, string? Problem) Unknown(string path, string why) =>
        (ImportFormat.Auto, $"{path} is none of {Forms}: {why}");
}

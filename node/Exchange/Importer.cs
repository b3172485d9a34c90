using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Exchange;

/// <summary>The forms that are read.</summary>
public enum ImportFormat
{
    /// <summary>Found out from the file.</summary>
    Auto,

    /// <summary>AIID report titles, JSON lines.</summary>
    AiidTitles,

    /// <summary>AIID incidents, CSV.</summary>
    AiidIncidents,

    /// <summary>AVID reports and vulnerabilities: JSON files, a folder of them, or JSON lines.</summary>
    Avid,

    /// <summary>Our own JSON lines.</summary>
    Lines,
}

/// <summary>Reads files of other systems, row by row, in constant memory. A bad row is told with its line and
/// reason, and the rest goes on; what keeps a whole file from being read is told before the first
/// row.</summary>
public static class Importer
{
    /// <summary>Opens a file, or a folder of AVID's JSON files.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="format">Its form, or <see cref="ImportFormat.Auto"/>.</param>
    /// <param name="rows">The rows, read as they are asked for; reading may throw
    /// <see cref="IOException"/>.</param>
    /// <param name="found">The form that was found.</param>
    /// <param name="problem">Why it cannot be read, for a person.</param>
    public static bool TryOpen(
        string path,
        ImportFormat format,
        [NotNullWhen(true)] out IEnumerable<ImportRow>? rows,
        out ImportFormat found,
        [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(path);
        (rows, found, problem) = (null, format, null);
        bool folder = Directory.Exists(path);
        if (!folder && !File.Exists(path))
        {
            problem = $"there is no file {path}";
            return false;
        }

        if (format == ImportFormat.Auto && !FormatDetection.TryDetect(path, out found, out problem))
        {
            return false;
        }

        if (folder && found != ImportFormat.Avid)
        {
            problem = $"{path} is a folder; of folders only AVID's are read";
            return false;
        }

        rows = found switch
        {
            ImportFormat.AiidTitles => Lines(path, AiidRows.Title),
            ImportFormat.AiidIncidents => Incidents(path),
            ImportFormat.Avid => folder ? AvidFolder(path) : AvidFile(path),
            _ => Lines(path, OwnRows.Read),
        };
        return true;
    }

    private static IEnumerable<ImportRow> Lines(string file, Func<string, TextLine, JsonElement,
        ImportRow> map)
    {
        foreach (TextLine line in TextLines.Read(file))
        {
            if (line.Error is not null)
            {
                yield return RowResult.Bad(file, line.Number, line.Error, line.Text);
            }
            else if (!string.IsNullOrWhiteSpace(line.Text))
            {
                yield return Line(file, line, map);
            }
        }
    }

    private static ImportRow Line(string file, TextLine line, Func<string, TextLine, JsonElement,
        ImportRow> map)
    {
        using JsonDocument? document = JsonRow.Parse(line.Text, out string? error);
        return document is null ? RowResult.Bad(file, line.Number, error!, line.Text)
            : document.RootElement.ValueKind != JsonValueKind.Object
                ? RowResult.Bad(file, line.Number, "expected a JSON object", line.Text)
            : AvidRows.IsAvid(document.RootElement)
                ? AvidRows.Read(file, line.Number, line.Text, document.RootElement)
            : map(file, line, document.RootElement);
    }

    private static IEnumerable<ImportRow> Incidents(string file)
    {
        Dictionary<string, int>? columns = null;
        foreach (CsvRow row in CsvRows.Read(TextLines.Read(file)))
        {
            if (columns is not null)
            {
                yield return AiidRows.Incident(file, row, columns);
                continue;
            }

            columns = row.Fields.Select((name, place) => (name, place))
                .DistinctBy(column => column.name)
                .ToDictionary(column => column.name, column => column.place);
            string? missing = AiidRows.Columns.FirstOrDefault(name => !columns.ContainsKey(name));
            if (missing is not null || columns.Count != row.Fields.Count)
            {
                yield return RowResult.Bad(file, row.Line,
                    missing is null ? "two columns have one name" : $"there is no column \"{missing}\"",
                        row.Text);
                yield break;
            }
        }
    }

    private static IEnumerable<ImportRow> AvidFolder(string folder) =>
        Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).SelectMany(AvidFile);

    private static IEnumerable<ImportRow> AvidFile(string file)
    {
        if (file.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase))
        {
            return Lines(file, (name, line, _) =>
                RowResult.Bad(name, line.Number, "\"data_type\" is not \"AVID\"", line.Text));
        }

        long bytes = new FileInfo(file).Length;
        if (bytes > Limits.Exchange.FileBytes)
        {
            return [RowResult.Bad(file, 1, $"{bytes} bytes; a report has at most {Limits.Exchange.FileBytes}",
                "")];
        }

        string text = File.ReadAllText(file);
        using JsonDocument? document = JsonRow.Parse(text, out string? error);
        if (document is null)
        {
            return [RowResult.Bad(file, 1, error!, text)];
        }

        JsonElement root = document.RootElement;
        IEnumerable<JsonElement> reports =
            root.ValueKind == JsonValueKind.Array ? root.EnumerateArray() : [root];
        return [.. reports.Select(report => AvidRows.IsAvid(report)
            ? AvidRows.Read(file, 1, text, report)
            : RowResult.Bad(file, 1, "\"data_type\" is not \"AVID\"", text))];
    }
}

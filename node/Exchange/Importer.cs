using System.Diagnostics.CodeAnalysis;
using System.Text;
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

    /// <summary>Reports and incidents of AIID's GraphQL interface, JSON.</summary>
    AiidObjects,

    /// <summary>AVID reports and vulnerabilities, JSON or JSON lines.</summary>
    Avid,

    /// <summary>MITRE ATLAS case studies, YAML.</summary>
    Atlas,

    /// <summary>A table that a map explains, or that we wrote.</summary>
    Csv,

    /// <summary>A STIX 2.1 bundle.</summary>
    Stix,

    /// <summary>MISP events, JSON.</summary>
    Misp,

    /// <summary>Our own JSON lines.</summary>
    Lines,
}

/// <summary>Reads files of other systems, row by row. A bad row is told with its line and reason, and the
/// rest goes on; what keeps a whole file from being read is told before the first row.</summary>
public static class Importer
{
    private static readonly string[] Extensions = [".json", ".jsonl", ".csv", ".yaml", ".yml"];
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Opens a file, or a folder of files.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="format">Its form, or <see cref="ImportFormat.Auto"/>.</param>
    /// <param name="rows">The rows, read as they are asked for; reading may throw
    /// <see cref="IOException"/>.</param>
    /// <param name="found">The form that was found; of a folder the one that was asked for.</param>
    /// <param name="problem">Why it cannot be read, for a person.</param>
    /// <param name="mapFile">What the columns of a table mean (<c>specs/exchange.md</c>, "CSV"), or
    /// null.</param>
    public static bool TryOpen(
        string path,
        ImportFormat format,
        [NotNullWhen(true)] out IEnumerable<ImportRow>? rows,
        out ImportFormat found,
        [NotNullWhen(false)] out string? problem,
        string? mapFile = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        (rows, found, problem) = (null, mapFile is null ? format : ImportFormat.Csv, null);
        bool folder = Directory.Exists(path);
        if (!folder && !File.Exists(path))
        {
            problem = $"there is no file {path}";
            return false;
        }

        CsvMap? map = null;
        if (mapFile is not null && !CsvMap.TryRead(mapFile, out map, out problem))
        {
            return false;
        }

        if (folder)
        {
            string[] files = [.. Files(path)];
            problem = files.Length > 0 ? null
                : $"the folder {path} holds no .json, .jsonl, .csv or .yaml file";
            rows = problem is null ? files.SelectMany(file => OfFolder(file, format, map)) : null;
            return problem is null;
        }

        if (found == ImportFormat.Auto && !FormatDetection.TryDetect(path, out found, out problem))
        {
            return false;
        }

        rows = Read(path, found, map);
        return true;
    }

    /// <summary>Whether an import reads a file, so that to write to it would destroy what is read.</summary>
    /// <param name="path">The file or folder that is imported.</param>
    /// <param name="mapFile">The map of its columns, or null.</param>
    /// <param name="file">The file.</param>
    public static bool Reads(string path, string? mapFile, string file)
    {
        string written = RealPath.Of(file);
        IEnumerable<string?> read = Directory.Exists(path) ? Files(path) : [path];
        return read.Append(mapFile).OfType<string>().Any(one => RealPath.Of(one) == written);
    }

    /// <summary>The JSON of a whole file; what is wrong with it, in words, where it cannot be read.</summary>
    internal static JsonDocument? Document(string file, out string? error)
    {
        string? text = WholeText(file, out error);
        return text is null ? null : JsonRow.Parse(text, out error);
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Extensions.Contains(Path.GetExtension(file).ToLowerInvariant())
                && !file.EndsWith(ErrorsFile.Ending, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<ImportRow> OfFolder(string file, ImportFormat format, CsvMap? map)
    {
        string? problem = null;
        ImportFormat found = map is null ? format : ImportFormat.Csv;
        bool known = found != ImportFormat.Auto || FormatDetection.TryDetect(file, out found, out problem);
        return known ? Read(file, found, map) : [RowResult.Bad(file, 1, problem!, "")];
    }

    private static IEnumerable<ImportRow> Read(string file, ImportFormat format, CsvMap? map) => format switch
    {
        ImportFormat.AiidTitles => Marked("aiid-reports", Lines(file, AiidRows.Title)),
        ImportFormat.AiidIncidents => Marked("aiid-incidents", Incidents(file)),
        ImportFormat.AiidObjects => JsonRows(file, AiidObjects.Objects, AiidObjects.Read, json =>
            AiidObjects.IsIncident(json) ? "aiid-incidents" : "aiid-reports"),
        ImportFormat.Avid => JsonRows(file, Listed, AvidRow, _ => "avid"),
        ImportFormat.Atlas => Marked("atlas", AtlasFile(file)),
        ImportFormat.Csv => Marked("csv", CsvTable.Read(file, map)),
        ImportFormat.Stix => Marked("stix", Whole(file, root => StixRows.Read(file, root))),
        ImportFormat.Misp => Marked("misp", Whole(file, root => MispEvents(file, root))),
        _ => Own(file),
    };

    // One object a line; but an object or a list that a person wrote over several lines is one document.
    private static IEnumerable<ImportRow> Own(string file)
    {
        if (AreLines(file) == false)
        {
            using JsonDocument? document = Document(file, out _);
            if (document is not null)
            {
                return Whole(file, root => Listed(root).Select((json, place) =>
                    Row(file, new TextLine(place + 1, json.GetRawText(), null), json, OwnRows.Read)));
            }
        }

        return Lines(file, OwnRows.Read);
    }

    private static IEnumerable<ImportRow> Marked(string table, IEnumerable<ImportRow> rows) =>
        rows.Select(row => row with { Format = table });

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
            : Row(file, line, document.RootElement, map);
    }

    private static ImportRow Row(
        string file, TextLine line, JsonElement json, Func<string, TextLine, JsonElement, ImportRow> map) =>
        json.ValueKind != JsonValueKind.Object
            ? RowResult.Bad(file, line.Number, "expected a JSON object", line.Text)
        : Tlp.OfRow(json) is { } marked ? RowResult.Bad(file, line.Number, marked, line.Text)
        : AvidRows.IsAvid(json)
            ? AvidRow(file, line.Number, line.Text, json) with { Format = "avid" }
        : map(file, line, json) with { Fields = JsonRow.Paths(json) };

    /// <summary>Objects that stand one a line, or in one document.</summary>
    private static IEnumerable<ImportRow> JsonRows(
        string file,
        Func<JsonElement, IReadOnlyList<JsonElement>> objects,
        Func<string, long, string, JsonElement, ImportRow> read,
        Func<JsonElement, string> table)
    {
        if (AreLines(file) == true)
        {
            return Lines(file, (name, line, json) =>
                read(name, line.Number, line.Text, json) with { Format = table(json) });
        }

        return Whole(file, root => objects(root).Select((json, place) =>
            Tlp.OfRow(json) is { } marked ? RowResult.Bad(file, place + 1, marked, json.GetRawText())
            : read(file, place + 1, json.GetRawText(), json) with
            {
                Format = table(json), Fields = JsonRow.Paths(json),
            }));
    }

    /// <summary>Whether a file's first line that can be read is JSON by itself; null for a file of one line,
    /// and where none can be read.</summary>
    private static bool? AreLines(string file)
    {
        IEnumerable<TextLine> lines = TextLines.Read(file)
            .Where(line => line.Error is not null || !string.IsNullOrWhiteSpace(line.Text));
        if (!lines.Skip(1).Any() || lines.FirstOrDefault(line => line.Error is null).Text is not { } text)
        {
            return null;
        }

        using JsonDocument? document = JsonRow.Parse(text, out _);
        return document is not null;
    }

    private static IEnumerable<ImportRow> Whole(string file, Func<JsonElement, IEnumerable<ImportRow>> read)
    {
        using JsonDocument? document = Document(file, out string? error);
        if (document is null)
        {
            yield return RowResult.Bad(file, 1, error!, "");
            yield break;
        }

        bool any = false;
        foreach (ImportRow row in read(document.RootElement))
        {
            any = true;
            yield return row;
        }

        if (!any)
        {
            yield return RowResult.Bad(file, 1, "there is nothing of this form in the file", "");
        }
    }

    private static IReadOnlyList<JsonElement> Listed(JsonElement root) =>
        root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : [root];

    private static ImportRow AvidRow(string file, long line, string text, JsonElement json) =>
        (AvidRows.IsAvid(json) ? AvidRows.Read(file, line, text, json)
            : RowResult.Bad(file, line, "\"data_type\" is not \"AVID\"", text)) with
        {
            Fields = JsonRow.Paths(json),
        };

    private static IEnumerable<ImportRow> MispEvents(string file, JsonElement root) =>
        MispRows.Events(root).Select((json, place) => MispRows.Read(file, place + 1, json));

    private static List<ImportRow> AtlasFile(string file)
    {
        string? text = WholeText(file, out string? error);
        using JsonDocument? document = text is null ? null : YamlJson.Parse(text, out error);
        if (document is null)
        {
            return [RowResult.Bad(file, 1, error!, text ?? "")];
        }

        IReadOnlyList<JsonElement> studies = AtlasRows.Studies(document.RootElement);
        return studies.Count == 0 ? [RowResult.Bad(file, 1, "there is no case study in the file", text!)]
            : [.. studies.Select((study, place) =>
                AtlasRow(file, place + 1, studies.Count == 1 ? text! : study.GetRawText(), study))];
    }

    private static ImportRow AtlasRow(string file, long line, string text, JsonElement study) =>
        Tlp.OfRow(study) is { } marked ? RowResult.Bad(file, line, marked, text)
        : AtlasRows.Read(file, line, text, study) with { Fields = JsonRow.Paths(study) };

    internal static string? WholeText(string file, out string? error)
    {
        error = null;
        long bytes = new FileInfo(file).Length;
        if (bytes > Limits.Exchange.DocumentBytes)
        {
            error = $"{bytes:N0} bytes; one document has at most {Limits.Exchange.DocumentBytes:N0}";
            return null;
        }

        try
        {
            string text = Strict.GetString(File.ReadAllBytes(file));
            return text.StartsWith('\ufeff') ? text[1..] : text;
        }
        catch (DecoderFallbackException e)
        {
            error = $"not UTF-8 at byte {e.Index + 1:N0}";
            return null;
        }
    }

    private static IEnumerable<ImportRow> Incidents(string file)
    {
        Dictionary<string, int>? columns = null;
        foreach (CsvRow row in CsvRows.Read(TextLines.Read(file)))
        {
            if (columns is not null)
            {
                yield return AiidRows.Incident(file, row, columns) with { Fields = [.. columns.Keys] };
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
}

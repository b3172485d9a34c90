using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Exchange;

/// <summary>What the columns of a table mean (<c>--map=FILE</c>; <c>specs/exchange.md</c>, "CSV").
/// <code>
/// { "type": "incident", "lang": "de", "separator": ";", "list": "|",
///   "columns": { "Titel": "title", "Tag": "occurred", "Akte": "external_ids.BNetzA" },
///   "values": { "severity": { "schwer": "serious-incident" } },
///   "always": { "attribution": "Stadt Köln" } }
/// </code></summary>
internal sealed class CsvMap
{
    private static readonly string[] Keys =
        ["type", "lang", "separator", "list", "columns", "values", "always"];
    private static readonly string[] About = ["type", "lang", "created"];

    private CsvMap()
    {
    }

    /// <summary>The type of rows that have no column for it.</summary>
    public string Type { get; private init; } = RecordTypes.Incident;

    public string? Language { get; private init; }

    public char Separator { get; private init; } = ',';

    /// <summary>What stands between the entries of a list in one cell.</summary>
    public string ListSeparator { get; private init; } = ";";

    /// <summary>Column, then field: a name, a path into a map (<c>clocks.aware_at</c>),
    /// <c>external_ids.SCHEME</c>, <c>tags.NAMESPACE</c>, or <c>type lang created</c>.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; private init; } =
        new Dictionary<string, string>();

    /// <summary>Field, then word of the source, then word of ours.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Values { get; private init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>Fields that every row has.</summary>
    public IReadOnlyDictionary<string, string> Always { get; private init; } =
        new Dictionary<string, string>();

    /// <summary>True for a table that <see cref="CsvExport"/> wrote.</summary>
    public bool Ours { get; private init; }

    /// <summary>The meaning of a table that we wrote: each column is a field.</summary>
    public static CsvMap OfOurs(IEnumerable<string> header) => new()
    {
        Columns = header.Where(name => CsvExport.IsField(name) || About.Contains(name))
            .Distinct().ToDictionary(name => name),
        Ours = true,
    };

    /// <summary>Reads a file; says what is wrong with it.</summary>
    public static bool TryRead(
        string path, [NotNullWhen(true)] out CsvMap? map, [NotNullWhen(false)] out string? problem)
    {
        map = null;
        if (!File.Exists(path))
        {
            problem = $"there is no file {path}";
            return false;
        }

        if (new FileInfo(path).Length > Limits.Exchange.MapBytes)
        {
            problem = $"{path} is longer than {Limits.Exchange.MapBytes} bytes";
            return false;
        }

        try
        {
            JsonDocumentOptions options =
                new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path), options);
            problem = Read(document.RootElement, out map);
        }
        catch (JsonException e)
        {
            problem = $"not JSON at line {e.LineNumber + 1}";
        }

        problem = problem is null ? null : $"{path}: {problem}";
        return problem is null && map is not null;
    }

    private static string? Read(JsonElement root, out CsvMap? map)
    {
        map = null;
        if (root.ValueKind != JsonValueKind.Object)
        {
            return "expected an object";
        }

        string? unknown =
            root.EnumerateObject().Select(JsonRow.NameOf).FirstOrDefault(name => !Keys.Contains(name));
        if (unknown is not null)
        {
            return $"\"{unknown}\" is none of {string.Join(", ", Keys)}";
        }

        JsonRow row = new(root);
        Dictionary<string, string> columns = Texts(row, row.At("columns"), "columns");
        Dictionary<string, IReadOnlyDictionary<string, string>> values = [];
        if (row.At("values") is { ValueKind: JsonValueKind.Object } given)
        {
            foreach (JsonProperty field in given.EnumerateObject())
            {
                values[JsonRow.NameOf(field)] = Texts(row, field.Value, "values");
            }
        }

        string separator = row.Text("separator") ?? row.At("separator").ToString();
        CsvMap made = new()
        {
            Type = row.Text("type") ?? RecordTypes.Incident,
            Language = row.Text("lang"),
            Separator = separator.Length == 0 ? ',' : separator[0],
            ListSeparator = row.Text("list") ?? ";",
            Columns = columns,
            Values = values,
            Always = Texts(row, row.At("always"), "always"),
        };
        string? why = row.Error
            ?? (columns.Count == 0 ? "\"columns\" names no column"
            : separator.Length > 1 ? "\"separator\" is one character"
            : !RecordTypes.IsReport(made.Type)
                ? $"\"type\" is {RecordTypes.Incident} or {RecordTypes.ModelRisk}"
            : columns.Values.Where(field => !About.Contains(field)).Concat(made.Always.Keys)
                .Where(field => !CsvExport.IsField(TopOf(field)))
                .Select(field => $"there is no field \"{field}\"").FirstOrDefault()
            ?? Clash(made) ?? Wrong(made));
        map = why is null ? made : null;
        return why;
    }

    private static string TopOf(string field) => field.Split('.')[0];

    // Of two texts for one field the last would win; a list takes all.
    private static string? Clash(CsvMap map)
    {
        (string Given, string Field)[] single =
        [
            .. map.Columns.Select(one => (Given: $"column \"{one.Key}\"", Field: one.Value))
                .Concat(map.Always.Keys.Select(field => (Given: "\"always\"", Field: field)))
                .Where(one => !FieldText.TakesSeveral(RecordTypes.ModelRisk, TopOf(one.Field))),
        ];
        return single.SelectMany((one, place) => single.Take(place)
            .Where(other => $"{one.Field}.".StartsWith($"{other.Field}.", StringComparison.Ordinal)
                || $"{other.Field}.".StartsWith($"{one.Field}.", StringComparison.Ordinal))
            .Select(other => $"{other.Given} and {one.Given} are one field, \"{one.Field}\""))
            .FirstOrDefault();
    }

    // What is wrong in every row is told once; where rows say their type, what is wrong for both. What is
    // only a part of its field is judged with the other parts.
    private static string? Wrong(CsvMap map)
    {
        string[] types = map.Columns.Values.Contains("type")
            ? [RecordTypes.Incident, RecordTypes.ModelRisk] : [map.Type];
        string[] given = [.. map.Columns.Values.Concat(map.Always.Keys).Select(TopOf)];
        foreach ((string field, string text) in map.Always.Where(one =>
            given.Count(top => top == TopOf(one.Key)) == 1))
        {
            FieldProblem?[] wrong = [.. types.Select(type => Wrong(map, type, field, text))];
            if (wrong.All(problem => problem is not null))
            {
                return $"\"always\": {wrong[^1]}";
            }
        }

        return null;
    }

    private static FieldProblem? Wrong(CsvMap map, string type, string field, string text)
    {
        IpldMap body = IpldMap.Empty;
        return !CsvTable.TrySet(map, type, ref body, field, text, out FieldProblem? problem) ? problem
            : TypedBody.Read(type, body)!.Check().FirstOrDefault(found => found.Path == TopOf(field)
                || (found.Path.StartsWith(TopOf(field), StringComparison.Ordinal)
                    && found.Path[TopOf(field).Length] is '.' or '['));
    }

    private static Dictionary<string, string> Texts(JsonRow row, JsonElement json, string name)
    {
        Dictionary<string, string> all = [];
        if (json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined))
        {
            row.Fail(name, "expected an object of texts");
        }
        else if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty one in json.EnumerateObject())
            {
                if (row.Text(one.Value, "") is { } text && !all.TryAdd(JsonRow.NameOf(one), text))
                {
                    row.Fail(name, $"\"{RowResult.Short(JsonRow.NameOf(one))}\" stands there twice");
                }
            }
        }

        return all;
    }
}

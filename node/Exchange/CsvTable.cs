using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Exchange;

/// <summary>The rows of a table whose columns a <see cref="CsvMap"/> explains, or that we wrote
/// ourselves.</summary>
internal static class CsvTable
{
    /// <summary>The key that a plain word means in a list of maps.</summary>
    private static readonly Dictionary<string, string> KeyOf = new()
    {
        ["evidence"] = "url", ["techniques"] = "id", ["systems"] = "name", ["models"] = "name",
        ["datasets"] = "name", ["developers"] = "name", ["deployers"] = "name", ["harmed_parties"] = "name",
    };

    public static IEnumerable<ImportRow> Read(string file, CsvMap? map)
    {
        Dictionary<string, int>? columns = null;
        foreach (CsvRow row in CsvRows.Read(TextLines.Read(file), map?.Separator ?? ','))
        {
            if (columns is null)
            {
                map ??= CsvMap.OfOurs(row.Fields);
                columns = row.Fields.Select((name, place) => (name, place)).DistinctBy(one => one.name)
                    .ToDictionary(one => one.name, one => one.place);
                string? missing = map.Columns.Keys.FirstOrDefault(name => !columns.ContainsKey(name));
                if (row.Error is not null || missing is not null || columns.Count != row.Fields.Count)
                {
                    string other =
                        missing is null ? "two columns have one name" : $"there is no column \"{missing}\"";
                    yield return RowResult.Bad(file, row.Line, row.Error ?? other, row.Text);
                    yield break;
                }
            }
            else
            {
                yield return Row(file, row, columns, map!);
            }
        }
    }

    private static ImportRow Row(
        string file, CsvRow row, Dictionary<string, int> columns, CsvMap map)
    {
        if (row.Error is not null || row.Fields.Count != columns.Count)
        {
            return RowResult.Bad(file, row.Line,
                row.Error ?? $"{row.Fields.Count} cells where the header has {columns.Count}", row.Text);
        }

        if (Tlp.OfRow(row, columns) is { } marked)
        {
            return RowResult.Bad(file, row.Line, marked, row.Text);
        }

        string state = map.Ours && columns.TryGetValue("state", out int place) ? row.Fields[place] : "";
        if (state is ExportItem.Retracted or ExportItem.Superseded)
        {
            return RowResult.Bad(file, row.Line, state == ExportItem.Retracted
                ? "its author took it back (state \"retracted\")"
                : "its author corrected it (state \"superseded\")", row.Text);
        }

        List<(string Column, string Field, string Cell)> cells = [.. map.Columns
            .Select(one => (one.Key, one.Value, Meant(map, one.Value, row.Fields[columns[one.Key]])))
            .Where(one => one.Item3.Length > 0)];
        string About(string name, string otherwise) =>
            cells.FirstOrDefault(one => one.Field == name).Cell ?? otherwise;
        string type = About("type", map.Type);
        string created = About("created", "");
        if (!RecordTypes.IsReport(type) || (created.Length > 0 && !Forms.IsTime(created)))
        {
            return RowResult.Bad(file, row.Line,
                RecordTypes.IsReport(type) ? "\"created\": expected a time"
                    : $"\"{RowResult.Short(type)}\" is no type of report", row.Text);
        }

        IpldMap body = IpldMap.Empty;
        IEnumerable<(string, string, string)> all =
            cells.Select(one => ($"column \"{one.Column}\"", one.Field, one.Cell))
                .Concat(map.Always.Select(one => ("\"always\"", one.Key, one.Value)));
        foreach ((string given, string field, string cell) in all)
        {
            if (field is "type" or "lang" or "created")
            {
                continue;
            }

            if (!TrySet(map, type, ref body, field, cell, out FieldProblem? problem))
            {
                return RowResult.Bad(file, row.Line, $"{given}: {problem}", row.Text);
            }
        }

        string language = About("lang", map.Language ?? "");
        ImportRow made = RowResult.Of(
            file, row.Line, row.Text, TypedBody.Read(type, body)!, language.Length == 0 ? null : language,
            created.Length == 0 ? null : RowResult.Seconds(created));
        IEnumerable<string> unused = columns.Where(one => !map.Columns.ContainsKey(one.Key)
            && row.Fields[one.Value].Length > 0).Select(one => map.Ours ? one.Key : $"column {one.Key}");
        return made with { Fields = [.. cells.Select(one => one.Field).Concat(unused).Distinct()] };
    }

    private static string Meant(CsvMap map, string field, string cell)
    {
        if (map.Ours)
        {
            return CsvCell.Unguard(cell);
        }

        string text = cell.Trim();
        return map.Values.TryGetValue(field, out IReadOnlyDictionary<string, string>? words)
            ? words.GetValueOrDefault(text, text) : text;
    }

    /// <summary>Sets a field from a cell; what a list has already stays in it.</summary>
    public static bool TrySet(
        CsvMap map, string type, ref IpldMap body, string field, string cell, out FieldProblem? problem)
    {
        problem = null;
        string[] path = field.Split('.', 2);
        bool json = map.Ours || cell[0] is '{' or '[';
        IEnumerable<string> words = cell.Split(map.ListSeparator,
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string top = path[0];
        IEnumerable<IpldMap>? items = json ? null
            : path.Length == 2 && top == "external_ids"
                ? words.Select(word => new ExternalId(path[1], word).ToMap())
            : path.Length == 2 && top == "tags" ? words.Select(word => new Tag(path[1], word).ToMap())
            : path.Length == 1 && KeyOf.TryGetValue(top, out string? key)
                ? words.Select(word => new IpldMap([new(key, new IpldText(word))])) : null;
        IEnumerable<IpldNode> old = body.Get<IpldList>(top)?.Items ?? [];
        if (items is not null)
        {
            body = body.With(top, new IpldList([.. old.Concat(items).Take(Limits.Records.ListEntries)]));
            return true;
        }

        bool texts = !json && path.Length == 1 && Schema.Of(type)!.Find(top)?.Rule is ListRule;
        IpldMap? changed = texts ? body.With(top, new IpldList([.. words.Select(word => new IpldText(word))]))
            : null;
        if (!texts && !FieldCell.TrySet(type, body, field, cell, out changed, out problem))
        {
            return false;
        }

        IpldList? list = path.Length == 1 ? changed!.Get<IpldList>(top) : null;
        body = list is null ? changed! : changed!.With(top, new IpldList([.. old.Concat(list.Items)]));
        return true;
    }
}

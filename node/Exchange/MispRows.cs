using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Exchange;

/// <summary>MISP events as JSON (<c>specs/exchange.md</c>, "MISP").</summary>
internal static partial class MispRows
{
    private const int Most = Limits.Records.ListEntries;

    private static readonly string[] Common =
        ["uuid", "info", "timestamp", "published", "Orgc", "distribution", "id", "orgc_id", "org_id"];

    /// <summary>The events of a document: one, a list, or an answer <c>{"response":[..]}</c>.</summary>
    public static IReadOnlyList<JsonElement> Events(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Object
            && root.TryGetProperty("response", out JsonElement response))
        {
            root = response;
        }

        IEnumerable<JsonElement> all = root.ValueKind == JsonValueKind.Array ? root.EnumerateArray() : [root];
        return [.. all.Where(one => one.ValueKind == JsonValueKind.Object)
            .Select(one => one.TryGetProperty("Event", out JsonElement found) ? found : default)
            .Where(one => one.ValueKind == JsonValueKind.Object)];
    }

    public static ImportRow Read(string file, long line, JsonElement json)
    {
        JsonRow row = new(json);
        string text = json.GetRawText();
        string id = row.Text("uuid") ?? "(no uuid)";
        ImportRow Bad(string why) => RowResult.Bad(file, line, $"event {RowResult.Short(id)}: {why}", text);
        string[] tags = [.. row.Items("Tag").Select(tag => row.Text(tag, "name")).OfType<string>()];
        if (tags.Select(Tlp.OfTag).FirstOrDefault(why => why is not null) is { } marked)
        {
            return Bad(marked);
        }

        HashSet<string> left = [];
        JsonElement[] attributes = [.. MispObject.Standing(row, row.At(""), "Attribute", left)];
        MispObject[] objects = [.. MispObject.Standing(row, row.At(""), "Object", left)
            .Select(one => MispObject.Read(row, one, left))];
        MispObject? ours = objects.FirstOrDefault(one => one.Name == MispNames.Ours);
        MispObject? main = objects.FirstOrDefault(one => one.Name == MispNames.Incident)
            ?? objects.FirstOrDefault(one => one.Name == MispNames.Vulnerability);
        string type = main?.Name == MispNames.Vulnerability ? RecordTypes.ModelRisk : RecordTypes.Incident;
        if (!TryFields(type, ours, out IpldMap map, out FieldProblem? problem))
        {
            return Bad(problem!.ToString());
        }

        var body = (ReportBody)TypedBody.Read(type, map)!;
        Told(body, row, main);
        Attributes(body, row, attributes);
        body.Tags = [.. tags.Select(Tag).OfType<Tag>().DistinctBy(tag => (tag.Namespace, tag.Value))
            .Take(Most)];
        if (ours is null)
        {
            string? date = row.Text("date");
            body.Occurred = date is not null && Forms.IsTime(date) ? new Occurrence(date) : null;
            ExternalId[] own =
                row.Text("uuid") is { } uuid ? [new ExternalId("MISP", RowResult.Short(uuid))] : [];
            body.ExternalIds = [.. body.ExternalIds.Concat(own).Take(Most)];
        }

        if (!row.Succeeded(out string? error))
        {
            return Bad(error);
        }

        ImportRow made = RowResult.Of(file, line, text, body, ours?.First("lang"), Seconds(row));
        made = made.Error is null ? made : Bad(made.Error);
        return made with { Fields = [.. Names(json, attributes, objects).Union(left)] };
    }

    private static bool TryFields(string type, MispObject? ours, out IpldMap map, out FieldProblem? problem)
    {
        (map, problem) = (IpldMap.Empty, null);
        foreach ((string relation, string value) in ours?.Values ?? [])
        {
            if (!MispNames.InObject.Contains(relation) || Schema.Of(type)!.Find(relation) is null)
            {
                continue;
            }

            if (!FieldCell.TrySet(type, map, relation, value, out IpldMap? changed, out problem))
            {
                return false;
            }

            map = changed;
        }

        return true;
    }

    private static void Told(ReportBody body, JsonRow row, MispObject? main)
    {
        string? title = row.Text("info") ?? main?.First("name") ?? main?.First("summary");
        string? description = main?.First("description") ?? main?.First("text");
        body.Title = title is null ? null : RowResult.Short(title);
        body.Description = description is null ? null : RowResult.Long(description);
    }

    private static void Attributes(ReportBody body, JsonRow row, JsonElement[] attributes)
    {
        List<Evidence> evidence = [];
        List<ExternalId> ids = [.. body.ExternalIds];
        foreach (JsonElement attribute in attributes)
        {
            string? value = row.Text(attribute, "value");
            string? name = row.Text(attribute, "comment") is { } comment ? RowResult.Short(comment) : null;
            switch (row.Text(attribute, "type"))
            {
                case "link" when value is not null && Forms.IsUrl(value):
                    evidence.Add(new Evidence(value, Name: name));
                    break;
                case "sha256" when row.Text(attribute, "category") == "External analysis"
                    && value is { Length: 2 * Digest.ByteLength } && value.All(char.IsAsciiHexDigit):
                    evidence.Add(new Evidence(Sha256: new Digest(Convert.FromHexString(value)), Name: name));
                    break;
                case "vulnerability" when value is not null && Cve().IsMatch(value)
                    && ids.All(id => !id.Id.Equals(value, StringComparison.OrdinalIgnoreCase)):
                    ids.Add(new ExternalId("CVE", value.ToUpperInvariant()));
                    break;
            }
        }

        body.Evidence = [.. evidence.Take(Most)];
        body.ExternalIds = [.. ids.Take(Most)];
    }

    /// <summary><c>ns="value"</c> or <c>ns:value</c>; a TLP label is no tag of the report, as all that
    /// is imported is for all.</summary>
    private static Tag? Tag(string name)
    {
        Match machine = MachineTag().Match(name);
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        (string space, string value) = machine.Success
            ? (machine.Groups[1].Value, machine.Groups[2].Value)
            : colon > 0 && colon + 1 < name.Length ? (name[..colon], name[(colon + 1)..]) : ("misp", name);
        bool known = !Vocabulary.TryGet(space, out Vocabulary? vocabulary) || vocabulary.Contains(value);
        bool label = space.Equals("tlp", StringComparison.OrdinalIgnoreCase);
        return label || string.IsNullOrWhiteSpace(value) ? null
            : known ? new Tag(RowResult.Short(space), RowResult.Short(value))
            : new Tag("misp", RowResult.Short(name));
    }

    private static long? Seconds(JsonRow row)
    {
        JsonElement value = row.At("timestamp");
        string? text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : row.Text("timestamp");
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            ? seconds : null;
    }

    private static HashSet<string> Names(JsonElement json, JsonElement[] attributes, MispObject[] objects)
    {
        HashSet<string> names = [.. json.EnumerateObject().Select(JsonRow.NameOf)
            .Where(name => !Common.Contains(name)
                && name is not ("Object" or "Attribute" or "date"))];
        names.Add("info");
        bool ours = objects.Any(one => one.Name == MispNames.Ours);
        names.Add(ours ? "info" : "date");
        names.Add(ours ? "info" : "uuid");
        foreach (JsonElement attribute in attributes)
        {
            names.Add($"Attribute[{new JsonRow(attribute).Text("type")}]");
        }

        names.UnionWith(objects.SelectMany(one => one.Values.Count == 0 ? [$"Object[{one.Name}]"]
            : one.Values.Select(value => $"Object[{one.Name}].{value.Relation}")));
        return names;
    }

    [GeneratedRegex("^CVE-\\d{4}-\\d{4,7}\\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Cve();

    [GeneratedRegex("^([^\"=]+)=\"(.+)\"\\z", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex MachineTag();
}

/// <summary>An object of an event.</summary>
internal sealed record MispObject(string? Name, IReadOnlyList<(string Relation, string Value)> Values)
{
    /// <summary>The parts of an event or object that stand.</summary>
    /// <param name="row">The event.</param>
    /// <param name="from">The event or object.</param>
    /// <param name="kind"><c>Attribute</c> or <c>Object</c>.</param>
    /// <param name="left">Takes the names of what does not: it was deleted, or is marked for fewer than
    /// all.</param>
    public static IEnumerable<JsonElement> Standing(
        JsonRow row, JsonElement from, string kind, HashSet<string> left)
    {
        foreach (JsonElement part in row.Items(from, kind))
        {
            string? why = IsDeleted(part) ? "deleted"
                : row.Items(part, "Tag").Any(tag => Tlp.OfTag(row.Text(tag, "name") ?? "") is not null)
                ? "tlp" : null;
            if (why is null)
            {
                yield return part;
            }
            else
            {
                left.Add($"{kind}[{why}]");
            }
        }
    }

    public static MispObject Read(JsonRow row, JsonElement json, HashSet<string> left)
    {
        List<(string, string)> values = [];
        foreach (JsonElement attribute in Standing(row, json, "Attribute", left))
        {
            if (row.Text(attribute, "object_relation") is { } relation
                && row.Text(attribute, "value") is { } value)
            {
                values.Add((relation, value));
            }
        }

        return new MispObject(row.Text(json, "name"), values);
    }

    // MISP keeps what was deleted, so that others hear of it.
    private static bool IsDeleted(JsonElement part) =>
        new JsonRow(part).At("deleted") is { ValueKind: not JsonValueKind.Undefined } deleted
        && deleted.GetRawText() is "true" or "1" or "\"1\"";

    /// <summary>The first value of a relation, or null.</summary>
    public string? First(string relation) => Values.FirstOrDefault(one => one.Relation == relation).Value;
}

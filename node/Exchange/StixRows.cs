using System.Text.Json;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Exchange;

/// <summary>The incidents and vulnerabilities of a STIX 2.1 bundle (<c>specs/exchange.md</c>, "STIX"). What
/// stands in our extension comes back as it was; the rest is read from the objects that relationships
/// name.</summary>
internal sealed class StixRows
{
    private const string UnknownId = "(no id)";

    private readonly string _file;
    private readonly Dictionary<string, JsonElement> _byId = [];
    private readonly Dictionary<string, List<StixLink>> _links = [];
    private readonly List<JsonElement> _objects;

    private StixRows(string file, JsonElement root)
    {
        _file = file;
        _objects = [.. new JsonRow(root).Items("objects")];
        foreach (JsonElement one in _objects)
        {
            if (TextOf(one, "id") is { } id)
            {
                _byId.TryAdd(id, one);
            }
        }

        foreach (JsonElement one in _objects)
        {
            Link(one);
        }
    }

    /// <summary>Whether a document is a bundle.</summary>
    public static bool IsBundle(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && TextOf(root, "type") == "bundle";

    /// <summary>A row for each incident and vulnerability; its line is its place in the bundle, from
    /// 1.</summary>
    public static IEnumerable<ImportRow> Read(string file, JsonElement root)
    {
        StixRows rows = new(file, root);
        int place = 0;
        bool any = false;
        foreach (JsonElement one in rows._objects)
        {
            place++;
            if (TextOf(one, "type") is "incident" or "vulnerability")
            {
                any = true;
                yield return rows.Row(place, one);
            }
        }

        if (!any)
        {
            yield return RowResult.Bad(file, 1, "the bundle has no incident and no vulnerability", "");
        }
    }

    /// <summary>The text under a name; null where there is none, or one with a broken character.</summary>
    internal static string? TextOf(JsonElement json, string name) => new JsonRow(json).Text(name);

    private void Link(JsonElement one)
    {
        if (TextOf(one, "relationship_type") is { } how && TextOf(one, "source_ref") is { } source
            && TextOf(one, "target_ref") is { } target)
        {
            bool marked = Marked(one) is not null;
            Add(source, how, target, marked);
            Add(target, how, source, marked);
        }
        else if (TextOf(one, "type") == "note")
        {
            JsonRow row = new(one);
            foreach (string about in row.Texts("object_refs"))
            {
                Add(about, row.Text("abstract") ?? "note", row.Text("id") ?? "", marked: false);
            }
        }
    }

    /// <summary>Why what has a TLP marking, of it all or of a part, is left out; null where it is for
    /// all.</summary>
    private string? Marked(JsonElement one)
    {
        JsonRow row = new(one);
        IEnumerable<string?> markings = row.Texts("object_marking_refs").Concat(
            row.Items("granular_markings").Select(part => row.Text(part, "marking_ref")).OfType<string>())
            .Select(id => StixNames.LabelOf(id) ?? (!_byId.TryGetValue(id, out JsonElement made) ? null
                : TextOf(made, "definition.tlp") ?? TextOf(made, $"extensions.{StixNames.Tlp}.tlp_2_0")
                    ?? (TextOf(made, "name") is { } name && Tlp.OfTag(name) is not null ? name : null)));
        return markings.Select(Tlp.Refusal).Concat(row.Texts("labels").Select(Tlp.OfTag))
            .FirstOrDefault(why => why is not null);
    }

    private void Add(string to, string how, string other, bool marked)
    {
        if (!_links.TryGetValue(to, out List<StixLink>? links))
        {
            _links.Add(to, links = []);
        }

        if (_byId.TryGetValue(other, out JsonElement found) && TextOf(found, "type") is { } type)
        {
            links.Add(new StixLink(how, type, found, marked || Marked(found) is not null));
        }
    }

    private ImportRow Row(int place, JsonElement json)
    {
        JsonRow row = new(json);
        string id = row.Text("id") ?? UnknownId;
        string text = json.GetRawText();
        ImportRow Bad(string why) => RowResult.Bad(_file, place, $"{RowResult.Short(id)}: {why}", text);
        if (row.At("revoked").ValueKind == JsonValueKind.True)
        {
            return Bad("it was taken back (\"revoked\" is true)");
        }

        if (Marked(json) is { } marked)
        {
            return Bad(marked);
        }

        string type = row.Text("type") == "incident" ? RecordTypes.Incident : RecordTypes.ModelRisk;
        IpldMap map = IpldMap.Empty;
        JsonElement ours = row.At("extensions");
        bool own = ours.ValueKind == JsonValueKind.Object
            && ours.TryGetProperty(StixNames.Extension, out ours) && ours.ValueKind == JsonValueKind.Object;
        if (own && !BodyJson.TryRead(type, ours, out map!, out FieldProblem? problem))
        {
            return Bad($"extension: {problem}");
        }

        map = new IpldMap(map.Entries.Where(entry => StixNames.InExtension.Contains(entry.Key)));
        var body = (ReportBody)TypedBody.Read(type, map)!;
        if (row.Text("name") is { } title)
        {
            body.Title = RowResult.Short(title);
        }

        body.Description = row.Text("description") is { } description ? RowResult.Long(description) : null;
        List<StixLink> links = _links.GetValueOrDefault(id, []);
        StixFields.Read(
            body, row, [.. links.Where(link => !link.Marked)], own || id == UnknownId ? null : id);
        string? created = row.Text("created");
        if (created is not null && !Forms.IsTime(created))
        {
            row.Fail("created", "expected a time");
        }

        if (!row.Succeeded(out string? error))
        {
            return Bad(error);
        }

        ImportRow made = RowResult.Of(
            _file, place, text, body, row.Text("lang"), RowResult.Seconds(created));
        made = made.Error is null ? made : Bad(made.Error);
        return made with { Fields = StixFields.Names(row, links, own) };
    }
}

/// <summary>An object that a report is linked to.</summary>
/// <param name="How">Type of the relationship, or the abstract of a note.</param>
/// <param name="Type">Type of the object.</param>
/// <param name="Object">The object.</param>
/// <param name="Marked">Whether it, or the relationship, is marked for fewer than all.</param>
internal readonly record struct StixLink(string How, string Type, JsonElement Object, bool Marked);

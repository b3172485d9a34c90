using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Exchange;

/// <summary>A STIX 2.1 bundle (<c>specs/exchange.md</c>, "STIX"): an <c>incident</c> or
/// <c>vulnerability</c> a report, with what it names as objects of their own. Ids come of names, so that a
/// second export makes no second object.</summary>
internal sealed class StixExport() : Exporter("stix")
{
    // Objects that stand for a name, not for a report, need a time that never changes.
    private const string Always = "2026-01-01T00:00:00.000Z";

    private readonly HashSet<string> _written = [];
    private string _ids = "";

    // All versions of a report are one object.
    public override bool Says(string state) => state != ExportItem.Superseded;

    public override void Begin(TextWriter to)
    {
        to.Write("{\"type\":\"bundle\",\"objects\":[");
        string ours = Identity(to, "IncidentMesh", "system", "program");
        Put(to, Object("extension-definition", StixNames.Extension["extension-definition--".Length..])
            .With("created_by_ref", ours)
            .With("name", "IncidentMesh report")
            .With("description", "Fields of an AI incident or model-risk report that STIX has no place for.")
            .With("schema", "specs/records.md of IncidentMesh, sections Incident and Model risk")
            .With("version", "1.0.0")
            .With("extension_types", new JsonArray("property-extension")));
    }

    public override void End(TextWriter to) =>
        to.Write($"\n],\"id\":\"bundle--{NameUuid.Of("bundle/" + _ids)}\"}}\n");

    protected override void WriteReport(TextWriter to, ExportItem item)
    {
        string author = Identity(to, item.AuthorName, "organization", item.Report.Author.Id);
        string tlp = Marking(to, item.Report.Tlp);
        string type = item.Body is IncidentBody ? "incident" : "vulnerability";
        JsonObject main = Object(type, NameUuid.Of(item.FirstId).ToString(), item)
            .With("created_by_ref", author)
            .With("object_marking_refs", new JsonArray(tlp))
            .With("lang", item.Report.Lang)
            .With("name", item.Body.Title ?? "(no title)")
            .With("description", item.Body.Description)
            .With("labels", JsonText.List(item.Body.Tags.Select(tag => $"{tag.Namespace}:{tag.Value}")))
            .With("external_references", References(item))
            .With("extensions", Extensions(item));
        if (item.Report.State == ExportItem.Retracted)
        {
            main["revoked"] = true;
        }

        string id = (string)main["id"]!;
        _ids = $"{_ids}{id}";
        _ids = NameUuid.Of(_ids).ToString();
        Put(to, main);
        Named named = new(this, to, item, id, author, tlp);
        StixParts.Write(item.Body, named);
        foreach (AnswerView answer in item.View.Answers)
        {
            Answer(to, answer, id, tlp);
        }
    }

    private static JsonArray References(ExportItem item)
    {
        JsonArray all =
        [
            new JsonObject
            {
                ["source_name"] = StixNames.Source,
                ["description"] = "the signed record",
                ["external_id"] = item.Report.Id,
            },
        ];
        foreach (ExternalId id in item.Body.ExternalIds)
        {
            string source = StixNames.SourceOf(id.Scheme, id.Id);
            all.Add((JsonNode)new JsonObject { ["source_name"] = source, ["external_id"] = id.Id }
                .With("url", id.Url));
        }

        foreach (string cwe in item.Body is ModelRiskBody risk ? risk.Cwes : [])
        {
            all.Add((JsonNode)new JsonObject { ["source_name"] = "cwe", ["external_id"] = cwe });
        }

        foreach (Evidence evidence in item.Body.Evidence)
        {
            // A reference needs one of description, url and external_id (STIX 2.1, 2.5.2).
            string? url = evidence.Url ?? evidence.ArchiveUrl;
            string? name = evidence.Name ?? (url is null ? "a file, named by its hash" : null);
            JsonObject one = new JsonObject { ["source_name"] = StixNames.Evidence }
                .With("description", name).With("url", url);
            if (evidence.Sha256 is { } hash)
            {
                one["hashes"] = new JsonObject { ["SHA-256"] = Convert.ToHexStringLower(hash.ToArray()) };
            }

            all.Add((JsonNode)one);
        }

        return all;
    }

    private static JsonObject Extensions(ExportItem item)
    {
        JsonObject ours =
            new() { ["extension_type"] = "property-extension", ["report_type"] = item.Body.Type };
        foreach (string field in StixNames.InExtension)
        {
            ours.With(field, item.Fields[field]?.DeepClone());
        }

        JsonObject all = new() { [StixNames.Extension] = ours };
        if (item.Body is IncidentBody)
        {
            bool resolved = item.View.Answers.Any(answer => answer.Verdict == "resolved");
            all[StixNames.IncidentCore] = new JsonObject
            {
                ["extension_type"] = "property-extension",
                ["determination"] = "suspected",
                ["investigation_status"] = resolved ? "closed" : "open",
            };
        }

        return all;
    }

    private void Answer(TextWriter to, AnswerView answer, string about, string tlp)
    {
        string by = Identity(to, ExportItem.NameOf(answer.Author), "organization", answer.Author.Id);
        string? opinion = answer.Verdict switch
        {
            "corroborate" => "agree",
            "dispute" => "disagree",
            "cannot-confirm" => "neutral",
            _ => null,
        };
        JsonObject json = Object(opinion is null ? "note" : "opinion", NameUuid.Of(answer.Id).ToString())
            .With("created_by_ref", by)
            .With("object_refs", new JsonArray(about))
            .With("object_marking_refs", new JsonArray(tlp));
        json["created"] = JsonText.Milliseconds(answer.Created);
        json["modified"] = JsonText.Milliseconds(answer.Created);
        string text =
            string.Join(": ", new[] { answer.Verdict, answer.Basis, answer.Reason }.OfType<string>());
        Put(to, opinion is null ? json.With("content", text)
            : json.With("opinion", opinion).With("explanation", text));
    }

    private string Identity(TextWriter to, string name, string kind, string of)
    {
        JsonObject json = Object("identity", NameUuid.Of("identity/" + of).ToString())
            .With("name", name).With("identity_class", kind);
        Put(to, json);
        return (string)json["id"]!;
    }

    private string Marking(TextWriter to, string label)
    {
        string id = StixNames.Markings[label.ToLowerInvariant()];
        Put(to, new JsonObject
        {
            ["type"] = "marking-definition",
            ["spec_version"] = "2.1",
            ["id"] = id,
            ["created"] = "2022-10-01T00:00:00.000Z",
            ["name"] = "TLP:" + label.ToUpperInvariant(),
            ["extensions"] = new JsonObject
            {
                [StixNames.Tlp] = new JsonObject
                {
                    ["extension_type"] = "property-extension",
                    ["tlp_2_0"] = label.ToLowerInvariant(),
                },
            },
        });
        return id;
    }

    private static JsonObject Object(string type, string uuid, ExportItem? of = null) => new()
    {
        ["type"] = type,
        ["spec_version"] = "2.1",
        ["id"] = $"{type}--{uuid}",
        ["created"] = of is null ? Always : JsonText.Milliseconds(of.FirstCreated),
        ["modified"] = of is null ? Always : JsonText.Milliseconds(of.Changed),
    };

    private void Put(TextWriter to, JsonObject json)
    {
        if (_written.Add((string)json["id"]!))
        {
            to.Write(_written.Count == 1 ? "\n" : ",\n");
            to.Write(JsonText.Of(json));
        }
    }

    /// <summary>Writes objects that a report names, and the relationship to it.</summary>
    internal sealed class Named(
        StixExport export, TextWriter to, ExportItem item, string id, string author, string tlp)
    {
        /// <summary>An object that stands for a name: the same for every report that names it.</summary>
        public void Shared(string relationship, string type, string key, JsonObject fields)
        {
            // Ids of observables come of their properties, those of other objects of a name (STIX 2.1, 2.9).
            bool observable = type == "software";
            Guid uuid = observable ? NameUuid.Of(NameUuid.Stix, JsonText.Of(fields))
                : NameUuid.Of($"{type}/{key}");
            JsonObject json = observable
                ? new JsonObject { ["type"] = type, ["spec_version"] = "2.1", ["id"] = $"{type}--{uuid}" }
                : Object(type, uuid.ToString());
            Fill(json, fields);
            export.Put(to, json);
            Relate(relationship, id, (string)json["id"]!, key);
        }

        /// <summary>An object of this report alone.</summary>
        public string Own(string type, string key, JsonObject fields)
        {
            JsonObject json = Object(type, NameUuid.Of($"{item.FirstId}/{type}/{key}").ToString(), item)
                .With("created_by_ref", author).With("object_marking_refs", new JsonArray(tlp));
            Fill(json, fields);
            export.Put(to, json);
            return (string)json["id"]!;
        }

        public void About(string type, string key, JsonObject fields) =>
            Own(type, key, fields.With("object_refs", new JsonArray(id)));

        public void Mitigated(string by, string key) => Relate(StixNames.Mitigates, by, id, key);

        private void Relate(string relationship, string source, string target, string key) =>
            Own("relationship", $"{relationship}/{key}", new JsonObject
            {
                ["relationship_type"] = relationship,
                ["source_ref"] = source,
                ["target_ref"] = target,
            });

        private static void Fill(JsonObject json, JsonObject fields)
        {
            foreach (KeyValuePair<string, JsonNode?> field in fields)
            {
                json[field.Key] = field.Value?.DeepClone();
            }
        }
    }
}

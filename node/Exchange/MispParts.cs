using System.Globalization;
using System.Text.Json.Nodes;

namespace IncidentMesh.Node.Exchange;

/// <summary>Attributes and objects of one MISP event, with ids that come of what they hold.</summary>
/// <param name="of">Id of the report.</param>
/// <param name="timestamp">Unix seconds of its current version.</param>
internal sealed class MispParts(string of, string timestamp)
{
    // 5: as the event.
    private const string Inherit = "5";

    public JsonObject Attribute(string within, string type, string category, string value) => new()
    {
        ["uuid"] = NameUuid.Of($"{of}/{within}/{type}/{value}").ToString(),
        ["type"] = type,
        ["category"] = category,
        ["value"] = value,
        ["to_ids"] = false,
        ["disable_correlation"] = type == "text",
        ["distribution"] = Inherit,
        ["timestamp"] = timestamp,
    };

    /// <summary>An object of a template; attributes without a value are left out.</summary>
    public JsonObject Object(
        MispTemplate template, IEnumerable<(string Relation, string? Value)> attributes, string? key = null)
    {
        JsonNode[] all = [.. attributes.Where(one => one.Value is not null).Select(one =>
        {
            string within = $"{template.Name}/{key}/{one.Relation}";
            JsonObject attribute = Attribute(within, "text", "Other", one.Value!);
            attribute["object_relation"] = one.Relation;
            return attribute;
        })];
        return new JsonObject
        {
            ["uuid"] = NameUuid.Of($"{of}/{template.Name}/{key}").ToString(),
            ["name"] = template.Name,
            ["meta-category"] = template.Category,
            ["template_uuid"] = template.Uuid,
            ["template_version"] = template.Version.ToString(CultureInfo.InvariantCulture),
            ["distribution"] = Inherit,
            ["timestamp"] = timestamp,
            ["Attribute"] = new JsonArray(all),
        };
    }
}

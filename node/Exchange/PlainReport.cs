using System.Text.Json;
using System.Text.Json.Nodes;

namespace IncidentMesh.Node.Exchange;

/// <summary>A report as a person writes it on one line: fields of a body at the top, and short forms for
/// those that are maps or lists in a body: <c>"occurred":"2026-02"</c>, <c>"severity":"incident"</c>,
/// <c>"developer":"Novara"</c>. The files of <c>node/Samples</c> are such lines.</summary>
internal static class PlainReport
{
    /// <summary>Keys that are not fields of the body.</summary>
    private static readonly HashSet<string> Aside = ["type", "lang", "created", "tlp", "author", "event"];

    /// <summary>The line as the JSON form of a body; what has no short form is taken as it stands. False
    /// where a text has an escaped lone surrogate.</summary>
    public static bool TryToBody(JsonElement line, out JsonElement body)
    {
        try
        {
            body = ToBody(line);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The two ways in which System.Text.Json reports such a text.
            body = default;
            return false;
        }
    }

    private static JsonElement ToBody(JsonElement line)
    {
        var body = new JsonObject();
        foreach (JsonProperty field in line.EnumerateObject())
        {
            if (!Aside.Contains(field.Name))
            {
                (string name, JsonNode? value) = Expand(field.Name, JsonNode.Parse(field.Value.GetRawText()));
                body[name] = value;
            }
        }

        return JsonSerializer.SerializeToElement(body, PlainJson.Default.JsonObject);
    }

    private static (string Name, JsonNode? Value) Expand(string name, JsonNode? value) => name switch
    {
        "occurred" when IsText(value) => (name, new JsonObject { ["start"] = value }),
        "severity" when IsText(value) =>
            (name, new JsonObject { ["value"] = value, ["scheme"] = "oecd-severity" }),
        "harm" => ("harm_types", Listed(value)),
        "ai_role" when IsText(value) && (string?)value == "contributing" => (name, "contributing-factor"),
        "aware_at" => ("clocks", new JsonObject { [name] = value }),
        "system" => ("systems", Listed(Named(value))),
        "model" => ("models", Listed(Named(value))),
        "developer" => ("developers", Listed(Named(value))),
        "deployer" => ("deployers", Listed(Named(value))),
        "sector" => ("sectors", Listed(value)),
        "country" => ("countries", Listed(value)),
        "evidence" when value is JsonArray list => (name, new JsonArray(
            [.. list.Select(item =>
                IsText(item) ? new JsonObject { ["url"] = item!.DeepClone() } : item?.DeepClone())])),
        _ => (name, value),
    };

    private static bool IsText(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String;

    private static JsonNode? Named(JsonNode? value) =>
        IsText(value) ? new JsonObject { ["name"] = value } : value;

    private static JsonNode? Listed(JsonNode? value) =>
        value is null or JsonArray ? value : new JsonArray(value);
}

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace IncidentMesh.Node.Exchange;

/// <summary>JSON of exports: other scripts stay readable, what could leave an HTML page or move a cursor is
/// escaped.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static string Of(JsonNode node)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Options))
        {
            node.WriteTo(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A list of texts; null where it is empty.</summary>
    public static JsonArray? List(IEnumerable<string> texts)
    {
        JsonNode[] items = [.. texts.Select(text => (JsonNode)JsonValue.Create(text)!)];
        return items.Length == 0 ? null : new JsonArray(items);
    }

    /// <summary>Adds a field unless it has no value.</summary>
    public static JsonObject With(this JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }

        return json;
    }

    /// <summary>RFC 3339 in UTC to the millisecond, as STIX wants it.</summary>
    public static string Milliseconds(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The day of a time in UTC.</summary>
    public static string Day(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

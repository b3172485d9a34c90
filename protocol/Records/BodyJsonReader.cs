using System.Buffers;
using System.Text;
using System.Text.Json;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Reads a value of a body from JSON; the first thing that has no place in a body ends it.
/// <c>specs/records.md</c>, "JSON".</summary>
internal sealed class BodyJsonReader
{
    private int _items;

    internal FieldProblem? Problem { get; private set; }

    /// <summary>The text of a JSON string, or null where it has a lone surrogate or U+0000.</summary>
    internal static string? TextOf(JsonElement json)
    {
        try
        {
            string? text = json.GetString();
            return text is null || text.Contains('\0', StringComparison.Ordinal) ? null : text;
        }
        catch (InvalidOperationException)
        {
            // The way in which System.Text.Json reports an escaped lone surrogate.
            return null;
        }
    }

    internal IpldNode? Read(JsonElement json, FieldRule? rule, string path, int depth)
    {
        if (++_items > Limits.Wire.CborItems || depth > Limits.Wire.CborDepth)
        {
            return Fail(path, "too many values, or nested too deep");
        }

        switch (json.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                return new IpldBoolean(json.GetBoolean());
            case JsonValueKind.Number:
                return ReadNumber(json, path);
            case JsonValueKind.String:
                return ReadString(json, rule, path);
            case JsonValueKind.Array:
                return ReadList(json, rule, path, depth);
            case JsonValueKind.Object:
                return json.TryGetProperty(BodyJson.Mark, out JsonElement marked)
                    ? ReadMarked(json, marked, rule, path, depth)
                    : ReadMap(json, rule, path, depth);
            default:
                return Fail(path, "null is not allowed: leave the field out");
        }
    }

    private IpldInteger? ReadNumber(JsonElement json, string path)
    {
        bool whole = json.TryGetInt64(out long value) && json.GetRawText().IndexOfAny(['.', 'e', 'E']) < 0;
        if (!whole)
        {
            Fail(path, $"{json.GetRawText()} is not a whole number of 53 bits: write decimals as text");
            return null;
        }

        if (value is > Limits.Wire.CborInteger or < -Limits.Wire.CborInteger)
        {
            Fail(path, $"{value} is beyond 2^53 - 1");
            return null;
        }

        return new IpldInteger(value);
    }

    private IpldNode? ReadString(JsonElement json, FieldRule? rule, string path)
    {
        if (TextOf(json) is not { } text)
        {
            return Fail(path, "text with a lone surrogate or U+0000");
        }

        switch (rule)
        {
            case BytesRule bytes:
                byte[] value = new byte[bytes.Length];
                bool hex = text.Length == 2 * bytes.Length
                    && Convert.FromHexString(text, value, out _, out _) == OperationStatus.Done;
                return hex ? new IpldBytes(value) : Fail(
                    path, $"expected {bytes.Length * 2} hexadecimal digits");
            case LinkRule:
                return Cid.TryParse(text, out Cid cid) ? new IpldLink(cid) : Fail(
                    path, "expected an id (bafyrei…)");
            default:
                return new IpldText(text);
        }
    }

    private IpldList? ReadList(JsonElement json, FieldRule? rule, string path, int depth)
    {
        List<IpldNode> items = [];
        foreach (JsonElement item in json.EnumerateArray())
        {
            if (Read(item, (rule as ListRule)?.Item, $"{path}[{items.Count}]", depth + 1) is not { } node)
            {
                return null;
            }

            items.Add(node);
        }

        return new IpldList(items);
    }

    private IpldMap? ReadMap(JsonElement json, FieldRule? rule, string path, int depth)
    {
        Dictionary<string, IpldNode> entries = new(StringComparer.Ordinal);
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (NameOf(property) is not { } name)
            {
                Fail(path, $"a key of 1 to {Limits.Wire.CborKeyBytes} bytes is expected");
                return null;
            }

            FieldRule? inner = (rule as MapRule)?.Schema.Find(name)?.Rule;
            if (Read(property.Value, inner, Schema.Join(path, name), depth + 1) is not { } node)
            {
                return null;
            }

            if (!entries.TryAdd(name, node))
            {
                Fail(Schema.Join(path, name), "occurs twice");
                return null;
            }
        }

        return new IpldMap(entries);
    }

    private static string? NameOf(JsonProperty property)
    {
        string name;
        try
        {
            name = property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }

        bool valid = !name.Contains('\0', StringComparison.Ordinal)
            && Encoding.UTF8.GetByteCount(name) is > 0 and <= Limits.Wire.CborKeyBytes;
        return valid ? name : null;
    }

    /// <summary><c>{"/": id}</c> or <c>{"/": {"bytes"|"text"|"map": …}}</c>.</summary>
    private IpldNode? ReadMarked(
        JsonElement json, JsonElement marked, FieldRule? rule, string path, int depth)
    {
        if (json.GetPropertyCount() != 1)
        {
            return Fail(path, "an object with the key \"/\" has no other");
        }

        if (marked.ValueKind == JsonValueKind.String)
        {
            return Cid.TryParse(TextOf(marked), out Cid cid) ? new IpldLink(cid) : Fail(
                path, "expected {\"/\": id}");
        }

        if (marked.ValueKind == JsonValueKind.Object && marked.GetPropertyCount() == 1)
        {
            JsonProperty form = marked.EnumerateObject().First();
            string? text = form.Value.ValueKind == JsonValueKind.String ? TextOf(form.Value) : null;
            if (form.NameEquals("text") && text is not null)
            {
                return new IpldText(text);
            }

            if (form.NameEquals("bytes") && text is not null && FromBase64(text) is { } bytes)
            {
                return new IpldBytes(bytes);
            }

            if (form.NameEquals("map") && form.Value.ValueKind == JsonValueKind.Object)
            {
                return ReadMap(form.Value, rule, path, depth);
            }
        }

        return Fail(path, "expected {\"/\": id} or {\"/\": {\"bytes\": base64 without padding}}");
    }

    private static byte[]? FromBase64(string text)
    {
        byte[] bytes = new byte[(text.Length * 3 / 4) + 3];
        string padded = text + new string('=', (4 - (text.Length % 4)) % 4);
        return !text.Contains('=', StringComparison.Ordinal)
            && Convert.TryFromBase64String(padded, bytes, out int written)
            ? bytes[..written]
            : null;
    }

    private IpldNode? Fail(string path, string message)
    {
        Problem ??= new FieldProblem(path, message);
        return null;
    }
}

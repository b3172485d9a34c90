using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Exchange;

/// <summary>Reads fields of a JSON object and remembers the first that is of another kind, so that a mapping
/// reads top-down and is checked once. A missing field, null and an empty text are the same.</summary>
internal sealed class JsonRow(JsonElement root)
{
    /// <summary>The first thing wrong, with its path, or null.</summary>
    public string? Error { get; private set; }

    public static JsonDocument? Parse(string text, out string? error)
    {
        error = null;
        try
        {
            return JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = Limits.Exchange.Depth });
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            string message = e.Message.Split(". ", 2)[0];
            error = $"not JSON: {message}";
            return null;
        }
    }

    /// <summary>The object under a path of names, or an element without value.</summary>
    public JsonElement At(string path) => Follow(root, path);

    public string? Text(string path) => Text(root, path);

    public string? Text(JsonElement from, string path)
    {
        JsonElement value = Follow(from, path);
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Fail(path, $"expected text, found {Name(value.ValueKind)}");
            return null;
        }

        string? text = ReadText(value);
        if (text is null)
        {
            Fail(path, "text with a broken character or U+0000");
        }

        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>The texts of a list; one text is a list of one.</summary>
    public IReadOnlyList<string> Texts(string path)
    {
        JsonElement value = At(path);
        if (value.ValueKind == JsonValueKind.String)
        {
            return Text(path) is { } one ? [one] : [];
        }

        return [.. Items(path).Select(item => Text(item, "")).OfType<string>()];
    }

    /// <summary>The items of a list; none where it is missing.</summary>
    public IEnumerable<JsonElement> Items(string path) => Items(root, path);

    public IEnumerable<JsonElement> Items(JsonElement from, string path)
    {
        JsonElement value = Follow(from, path);
        if (value.ValueKind == JsonValueKind.Array)
        {
            return value.EnumerateArray();
        }

        if (value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            Fail(path, $"expected a list, found {Name(value.ValueKind)}");
        }

        return [];
    }

    public void Fail(string path, string why) => Error ??= path.Length == 0 ? why : $"\"{path}\": {why}";

    public bool Succeeded([NotNullWhen(false)] out string? error)
    {
        error = Error;
        return error is null;
    }

    /// <summary>A number as decimal text without exponent, of a JSON number or a text that is one; else
    /// null.</summary>
    public static string? DecimalOf(JsonElement value)
    {
        string? text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => ReadText(value),
            _ => null,
        };
        return decimal.TryParse(text, System.Globalization.NumberStyles.Float,
            System.Globalization.CultureInfo.InvariantCulture, out decimal number)
            ? number.ToString("0.############################",
            System.Globalization.CultureInfo.InvariantCulture)
            : null;
    }

    /// <summary>The paths of all values of an object, without places in lists:
    /// <c>references.url</c>.</summary>
    public static IReadOnlyList<string> Paths(JsonElement json)
    {
        HashSet<string> paths = [];
        Collect(json, "", paths);
        return [.. paths];
    }

    /// <summary>The name of a property; a stand-in where it has a broken character.</summary>
    public static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            // How System.Text.Json reports an escaped lone surrogate.
            return "(a broken name)";
        }
    }

    private static void Collect(JsonElement json, string path, HashSet<string> paths)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in json.EnumerateObject())
                {
                    string name = NameOf(property);
                    Collect(property.Value, path.Length == 0 ? name : $"{path}.{name}", paths);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in json.EnumerateArray())
                {
                    Collect(item, path, paths);
                }

                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            default:
                if (paths.Count < Limits.Exchange.LossFields && path.Length <= Limits.Records.ShortTextBytes)
                {
                    paths.Add(path);
                }

                break;
        }
    }

    private static JsonElement Follow(JsonElement from, string path)
    {
        foreach (string name in path.Length == 0 ? [] : path.Split('.'))
        {
            if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(name, out from))
            {
                return default;
            }
        }

        return from;
    }

    private static string? ReadText(JsonElement value)
    {
        try
        {
            string text = value.GetString()!;
            return text.Contains('\0', StringComparison.Ordinal) ? null : text;
        }
        catch (InvalidOperationException)
        {
            // How System.Text.Json reports an escaped lone surrogate.
            return null;
        }
    }

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "text",
        _ => "true or false",
    };
}

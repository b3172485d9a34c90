using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Bodies as JSON that people read and write: files for <c>submit</c>, JSON lines, <c>show
/// --body</c>. Bytes and links of known fields are hexadecimal digits and ids; elsewhere they have the forms
/// of DAG-JSON. Nothing is lost either way. <c>specs/records.md</c>, "JSON".</summary>
public static class BodyJson
{
    /// <summary>The key that marks what JSON has no form for.</summary>
    internal const string Mark = "/";

    // Escapes what could leave an HTML page or a terminal line, and keeps other scripts readable.
    private static readonly JsonWriterOptions Compact =
        new() { Encoder = JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All) };

    private static readonly JsonWriterOptions Indented =
        Compact with { Indented = true, NewLine = "\n" };

    /// <summary>The JSON of a body.</summary>
    /// <param name="type">The type of the record: tells which fields are bytes and links.</param>
    /// <param name="body">The body.</param>
    /// <param name="indented">One field a line.</param>
    public static string Write(string type, IpldMap body, bool indented = false)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, indented ? Indented : Compact))
        {
            Write(writer, type, body);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes a body as a JSON object within another document.</summary>
    public static void Write(Utf8JsonWriter writer, string type, IpldMap body)
    {
        ArgumentNullException.ThrowIfNull(writer);
        BodyJsonWriter.Write(writer, body, RuleOf(type, body.Get<IpldText>("corrects")?.Value));
    }

    /// <summary>Reads a body from JSON text. The rules of its fields are not checked: see <see
    /// cref="Schema"/>.</summary>
    /// <param name="type">The type of the record.</param>
    /// <param name="json">One JSON object.</param>
    /// <param name="body">The body.</param>
    /// <param name="problem">What has no place in a body, with its path, e.g. a number with a
    /// fraction.</param>
    public static bool TryRead(
        string type,
        string json,
        [NotNullWhen(true)] out IpldMap? body,
        [NotNullWhen(false)] out FieldProblem? problem)
    {
        body = null;
        using JsonDocument? document = Parse(json, "", out problem);
        return document is not null && TryRead(type, document.RootElement, out body, out problem);
    }

    /// <summary>Reads a body from a JSON object.</summary>
    public static bool TryRead(
        string type,
        JsonElement json,
        [NotNullWhen(true)] out IpldMap? body,
        [NotNullWhen(false)] out FieldProblem? problem)
    {
        body = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            problem = new FieldProblem("", "expected a JSON object");
            return false;
        }

        string? corrects = json.TryGetProperty("corrects", out JsonElement word)
            && word.ValueKind == JsonValueKind.String ? BodyJsonReader.TextOf(word) : null;
        BodyJsonReader reader = new();
        body = reader.Read(json, RuleOf(type, corrects), "", 1) as IpldMap;
        problem = reader.Problem;
        if (problem is null && body is null)
        {
            problem = new FieldProblem("", "expected a JSON object");
        }

        body = problem is null ? body : null;
        return problem is null;
    }

    /// <summary>Reads one value of a field from JSON text.</summary>
    internal static IpldNode? ReadValue(string json, FieldRule rule, string path, out FieldProblem? problem)
    {
        using JsonDocument? document = Parse(json, path, out problem);
        if (document is null)
        {
            return null;
        }

        BodyJsonReader reader = new();
        IpldNode? node = reader.Read(document.RootElement, rule, path, 1);
        problem = reader.Problem;
        return node;
    }

    private static JsonDocument? Parse(string json, string path, out FieldProblem? problem)
    {
        problem = null;
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions
            {
                AllowDuplicateProperties = false,
                MaxDepth = 2 * Limits.Wire.CborDepth,
            });
        }
        catch (JsonException e)
        {
            string where = path.Length > 0 ? path : $"line {e.LineNumber + 1}";
            problem = new FieldProblem(where, "not JSON: " + FirstSentence(e.Message));
            return null;
        }
        catch (ArgumentException)
        {
            // Text with a lone surrogate has no UTF-8 form to parse.
            problem = new FieldProblem(path, "not JSON: text with a lone surrogate");
            return null;
        }
    }

    /// <summary>The rule of a whole body. What a correction contains has the fields of what it
    /// corrects.</summary>
    internal static FieldRule? RuleOf(string type, string? corrects)
    {
        if (Schema.Of(type) is not { } schema)
        {
            return null;
        }

        if (type != RecordTypes.Correction || corrects is null or RecordTypes.Correction
            || Schema.Of(corrects) is not { } inner)
        {
            return new MapRule(schema);
        }

        IEnumerable<Field> fields = schema.Fields.Where(f => f.Name != "content");
        return new MapRule(new Schema([.. fields, new Field("content", new MapRule(inner), "")]));
    }

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}

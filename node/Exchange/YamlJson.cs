using System.Text;
using System.Text.Json;
using IncidentMesh.Protocol;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace IncidentMesh.Node.Exchange;

/// <summary>Reads one YAML document as JSON, event by event, so that nothing is built before its bounds are
/// known: every scalar is text, empty plain ones and <c>~</c> are null; aliases are refused, since one can
/// stand for more than any memory holds.</summary>
internal static class YamlJson
{
    public static JsonDocument? Parse(string text, out string? error)
    {
        error = null;
        using MemoryStream json = new();
        try
        {
            using (Utf8JsonWriter writer = new(json))
            {
                error = Copy(new Parser(new StringReader(text)), writer);
            }

            return error is null ? JsonRow.Parse(Encoding.UTF8.GetString(json.ToArray()), out error) : null;
        }
        catch (Exception e) when (e is YamlException or ArgumentException or InvalidOperationException
            or FormatException or OverflowException)
        {
            long line = (e as YamlException)?.Start.Line ?? 0;
            error = line > 0 ? $"not YAML, at line {line}" : "not YAML";
            return null;
        }
    }

    private static string? Copy(Parser parser, Utf8JsonWriter writer)
    {
        // True for a map whose next scalar is a key.
        Stack<bool> open = new();
        bool key = false;
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case AnchorAlias:
                    return $"line {parser.Current.Start.Line}: an alias";
                case NodeEvent when open.Count >= Limits.Exchange.Depth:
                    return $"line {parser.Current.Start.Line}: nested deeper than {Limits.Exchange.Depth}";
                case Scalar scalar when key:
                    writer.WritePropertyName(scalar.Value);
                    key = false;
                    break;
                case NodeEvent when key:
                    return $"line {parser.Current.Start.Line}: a key that is no text";
                case Scalar scalar:
                    Value(writer, scalar);
                    key = open.Count > 0 && open.Peek();
                    break;
                case MappingStart:
                    writer.WriteStartObject();
                    open.Push(true);
                    key = true;
                    break;
                case SequenceStart:
                    writer.WriteStartArray();
                    open.Push(false);
                    break;
                case MappingEnd:
                    writer.WriteEndObject();
                    open.Pop();
                    key = open.Count > 0 && open.Peek();
                    break;
                case SequenceEnd:
                    writer.WriteEndArray();
                    open.Pop();
                    key = open.Count > 0 && open.Peek();
                    break;
                case DocumentEnd:
                    return null;
            }
        }

        return writer.BytesCommitted + writer.BytesPending == 0 ? "empty" : null;
    }

    private static void Value(Utf8JsonWriter writer, Scalar scalar)
    {
        if (scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null")
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteStringValue(scalar.Value);
        }
    }
}

using System.Text.Json;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Writes a value of a body as JSON. <c>specs/records.md</c>, "JSON".</summary>
internal static class BodyJsonWriter
{
    internal static void Write(Utf8JsonWriter writer, IpldNode node, FieldRule? rule)
    {
        switch (node)
        {
            case IpldInteger number:
                writer.WriteNumberValue(number.Value);
                break;
            case IpldBoolean boolean:
                writer.WriteBooleanValue(boolean.Value);
                break;
            case IpldText text:
                WriteText(writer, text.Value, rule);
                break;
            case IpldBytes bytes:
                WriteBytes(writer, bytes.Value.Span, rule);
                break;
            case IpldLink link:
                WriteLink(writer, link.Value, rule);
                break;
            case IpldList list:
                writer.WriteStartArray();
                foreach (IpldNode item in list.Items)
                {
                    Write(writer, item, (rule as ListRule)?.Item);
                }

                writer.WriteEndArray();
                break;
            case IpldMap map:
                WriteMap(writer, map, rule);
                break;
            default:
                throw new InvalidOperationException("a kind of node that this writer does not know");
        }
    }

    private static void WriteMap(Utf8JsonWriter writer, IpldMap map, FieldRule? rule)
    {
        bool marked = map.TryGet(BodyJson.Mark, out _);
        if (marked)
        {
            Open(writer, "map");
        }

        writer.WriteStartObject();
        foreach (KeyValuePair<string, IpldNode> entry in map.Entries)
        {
            writer.WritePropertyName(entry.Key);
            Write(writer, entry.Value, (rule as MapRule)?.Schema.Find(entry.Key)?.Rule);
        }

        writer.WriteEndObject();
        if (marked)
        {
            Close(writer);
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string text, FieldRule? rule)
    {
        // Where text stands for bytes or a link, text itself needs a mark.
        if (rule is not (BytesRule or LinkRule))
        {
            writer.WriteStringValue(text);
            return;
        }

        Open(writer, "text");
        writer.WriteStringValue(text);
        Close(writer);
    }

    private static void WriteBytes(Utf8JsonWriter writer, ReadOnlySpan<byte> bytes, FieldRule? rule)
    {
        if (rule is BytesRule known && known.Length == bytes.Length)
        {
            writer.WriteStringValue(Convert.ToHexStringLower(bytes));
            return;
        }

        Open(writer, "bytes");
        writer.WriteStringValue(Convert.ToBase64String(bytes).TrimEnd('='));
        Close(writer);
    }

    private static void WriteLink(Utf8JsonWriter writer, Cid link, FieldRule? rule)
    {
        if (rule is LinkRule)
        {
            writer.WriteStringValue(link.ToString());
            return;
        }

        writer.WriteStartObject();
        writer.WriteString(BodyJson.Mark, link.ToString());
        writer.WriteEndObject();
    }

    private static void Open(Utf8JsonWriter writer, string kind)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(BodyJson.Mark);
        writer.WriteStartObject();
        writer.WritePropertyName(kind);
    }

    private static void Close(Utf8JsonWriter writer)
    {
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Exchange;

/// <summary>A record as one line of JSON: readable fields for people and scripts, and the signed bytes, from
/// which anyone can check every readable field (<c>specs/exchange.md</c>, "JSON lines").</summary>
public static class ExportLine
{
    // Escapes what could leave an HTML page or move a terminal's cursor, and keeps other scripts readable.
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    // What proves the rest, and what only some records have.
    private static readonly string[] Proof = ["envelope", "bytes", "identity"];
    private static readonly string[] Sometimes = ["lang", "body", "erased"];

    /// <summary>The line, without its end.</summary>
    /// <param name="record">The record.</param>
    /// <param name="body">Its body as signed; empty where it was erased.</param>
    /// <param name="identity">The identity events of its author, so that the line proves itself.</param>
    public static string Write(
        Record record, ReadOnlyMemory<byte> body, IReadOnlyList<ReadOnlyMemory<byte>> identity)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(identity);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("schema", "incidentmesh/1");
            json.WriteString("id", record.Id.ToString());
            WriteHeader(json, record.Header);
            if (body.IsEmpty)
            {
                json.WriteBoolean("erased", true);
            }
            else if (!record.Header.IsSealed && RecordBody.TryRead(body.Span, out IpldMap? map, out _))
            {
                json.WritePropertyName("body");
                BodyJson.Write(json, record.Header.Type, map.Without(RecordBody.Salt));
            }

            json.WriteBase64String("envelope", record.Envelope.Span);
            if (!body.IsEmpty)
            {
                json.WriteBase64String("bytes", body.Span);
            }

            json.WriteStartArray("identity");
            foreach (ReadOnlyMemory<byte> @event in identity)
            {
                json.WriteBase64StringValue(@event.Span);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>What the readable fields of a line say that its signed bytes do not: a name of the line's
    /// own, or <c>header.seq</c> for one within. A field that the line leaves out says nothing.</summary>
    /// <param name="line">The line.</param>
    /// <param name="record">The record of its envelope.</param>
    /// <param name="body">Its body as signed; empty where the line has none.</param>
    /// <returns>Fields that contradict the bytes, and fields that the bytes cannot bear out since no export
    /// writes them.</returns>
    public static (IReadOnlyList<string> False, IReadOnlyList<string> Unproved) Compare(
        JsonElement line, Record record, ReadOnlyMemory<byte> body)
    {
        using JsonDocument document = JsonDocument.Parse(Write(record, body, []));
        JsonElement signed = document.RootElement;
        List<string> differing = [];
        List<string> unproved = [];
        foreach (JsonProperty field in line.EnumerateObject().Where(field => !Proof.Contains(field.Name)))
        {
            if (!signed.TryGetProperty(field.Name, out JsonElement value))
            {
                (Sometimes.Contains(field.Name) ? differing : unproved).Add(field.Name);
            }
            else if (!JsonElement.DeepEquals(field.Value, value))
            {
                differing.AddRange(Differing(field.Name, field.Value, value));
            }
        }

        return (differing, unproved);
    }

    private static string[] Differing(string name, JsonElement told, JsonElement signed)
    {
        if (told.ValueKind != JsonValueKind.Object || signed.ValueKind != JsonValueKind.Object)
        {
            return [name];
        }

        string[] within =
        [
            .. told.EnumerateObject().Concat(signed.EnumerateObject()).Select(field => field.Name).Distinct()
                .Where(field => !told.TryGetProperty(field, out JsonElement one)
                    || !signed.TryGetProperty(field, out JsonElement other)
                    || !JsonElement.DeepEquals(one, other)),
        ];
        // A name that stands twice differs by its number alone.
        return within.Length == 0 ? [name] : [.. within.Select(field => $"{name}.{field}")];
    }

    private static void WriteHeader(Utf8JsonWriter json, RecordHeader header)
    {
        json.WriteString("type", header.Type);
        if (header.Language is not null)
        {
            json.WriteString("lang", header.Language);
        }

        json.WriteString("created", TimeOf(header.Created));
        json.WriteString("author", header.Author.ToString());
        json.WriteStartObject("header");
        json.WriteNumber("v", header.Version);
        json.WriteString("key", "z" + Base58.Encode(header.Key.ToMultikey()));
        json.WriteString("auth", header.Auth.ToString());
        json.WriteNumber("seq", header.Seq);
        json.WriteStartArray("prev");
        foreach (Cid previous in header.Previous)
        {
            json.WriteStringValue(previous.ToString());
        }

        json.WriteEndArray();
        json.WriteString("body", header.Body.ToString());
        json.WriteNumber("size", header.Size);
        json.WriteStartArray("rel");
        foreach (Relation relation in header.Relations)
        {
            json.WriteStartObject();
            json.WriteString("how", relation.How);
            json.WriteString("to", relation.To.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>RFC 3339 in UTC; seconds as they are where a year has more than four digits.</summary>
    private static string TimeOf(long seconds)
    {
        const long LastOfYear9999 = 253_402_300_799;
        return seconds > LastOfYear9999 ? seconds.ToString(CultureInfo.InvariantCulture)
            : DateTimeOffset.FromUnixTimeSeconds(seconds)
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }
}

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

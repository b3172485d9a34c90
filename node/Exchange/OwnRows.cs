using System.Globalization;
using System.Text.Json;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Exchange;

/// <summary>Our own JSON lines: a signed record as <see cref="ExportLine"/> writes it, or a body to be signed
/// here (<c>specs/exchange.md</c>, "JSON lines").</summary>
internal static class OwnRows
{
    public static ImportRow Read(string file, TextLine line, JsonElement json) =>
        json.TryGetProperty("envelope", out _) ? Signed(file, line, json) : Unsigned(file, line, json);

    /// <summary>Checks what can be checked without the author's identity: form, id, signature,
    /// body.</summary>
    private static ImportRow Signed(string file, TextLine line, JsonElement json)
    {
        ImportRow Bad(string why) => RowResult.Bad(file, line.Number, why, line.Text);
        if (BytesOf(json, "envelope") is not { } envelope)
        {
            return Bad("\"envelope\": expected base64");
        }

        if (!Record.TryRead(envelope, out Record? record, out Fault? fault))
        {
            return Bad($"\"envelope\": {fault.Detail}");
        }

        if (json.TryGetProperty("id", out JsonElement id)
            && (id.ValueKind != JsonValueKind.String || !id.ValueEquals(record.Id.ToString())))
        {
            return Bad("\"id\" is not the id of the envelope");
        }

        if (!record.VerifySignature())
        {
            return Bad("the signature is not valid");
        }

        byte[]? body = BytesOf(json, "bytes");
        if (body is null && json.TryGetProperty("bytes", out _))
        {
            return Bad("\"bytes\": expected base64");
        }

        if (!TryIdentity(json, out List<ReadOnlyMemory<byte>> identity))
        {
            return Bad("\"identity\": expected a list of base64");
        }

        return body is not null && !record.MatchesBody(body, out fault) ? Bad($"\"bytes\": {fault.Detail}")
            : new ImportRow(file, line.Number)
            {
                Record = record,
                RecordBody = body ?? [],
                Identity = identity,
                Text = RowResult.Shown(line.Text),
                Language = record.Header.Language,
                Created = record.Header.Created,
            };
    }

    private static bool TryIdentity(JsonElement json, out List<ReadOnlyMemory<byte>> events)
    {
        events = [];
        if (!json.TryGetProperty("identity", out JsonElement list))
        {
            return true;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > Limits.Records.IdentityEvents)
        {
            return false;
        }

        foreach (JsonElement item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || !item.TryGetBytesFromBase64(out byte[]? bytes))
            {
                return false;
            }

            events.Add(bytes);
        }

        return true;
    }

    private static ImportRow Unsigned(string file, TextLine line, JsonElement json)
    {
        var row = new JsonRow(json);
        string type = row.Text("type") ?? RecordTypes.Incident;
        string? created = row.Text("created");
        string? language = row.Text("lang");
        if (created is not null && !Forms.IsTime(created))
        {
            row.Fail("created", "expected a time");
        }

        if (Schema.Of(type) is null)
        {
            row.Fail("type", $"\"{RowResult.Short(type)}\" is not a type that can be signed here");
        }

        if (!row.Succeeded(out string? error))
        {
            return RowResult.Bad(file, line.Number, error, line.Text);
        }

        bool plain = !json.TryGetProperty("body", out JsonElement inner);
        if (plain && !PlainReport.TryToBody(json, out inner))
        {
            return RowResult.Bad(file, line.Number, "a text has a broken character", line.Text);
        }

        if (Tlp.OfRow(inner) is { } marked)
        {
            return RowResult.Bad(file, line.Number, marked, line.Text);
        }

        if (!BodyJson.TryRead(type, inner, out IpldMap? map, out FieldProblem? problem))
        {
            return RowResult.Bad(file, line.Number, problem.ToString(), line.Text);
        }

        string? unknown = plain ? map.Entries.Select(entry => entry.Key)
            .FirstOrDefault(key => Schema.Of(type)!.Find(key) is null) : null;
        return unknown is not null
            ? RowResult.Bad(file, line.Number, $"unknown field \"{RowResult.Short(unknown)}\"", line.Text)
            : RowResult.Of(file, line.Number, line.Text, TypedBody.Read(type, map)!, language,
            RowResult.Seconds(created));
    }

    private static byte[]? BytesOf(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out JsonElement value) || value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        return value.TryGetBytesFromBase64(out byte[]? bytes) ? bytes : null;
    }
}

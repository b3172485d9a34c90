using System.Text.Json;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>Checks a file of JSON lines that <c>export</c> wrote, without a node and without the network:
/// each line
/// carries the envelope and body bytes, and the identity events of its author.</summary>
internal static class FileVerifier
{
    public static async Task<VerifyView> VerifyAsync(string file, CancellationToken stop)
    {
        int read = 0;
        List<VerifyFailure> failed = [];
        List<string> unknown = [];
        IdentityBook book = new();
        List<(string Where, byte[] Envelope, byte[]? Body)> records = [];
        await foreach (string line in File.ReadLinesAsync(file, stop))
        {
            read++;
            if (line.Length > 0)
            {
                Take($"{Path.GetFileName(file)}:{read}", line, book, records, unknown);
            }
        }

        foreach ((string where, byte[] envelope, byte[]? body) in records)
        {
            RecordVerification verification = RecordVerification.Verify(envelope, body, book);
            string id = verification.Record?.Id.ToString() ?? where;
            failed.AddRange(verification.Checks.Where(c => c.State == CheckState.Failed)
                .Select(c => new VerifyFailure(id, c.Name, c.Why)));
            unknown.AddRange(
                verification.Checks.Where(c => c.State == CheckState.Unknown && c.Name == "identity")
                .Select(c => $"{id}: {c.Why}"));
        }

        return new VerifyView(failed.Count == 0 && unknown.Count == 0, records.Count, failed, unknown);
    }

    private static void Take(
        string where,
        string line,
        IdentityBook book,
        List<(string, byte[], byte[]?)> records,
        List<string> unknown)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.TryGetProperty("identity", out JsonElement events))
            {
                foreach (JsonElement item in events.EnumerateArray())
                {
                    if (IdentityEvent.TryRead(
                        item.GetBytesFromBase64(), out IdentityEvent? read, out Fault? _))
                    {
                        book.Apply(read);
                    }
                }
            }

            byte[]? body = root.TryGetProperty("bytes", out JsonElement bytes) ? bytes.GetBytesFromBase64()
                : null;
            records.Add((where, root.GetProperty("envelope").GetBytesFromBase64(), body));
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException
            or InvalidOperationException)
        {
            unknown.Add(T($"{where}: not a line that export wrote"));
        }
    }
}

using System.Text.Json;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>Checks a file of JSON lines that <c>export</c> wrote, without a node and without the network:
/// each line
/// carries the envelope and body bytes, and the identity events of its author; what else it says is compared
/// with these (<c>specs/exchange.md</c>, "JSON lines").</summary>
internal static class FileVerifier
{
    public static async Task<VerifyView> VerifyAsync(string file, CancellationToken stop)
    {
        int read = 0;
        List<VerifyFailure> failed = [];
        List<string> unknown = [];
        IdentityBook book = new();
        List<Line> records = [];
        await foreach (string line in File.ReadLinesAsync(file, stop))
        {
            read++;
            if (line.Length > 0)
            {
                Take($"{Path.GetFileName(file)}:{read}", line, book, records, failed, unknown);
            }
        }

        foreach (Line line in records)
        {
            RecordVerification verification = RecordVerification.Verify(line.Envelope, line.Body, book);
            string id = verification.Record?.Id.ToString() ?? line.Where;
            failed.AddRange(verification.Checks.Where(c => c.State == CheckState.Failed)
                .Select(c => new VerifyFailure(id, c.Name, c.Why)));
            failed.AddRange(line.False.Select(field =>
                new VerifyFailure(id, "readable", T($"\"{field}\" is not what was signed"))));
            unknown.AddRange(
                verification.Checks.Where(c => c.State == CheckState.Unknown && c.Name == "identity")
                .Select(c => $"{id}: {c.Why}"));
            unknown.AddRange(line.Unproved.Select(field =>
                T($"{id}: nothing that was signed bears \"{field}\" out")));
        }

        if (records.Count == 0 && unknown.Count == 0)
        {
            unknown.Add(T($"{Path.GetFileName(file)}: there is no record in it"));
        }

        return new VerifyView(failed.Count == 0 && unknown.Count == 0, records.Count, failed, unknown);
    }

    private static void Take(
        string where,
        string line,
        IdentityBook book,
        List<Line> records,
        List<VerifyFailure> failed,
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
                        item.GetBytesFromBase64(), out IdentityEvent? read, out Fault? fault))
                    {
                        book.Apply(read);
                    }
                    else
                    {
                        failed.Add(new VerifyFailure(where, "identity", fault.Detail));
                    }
                }
            }

            byte[]? body = root.TryGetProperty("bytes", out JsonElement bytes) ? bytes.GetBytesFromBase64()
                : null;
            byte[] envelope = root.GetProperty("envelope").GetBytesFromBase64();
            bool whole = Record.TryRead(envelope, out Record? record, out _)
                && (body is null || record.MatchesBody(body, out _));
            (IReadOnlyList<string> wrong, IReadOnlyList<string> unproved) =
                whole ? ExportLine.Compare(root, record!, body) : ([], []);
            records.Add(new Line(where, envelope, body, wrong, unproved));
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException
            or InvalidOperationException)
        {
            unknown.Add(T($"{where}: not a line that export wrote"));
        }
    }

    /// <summary>A line that was read, and which of its readable fields its bytes do not bear out.</summary>
    private sealed record Line(
        string Where, byte[] Envelope, byte[]? Body, IReadOnlyList<string> False,
        IReadOnlyList<string> Unproved);
}

using System.Text.Json;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Commands;

/// <summary>The reports of <c>node/Samples/reports.jsonl</c>, as their authors would submit them.</summary>
internal static class DemoReports
{
    /// <summary>Who submits (<c>regulator lab community</c>) and what.</summary>
    public static IEnumerable<(string Author, SubmitRequest Request)> Read()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "Samples", "reports.jsonl");
        foreach (string line in File.ReadLines(file).Where(l => l.Length > 0))
        {
            using JsonDocument sample = JsonDocument.Parse(line);
            JsonElement root = sample.RootElement;
            if (!PlainReport.TryToBody(root, out JsonElement body))
            {
                throw new InvalidDataException($"a sample that is no report: {line[..60]}");
            }

            yield return (root.GetProperty("author").GetString()!, new SubmitRequest
            {
                Type = root.GetProperty("type").GetString()!,
                Lang = root.GetProperty("lang").GetString(),
                Body = body,
            });
        }
    }
}

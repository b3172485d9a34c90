using System.Text;
using System.Text.Json;
using IncidentMesh.Node.Cluster;
using IncidentMesh.Node.Embed;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Bench;

/// <summary>Labelled titles: one JSON object a line with <c>title</c>, <c>incident_id</c>,
/// <c>language</c>.</summary>
internal sealed class DedupData
{
    /// <summary>The titles as reports, with their vectors.</summary>
    public required ClusterItem[] Items { get; init; }

    /// <summary>The incident of each title.</summary>
    public required int[] Incidents { get; init; }

    /// <summary>Titles told in another language: which title, and the report that the translation
    /// makes.</summary>
    public required (int Source, ClusterItem Item)[] Translations { get; init; }

    /// <summary>Seconds that embedding took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Reads and embeds.</summary>
    /// <param name="file">The titles.</param>
    /// <param name="translations">Lines of report id, language, headline, separated by tabs; or null.</param>
    /// <param name="embedder">The model.</param>
    public static DedupData Load(string file, string? translations, Embedder embedder)
    {
        long started = System.Diagnostics.Stopwatch.GetTimestamp();
        JsonElement[] rows = [.. File.ReadLines(file).Where(l => l.Length > 0)
            .Select(l => JsonDocument.Parse(l).RootElement)];
        ClusterItem[] items = [.. rows.Select(
            (r, i) => Item(i, r.GetProperty("title").GetString()!, Text(r, "language")))];
        var bySource = new Dictionary<string, int>();
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].TryGetProperty("report_id", out JsonElement id))
            {
                bySource[id.ToString()] = i;
            }
        }

        (int Source, ClusterItem Item)[] told = translations is null
            ? []
            : [.. File.ReadLines(translations).Select(l => l.Split('\t')).Where(
                p => bySource.ContainsKey(p[0]))
                .Select((p, i) => (bySource[p[0]], Item(rows.Length + i, p[2], p[1])))];
        ClusterItem[] embedded = Embed([.. items, .. told.Select(t => t.Item)], embedder);
        return new DedupData
        {
            Items = embedded[..items.Length],
            Incidents = [.. rows.Select(r => int.Parse(
                r.GetProperty("incident_id").ToString(), System.Globalization.CultureInfo.InvariantCulture))],
            Translations = [.. told.Select((t, i) => (t.Source, embedded[items.Length + i]))],
            Seconds = System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds,
        };
    }

    private static ClusterItem Item(int at, string title, string? language) => new()
    {
        Id = Digest.Sha256(Encoding.UTF8.GetBytes($"{at} {title}")),
        Type = "incident",
        Title = title,
        Language = language,
    };

    private static string? Text(JsonElement row, string name) =>
        row.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static ClusterItem[] Embed(ClusterItem[] items, Embedder embedder)
    {
        var done = new ClusterItem[items.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = embedder.Workers };
        Parallel.For(0, items.Length, options, i => done[i] = items[i] with
        {
            Vector = embedder.Embed(ClusterItem.EmbeddedText(items[i].Title, items[i].Summary)),
        });
        return done;
    }
}

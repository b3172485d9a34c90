using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Cluster;

/// <summary>What clustering knows of a report: the current version of an <c>incident</c> or
/// <c>model-risk</c>.</summary>
public sealed record ClusterItem
{
    /// <summary>Digest of the record's id.</summary>
    public required Digest Id { get; init; }

    /// <summary><c>incident</c> or <c>model-risk</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The report's title.</summary>
    public required string Title { get; init; }

    /// <summary>The report's summary, or empty.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Digest of the author's identity; counts independent sources.</summary>
    public Digest Author { get; init; }

    /// <summary>BCP 47 tag, or null where it is not known.</summary>
    public string? Language { get; init; }

    /// <summary>When the event happened, or null.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>AI systems and models by name.</summary>
    public IReadOnlyList<string> Systems { get; init; } = [];

    /// <summary>Developers and deployers by name.</summary>
    public IReadOnlyList<string> Developers { get; init; } = [];

    /// <summary>ISO 3166 codes of where it happened.</summary>
    public IReadOnlyList<string> Countries { get; init; } = [];

    /// <summary>Addresses of evidence.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>Hashes of files of evidence.</summary>
    public IReadOnlyList<Digest> Hashes { get; init; } = [];

    /// <summary>Ids elsewhere: <c>CVE-2021-41217</c>, <c>AIID:14</c>, <c>AVID-2026-R0908</c>,
    /// <c>AML.CS0016</c>.</summary>
    public IReadOnlyList<string> ExternalIds { get; init; } = [];

    /// <summary>What an evaluation measured: probes, benchmarks, metrics by name.</summary>
    public IReadOnlyList<string> Measures { get; init; } = [];

    /// <summary>Local hash of the body without its salt, or null.</summary>
    public Digest? BodyHash { get; init; }

    /// <summary>The embedding of <see cref="EmbeddedText"/>, of the engine's graph; empty until it is
    /// computed.</summary>
    public ReadOnlyMemory<float> Vector { get; init; }

    /// <summary>The text that stands for a report: its title and, where it has one, its summary.</summary>
    public static string EmbeddedText(string title, string summary) =>
        string.IsNullOrWhiteSpace(summary) ? title : $"{title}. {summary}";
}

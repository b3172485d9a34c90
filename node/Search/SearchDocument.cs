using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Search;

/// <summary>What a record says, as the search sees it: the words that are looked for and the facts that are
/// filtered, counted and sorted by. What this node thinks of the record is a
/// <see cref="ReportStatus"/>.</summary>
public sealed record SearchDocument
{
    /// <summary>Digest of the record's id.</summary>
    public required Digest Id { get; init; }

    /// <summary>The record's type, e.g. <c>incident</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Digest of the author's id.</summary>
    public required Digest Author { get; init; }

    /// <summary>When the author says that it was made; Unix milliseconds.</summary>
    public required long Created { get; init; }

    /// <summary>When this node got it; Unix milliseconds.</summary>
    public required long Received { get; init; }

    /// <summary>BCP 47 tag, or null.</summary>
    public string? Language { get; init; }

    /// <summary>Its title; empty where there is none.</summary>
    public string Title { get; init; } = "";

    /// <summary>All other words of it.</summary>
    public string Text { get; init; } = "";

    /// <summary>Mapped severity (OECD), or null.</summary>
    public string? Severity { get; init; }

    /// <summary>What the AI system had to do with it, or null.</summary>
    public string? AiRole { get; init; }

    /// <summary>Report stage under Article 73, or null.</summary>
    public string? Stage { get; init; }

    /// <summary>TLP label, lower case.</summary>
    public string Tlp { get; init; } = "clear";

    /// <summary>ISO 3166 codes.</summary>
    public IReadOnlyList<string> Countries { get; init; } = [];

    /// <summary>Harm types.</summary>
    public IReadOnlyList<string> Harms { get; init; } = [];

    /// <summary>Sectors of deployment.</summary>
    public IReadOnlyList<string> Sectors { get; init; } = [];

    /// <summary>First moment of the event in Unix milliseconds, or null.</summary>
    public long? OccurredFrom { get; init; }

    /// <summary>First moment after the event in Unix milliseconds, or null.</summary>
    public long? OccurredTo { get; init; }

    /// <summary>When the next report is due in Unix milliseconds, or null.</summary>
    public long? Due { get; init; }

    /// <summary>Whether it names evidence.</summary>
    public bool HasEvidence { get; init; }

    /// <summary>Names and versions of systems.</summary>
    public IReadOnlyList<string> Systems { get; init; } = [];

    /// <summary>Names of developers.</summary>
    public IReadOnlyList<string> Developers { get; init; } = [];

    /// <summary>Names of deployers.</summary>
    public IReadOnlyList<string> Deployers { get; init; } = [];

    /// <summary>Names, versions and package URLs of models.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>What the models are said to come from: names and package URLs.</summary>
    public IReadOnlyList<string> Lineage { get; init; } = [];

    /// <summary>Taxonomy tags as <c>namespace:value</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Ids of other systems, e.g. <c>AIID:14</c>.</summary>
    public IReadOnlyList<string> ExternalIds { get; init; } = [];

    /// <summary>Addresses of evidence.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];
}

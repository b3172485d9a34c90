using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncidentMesh.Protocol.Api;

/// <summary>A severity as its author gave it; scales are never converted into each other.</summary>
/// <param name="Value">A word of <paramref name="Scheme"/>, e.g. <c>serious-incident</c>.</param>
/// <param name="Scheme">The vocabulary, <c>oecd</c> unless said otherwise.</param>
/// <param name="Raw">What the source said, where that was something else.</param>
public sealed record SeverityView(string? Value, string? Scheme, string? Raw);

/// <summary>Who signed, as this node sees them.</summary>
/// <param name="Id">CID of the identity's inception event.</param>
/// <param name="Name">The operator's own name for the author, else null; never a name that a stranger
/// chose.</param>
/// <param name="CallsItself">The name in the author's profile record, to be shown in quotes.</param>
/// <param name="Standing"><c>own trusted introduced unknown denied</c>.</param>
public sealed record AuthorView(string Id, string? Name, string? CallsItself, string Standing);

/// <summary>The cluster that a report belongs to.</summary>
/// <param name="Id">CID of the cluster's first report; ids redirect, they never die.</param>
/// <param name="Reports">Reports of the cluster.</param>
/// <param name="Independent">Distinct authors with distinct evidence.</param>
/// <param name="Told">Reports and attestations that support it, where there are attestations; else
/// null.</param>
public sealed record ClusterRef(string Id, int Reports, int Independent, int? Told = null)
{
    /// <summary>The sources, and what they were counted among: <c>2/3</c>.</summary>
    [JsonIgnore]
    public string Sources => $"{Independent}/{Told ?? Reports}";
}

/// <summary>What was checked on arrival.</summary>
/// <param name="Signature">The signature is the key's, and the key the author's.</param>
/// <param name="Body">The body is the one that the header names.</param>
/// <param name="Missing">Earlier records of the same key that this node lacks.</param>
public sealed record VerifiedView(bool Signature, bool Body, int Missing);

/// <summary>A report as lists show it.</summary>
public sealed record ReportItem
{
    /// <summary>CID of the record, in full.</summary>
    public required string Id { get; init; }

    /// <summary>8 characters of <see cref="Id"/> for people.</summary>
    public required string Short { get; init; }

    /// <summary>Record type: <c>incident</c>, <c>model-risk</c>, …</summary>
    public required string Type { get; init; }

    /// <summary>Who signed.</summary>
    public required AuthorView Author { get; init; }

    /// <summary>What the author claims as time of signing, UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When this node stored it, UTC.</summary>
    public required DateTimeOffset Received { get; init; }

    /// <summary>TLP 2.0 label.</summary>
    public required string Tlp { get; init; }

    /// <summary>BCP 47 tag, or null.</summary>
    public string? Lang { get; init; }

    /// <summary>The title as written; hostile text.</summary>
    public required string Title { get; init; }

    /// <summary>Severity, or null.</summary>
    public SeverityView? Severity { get; init; }

    /// <summary>Harm types.</summary>
    public IReadOnlyList<string> Harm { get; init; } = [];

    /// <summary>ISO 3166-1 alpha-2 codes.</summary>
    public IReadOnlyList<string> Countries { get; init; } = [];

    /// <summary>Package URLs or names of models.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary><c>current corrected retracted quarantined erased</c>.</summary>
    public required string State { get; init; }

    /// <summary>Ids of other systems, <c>AIID:14</c>.</summary>
    public IReadOnlyList<string> ExternalIds { get; init; } = [];

    /// <summary>When it happened, as written (<c>2026-11-19</c> or less precise), or null.</summary>
    public string? Occurred { get; init; }

    /// <summary>Its cluster, or null while it is not embedded yet.</summary>
    public ClusterRef? Cluster { get; init; }

    /// <summary>True where some author disputes it.</summary>
    public bool Disputed { get; init; }

    /// <summary>Read on this node.</summary>
    public bool Read { get; init; }

    /// <summary>Bookmarked on this node.</summary>
    public bool Bookmarked { get; init; }

    /// <summary>What was checked.</summary>
    public required VerifiedView Verified { get; init; }

    /// <summary>Rank score of a search, 0 to 1, or null.</summary>
    public double? Score { get; init; }
}

/// <summary>One check of a record: <c>envelope signature body identity chain fields</c>.</summary>
/// <param name="Name">Which check.</param>
/// <param name="Ok">Whether it holds.</param>
/// <param name="Why">In words.</param>
/// <param name="State"><c>ok</c>, <c>failed</c>, or <c>unknown</c>: it could not be made, for want of other
/// records, which is no fault of this one; null from a node that does not tell.</param>
public sealed record CheckView(string Name, bool Ok, string Why, string? State = null)
{
    /// <summary>What stands before it in lists: <c>=</c> holds, <c>!</c> fails, <c>?</c> unknown.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public char Mark => Ok ? '=' : State == "unknown" ? '?' : '!';
}

/// <summary>What another author said of a report.</summary>
/// <param name="Id">CID of the attestation.</param>
/// <param name="Verdict"><c>corroborate dispute cannot-confirm resolved</c>.</param>
/// <param name="Basis"><c>first-hand document replication</c>, or null.</param>
/// <param name="Reason">In the author's words, or null.</param>
/// <param name="Author">Who says it.</param>
/// <param name="Created">When, as claimed.</param>
public sealed record AnswerView(
    string Id, string Verdict, string? Basis, string? Reason, AuthorView Author, DateTimeOffset Created);

/// <summary>One version in the history of a report.</summary>
/// <param name="Id">CID.</param>
/// <param name="Kind"><c>original correction retraction</c>.</param>
/// <param name="Created">When, as claimed.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="Current">True for the version that counts.</param>
public sealed record VersionView(
    string Id, string Kind, DateTimeOffset Created, string? Reason, bool Current);

/// <summary>Everything about one record.</summary>
public sealed record ReportView
{
    /// <summary>Always <c>incidentmesh/1</c>.</summary>
    public string Schema { get; init; } = ApiSchema.Name;

    /// <summary>What lists show of it.</summary>
    public required ReportItem Report { get; init; }

    /// <summary>The description, hostile text, or null.</summary>
    public string? Description { get; init; }

    /// <summary>The body as JSON (<c>specs/records.md</c>, "JSON form"), or null where it was
    /// erased.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>The checks, done now.</summary>
    public IReadOnlyList<CheckView> Checks { get; init; } = [];

    /// <summary>Attestations.</summary>
    public IReadOnlyList<AnswerView> Answers { get; init; } = [];

    /// <summary>Versions, oldest first.</summary>
    public IReadOnlyList<VersionView> History { get; init; } = [];

    /// <summary>Links of evidence as written.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>Key that signed, as multibase text.</summary>
    public required string Key { get; init; }

    /// <summary>Sequence number that the author's key gave.</summary>
    public long Seq { get; init; }

    /// <summary>The operator's private note, or null.</summary>
    public string? Note { get; init; }

    /// <summary>Who stands for its event, or null where it is not clustered.</summary>
    public CorroborationView? Corroboration { get; init; }

    /// <summary>Envelope bytes, base64, where asked for.</summary>
    public string? Envelope { get; init; }

    /// <summary>Body bytes, base64, where asked for.</summary>
    public string? RawBody { get; init; }
}

/// <summary>The answer to a query.</summary>
/// <param name="Schema">Always <c>incidentmesh/1</c>.</param>
/// <param name="Query">The query as understood.</param>
/// <param name="Total">Hits in all.</param>
/// <param name="Cursor">Where the next page starts, or null.</param>
/// <param name="Items">This page.</param>
/// <param name="Facets">Field, then value, then count.</param>
/// <param name="Semantic">False where meaning could not be searched (no model yet).</param>
/// <param name="Milliseconds">Time that the search took.</param>
public sealed record SearchView(
    string Schema,
    string Query,
    int Total,
    string? Cursor,
    IReadOnlyList<ReportItem> Items,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Facets,
    bool Semantic,
    double Milliseconds);

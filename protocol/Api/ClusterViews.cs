namespace IncidentMesh.Protocol.Api;

/// <summary>One report of a cluster, and why it is there.</summary>
/// <param name="Report">The report.</param>
/// <param name="Probability">That it tells of the same event as the report asked about, 0 to 1; null for that
/// one.</param>
/// <param name="Label"><c>this very-likely likely possible no</c>.</param>
/// <param name="Reasons">In words.</param>
/// <param name="Source"><c>machine</c>, <c>exact</c> (shared key) or <c>people</c> (signed link).</param>
/// <param name="InCluster">False for a near miss that is shown with its reason.</param>
public sealed record ClusterMemberView(
    ReportItem Report,
    double? Probability,
    string Label,
    IReadOnlyList<string> Reasons,
    string Source,
    bool InCluster);

/// <summary>A signed claim of people, which overrides the machine.</summary>
/// <param name="Id">CID of the link record.</param>
/// <param name="From">CID of one report.</param>
/// <param name="To">CID of the other.</param>
/// <param name="Kind"><c>same-event not-same-event duplicate related</c>.</param>
/// <param name="Author">Who claims it.</param>
/// <param name="Created">When, as claimed.</param>
/// <param name="Reason">In the author's words, or null.</param>
public sealed record ClaimView(
    string Id,
    string From,
    string To,
    string Kind,
    AuthorView Author,
    DateTimeOffset Created,
    string? Reason);

/// <summary>Who stands for an event, and how it was counted.</summary>
/// <param name="Independent">Sources: distinct authors by distinct roots of evidence.</param>
/// <param name="Countries">Countries of these authors, as their profiles say.</param>
/// <param name="Counted">Each source in words.</param>
/// <param name="Disputes">Each independent dispute in words.</param>
public sealed record CorroborationView(
    int Independent,
    IReadOnlyList<string> Countries,
    IReadOnlyList<string> Counted,
    IReadOnlyList<string> Disputes);

/// <summary>The reports that tell of one event.</summary>
/// <param name="Schema">Always <c>incidentmesh/1</c>.</param>
/// <param name="Id">CID of the cluster's first report.</param>
/// <param name="Reports">How many reports it has.</param>
/// <param name="Members">The reports, the one asked about first, then by probability.</param>
/// <param name="Independent">Distinct authors with distinct evidence.</param>
/// <param name="Countries">Countries that the reports name.</param>
/// <param name="Languages">Languages of the reports.</param>
/// <param name="Claims">What people signed.</param>
/// <param name="Graph">Hash of the model graph behind the machine's part, first 6 hex digits, or
/// null.</param>
public sealed record ClusterView(
    string Schema,
    string Id,
    int Reports,
    IReadOnlyList<ClusterMemberView> Members,
    int Independent,
    IReadOnlyList<string> Countries,
    IReadOnlyList<string> Languages,
    IReadOnlyList<ClaimView> Claims,
    string? Graph)
{
    /// <summary>How <see cref="Independent"/> was counted, and who disputes it; null where it is not
    /// told.</summary>
    public CorroborationView? Corroboration { get; init; }
}

/// <summary>A cluster as lists show it.</summary>
/// <param name="Id">CID of the cluster's first report.</param>
/// <param name="Title">Title of its newest report.</param>
/// <param name="Reports">How many reports it has.</param>
/// <param name="Independent">Distinct authors with distinct evidence.</param>
/// <param name="Languages">Languages of the reports.</param>
/// <param name="Newest">When its newest report was signed.</param>
public sealed record ClusterItem(
    string Id,
    string Title,
    int Reports,
    int Independent,
    IReadOnlyList<string> Languages,
    DateTimeOffset Newest);

/// <summary>Clusters, largest first.</summary>
/// <param name="Schema">Always <c>incidentmesh/1</c>.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Items">The first of them.</param>
public sealed record ClusterListView(string Schema, int Total, IReadOnlyList<ClusterItem> Items);

/// <summary>A report that may tell of the same event as one that is being written.</summary>
/// <param name="Id">CID.</param>
/// <param name="Title">Its title.</param>
/// <param name="Probability">0 to 1; with the label <c>words-alone</c> no probability, but the share of the
/// words of both titles that both have.</param>
/// <param name="Label"><c>very-likely likely possible</c>, or <see cref="WordsAlone"/>.</param>
/// <param name="Reasons">In words.</param>
public sealed record SimilarView(
    string Id, string Title, double Probability, string Label, IReadOnlyList<string> Reasons)
{
    /// <summary>No model was there: titles were compared word by word.</summary>
    public const string WordsAlone = "words-alone";

    /// <summary>The report as lists show it.</summary>
    public ReportItem? Report { get; init; }
}

/// <summary>Reports that may tell of the same event as one that is being written.</summary>
/// <param name="Schema">Always <c>incidentmesh/1</c>.</param>
/// <param name="Items">The likeliest first.</param>
public sealed record SimilarListView(string Schema, IReadOnlyList<SimilarView> Items);

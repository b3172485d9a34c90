namespace IncidentMesh.Protocol.Api;

/// <summary>A piece of an export (<c>GET /v1/export?progress=true</c>): the texts one after the other are the
/// file.</summary>
/// <param name="Written">Reports written so far.</param>
/// <param name="Total">Reports that the query finds.</param>
/// <param name="Text">The next characters of the file.</param>
/// <param name="LeftOut">Short id of a report that has nothing to read and was left out, or null.</param>
/// <param name="Loss">What the format kept and lost, in the last piece; null for our own formats.</param>
/// <param name="Done">Whether this is the last piece.</param>
/// <param name="Retracted">Retracted reports left out so far, since the format cannot say what they
/// are.</param>
/// <param name="Superseded">Superseded versions left out so far, since the format has the current one
/// alone.</param>
public sealed record ExportView(
    long Written, long Total, string Text, string? LeftOut = null, LossView? Loss = null, bool Done = false,
    long Retracted = 0, long Superseded = 0);

/// <summary>A format that reports are exported in.</summary>
/// <param name="Name">What <c>--format</c> takes.</param>
/// <param name="Extension">How names of such files end.</param>
/// <param name="Word">What people call it.</param>
/// <param name="OneReport">Whether it tells of one report only.</param>
public sealed record ExportFormat(string Name, string Extension, string Word, bool OneReport = false)
{
    /// <summary>Our JSON lines.</summary>
    public const string Lines = "jsonl";

    /// <summary>Our JSON lines with every record that names one of the reports.</summary>
    public const string Bundle = "bundle";

    /// <summary>All of them, ours first.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } =
    [
        new(Lines, ".jsonl", "JSON lines"), new(Bundle, ".jsonl", "bundle"), new("csv", ".csv", "CSV"),
        new("stix", ".stix.json", "STIX"), new("misp", ".misp.json", "MISP"),
        new("avid", ".avid.jsonl", "AVID"), new("oecd", ".oecd.jsonl", "OECD"),
        new("markdown", ".md", "Markdown", OneReport: true), new("html", ".html", "HTML", OneReport: true),
    ];
}

namespace IncidentMesh.Node.Exchange;

/// <summary>Names of MISP's core format and object templates that writing and reading share
/// (MISP/misp-rfc; MISP/misp-objects).</summary>
internal static class MispNames
{
    public const string Incident = "incident";
    public const string Vulnerability = "vulnerability";

    /// <summary>Our object: the fields that MISP has no place for.</summary>
    public const string Ours = "incidentmesh-report";

    public static readonly MispTemplate IncidentTemplate =
        new(Incident, "38597424-f9bb-4865-9b4b-819172df0334", 1, "misc");

    public static readonly MispTemplate VulnerabilityTemplate =
        new(Vulnerability, "81650945-f186-437b-8945-9f31715d32da", 2, "network");

    public static readonly MispTemplate AnnotationTemplate =
        new("annotation", "5d8dc046-15a1-4ca3-a09f-ed4ede7c4487", 2, "misc");

    public static readonly MispTemplate OursTemplate =
        new(Ours, NameUuid.Of("misp-object/report").ToString(), 1, "misc");

    /// <summary>Our fields that stand in our object, after the table of the format.</summary>
    public static IReadOnlyList<string> InObject { get; } =
        [.. Mapping.Of("misp").Rows.Where(row => row.Ours is not null
            && row.Theirs == $"Object[{Ours}].{row.Ours}" && row.Ours is not ("id" or "lang"))
            .Select(row => row.Ours!)];
}

/// <summary>A template of a MISP object.</summary>
internal sealed record MispTemplate(string Name, string Uuid, int Version, string Category);

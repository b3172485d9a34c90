using System.Text.RegularExpressions;

namespace IncidentMesh.Node.Exchange;

/// <summary>Names and ids of STIX 2.1 that writing and reading share.</summary>
internal static partial class StixNames
{
    private const string CveSource = "cve";
    private const string CapecSource = "capec";

    /// <summary>Incident core (oasis-open/cti-stix-common-objects,
    /// extension-definition-specifications).</summary>
    public const string IncidentCore = "extension-definition--ef765651-680c-498d-9894-99799f2fa126";

    /// <summary>TLP 2.0 (the same place).</summary>
    public const string Tlp = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

    public const string Source = "IncidentMesh";
    public const string Evidence = "evidence";
    public const string Steps = "Steps to reproduce";
    public const string Cause = "Root cause";

    public const string DevelopedBy = "developed-by";
    public const string DeployedBy = "deployed-by";
    public const string Targets = "targets";
    public const string LocatedAt = "located-at";
    public const string Uses = "uses";
    public const string Involves = "involves";
    public const string InvolvesModel = "involves-model";
    public const string Mitigates = "mitigates";

    /// <summary>Our extension: the fields that STIX has no place for.</summary>
    public static readonly string Extension = $"extension-definition--{NameUuid.Of("extension/report")}";

    /// <summary>The marking of each label of TLP 2.0.</summary>
    public static readonly IReadOnlyDictionary<string, string> Markings = new Dictionary<string, string>
    {
        ["clear"] = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
        ["green"] = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
        ["amber"] = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
        ["amber+strict"] = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
        ["red"] = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
    };

    // TLP 1 (STIX 2.1, 7.2.1.4).
    private static readonly Dictionary<string, string> Older = new()
    {
        ["white"] = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
        ["green"] = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
        ["amber"] = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
        ["red"] = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
    };

    /// <summary>The label of a marking, of either version of TLP; null for any other one.</summary>
    public static string? LabelOf(string marking) =>
        Markings.Concat(Older)
            .FirstOrDefault(one => one.Value.Equals(marking, StringComparison.OrdinalIgnoreCase)).Key;

    /// <summary>The source of an external id. STIX gives CVE and CAPEC numbers one of their own, and keeps it
    /// from all else (STIX 2.1, 2.5.2).</summary>
    public static string SourceOf(string scheme, string id) => Cve().IsMatch(id) ? CveSource
        : Capec().IsMatch(id) ? CapecSource
        : scheme is CveSource or CapecSource ? scheme.ToUpperInvariant() : scheme;

    /// <summary>The scheme of an external id.</summary>
    public static string SchemeOf(string source) =>
        source is CveSource or CapecSource ? source.ToUpperInvariant() : source;

    /// <summary>Our fields that stand in our extension, after the table of the format.</summary>
    public static IReadOnlyList<string> InExtension { get; } =
        [.. Mapping.Of("stix").Rows.Where(row => row.Ours is not null
            && row.Theirs == "extensions." + row.Ours).Select(row => row.Ours!)];

    [GeneratedRegex("^CVE-\\d{4}-(0\\d{3}|[1-9]\\d{3,})\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Cve();

    [GeneratedRegex("^CAPEC-\\d+\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Capec();
}

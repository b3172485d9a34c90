namespace IncidentMesh.Node.Search;

/// <summary>Ids of other systems and addresses, which are looked up whole and have no meaning to
/// compare.</summary>
internal static class ForeignId
{
    private static readonly string[] Schemes =
    [
        "aiid:", "avid-", "avid:", "cve-", "cve:", "cwe-", "cwe:", "atlas:", "aml.", "aiaaic:", "aiaaic",
            "aim:",
        "oecd:", "doi:", "urn:", "pkg:",
    ];

    public static bool IsAddress(string word) =>
        word.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || word.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    public static bool IsId(string word) =>
        word.Any(char.IsAsciiDigit)
            && Array.Exists(Schemes, scheme => word.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));
}

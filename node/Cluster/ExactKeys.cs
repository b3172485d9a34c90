using System.Text.RegularExpressions;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Cluster;

/// <summary>What a key names, and with it what two reports that share it have in common.</summary>
public enum KeyKind
{
    /// <summary>The body without its salt: word for word the same report.</summary>
    Body,

    /// <summary>A vulnerability: CVE or GHSA.</summary>
    Vulnerability,

    /// <summary>An incident of the AI Incident Database.</summary>
    Incident,

    /// <summary>A case study of MITRE ATLAS.</summary>
    CaseStudy,

    /// <summary>A vulnerability of AVID.</summary>
    AvidVulnerability,

    /// <summary>A report of AVID, or any other outside id: the same document, but not the only one of its
    /// event.</summary>
    Document,

    /// <summary>A canonical web address.</summary>
    Url,
}

/// <summary>A value that reports of the same event share.</summary>
/// <param name="Kind">What it names.</param>
/// <param name="Value">Canonical spelling.</param>
public readonly record struct ExactKey(KeyKind Kind, string Value) : IComparable<ExactKey>
{
    /// <summary>Whether one value of this kind stands for one event, so that two different ones mean two
    /// events.</summary>
    public bool NamesTheEvent => Kind is KeyKind.Vulnerability or KeyKind.Incident or KeyKind.CaseStudy
        or KeyKind.AvidVulnerability;

    /// <inheritdoc/>
    public int CompareTo(ExactKey other) =>
        Kind != other.Kind ? Kind.CompareTo(other.Kind) : string.CompareOrdinal(Value, other.Value);

    /// <summary>Before, by kind, then by value.</summary>
    public static bool operator <(ExactKey left, ExactKey right) => left.CompareTo(right) < 0;

    /// <summary>After, by kind, then by value.</summary>
    public static bool operator >(ExactKey left, ExactKey right) => left.CompareTo(right) > 0;

    /// <summary>Before or equal.</summary>
    public static bool operator <=(ExactKey left, ExactKey right) => left.CompareTo(right) <= 0;

    /// <summary>After or equal.</summary>
    public static bool operator >=(ExactKey left, ExactKey right) => left.CompareTo(right) >= 0;
}

/// <summary>Finds the keys of a report.</summary>
public static partial class ExactKeys
{
    /// <summary>Keys of one report that are looked at.</summary>
    private const int MaxKeys = 64;

    /// <summary>The distinct keys of a report, in order. A CVE, GHSA, AVID or ATLAS id in the title counts
    /// like a stated one; one in the summary may be about something else and does not.</summary>
    public static ExactKey[] Of(ClusterItem item)
    {
        var keys = new SortedSet<ExactKey>();
        if (item.BodyHash is Digest hash)
        {
            keys.Add(new ExactKey(KeyKind.Body, hash.ToString()));
        }

        foreach (string id in item.ExternalIds)
        {
            if (Read(id) is ExactKey key)
            {
                keys.Add(key);
            }
        }

        foreach (Match match in Named().Matches(item.Title))
        {
            if (Read(match.Value) is ExactKey key)
            {
                keys.Add(key);
            }
        }

        foreach (string url in item.Urls)
        {
            if (CanonicalUrl.Of(url) is string canonical)
            {
                keys.Add(new ExactKey(KeyKind.Url, canonical));
            }
        }

        return [.. keys.Take(MaxKeys)];
    }

    /// <summary>Reads one outside id; null if it is empty.</summary>
    public static ExactKey? Read(string id)
    {
        string text = id.Trim().ToUpperInvariant();
        if (text.Length is 0 or > 256)
        {
            return null;
        }

        if (Aiid().Match(text) is { Success: true } aiid)
        {
            return new ExactKey(KeyKind.Incident, aiid.Groups[1].Value.TrimStart('0'));
        }

        if (Named().Match(text) is { Success: true } named)
        {
            string value = named.Value.ToUpperInvariant();
            return new ExactKey(
                value[0] switch
                {
                    'C' or 'G' => KeyKind.Vulnerability,
                    'A' when value[1] == 'M' => KeyKind.CaseStudy,
                    _ when value.Contains("-V", StringComparison.Ordinal) => KeyKind.AvidVulnerability,
                    _ => KeyKind.Document,
                },
                value);
        }

        return new ExactKey(KeyKind.Document, text);
    }

    [GeneratedRegex(@"\A(?:AIID|INCIDENTDATABASE)(?:[-_ ]INCIDENT)?[:#/ -]*(\d{1,6})\z")]
    private static partial Regex Aiid();

    [GeneratedRegex(
        @"\b(?:CVE-\d{4}-\d{4,8}|GHSA(?:-[a-z0-9]{4}){3}|AVID-\d{4}-[RV]\d{3,5}|AML\.CS\d{4})\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}

namespace IncidentMesh.Node.Cluster;

/// <summary>One spelling for the addresses under which the same page is cited.</summary>
public static class CanonicalUrl
{
    /// <summary>Longest address that is looked at.</summary>
    private const int MaxLength = 2_048;

    private static readonly string[] Hosts = ["www.", "m.", "mobile.", "amp."];

    private static readonly string[] Tracking =
    [
        "utm_", "fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "cmpid", "smid", "ref",
            "ref_src",
        "ref_url", "source", "guccounter", "guce_", "ocid", "at_medium", "at_campaign", "xtor", "wt_mc",
            "share", "s",
    ];

    /// <summary>The address without scheme, <c>www.</c>, default port, fragment, tracking parameters and a
    /// last slash, parameters sorted; null where the text is no web address with a path of its
    /// own.</summary>
    /// <remarks>A bare host names a publisher, not a page: it is no key.</remarks>
    public static string? Of(string text)
    {
        if (text.Length > MaxLength || !Uri.TryCreate(text.Trim(), UriKind.Absolute, out Uri? uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            return null;
        }

        string host = uri.IdnHost.ToLowerInvariant();
        string? prefix = Array.Find(Hosts, h => host.StartsWith(h, StringComparison.Ordinal));
        if (prefix is not null && host.IndexOf('.', prefix.Length) > 0)
        {
            host = host[prefix.Length..];
        }

        string path = uri.AbsolutePath.TrimEnd('/');
        string[] query =
        [
            .. uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Where(p => !IsTracking(p)).Order(StringComparer.Ordinal),
        ];
        if (path.Length == 0 && query.Length == 0)
        {
            return null;
        }

        string port = uri.IsDefaultPort ? "" : $":{uri.Port}";
        return host + port + path + (query.Length == 0 ? "" : "?" + string.Join('&', query));
    }

    private static bool IsTracking(string parameter)
    {
        string name = parameter.Split('=', 2)[0].ToLowerInvariant();
        return Array.Exists(
            Tracking, t => t.EndsWith('_') ? name.StartsWith(t, StringComparison.Ordinal) : name == t);
    }
}

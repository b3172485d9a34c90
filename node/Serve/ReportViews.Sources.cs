using IncidentMesh.Node.Cluster;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

// How corroboration was counted, in words.
internal sealed partial class ReportViews
{
    /// <summary>Who stands for the event of a report; null where it is not clustered.</summary>
    public CorroborationView? CorroborationOf(Digest id)
    {
        Corroboration? counted = index.WithClusters(c => c.Contains(id) ? c.Sources(id) : null);
        return counted is null ? null : new CorroborationView(
            counted.Sources.Count,
            [
                .. counted.Sources.SelectMany(s => s.Authors).Select(authors.Country).OfType<string>()
                    .Distinct().Order(StringComparer.Ordinal),
            ],
            [.. counted.Sources.Select(s => InWords(s, "inquiry"))],
            [.. counted.Disputes.Select(s => InWords(s, "dispute"))]);
    }

    private string InWords(IndependentSource source, string own)
    {
        string who = string.Join(" and ", source.Authors.Select(authors.Name));
        return source.Root is null ? $"{who} {own}"
            : $"one {RootInWords(source.Root)} ({who} rest on it: counted once)";
    }

    private static string RootInWords(string root)
    {
        const int Shown = 12;
        if (root.StartsWith(EvidenceRoots.File, StringComparison.Ordinal))
        {
            return $"file {root[..(EvidenceRoots.File.Length + Shown)]}";
        }

        if (root.StartsWith(EvidenceRoots.Text, StringComparison.Ordinal))
        {
            return "report";
        }

        return root.StartsWith(EvidenceRoots.Document, StringComparison.Ordinal) ? root
            : $"{root.Split('/', 2)[0]} article";
    }
}

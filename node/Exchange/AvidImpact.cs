using System.Text.Json;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Exchange;

/// <summary>The <c>impact</c> of an AVID report: its own taxonomy, CVSS, CWE, 0DIN. A severity stays on the
/// scale of its source: scales are never converted into each other.</summary>
internal static class AvidImpact
{
    /// <summary>Vocabularies of AVID, and namespaces of tags.</summary>
    public const string Domain = "avid-risk-domain";
    public const string Sep = "avid-sep";
    public const string SocialImpact = "0din-social-impact";

    private const string Avid = "impact.avid";

    /// <summary>What 0DIN says of a jailbreak.</summary>
    public static IReadOnlyList<string> Levels { get; } = ["Strategy", "Category", "Technique"];

    /// <summary>The namespace of the tags of a level.</summary>
    public static string TagOf(string level) => $"0din-{level.ToLowerInvariant()}";

    public static void Read(JsonRow row, ReportBody body)
    {
        string[] domains = Known(
            Domain, row.Texts($"{Avid}.risk_domain").Select(word => word.ToLowerInvariant()));
        string[] views = Known(Sep, row.Texts($"{Avid}.sep_view").Select(CodeOf));
        IEnumerable<Tag> tags = Tags(row);
        if (body is ModelRiskBody risk)
        {
            risk.RiskDomains = domains;
            risk.SepView = views;
            risk.Cwes = [.. row.Items("impact.cwe").Select(cwe => row.Text(cwe, "cweId")).OfType<string>()
                .Where(IsCwe).Distinct().Take(Limits.Records.ListEntries)];
            ReadCvss(row, risk);
        }
        else
        {
            tags = tags.Concat(domains.Select(domain => new Tag(Domain, domain)))
                .Concat(views.Select(view => new Tag(Sep, view)));
        }

        body.Techniques = [.. row.Items("impact.atlas").Select(step => Technique(row, step))
            .OfType<Technique>().Take(Limits.Records.ListEntries)];
        body.LifecyclePhase =
            Known("avid-lifecycle", row.Texts($"{Avid}.lifecycle_view").Select(CodeOf)).FirstOrDefault();
        body.Tags = [.. tags.DistinctBy(tag => (tag.Namespace, tag.Value)).Take(Limits.Records.ListEntries)];
    }

    private static Technique? Technique(JsonRow row, JsonElement step) =>
        row.Text(step, "technique") is { } id
            ? new Technique(RowResult.Short(id),
                row.Text(step, "tactic") is { } tactic ? RowResult.Short(tactic) : null)
            : null;

    private static void ReadCvss(JsonRow row, ModelRiskBody body)
    {
        string? raw = row.Text("impact.cvss.baseSeverity");
        if (raw is null)
        {
            return;
        }

        string? score = JsonRow.DecimalOf(row.At("impact.cvss.baseScore"));
        string scheme = $"cvss-{row.Text("impact.cvss.version") ?? "3.1"}";
        string? vector = row.Text("impact.cvss.vectorString");
        body.CvssVector = vector is null ? null : RowResult.Short(vector);
        body.Severity = new Severity(
            RowResult.Short(raw.ToLowerInvariant()), RowResult.Short(scheme),
                RowResult.Short($"{raw} {score}".Trim()));
    }

    private static IEnumerable<Tag> Tags(JsonRow row)
    {
        if (row.Text($"{Avid}.vuln_id") is { } vulnerability)
        {
            // Several reports belong to one vulnerability: that is a label of the report, not its name.
            yield return new Tag("avid-vulnerability", RowResult.Short(vulnerability));
        }

        if (row.Text("problemtype.classof") is { } kind)
        {
            yield return new Tag("avid-class", RowResult.Short(kind));
        }

        foreach (JsonElement jailbreak in row.Items("impact.odin.JailbreakTaxonomy"))
        {
            foreach (string level in Levels)
            {
                if (row.Text(jailbreak, level) is { } label)
                {
                    yield return new Tag(TagOf(level), RowResult.Short(label));
                }
            }
        }

        if (row.Text("impact.odin.SocialImpactScore") is { } impact)
        {
            yield return new Tag(SocialImpact, RowResult.Short(impact));
        }
    }

    /// <summary><c>S0403</c> of <c>S0403: Adversarial Example</c>.</summary>
    private static string CodeOf(string label) => label.Split(':', 2)[0].Trim();

    private static string[] Known(string vocabulary, IEnumerable<string> values) =>
        [.. values.Where(Vocabulary.Get(vocabulary).Contains).Distinct().Take(Limits.Records.ListEntries)];

    private static bool IsCwe(string text) =>
        text.StartsWith("CWE-", StringComparison.Ordinal) && text.Length is > 4 and <= 10
        && text.AsSpan(4).IndexOfAnyExceptInRange('0', '9') < 0;
}

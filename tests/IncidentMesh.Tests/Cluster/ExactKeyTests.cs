using IncidentMesh.Node.Cluster;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Cluster;

public sealed class ExactKeyTests
{
    private static ClusterEngine Filled(params ClusterItem[] items)
    {
        ClusterEngine engine = Reports.Engine();
        Array.ForEach(items, engine.Add);
        return engine;
    }

    private static ClusterItem Risk(int i, string title) =>
        Reports.Of(i, 0, title, 0.99f) with { Type = "model-risk" };

    [Theory]
    [InlineData("HTTPS://WWW.Example.org:443/A/b/?utm_source=x&b=2&a=1#top", "example.org/A/b?a=1&b=2")]
    [InlineData("http://m.example.org/story/", "example.org/story")]
    [InlineData("https://example.org/", null)]
    [InlineData("ftp://example.org/x", null)]
    [InlineData("not an address", null)]
    public void An_address_has_one_spelling(string text, string? canonical) =>
        Assert.Equal(canonical, CanonicalUrl.Of(text));

    [Theory]
    [InlineData("AIID:14", KeyKind.Incident, "14")]
    [InlineData("aiid-0014", KeyKind.Incident, "14")]
    [InlineData("cve-2021-41217", KeyKind.Vulnerability, "CVE-2021-41217")]
    [InlineData("AVID:AVID-2026-R0163", KeyKind.Document, "AVID-2026-R0163")]
    [InlineData("AVID-2023-V001", KeyKind.AvidVulnerability, "AVID-2023-V001")]
    [InlineData("AML.CS0016", KeyKind.CaseStudy, "AML.CS0016")]
    [InlineData("docket 12/2026", KeyKind.Document, "DOCKET 12/2026")]
    public void Outside_ids_are_read(string id, KeyKind kind, string value) =>
        Assert.Equal(new ExactKey(kind, value), ExactKeys.Read(id));

    [Fact]
    public void The_same_id_joins_whatever_the_texts_say_and_another_parts()
    {
        ClusterEngine engine = Filled(
            Reports.Of(0, 0, "Robot hits a man") with { ExternalIds = ["AIID:14"] },
            Reports.Of(1, 1, "Something else entirely") with { ExternalIds = ["AIID:14"] },
            Reports.Of(2, 0, "Robot hits a man") with { ExternalIds = ["AIID:15"] });
        Assert.Equal(2, engine.Members(Reports.Id(1)).Count);
        Assert.Single(engine.Members(Reports.Id(2)));
        Assert.Equal(["same id: AIID 14"], engine.Describe(Reports.Id(0)).Single().Verdict.Reasons);
        Assert.Contains(
            engine.Similar(Reports.Of(9, 0, "Robot hits a man") with { ExternalIds = ["AIID:15"] }, 5),
            m => m.Id == Reports.Id(2) && m.Verdict.Label == "very likely");
    }

    [Fact]
    public void Word_for_word_the_same_body_joins()
    {
        Digest body = Digest.Sha256("body"u8);
        ClusterEngine engine = Filled(
            Reports.Of(0, 0, "One") with { BodyHash = body }, Reports.Of(1, 1, "Two")
                with { BodyHash = body });
        Assert.Equal(2, engine.Members(Reports.Id(0)).Count);
    }

    [Fact]
    public void Findings_of_a_series_that_differ_in_one_word_stay_apart()
    {
        string[] models = ["Kimi-K2-Instruct-0905", "GPT-4o", "Mistral-7B"];
        string[] probes = ["latentinjection.Report", "latentinjection.Resume", "dan.Ablation_10"];
        ClusterItem[] findings =
        [
            .. from m in models
               from p in probes
               select Risk(
                   (Array.IndexOf(models, m) * 10) + Array.IndexOf(probes, p),
                   $"The model {m} was evaluated by a vulnerability scanner using the probe `{p}`."),
        ];
        Assert.Equal(0, Filled(findings).ClusterCount);
        ClusterEngine twice = Filled([.. findings, findings[4] with { Id = Reports.Id(900) }]);
        Assert.Equal([2], twice.Clusters().Select(c => c.Count));
    }

    [Fact]
    public void Stated_systems_and_measures_decide_before_the_texts()
    {
        const string Title = "Toxic output measured on a public benchmark";
        ClusterItem a = Risk(0, Title) with { Systems = ["GPT-4"], Measures = ["BBQ"] };
        Assert.Single(Filled(a, Risk(1, Title) with { Systems = ["GPT-4 Turbo"] }).Members(Reports.Id(0)));
        Assert.Single(
            Filled(a, Risk(1, Title) with { Systems = ["GPT-4"], Measures = ["RealToxicityPrompts"] })
            .Members(Reports.Id(0)));
        Assert.Equal(2, Filled(a, Risk(1, Title) with { Systems = ["gpt 4"], Measures = ["bbq"] })
            .Members(Reports.Id(0)).Count);
    }

    [Fact]
    public void Vulnerabilities_with_different_numbers_in_their_titles_stay_apart()
    {
        ClusterEngine engine = Filled(
            Risk(0, "Integer overflow in Tensorflow (CVE-2021-41197)"),
            Risk(1, "Integer overflow in Tensorflow (CVE-2022-21727)"),
            Risk(2, "Tensorflow: overflow of integers, CVE-2022-21727"));
        Assert.Equal([1, 2], engine.Clusters(1).Select(c => c.Count).Order());
    }

    [Fact]
    public void Evidence_joins_until_more_than_16_reports_share_it()
    {
        ClusterItem At(int i) => Reports.Of(i, 0, $"Qword{i} happened", 0.55f) with
        {
            Urls = ["https://example.org/report?utm_medium=feed"],
        };
        int limit = Limits.Cluster.SharersOfEvidence;
        ClusterEngine engine = Filled([.. Enumerable.Range(0, limit).Select(At)]);
        Assert.Equal(limit, engine.Members(Reports.Id(0)).Count);
        Assert.Contains("same evidence URL", engine.Describe(Reports.Id(0))[0].Verdict.Reasons);
        engine.Add(At(limit));
        Assert.Equal(0, engine.ClusterCount);
        engine.Remove(Reports.Id(3));
        Assert.Equal(limit, engine.Members(Reports.Id(0)).Count);
    }

    [Fact]
    public void A_flood_of_look_alikes_stays_within_the_limits()
    {
        int limit = Limits.Cluster.NeighboursPerReport;
        foreach (int count in new[] { limit, limit + 1 })
        {
            ClusterEngine engine = Filled([.. Enumerable.Range(0, count)
                .Select(i => Reports.Of(i, 0, "Robot hits a man in Novara", 0.97f))]);
            Assert.InRange(engine.Pairs().Count(), limit * (limit - 1) / 2, count * limit / 2);
            Assert.Equal(count, engine.Members(Reports.Id(0)).Count);
        }
    }
}

using System.Globalization;
using System.Text.Json;
using Xunit;

namespace IncidentMesh.Tests.Exchange;

/// <summary>What the demo and the clustering tests rely on in node/Samples/reports.jsonl.</summary>
public sealed class SamplesTests
{
    private static readonly string[] Authors = ["regulator", "lab", "community"];
    private static readonly string[] Severities =
        ["hazard", "serious-hazard", "incident", "serious-incident", "disaster"];
    private static readonly string[] Harms =
    [
        "physical-injury", "physical-death", "psychological", "reputational", "economic", "environmental",
        "public-interest", "rights", "other",
    ];
    private static readonly string[] Roles = ["direct-cause", "contributing", "overreliance", "unknown"];

    private static readonly JsonElement[] Reports = File
        .ReadAllLines(Path.Combine(Repo.Root, "node", "Samples", "reports.jsonl"))
        .Select(line => JsonElement.Parse(line))
        .ToArray();

    private static string Text(JsonElement report, string field)
    {
        string? text = report.GetProperty(field).GetString();
        Assert.False(string.IsNullOrWhiteSpace(text), field);
        return text;
    }

    private static string[] Texts(JsonElement report, string field)
    {
        string[] texts = report.GetProperty(field).EnumerateArray().Select(e => e.GetString()!).ToArray();
        Assert.NotEmpty(texts);
        return texts;
    }

    private static DateOnly Date(JsonElement report, string field) =>
        DateOnly.ParseExact(Text(report, field), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Fact]
    public void There_are_enough_reports_events_and_languages()
    {
        Assert.InRange(Reports.Length, 60, 200);
        Assert.InRange(Reports.DistinctBy(r => Text(r, "event")).Count(), 20, 100);
        Assert.InRange(Reports.DistinctBy(r => Text(r, "lang").Split('-')[0]).Count(), 10, 100);
    }

    [Fact]
    public void At_least_six_events_are_told_by_all_authors_in_three_languages()
    {
        int told = Reports.GroupBy(r => Text(r, "event")).Count(reports =>
            reports.DistinctBy(r => Text(r, "author")).Count() == Authors.Length
            && reports.DistinctBy(r => Text(r, "lang")).Count() >= 3);
        Assert.InRange(told, 6, Reports.Length);
    }

    [Fact]
    public void Every_report_has_its_fields_with_known_values()
    {
        foreach (JsonElement report in Reports)
        {
            Assert.Contains(Text(report, "author"), Authors);
            Assert.Contains(Text(report, "type"), new[] { "incident", "model-risk" });
            Assert.Contains(Text(report, "severity"), Severities);
            Assert.Contains(Text(report, "ai_role"), Roles);
            Assert.Matches("^[a-z]{2,3}(-[A-Z]{2})?$", Text(report, "lang"));
            Assert.All(Texts(report, "harm"), harm => Assert.Contains(harm, Harms));
            Assert.All(Texts(report, "countries"), country => Assert.Matches("^[A-Z]{2}$", country));
            Assert.InRange(Text(report, "title").Length, 10, 140);
            Assert.InRange(Text(report, "description").Length, 120, 900);
            Text(report.GetProperty("system"), "name");
            foreach (string field in new[] { "developer", "deployer", "sector" })
            {
                Text(report, field);
            }
        }
    }

    [Fact]
    public void Dates_are_valid_and_nobody_is_aware_before_it_happened()
    {
        DateOnly first = new(2026, 1, 1), last = new(2026, 11, 30);
        foreach (JsonElement report in Reports)
        {
            Assert.InRange(Date(report, "occurred"), first, last);
            if (report.TryGetProperty("aware_at", out _))
            {
                Assert.InRange(Date(report, "aware_at"), Date(report, "occurred"), last);
            }
        }
    }

    [Fact]
    public void Evidence_points_at_reserved_names_only_and_is_never_shared_between_events()
    {
        Dictionary<string, string> eventOf = [];
        foreach (JsonElement report in Reports)
        {
            foreach (string url in Texts(report, "evidence"))
            {
                Assert.Matches(@"^https://([a-z0-9-]+\.)?example\.(org|net|com)/\S+$", url);
                string label = Text(report, "event");
                Assert.Equal(label, eventOf.TryGetValue(url, out string? known) ? known : label);
                eventOf[url] = label;
            }
        }
    }

    [Fact]
    public void A_model_risk_names_its_model()
    {
        foreach (JsonElement report in Reports.Where(r => Text(r, "type") == "model-risk"))
        {
            JsonElement model = report.GetProperty("model");
            Assert.StartsWith("pkg:", Text(model, "purl"), StringComparison.Ordinal);
            Assert.All(new[] { "name", "version", "provider" }, field => Text(model, field));
        }
    }

    [Fact]
    public void No_two_reports_have_the_same_description()
    {
        Assert.Equal(Reports.Length, Reports.DistinctBy(r => Text(r, "description")).Count());
    }
}

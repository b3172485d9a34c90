using System.Text.Json;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Protocol.Records;
using Xunit;

namespace IncidentMesh.Tests.Exchange;

/// <summary>What AVID tells comes back to it where the table says so.</summary>
public sealed class AvidTests : IDisposable
{
    private readonly ImportFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("AVID-2023-V028", "vuln_id")]
    [InlineData("AVID-2023-R0004", "report_id")]
    public void A_number_goes_where_it_came_from(string number, string name)
    {
        JsonElement back = Back($$$"""
            {"data_type":"AVID","metadata":{"{{{name}}}":"{{{number}}}" },
             "affects":{"artifacts":[{"type":"Model","name":"m"}]},
             "problemtype":{"classof":"LLM Evaluation","description":{"lang":"eng","value":"t"} } }
            """);
        JsonProperty only = Assert.Single(back.GetProperty("metadata").EnumerateObject());
        Assert.Equal((name, number), (only.Name, only.Value.GetString()));
    }

    [Fact]
    public void The_taxonomy_of_an_incident_and_of_0din_comes_back()
    {
        const string Taxonomy = """
            {"risk_domain":["Security"],"sep_view":["S0403: Adversarial Example"],"lifecycle_view":[]}
            """;
        const string Odin = """
            {"SocialImpactScore":"Level 1: Minimal Risk","JailbreakTaxonomy":[
            {"Strategy":"Code and Encode","Category":"Language","Technique":"Chaff"}]}
            """;
        JsonElement impact = Back($$$"""
            {"data_type":"AVID","metadata":{"report_id":"AVID-2023-R0001"},
             "references":[{"url":"https://incidentdatabase.ai/cite/14"}],
             "problemtype":{"classof":"AIID Incident","description":{"lang":"eng","value":"t"}},
             "impact":{"avid":{{{Taxonomy}}},"odin":{{{Odin}}} }}
            """).GetProperty("impact");
        Assert.Equal(["Security"], Texts(impact.GetProperty("avid").GetProperty("risk_domain")));
        Assert.Equal(
            ["S0403: Adversarial Example"], Texts(impact.GetProperty("avid").GetProperty("sep_view")));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(Odin), impact.GetProperty("odin")));
    }

    [Fact]
    public void Several_taxonomies_of_0din_are_not_paired_by_guess()
    {
        ModelRiskBody body = new()
        {
            Title = "t",
            Models = [new Model("m")],
            Tags =
            [
                new Tag("0din-strategy", "a"), new Tag("0din-category", "b"), new Tag("0din-category", "c"),
                new Tag("0din-technique", "d"), new Tag("0din-social-impact", "high"),
            ],
        };
        using JsonDocument json = JsonDocument.Parse(Exported.Text("avid", Exported.View(body)));
        JsonElement odin = json.RootElement.GetProperty("impact").GetProperty("odin");
        Assert.Equal("SocialImpactScore", Assert.Single(odin.EnumerateObject()).Name);
    }

    private static IEnumerable<string?> Texts(JsonElement list) =>
        list.EnumerateArray().Select(one => one.GetString());

    private JsonElement Back(string avid)
    {
        ImportRow row = Assert.Single(ImportFolder.Read(folder.Write("a.json", avid), ImportFormat.Avid));
        Assert.Null(row.Error);
        return JsonElement.Parse(Exported.Text("avid", Exported.View((ReportBody)row.Body!)));
    }
}

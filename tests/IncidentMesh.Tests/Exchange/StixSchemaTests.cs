using System.Text.Json;
using CsCheck;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;
using Json.Schema;
using Xunit;

namespace IncidentMesh.Tests.Exchange;

/// <summary>Every object of an export is valid under the JSON schemas of OASIS, where they are at
/// hand.</summary>
public sealed class StixSchemaTests
{
    private static readonly Lazy<IReadOnlyDictionary<string, JsonSchema>> Schemas = new(Load);

    [Theory]
    [InlineData("incident")]
    [InlineData("model-risk")]
    public void Every_object_is_valid(string type)
    {
        // Where they are not at hand the test is skipped, which within a sample would be its failure.
        Assert.NotEmpty(Schemas.Value);
        BodyGen.Of(type).Sample(
            map => Check(Exported.Text("stix", Answered((ReportBody)TypedBody.Read(type, map)!))),
            iter: 25, threads: 1);
    }

    [Fact]
    public void The_same_report_gives_the_same_ids_and_a_wrong_object_is_found()
    {
        IncidentBody body = new() { Title = "t", Countries = ["DE"], Developers = [new Party("Novara")] };
        string first = Exported.Text("stix", Exported.View(body));
        Assert.Equal(first, Exported.Text("stix", Exported.View(body)));
        Assert.Contains("94868c89-83c2-464b-929b-a1a8aa3c8487", first, StringComparison.Ordinal);
        using JsonDocument bad = JsonDocument.Parse("{\"type\":\"incident\",\"id\":\"incident--1\"}");
        Assert.False(Schemas.Value["incident"].Evaluate(bad.RootElement).IsValid);
    }

    [Fact]
    public void Numbers_of_cve_and_capec_have_the_sources_that_stix_keeps_for_them()
    {
        Assert.NotEmpty(Schemas.Value);
        ExternalId[] ids =
        [
            new("CVE", "CVE-2026-27004", "https://e.org/c"), new("CAPEC", "CAPEC-66"), new("AIID", "14"),
            new("CVE", "not yet"),
        ];
        IncidentBody body = new()
        {
            Title = "t", ExternalIds = ids, Techniques = [new Technique("CAPEC-66"), new("AML.T0054")],
        };
        string bundle = Exported.Text("stix", Exported.View(body));
        Check(bundle);
        using ImportFolder folder = new();
        ImportRow row = Assert.Single(ImportFolder.Read(folder.Write("b.json", bundle), ImportFormat.Stix));
        IncidentBody back = Assert.IsType<IncidentBody>(row.Body);
        Assert.Equal(ids, back.ExternalIds);
        Assert.Equal(["CAPEC-66", "AML.T0054"], back.Techniques.Select(one => one.Id));
    }

    private static ReportView Answered(ReportBody body)
    {
        AnswerView Answer(string verdict) => new(
            "bafyrei" + verdict, verdict, "document", "same docket", Exported.Author, Exported.Created);
        return Exported.View(body) with
        {
            Answers = [Answer("corroborate"), Answer("dispute"), Answer("resolved")],
        };
    }

    private static void Check(string bundle)
    {
        using JsonDocument document = JsonDocument.Parse(bundle);
        foreach (JsonElement one in document.RootElement.GetProperty("objects").EnumerateArray())
        {
            string type = one.GetProperty("type").GetString()!;
            EvaluationResults result = Schemas.Value[type].Evaluate(
                one, new EvaluationOptions { OutputFormat = OutputFormat.List });
            Assert.True(result.IsValid, $"{one}\n" + string.Join('\n', (result.Details ?? [])
                .Where(detail => detail.Errors is { Count: > 0 })
                .Select(detail => $"{detail.EvaluationPath}: {string.Join("; ", detail.Errors!.Values)}")));
        }
    }

    private static Dictionary<string, JsonSchema> Load()
    {
        string archive = Repo.SharedFile("data", "stix", "stix-2.1-schemas-3bf9e69.tar.xz");
        string folder = Path.Combine(Archive.Unpack(archive), "schemas");
        Dictionary<string, JsonSchema> all = [];
        foreach (string file in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories))
        {
            JsonSchema schema = JsonSchema.FromText(File.ReadAllText(file));
            SchemaRegistry.Global.Register(schema);
            all[Path.GetFileNameWithoutExtension(file)] = schema;
        }

        return all;
    }
}

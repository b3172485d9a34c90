using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Records;

public class PartTests
{
    private static readonly Digest Hash = Digest.Sha256("x"u8);

    [Fact]
    public void Every_field_of_a_report_is_read_back()
    {
        ModelRiskBody body = Full();
        Assert.Empty(body.Check());
        ModelRiskBody read = new(body.ToMap());
        Assert.Equal(body.Occurred, read.Occurred);
        Assert.Equal(body.Clocks, read.Clocks);
        Assert.Equal(body.Evidence, read.Evidence);
        Assert.Equal(body.Developers, read.Developers);
        Assert.Equal(body.HarmQuantity, read.HarmQuantity);
        Assert.Equal(body.ActionsTaken, read.ActionsTaken);
        Assert.Equal(body.Techniques, read.Techniques);
        Assert.Equal(body.Tags, read.Tags);
        Assert.Equal(body.ExternalIds, read.ExternalIds);
        Assert.Equal("AIID:14", read.ExternalIds[0].ToString());
        Assert.Equal("CVE-2026-1", new ExternalId("CVE", "CVE-2026-1").ToString());
        Assert.Equal(body.Source, read.Source);
        Assert.Equal(body.Datasets, read.Datasets);
        Assert.Equal(body.Prompts, read.Prompts);
        Assert.Equal(body.Misuse, read.Misuse);
        Assert.Equal(body.Models[0].ToMap(), read.Models[0].ToMap());
        Assert.Equal(body.Evals[0], read.Evals[0]);
        Assert.Equal(body.Models[0].Lineage![0].To.Sha256, read.Models[0].Lineage![0].To.Sha256);
    }

    private static ModelRiskBody Full() => new()
    {
        Title = "t",
        Occurred = new Occurrence("2026-11", "2026-12", "month"),
        Clocks = new Clocks("2026-11-01", "2026-11-02T00:00:00Z", "2026-11-17", "initial"),
        Evidence = [new Evidence(
            "https://e.org/a", "https://a.org/b", Hash, 12, "text/plain", "n", true)],
        Developers = [new Party("Acme", "lei:1", "DE")],
        HarmQuantity = new HarmQuantity(1, 2, 3, "4.50", "EUR"),
        ActionsTaken = [new ActionTaken("ceasing", "off")],
        Techniques = [new Technique("AML.T0051", "AML.TA0000", "prompt injection", "d")],
        Tags = [new Tag("avid-sep", "S0403", "0.2", "high")],
        ExternalIds = [new ExternalId("AIID", "14", "https://incidentdatabase.ai/cite/14")],
        Source = new Source("organisation", "EFF"),
        Datasets = [new DatasetReference("d", "org/d", "https://d.org/")],
        Prompts = [new Prompt(Hash, "user")],
        Misuse = false,
        Models =
        [
            new Model(
                "m",
                "1",
                "p",
                "pkg:huggingface/a/m",
                [new ModelFile(Hash, 800, "gguf")],
                Hash,
                "llama",
                "Q4_K_M",
                "MIT",
                [new LineageEdge("adapter", new ModelReference(Sha256: Hash), "peft")]),
        ],
        Evals =
        [
            new Eval(
                "fairlearn:demographic_parity_difference",
                "0.182",
                "ratio",
                "zero",
                new EvalGroup("sex", "f", "m"),
                new EvalInterval("0.1", "0.2", "0.95", "bootstrap"),
                100,
                new EvalDataset("d", "c", "test", "r", Hash, true),
                new EvalThreshold("le", "0.1", "fail"),
                "de",
                "classification",
                new EvalMethod("fairlearn", "0.12", 1, 2, Hash, "greedy", "none"),
                "2026-11-01",
                "third-party",
                Hash),
        ],
    };
}

using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Records;

public class BodyTests
{
    [Fact]
    public void A_sample_keeps_every_rule()
    {
        IncidentBody body = Sample.Body();
        Assert.Empty(body.Check());
        Assert.Empty(body.MissingMandatory());
        Assert.Equal(["ai_role", "evidence", "severity"], new IncidentBody
        {
            Title = "x", Description = "y", HarmTypes = ["other"],
        }.MissingMandatory().Order());
    }

    [Fact]
    public void Problems_have_the_path_and_say_what_was_meant()
    {
        IncidentBody body = Sample.Body();
        body.Severity = new Severity("huge", Severity.Oecd);
        body.HarmTypes = ["economic", "Rights"];
        body.Countries = ["DE", "XX"];
        body.Systems = [new AiSystem("s", Models: [new Model("m", Purl: "huggingface/x")])];
        body.Occurred = new Occurrence("19.11.2026");
        body.Set("misuse", new IpldText("yes"));
        string[] problems = [.. body.Check().Select(p => p.ToString())];
        Assert.Contains(
            problems, p => p.StartsWith("severity.value: \"huge\" is not in oecd-severity 1.0: hazard, "));
        Assert.Contains(
            "harm_types[1]: \"Rights\" is not in oecd-harm-type 1.0; did you mean \"rights\"?", problems);
        Assert.Contains(problems, p => p.StartsWith("countries[1]: \"XX\" is not in iso-3166-1"));
        Assert.Contains(
            "systems[0].models[0].purl: \"huggingface/x\" is not a package URL (pkg:type/…)", problems);
        Assert.Contains(problems, p => p.StartsWith("occurred.start: \"19.11.2026\" is not a time"));
        Assert.Contains("misuse: expected true or false", problems);
        Assert.Equal(6, problems.Length);
    }

    [Fact]
    public void A_severity_of_another_scale_is_kept_raw()
    {
        IncidentBody body = Sample.Body();
        body.Severity = new Severity("serious-incident", Severity.Oecd, "8.1", "cvss-3.1", "approximate");
        Assert.Empty(body.Check());
        body.Severity = new Severity("9", "some-scale");
        Assert.Empty(body.Check());
        Assert.Equal("some-scale", body.Severity.Scheme);
    }

    [Theory]
    [InlineData(Limits.Records.ShortTextBytes, true)]
    [InlineData(Limits.Records.ShortTextBytes + 1, false)]
    public void Short_text_has_a_limit(int bytes, bool ok) =>
        Assert.Equal(ok, With(b => b.Title = new string('x', bytes)));

    [Theory]
    [InlineData(Limits.Records.LongTextBytes, true)]
    [InlineData(Limits.Records.LongTextBytes + 1, false)]
    public void Long_text_has_a_limit(int bytes, bool ok) =>
        Assert.Equal(ok, With(b => b.Description = new string('x', bytes)));

    [Theory]
    [InlineData(Limits.Records.ListEntries, true)]
    [InlineData(Limits.Records.ListEntries + 1, false)]
    public void Lists_have_a_limit(int count, bool ok) =>
        Assert.Equal(ok, With(b => b.Places = [.. Enumerable.Range(0, count).Select(i => $"p{i}")]));

    [Theory]
    [InlineData(Limits.Records.Models, true)]
    [InlineData(Limits.Records.Models + 1, false)]
    public void Models_have_a_limit(int count, bool ok) =>
        Assert.Equal(ok, Models(Enumerable.Range(0, count).Select(i => new Model($"m{i}"))));

    [Theory]
    [InlineData(Limits.Records.ModelFiles, true)]
    [InlineData(Limits.Records.ModelFiles + 1, false)]
    public void Files_of_a_model_have_a_limit(int count, bool ok) => Assert.Equal(ok, Models(
        [new Model("m", Files: [.. Enumerable.Repeat(new ModelFile(Digest.Sha256("x"u8)), count)])]));

    [Theory]
    [InlineData(Limits.Records.LineageEdges, true)]
    [InlineData(Limits.Records.LineageEdges + 1, false)]
    public void Lineage_has_a_limit(int count, bool ok)
    {
        LineageEdge edge = new("finetune", new ModelReference(Purl: "pkg:huggingface/a/b"), "card");
        Assert.Equal(ok, Models([new Model("m", Lineage: [.. Enumerable.Repeat(edge, count)])]));
    }

    [Theory]
    [InlineData(Limits.Records.Evals, true)]
    [InlineData(Limits.Records.Evals + 1, false)]
    public void Evals_have_a_limit(int count, bool ok)
    {
        ModelRiskBody body = new() { Title = "t", Models = [new Model("m")] };
        body.Evals = [.. Enumerable.Repeat(new Eval("hf:wer", "0.182"), count)];
        Assert.Equal(ok, body.Check().Count == 0);
    }

    [Theory]
    [InlineData(Limits.Records.TrustEntries, true)]
    [InlineData(Limits.Records.TrustEntries + 1, false)]
    public void Trust_lists_have_a_limit(int count, bool ok)
    {
        TrustEntry entry = new(Cid.Of(Codec.DagCbor, "x"u8));
        Assert.Equal(
            ok, new TrustListBody { Entries = [.. Enumerable.Repeat(entry, count)] }.Check().Count == 0);
    }

    [Theory]
    [InlineData("0.182", true)]
    [InlineData("-12", true)]
    [InlineData("1e3", false)]
    [InlineData(".5", false)]
    [InlineData("01", false)]
    [InlineData("1\n", false)]
    public void Results_are_decimal_text(string value, bool ok)
    {
        ModelRiskBody body = new() { Title = "t", Models = [new Model("m")] };
        body.Evals = [new Eval("x:m", value)];
        Assert.Equal(ok, body.Check().Count == 0);
    }

    [Fact]
    public void A_model_risk_names_a_model_or_a_system()
    {
        ModelRiskBody body = new() { Title = "t" };
        Assert.Equal("models", Assert.Single(body.Check()).Path);
        body.Systems = [new AiSystem("s")];
        Assert.Empty(body.Check());
    }

    [Fact]
    public void A_verdict_about_a_model_names_it()
    {
        AttestationBody body = new() { Verdict = "not-affected", Basis = "replication" };
        Assert.Equal("model", Assert.Single(body.Check()).Path);
        body.Model = new ModelReference(Name: "tiny-tune");
        Assert.Empty(body.Check());
        Assert.Equal("verdict", Assert.Single(new AttestationBody { Basis = "document" }.Check()).Path);
    }

    [Fact]
    public void A_correction_is_checked_by_the_rules_of_what_it_corrects()
    {
        CorrectionBody body = CorrectionBody.Of(Sample.Body("better title"), "typo");
        Assert.Empty(body.Check());
        Assert.Equal("better title", Assert.IsType<IncidentBody>(body.Corrected()).Title);
        IncidentBody bad = Sample.Body();
        bad.AiRole = "nothing";
        Assert.Equal("content.ai_role", Assert.Single(CorrectionBody.Of(bad, null).Check()).Path);
    }

    [Fact]
    public void Unknown_keys_are_kept_and_odd_fields_read_as_absent()
    {
        IpldMap map = Sample.Body().ToMap()
            .With("later_field", new IpldInteger(7))
            .With("title", new IpldInteger(3))
            .With("evidence", new IpldText("none"));
        IncidentBody body = new(map);
        Assert.Null(body.Title);
        Assert.Empty(body.Evidence);
        body.Places = ["Köln"];
        Assert.Equal(7, body.ToMap().Get<IpldInteger>("later_field")!.Value);
    }

    [Fact]
    public void Every_type_that_is_understood_has_a_body_and_a_schema()
    {
        foreach (string type in RecordTypes.Understood)
        {
            Assert.Equal(type, TypedBody.Read(type, IpldMap.Empty)!.Type);
            Assert.NotEmpty(Schema.Of(type)!.Fields);
        }

        Assert.Null(TypedBody.Read("sealed", IpldMap.Empty));
    }

    [Theory]
    [InlineData("2026", 1_767_225_600L)]
    [InlineData("2026-11", 1_793_491_200L)]
    [InlineData("2026-11-19", 1_795_046_400L)]
    [InlineData("2026-11-19T14:05:00Z", 1_795_097_100L)]
    [InlineData("2026-11-19T14:05:00+01:00", 1_795_093_500L)]
    [InlineData("2026-11-31", null)]
    [InlineData("2026-11-19T25:00:00Z", null)]
    [InlineData("19 Nov 2026", null)]
    [InlineData("", null)]
    public void Times_are_rfc_3339_cut_to_what_is_known(string text, long? seconds) =>
        Assert.Equal(seconds, Forms.ToUnixSeconds(text));

    private static bool With(Action<IncidentBody> change)
    {
        IncidentBody body = Sample.Body();
        change(body);
        return body.Check().Count == 0;
    }

    private static bool Models(IEnumerable<Model> models) =>
        new ModelRiskBody { Title = "t", Models = [.. models] }.Check().Count == 0;
}

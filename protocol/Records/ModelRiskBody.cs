using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Body of a <c>model-risk</c> report: a hazard, a vulnerability, a finding of an evaluation.
/// <c>specs/records.md</c>, "Model risk".</summary>
public sealed class ModelRiskBody : ReportBody
{
    /// <summary>An empty body.</summary>
    public ModelRiskBody()
        : this(IpldMap.Empty)
    {
    }

    /// <summary>The fields of <paramref name="map"/>.</summary>
    public ModelRiskBody(IpldMap map)
        : base(RecordTypes.ModelRisk, map)
    {
    }

    /// <summary>What kind of report: a value of <c>risk-class</c>.</summary>
    public string? RiskClass
    {
        get => GetText("risk_class");
        set => SetText("risk_class", value);
    }

    /// <summary>The models that the finding is about.</summary>
    public IReadOnlyList<Model> Models
    {
        get => GetParts("models", Records.Model.Read);
        set => SetParts("models", value, v => v.ToMap());
    }

    /// <summary>The data sets concerned.</summary>
    public IReadOnlyList<DatasetReference> Datasets
    {
        get => GetParts("datasets", Records.DatasetReference.Read);
        set => SetParts("datasets", value, v => v.ToMap());
    }

    /// <summary>Results of evaluations.</summary>
    public IReadOnlyList<Eval> Evals
    {
        get => GetParts("evals", Records.Eval.Read);
        set => SetParts("evals", value, v => v.ToMap());
    }

    /// <summary>Values of <c>avid-risk-domain</c>.</summary>
    public IReadOnlyList<string> RiskDomains
    {
        get => GetTexts("risk_domains");
        set => SetTexts("risk_domains", value);
    }

    /// <summary>Values of <c>avid-sep</c>.</summary>
    public IReadOnlyList<string> SepView
    {
        get => GetTexts("sep_view");
        set => SetTexts("sep_view", value);
    }

    /// <summary>Values of <c>mit-domain</c>.</summary>
    public IReadOnlyList<string> MitDomains
    {
        get => GetTexts("mit_domains");
        set => SetTexts("mit_domains", value);
    }

    /// <summary>CVSS vector string.</summary>
    public string? CvssVector
    {
        get => GetText("cvss_vector");
        set => SetText("cvss_vector", value);
    }

    /// <summary>Weaknesses, e.g. CWE-1427.</summary>
    public IReadOnlyList<string> Cwes
    {
        get => GetTexts("cwes");
        set => SetTexts("cwes", value);
    }

    /// <summary>How far it has come: a value of <c>atlas-maturity</c>.</summary>
    public string? Maturity
    {
        get => GetText("maturity");
        set => SetText("maturity", value);
    }

    /// <summary>Prompts that show it, by hash.</summary>
    public IReadOnlyList<Prompt> Prompts
    {
        get => GetParts("prompts", Records.Prompt.Read);
        set => SetParts("prompts", value, v => v.ToMap());
    }

    /// <summary>What helps against it.</summary>
    public string? Mitigation
    {
        get => GetText("mitigation");
        set => SetText("mitigation", value);
    }

    /// <summary>What the vendor says or does.</summary>
    public string? VendorStatus
    {
        get => GetText("vendor_status");
        set => SetText("vendor_status", value);
    }

    /// <summary>When it was or will be disclosed.</summary>
    public string? DisclosureDate
    {
        get => GetText("disclosure_date");
        set => SetText("disclosure_date", value);
    }
}

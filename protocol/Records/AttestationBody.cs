using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Body of a <c>attestation</c>: what its author says of the record that <c>rel attests</c> names,
/// or of a model. <c>specs/records.md</c>, "Other bodies".</summary>
public sealed class AttestationBody : TypedBody
{
    /// <summary>An empty body.</summary>
    public AttestationBody()
        : this(IpldMap.Empty)
    {
    }

    /// <summary>The fields of <paramref name="map"/>.</summary>
    public AttestationBody(IpldMap map)
        : base(RecordTypes.Attestation, map)
    {
    }

    /// <summary>A value of <c>attestation-verdict</c>.</summary>
    public string? Verdict
    {
        get => GetText("verdict");
        set => SetText("verdict", value);
    }

    /// <summary>What it rests on: a value of <c>attestation-basis</c>.</summary>
    public string? Basis
    {
        get => GetText("basis");
        set => SetText("basis", value);
    }

    /// <summary>A value of <c>confidence</c>.</summary>
    public string? Confidence
    {
        get => GetText("confidence");
        set => SetText("confidence", value);
    }

    /// <summary>Why, in words.</summary>
    public string? Reason
    {
        get => GetText("reason");
        set => SetText("reason", value);
    }

    /// <summary>What supports it.</summary>
    public IReadOnlyList<Evidence> Evidence
    {
        get => GetParts("evidence", Records.Evidence.Read);
        set => SetParts("evidence", value, v => v.ToMap());
    }

    /// <summary>The model that the verdict is about, for affected, not-affected and mitigated.</summary>
    public ModelReference? Model
    {
        get => GetPart("model", Records.ModelReference.Read);
        set => SetPart("model", value, v => v.ToMap());
    }

    /// <summary>Results that support it.</summary>
    public IReadOnlyList<Eval> Evals
    {
        get => GetParts("evals", Records.Eval.Read);
        set => SetParts("evals", value, v => v.ToMap());
    }
}

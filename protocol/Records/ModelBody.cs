using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Body of a <c>model</c>: a statement about a model and its lineage, which others may dispute.
/// <c>specs/records.md</c>, "Other bodies".</summary>
public sealed class ModelBody : TypedBody
{
    /// <summary>An empty body.</summary>
    public ModelBody()
        : this(IpldMap.Empty)
    {
    }

    /// <summary>The fields of <paramref name="map"/>.</summary>
    public ModelBody(IpldMap map)
        : base(RecordTypes.Model, map)
    {
    }

    /// <summary>The model.</summary>
    public Model? Model
    {
        get => GetPart("model", Records.Model.Read);
        set => SetPart("model", value, v => v.ToMap());
    }

    /// <summary>What the statement rests on, in words.</summary>
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

    /// <summary>Results of evaluations.</summary>
    public IReadOnlyList<Eval> Evals
    {
        get => GetParts("evals", Records.Eval.Read);
        set => SetParts("evals", value, v => v.ToMap());
    }
}

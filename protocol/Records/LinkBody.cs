using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Body of a <c>link</c>: a claim about the two records that <c>rel links</c> names; others may
/// dispute it. <c>specs/records.md</c>, "Other bodies".</summary>
public sealed class LinkBody : TypedBody
{
    /// <summary>An empty body.</summary>
    public LinkBody()
        : this(IpldMap.Empty)
    {
    }

    /// <summary>The fields of <paramref name="map"/>.</summary>
    public LinkBody(IpldMap map)
        : base(RecordTypes.Link, map)
    {
    }

    /// <summary>A value of <c>link-kind</c>.</summary>
    public string? Kind
    {
        get => GetText("kind");
        set => SetText("kind", value);
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
}

using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Body of a <c>retraction</c>: takes back the own record that <c>rel retracts</c> names.
/// <c>specs/records.md</c>, "Other bodies".</summary>
public sealed class RetractionBody : TypedBody
{
    /// <summary>An empty body.</summary>
    public RetractionBody()
        : this(IpldMap.Empty)
    {
    }

    /// <summary>The fields of <paramref name="map"/>.</summary>
    public RetractionBody(IpldMap map)
        : base(RecordTypes.Retraction, map)
    {
    }

    /// <summary>Why, in words.</summary>
    public string? Reason
    {
        get => GetText("reason");
        set => SetText("reason", value);
    }
}

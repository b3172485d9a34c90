using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Body of an <c>incident</c>: something happened. <c>specs/records.md</c>, "Incident".</summary>
public sealed class IncidentBody : ReportBody
{
    /// <summary>An empty body.</summary>
    public IncidentBody()
        : this(IpldMap.Empty)
    {
    }

    /// <summary>The fields of <paramref name="map"/>.</summary>
    public IncidentBody(IpldMap map)
        : base(RecordTypes.Incident, map)
    {
    }
}

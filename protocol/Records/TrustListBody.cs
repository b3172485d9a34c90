using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Body of a <c>trust-list</c>: the identities that its author vouches for.
/// <c>specs/records.md</c>, "Other bodies".</summary>
public sealed class TrustListBody : TypedBody
{
    /// <summary>An empty body.</summary>
    public TrustListBody()
        : this(IpldMap.Empty)
    {
    }

    /// <summary>The fields of <paramref name="map"/>.</summary>
    public TrustListBody(IpldMap map)
        : base(RecordTypes.TrustList, map)
    {
    }

    /// <summary>What the list is called.</summary>
    public string? Name
    {
        get => GetText("name");
        set => SetText("name", value);
    }

    /// <summary>What it takes to be on it.</summary>
    public string? Description
    {
        get => GetText("description");
        set => SetText("description", value);
    }

    /// <summary>The identities.</summary>
    public IReadOnlyList<TrustEntry> Entries
    {
        get => GetParts("entries", Records.TrustEntry.Read);
        set => SetParts("entries", value, v => v.ToMap());
    }
}

using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Body of a <c>profile</c>: what an author calls itself; nobody vouches for it.
/// <c>specs/records.md</c>, "Other bodies".</summary>
public sealed class ProfileBody : TypedBody
{
    /// <summary>An empty body.</summary>
    public ProfileBody()
        : this(IpldMap.Empty)
    {
    }

    /// <summary>The fields of <paramref name="map"/>.</summary>
    public ProfileBody(IpldMap map)
        : base(RecordTypes.Profile, map)
    {
    }

    /// <summary>The name.</summary>
    public string? Name
    {
        get => GetText("name");
        set => SetText("name", value);
    }

    /// <summary>A value of <c>author-role</c>.</summary>
    public string? Role
    {
        get => GetText("role");
        set => SetText("role", value);
    }

    /// <summary>ISO 3166-1 alpha-2 code.</summary>
    public string? Country
    {
        get => GetText("country");
        set => SetText("country", value);
    }

    /// <summary>A page of the author's.</summary>
    public string? Url
    {
        get => GetText("url");
        set => SetText("url", value);
    }

    /// <summary>More, in words.</summary>
    public string? Description
    {
        get => GetText("description");
        set => SetText("description", value);
    }

    /// <summary>BCP 47 tags of the languages it reads.</summary>
    public IReadOnlyList<string> Languages
    {
        get => GetTexts("languages");
        set => SetTexts("languages", value);
    }
}

using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Something that supports a report: a file named by its hash, a page, or a thing that the author
/// keeps.</summary>
/// <param name="Url">Where it is.</param>
/// <param name="ArchiveUrl">Where a copy was archived.</param>
/// <param name="Sha256">Hash of the file.</param>
/// <param name="Size">Bytes of the file.</param>
/// <param name="Mime">Media type.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Withheld">True where the author keeps it and does not share it.</param>
public sealed record Evidence(
    string? Url = null,
    string? ArchiveUrl = null,
    Digest? Sha256 = null,
    long? Size = null,
    string? Mime = null,
    string? Name = null,
    bool? Withheld = null)
{
    internal static Evidence Read(IpldMap map) =>
        new Evidence(
            map.Text("url"),
            map.Text("archive_url"),
            map.Digest("sha256"),
            map.Integer("size"),
            map.Text("mime"),
            map.Text("name"),
            map.Boolean("withheld"));

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("url", Url)
        .Text("archive_url", ArchiveUrl)
        .Digest("sha256", Sha256)
        .Integer("size", Size)
        .Text("mime", Mime)
        .Text("name", Name)
        .Boolean("withheld", Withheld)
        .Build();
}

/// <summary>What another system calls the thing.</summary>
/// <param name="Scheme">The system: AIID, AIM, AVID, CVE, ATLAS, …</param>
/// <param name="Id">The id there.</param>
/// <param name="Url">Its page there.</param>
public sealed record ExternalId(string Scheme, string Id, string? Url = null)
{
    internal static ExternalId? Read(IpldMap map) =>
        map.Text("scheme") is { } scheme
            && map.Text("id") is { } id
            ? new ExternalId(scheme, id, map.Text("url"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("scheme", Scheme)
        .Text("id", Id)
        .Text("url", Url)
        .Build();

    /// <summary><c>AIID:14</c>; an id that begins with its scheme (<c>CVE-2026-1</c>) stands alone.</summary>
    public override string ToString() =>
        Id.StartsWith(Scheme + "-", StringComparison.OrdinalIgnoreCase) ? Id : $"{Scheme}:{Id}";
}

/// <summary>A label of a taxonomy.</summary>
/// <param name="Namespace">The taxonomy; where it is a vocabulary of ours the value is checked.</param>
/// <param name="Value">The label.</param>
/// <param name="Version">Version of the taxonomy.</param>
/// <param name="Confidence">A value of <c>confidence</c>.</param>
public sealed record Tag(string Namespace, string Value, string? Version = null, string? Confidence = null)
{
    internal static Tag? Read(IpldMap map) =>
        map.Text("ns") is { } namespaceValue
            && map.Text("value") is { } value
            ? new Tag(namespaceValue, value, map.Text("version"), map.Text("confidence"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("ns", Namespace)
        .Text("value", Value)
        .Text("version", Version)
        .Text("confidence", Confidence)
        .Build();
}

/// <summary>A step of an attack.</summary>
/// <param name="Id">Id of the technique, e.g. AML.T0051.</param>
/// <param name="Tactic">Id or name of the tactic.</param>
/// <param name="Name">Name of the technique.</param>
/// <param name="Description">What was done, in words.</param>
public sealed record Technique(
    string Id,
    string? Tactic = null,
    string? Name = null,
    string? Description = null)
{
    internal static Technique? Read(IpldMap map) =>
        map.Text("id") is { } id
            ? new Technique(id, map.Text("tactic"), map.Text("name"), map.Text("description"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("id", Id)
        .Text("tactic", Tactic)
        .Text("name", Name)
        .Text("description", Description)
        .Build();
}

/// <summary>A data set.</summary>
/// <param name="Name">The name.</param>
/// <param name="Id">Its id on a hub.</param>
/// <param name="Url">Its page.</param>
public sealed record DatasetReference(string Name, string? Id = null, string? Url = null)
{
    internal static DatasetReference? Read(IpldMap map) =>
        map.Text("name") is { } name
            ? new DatasetReference(name, map.Text("id"), map.Text("url"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("name", Name)
        .Text("id", Id)
        .Text("url", Url)
        .Build();
}

/// <summary>A prompt, by its hash: the text may be harmful itself.</summary>
/// <param name="Sha256">Hash of the UTF-8 text.</param>
/// <param name="Role">Who says it: system, user, assistant, tool.</param>
public sealed record Prompt(Digest Sha256, string? Role = null)
{
    internal static Prompt? Read(IpldMap map) =>
        map.Digest("sha256") is { } sha256
            ? new Prompt(sha256, map.Text("role"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Digest("sha256", Sha256)
        .Text("role", Role)
        .Build();
}

/// <summary>An identity on a trust list.</summary>
/// <param name="Author">Id of its inception event.</param>
/// <param name="Name">What the list calls it.</param>
/// <param name="Note">Why it is here.</param>
public sealed record TrustEntry(Cid Author, string? Name = null, string? Note = null)
{
    internal static TrustEntry? Read(IpldMap map) =>
        map.Link("author") is { } author
            ? new TrustEntry(author, map.Text("name"), map.Text("note"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Link("author", Author)
        .Text("name", Name)
        .Text("note", Note)
        .Build();
}

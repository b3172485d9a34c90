using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>When an event happened. Times are RFC 3339, cut to what is known: <c>2026</c>, <c>2026-11</c>,
/// <c>2026-11-19</c>, <c>2026-11-19T14:05:00Z</c>.</summary>
/// <param name="Start">Its beginning, or its only moment.</param>
/// <param name="End">Its end.</param>
/// <param name="Precision">A value of <c>precision</c>, where the form of the time does not say it.</param>
public sealed record Occurrence(string Start, string? End = null, string? Precision = null)
{
    internal static Occurrence? Read(IpldMap map) =>
        map.Text("start") is { } start
            ? new Occurrence(start, map.Text("end"), map.Text("precision"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("start", Start)
        .Text("end", End)
        .Text("precision", Precision)
        .Build();
}

/// <summary>The times that Article 73 of the AI Act counts from, as the author claims them; RFC 3339 dates or
/// date-times.</summary>
/// <param name="DetectedAt">When the incident was detected.</param>
/// <param name="AwareAt">When the provider or deployer became aware: the clock starts here.</param>
/// <param name="NextReportDue">When the next report is due.</param>
/// <param name="Stage">A value of <c>report-stage</c>.</param>
public sealed record Clocks(
    string? DetectedAt = null,
    string? AwareAt = null,
    string? NextReportDue = null,
    string? Stage = null)
{
    internal static Clocks Read(IpldMap map) =>
        new Clocks(
            map.Text("detected_at"),
            map.Text("aware_at"),
            map.Text("next_report_due"),
            map.Text("stage"));

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("detected_at", DetectedAt)
        .Text("aware_at", AwareAt)
        .Text("next_report_due", NextReportDue)
        .Text("stage", Stage)
        .Build();
}

/// <summary>How bad, on one scale; a value of another scale is kept as it was beside the mapped
/// one.</summary>
/// <param name="Value">The value.</param>
/// <param name="Scheme">The scale: the name of a vocabulary, e.g. <c>oecd-severity</c>.</param>
/// <param name="Raw">The value as the source had it.</param>
/// <param name="RawScheme">The scale of the source.</param>
/// <param name="Mapping">How well the one maps to the other: a value of <c>mapping</c>.</param>
public sealed record Severity(
    string Value,
    string Scheme,
    string? Raw = null,
    string? RawScheme = null,
    string? Mapping = null)
{
    internal static Severity? Read(IpldMap map) =>
        map.Text("value") is { } value
            && map.Text("scheme") is { } scheme
            ? new Severity(
            value,
            scheme,
            map.Text("raw"),
            map.Text("raw_scheme"),
            map.Text("mapping"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("value", Value)
        .Text("scheme", Scheme)
        .Text("raw", Raw)
        .Text("raw_scheme", RawScheme)
        .Text("mapping", Mapping)
        .Build();

    /// <summary>The scale of reports that are made here.</summary>
    public const string Oecd = "oecd-severity";
}

/// <summary>How much harm was done. Money is decimal text, since records have no floats.</summary>
/// <param name="Deaths">People who died.</param>
/// <param name="Injuries">People who were injured.</param>
/// <param name="Persons">People affected in all.</param>
/// <param name="Loss">Money lost, decimal text.</param>
/// <param name="Currency">ISO 4217 code of the loss.</param>
public sealed record HarmQuantity(
    long? Deaths = null,
    long? Injuries = null,
    long? Persons = null,
    string? Loss = null,
    string? Currency = null)
{
    internal static HarmQuantity Read(IpldMap map) =>
        new HarmQuantity(
            map.Integer("deaths"),
            map.Integer("injuries"),
            map.Integer("persons"),
            map.Text("loss"),
            map.Text("currency"));

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Integer("deaths", Deaths)
        .Integer("injuries", Injuries)
        .Integer("persons", Persons)
        .Text("loss", Loss)
        .Text("currency", Currency)
        .Build();
}

/// <summary>Whose account a report is. Nothing here asks for the name of a source who wants to stay
/// anonymous.</summary>
/// <param name="Kind">A value of <c>source-kind</c>.</param>
/// <param name="Name">The organisation, for that kind.</param>
public sealed record Source(string Kind, string? Name = null)
{
    internal static Source? Read(IpldMap map) =>
        map.Text("kind") is { } kind
            ? new Source(kind, map.Text("name"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("kind", Kind)
        .Text("name", Name)
        .Build();
}

/// <summary>What was done about it.</summary>
/// <param name="Kind">A value of <c>oecd-action</c>.</param>
/// <param name="Description">In words.</param>
public sealed record ActionTaken(string Kind, string? Description = null)
{
    internal static ActionTaken? Read(IpldMap map) =>
        map.Text("kind") is { } kind
            ? new ActionTaken(kind, map.Text("description"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("kind", Kind)
        .Text("description", Description)
        .Build();
}

/// <summary>A person or organisation.</summary>
/// <param name="Name">The name.</param>
/// <param name="Id">An id in a register, e.g. an LEI or a URL.</param>
/// <param name="Country">ISO 3166-1 alpha-2 code.</param>
public sealed record Party(string Name, string? Id = null, string? Country = null)
{
    internal static Party? Read(IpldMap map) =>
        map.Text("name") is { } name
            ? new Party(name, map.Text("id"), map.Text("country"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("name", Name)
        .Text("id", Id)
        .Text("country", Country)
        .Build();
}

/// <summary>An AI system.</summary>
/// <param name="Name">The name.</param>
/// <param name="Version">The version.</param>
/// <param name="RegistryId">Its id in a register, e.g. the EU database.</param>
/// <param name="Purl">Package URL.</param>
/// <param name="Models">The models in it, at most 16.</param>
public sealed record AiSystem(
    string Name,
    string? Version = null,
    string? RegistryId = null,
    string? Purl = null,
    IReadOnlyList<Model>? Models = null)
{
    internal static AiSystem? Read(IpldMap map) =>
        map.Text("name") is { } name
            ? new AiSystem(
            name,
            map.Text("version"),
            map.Text("registry_id"),
            map.Text("purl"),
            map.Parts("models", Model.Read))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("name", Name)
        .Text("version", Version)
        .Text("registry_id", RegistryId)
        .Text("purl", Purl)
        .List("models", (Models ?? []).Select(p => p.ToMap()))
        .Build();
}

namespace IncidentMesh.Protocol.Api;

/// <summary>What a conversion made of one field.</summary>
/// <param name="Field">The field on the side that was read.</param>
/// <param name="Other">The field on the side that was written, or null.</param>
/// <param name="Fidelity"><c>direct partial approximate unmapped</c>.</param>
/// <param name="Note">What is lost or changed, or null.</param>
/// <param name="Count">Reports that have the field.</param>
public sealed record LossField(string Field, string? Other, string Fidelity, string? Note, long Count);

/// <summary>What a conversion kept and lost (<c>specs/exchange.md</c>, "Loss").</summary>
/// <param name="Schema">Always <c>incidentmesh/1</c>.</param>
/// <param name="Format">The other format.</param>
/// <param name="Direction"><c>import</c> or <c>export</c>.</param>
/// <param name="Reports">Reports converted.</param>
/// <param name="Fields">The fields that occurred.</param>
/// <param name="Missing">Mandatory fields of the side that was written, with how many reports lack
/// them.</param>
public sealed record LossView(
    string Schema,
    string Format,
    string Direction,
    long Reports,
    IReadOnlyList<LossField> Fields,
    IReadOnlyDictionary<string, long> Missing);

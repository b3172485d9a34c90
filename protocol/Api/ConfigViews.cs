namespace IncidentMesh.Protocol.Api;

/// <summary>One setting.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Value">What holds.</param>
/// <param name="From">What won: <c>environment file default</c>; a flag wins over all in its own run.</param>
/// <param name="Variable">The environment variable.</param>
/// <param name="Flag">The flag, or null.</param>
/// <param name="Help">What it does.</param>
public sealed record ConfigItem(
    string Key, string Value, string From, string Variable, string? Flag, string Help);

/// <summary>All settings.</summary>
/// <param name="Schema">Always <c>incidentmesh/1</c>.</param>
/// <param name="File">Where the file is, or would be.</param>
/// <param name="Items">The settings.</param>
public sealed record ConfigView(string Schema, string File, IReadOnlyList<ConfigItem> Items);

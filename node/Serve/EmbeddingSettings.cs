using IncidentMesh.Node.Embed;

namespace IncidentMesh.Node.Serve;

/// <summary>Which model runs on which device: what the operator set in the environment, else the shipped
/// model on the best
/// device there is.</summary>
internal static class EmbeddingSettings
{
    /// <summary>Folder of the model.</summary>
    public static string Model => Variable("INCIDENTMESH_MODEL") ?? ModelFolder.Shipped;

    /// <summary>The device.</summary>
    public static EmbeddingOptions Read()
    {
        string? provider = Variable("INCIDENTMESH_PROVIDER");
        string? plugin = Variable("INCIDENTMESH_PROVIDER_LIBRARY");
        EmbeddingOptions options = new() { PluginLibrary = plugin };
        return provider is not null && Enum.TryParse(provider, ignoreCase: true, out EmbeddingProvider wanted)
            ? options with { Provider = wanted }
            : options;
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

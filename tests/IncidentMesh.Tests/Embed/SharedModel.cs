using IncidentMesh.Node.Embed;

namespace IncidentMesh.Tests.Embed;

/// <summary>The shipped model on the CPU, loaded once for all tests of the assembly.</summary>
internal static class SharedModel
{
    private static readonly Lazy<Embedder> Loaded = new(() => Embedder.Open(
        ModelFolder.Shipped, new EmbeddingOptions { Provider = EmbeddingProvider.Cpu }));

    /// <summary>The embedder; safe for use by several tests at once.</summary>
    public static Embedder Cpu => Loaded.Value;
}

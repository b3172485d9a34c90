using IncidentMesh.Node.Embed;

namespace IncidentMesh.Tests.Search;

/// <summary>The model that ships, loaded once, and the vectors that were asked for.</summary>
public sealed class ModelFixture : IDisposable
{
    private readonly Dictionary<string, float[]> known = [];
    private readonly Lazy<Embedder> embedder = new(() => Embedder.Open(Folder, new EmbeddingOptions()));

    private static string Folder => Path.Combine(Repo.Root, "node", "model");

    public bool IsThere => File.Exists(Path.Combine(Folder, "weights.bin"));

    public float[] Embed(string text) =>
        known.TryGetValue(text, out float[]? vector) ? vector : known[text] = embedder.Value.Embed(text);

    public void Dispose()
    {
        if (embedder.IsValueCreated)
        {
            embedder.Value.Dispose();
        }
    }
}

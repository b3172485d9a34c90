using System.Diagnostics;
using IncidentMesh.Node.Embed;
using IncidentMesh.Node.Search;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Bench;

/// <summary>Vectors for synthetic reports: that of the topic and noise, so that cosines lie where those of
/// real reports do.</summary>
internal sealed class BenchMeaning : IMeaning, IDisposable
{
    private const double NoiseShare = 0.75;
    private readonly Embedder embedder;
    private readonly VectorIndex vectors;
    private readonly float[][] topics;
    private readonly SeededRandom random;
    private double modelMilliseconds;

    public BenchMeaning(string model, string folder, ulong seed)
    {
        embedder = Embedder.Open(model, new EmbeddingOptions());
        vectors = VectorIndex.Open(Path.Combine(folder, "vectors"), embedder.Graph);
        topics = embedder.Embed(SyntheticReports.Topics);
        random = new SeededRandom(seed + 1);
    }

    public void Add(Digest id, int topic)
    {
        float[] vector = new float[Vectors.Dimensions];
        double length = 0;
        for (int i = 0; i < vector.Length; i++)
        {
            // Noise of unit expected length: each component has variance 1 / dimensions.
            double noise = (random.NextDouble() - 0.5) * Math.Sqrt(12.0 / vector.Length);
            vector[i] = (float)(topics[topic][i] + (NoiseShare * noise));
            length += vector[i] * vector[i];
        }

        float scale = (float)(1 / Math.Sqrt(length));
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] *= scale;
        }

        vectors.Add(id, embedder.Graph, vector);
    }

    public IReadOnlyList<MeaningHit>? NearestTo(string text, int limit)
    {
        long started = Stopwatch.GetTimestamp();
        float[] query = embedder.Embed(text);
        modelMilliseconds += Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return Nearest(query, limit);
    }

    public IReadOnlyList<MeaningHit>? NearestTo(Digest record, int limit) =>
        vectors.Get(record) is { } vector ? [.. Nearest(vector, limit + 1).Where(hit => hit.Id != record)]
            : null;

    /// <summary>The model's time since the last call.</summary>
    public double TakeModelTime()
    {
        double taken = modelMilliseconds;
        modelMilliseconds = 0;
        return taken;
    }

    public void Dispose()
    {
        vectors.Dispose();
        embedder.Dispose();
    }

    private IReadOnlyList<MeaningHit> Nearest(float[] query, int limit) =>
        [.. vectors.Nearest(embedder.Graph, query, limit)
            .Select(near => new MeaningHit(near.Id, near.Cosine))];
}

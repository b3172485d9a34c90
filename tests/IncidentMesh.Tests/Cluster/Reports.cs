using System.Text;
using IncidentMesh.Node.Cluster;
using IncidentMesh.Node.Embed;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Tests.Cluster;

/// <summary>Made-up reports for clustering, with made-up vectors: reports of one topic lie near each
/// other.</summary>
internal static class Reports
{
    public static readonly Digest Graph = Digest.Sha256("graph"u8);

    private static readonly Lazy<(WordWeights Words, PairModel Model)> Tables = new(
        () => (WordWeights.Load(ModelFolder.Shipped), PairModel.Load(ModelFolder.Shipped)));

    public static PairModel Model => Tables.Value.Model;

    public static WordWeights Words => Tables.Value.Words;

    public static ClusterEngine Engine() => new(Graph, Tables.Value.Words, Tables.Value.Model);

    public static Digest Id(int i) => Digest.Sha256(Encoding.ASCII.GetBytes($"report {i}"));

    /// <summary>A report about a topic.</summary>
    /// <param name="i">Which report.</param>
    /// <param name="topic">Its topic: sets the vector.</param>
    /// <param name="title">Its title, or null for one made of the topic.</param>
    /// <param name="closeness">Share of the vector that the topic sets: 1 makes reports of it equal.</param>
    public static ClusterItem Of(int i, int topic, string? title = null, float closeness = 0.85f) => new()
    {
        Id = Id(i),
        Type = "incident",
        Title = title ?? $"Topic{topic} zzqx{topic} system fails in place{topic}, says witness {i}",
        Language = "en",
        Vector = Vector(i, topic, closeness),
    };

    public static float[] Vector(int i, int topic, float closeness)
    {
        float[] centre = Draw((ulong)topic + 1_000_000), noise = Draw((ulong)i + 1);
        float rest = MathF.Sqrt(1 - (closeness * closeness));
        float[] sum = [.. centre.Zip(noise, (c, n) => (closeness * c) + (rest * n))];
        float length = MathF.Sqrt(Vectors.Dot(sum, sum));
        return [.. sum.Select(x => x / length)];
    }

    public static ClusterLink Link(
        int id, int a, int b, bool same, string author = "anna", bool own = false) => new(
        Digest.Sha256(Encoding.ASCII.GetBytes($"link {id}")), Id(a), Id(b), same,
        Digest.Sha256(Encoding.ASCII.GetBytes(author)), id, own);

    private static float[] Draw(ulong seed)
    {
        var random = new SeededRandom(seed);
        float[] x = [.. Enumerable.Range(0, Vectors.Dimensions).Select(
            _ => (float)(random.NextDouble() - 0.5))];
        float length = MathF.Sqrt(Vectors.Dot(x, x));
        return [.. x.Select(v => v / length)];
    }
}

using System.Text;
using IncidentMesh.Node.Embed;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Embed;

public sealed class VectorIndexTests : IDisposable
{
    private static readonly Digest Graph = Digest.Sha256("graph"u8);
    private readonly string _folder = Directory.CreateTempSubdirectory("incidentmesh-vectors-").FullName;

    private string File => Directory.GetFiles(_folder).Single();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Digest Id(int i) => Digest.Sha256(Encoding.ASCII.GetBytes($"record {i}"));

    /// <summary>Unit vectors around a few centres, as embeddings lie.</summary>
    private static float[][] Sample(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        float[] Draw() => [.. Enumerable.Range(0, Vectors.Dimensions)
            .Select(_ => (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5))];
        float[][] centres = [.. Enumerable.Range(0, 20).Select(_ => Draw())];
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                float[] noise = Draw(), centre = centres[i % centres.Length];
                float[] sum = [.. noise.Select((x, d) => x + (0.8f * centre[d]))];
                float length = MathF.Sqrt(Vectors.Dot(sum, sum));
                return sum.Select(x => x / length).ToArray();
            }),
        ];
    }

    private static void Fill(VectorIndex index, float[][] vectors)
    {
        for (int i = 0; i < vectors.Length; i++)
        {
            Assert.True(index.Add(Id(i), Graph, vectors[i]));
        }
    }

    [Fact]
    public void The_scan_finds_what_an_exact_search_finds()
    {
        float[][] vectors = Sample(3_000, seed: 7), queries = Sample(40, seed: 7);
        using VectorIndex index = VectorIndex.Open(_folder, Graph);
        Fill(index, vectors);
        foreach (float[] query in queries)
        {
            IEnumerable<(Digest Id, float Cosine)> exact = vectors
                .Select((v, i) => (Id: Id(i), Cosine: Vectors.Dot(query, v)))
                .OrderByDescending(x => x.Cosine).ThenBy(x => x.Id);
            Assert.Equal(exact.Take(30), index.Nearest(Graph, query, 30));
            Assert.Equal(exact.Take(200), index.Nearest(Graph, query, 200));
        }
    }

    [Fact]
    public void Eight_bits_tell_a_product_within_a_hundredth()
    {
        float[][] vectors = Sample(5_000, seed: 9);
        var rows = new QuantizedRows();
        foreach (float[] vector in vectors)
        {
            rows.Add(vector);
        }

        rows.Set(4_100, default);
        var scores = new float[rows.Count];
        rows.Score(vectors[0], scores);
        Assert.All(vectors.Zip(scores).Where((_, row) => row != 4_100),
            pair => Assert.Equal(Vectors.Dot(vectors[0], pair.First), pair.Second, 0.005f));
        Assert.Equal(0, scores[4_100]);
        Assert.Equal(0, rows.Best(vectors[0], 5, scores)[0]);
        Assert.DoesNotContain(4_100, rows.Best(vectors[4_100], 5_000, scores));
    }

    [Fact]
    public void Vectors_are_there_after_reopening_and_can_be_removed()
    {
        float[][] vectors = Sample(50, seed: 1);
        using (VectorIndex index = VectorIndex.Open(_folder, Graph))
        {
            Fill(index, vectors);
            Assert.False(index.Add(Id(3), Graph, vectors[3]));
            Assert.True(index.Remove(Id(4)));
            Assert.False(index.Remove(Id(4)));
        }

        using VectorIndex again = VectorIndex.Open(_folder, Graph);
        Assert.Equal(49, again.Count);
        Assert.Equal(vectors[3], again.Get(Id(3)));
        Assert.Null(again.Get(Id(4)));
        Assert.Equal(Id(3), again.Nearest(Graph, vectors[3], 1)[0].Id);
        Assert.DoesNotContain(Id(4), again.Nearest(Graph, vectors[4], 50).Select(f => f.Id));
        Assert.True(again.Add(Id(99), Graph, vectors[4]));
        Assert.Equal(0, again.Damaged);
    }

    [Fact]
    public void Damaged_and_torn_rows_count_as_missing()
    {
        float[][] vectors = Sample(20, seed: 2);
        using (VectorIndex index = VectorIndex.Open(_folder, Graph))
        {
            Fill(index, vectors);
        }

        using (FileStream stream = System.IO.File.OpenWrite(File))
        {
            stream.Seek(64 + (5 * 1_572) + 100, SeekOrigin.Begin);
            stream.Write("junk"u8);
            stream.SetLength(stream.Length - 10);
        }

        using VectorIndex again = VectorIndex.Open(_folder, Graph);
        Assert.Equal(1, again.Damaged);
        Assert.Equal(18, again.Count);
        Assert.False(again.Contains(Id(5)));
        Assert.False(again.Contains(Id(19)));
        Assert.True(again.Add(Id(5), Graph, vectors[5]));
        Assert.True(again.Add(Id(19), Graph, vectors[19]));
        Assert.Equal(vectors[5], again.Get(Id(5)));
    }

    [Fact]
    public void A_file_of_another_form_is_started_anew()
    {
        VectorIndex.Open(_folder, Graph).Dispose();
        System.IO.File.WriteAllText(File, new string('x', 5_000));
        using VectorIndex again = VectorIndex.Open(_folder, Graph);
        Assert.Equal((0, 1), (again.Count, again.Damaged));
    }

    [Fact]
    public void Vectors_of_different_graphs_are_never_compared()
    {
        float[][] vectors = Sample(2, seed: 3);
        using VectorIndex index = VectorIndex.Open(_folder, Graph);
        Fill(index, vectors);
        Digest other = Digest.Sha256("another graph"u8);
        Assert.Empty(index.Nearest(other, vectors[0], 5));
        Assert.Throws<ArgumentException>(() => index.Add(Id(7), other, vectors[0]));
        using VectorIndex beside = VectorIndex.Open(_folder, other);
        Assert.Equal(0, beside.Count);
    }
}

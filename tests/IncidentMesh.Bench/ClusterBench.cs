using System.Diagnostics;
using IncidentMesh.Node.Cluster;
using IncidentMesh.Node.Embed;
using IncidentMesh.Node.Search;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Bench;

/// <summary><c>bench cluster [--reports=N] [--seed=N] [--json]</c>: the time to find which of N synthetic
/// reports tell of the same event, the time for one more, and the memory. A third of the events have more
/// than one report; cosines are made up: about .8 within an event, .3 within a topic of one report in 300, 0
/// elsewhere.</summary>
internal static class ClusterBench
{
    private const int Topics = 300;
    private const int More = 500;

    // As many as a node compares at a time.
    private const int BatchReports = 256;
    private const float TopicShare = 0.6f, EventShare = 0.9f;

    public static Task<int> RunAsync(string[] args)
    {
        BenchOutput output = new("cluster", args);
        int reports = output.Option("reports", 100_000);
        SeededRandom random = new((ulong)output.Option("seed", 1));
        SyntheticReports made = new((ulong)output.Option("seed", 1));
        float[][] topics = [.. Enumerable.Range(0, Topics).Select(_ => Noise(random))];
        using IEnumerator<ClusterItem> items = Items(made, random, topics).GetEnumerator();
        ClusterEngine engine = ClusterEngine.Load(
            Path.Combine(AppContext.BaseDirectory, "model"), Digest.Sha256("bench"u8));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        TimeSpan adding = TimeSpan.Zero, last = TimeSpan.Zero;
        int tenth = Math.Max(1, reports / 10);
        for (int part = 0; part < 10; part++)
        {
            ClusterItem[] some = [.. Take(items, tenth)];
            long started = Stopwatch.GetTimestamp();
            foreach (ClusterItem[] batch in some.Chunk(BatchReports))
            {
                engine.AddRange(batch);
            }

            last = Stopwatch.GetElapsedTime(started);
            adding += last;
            BenchOutput.Progress($"{engine.Count} reports after {adding.TotalSeconds:F1} s");
        }

        long settling = Stopwatch.GetTimestamp();
        int clusters = engine.ClusterCount;
        TimeSpan settled = Stopwatch.GetElapsedTime(settling);
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        List<double> single = [];
        foreach (ClusterItem item in Take(items, More))
        {
            long started = Stopwatch.GetTimestamp();
            engine.Add(item);
            _ = engine.ClusterOf(item.Id);
            single.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        single.Sort();
        output.Add($"{10 * tenth} reports compared", adding.TotalSeconds, "s");
        output.Add("the last tenth of them", last.TotalSeconds, "s");
        output.Add("all clustered then", settled.TotalSeconds, "s");
        output.Add("one more report, p50", single[single.Count / 2], "ms");
        output.Add("one more report, p99", single[single.Count * 99 / 100], "ms");
        output.Add("memory", held / 1_048_576.0, "MiB");
        output.Add("pairs judged of each", engine.Compared / (double)(10 * tenth), "");
        output.Add("clusters of two and more", clusters, "");
        return Task.FromResult(output.Finish());
    }

    private static IEnumerable<ClusterItem> Take(IEnumerator<ClusterItem> items, int count)
    {
        for (int i = 0; i < count && items.MoveNext(); i++)
        {
            yield return items.Current;
        }
    }

    // An event's reports come one after another, each with a title and a vector of its own.
    private static IEnumerable<ClusterItem> Items(
        SyntheticReports made, SeededRandom random, float[][] topics)
    {
        while (true)
        {
            SearchDocument first = made.Next(out _);
            float[] happening = Mixed(topics[random.Next(Topics)], Noise(random), TopicShare);
            int tellers = random.Next(3) == 0 ? 2 + random.Next(4) : 1;
            for (int teller = 0; teller < tellers; teller++)
            {
                SearchDocument told = teller == 0 ? first : made.Next(out _);
                string title = teller == 0 ? first.Title
                    : string.Join(' ', told.Title.Split(' ').Take(3)) + " " + first.Title;
                yield return new ClusterItem
                {
                    Id = told.Id,
                    Type = first.Type,
                    Title = title,
                    Summary = told.Text,
                    Author = told.Author,
                    Language = first.Language,
                    Date = DateOnly.FromDateTime(
                        DateTimeOffset.FromUnixTimeMilliseconds(first.Created).UtcDateTime),
                    Systems = first.Systems,
                    Countries = first.Countries,
                    Urls = told.Urls,
                    Vector = Mixed(happening, Noise(random), EventShare),
                };
            }
        }
    }

    private static float[] Noise(SeededRandom random)
    {
        float[] vector = new float[Vectors.Dimensions];
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = (float)(random.NextDouble() - 0.5);
        }

        return Mixed(vector, vector, 1);
    }

    // Of unit length, with the cosine to the first that is asked for: in 384 dimensions noise is upright.
    private static float[] Mixed(float[] first, float[] second, float share)
    {
        float rest = MathF.Sqrt(1 - (share * share));
        float[] mixed = [.. first.Zip(second, (a, b) => (share * a) + (rest * b))];
        float length = MathF.Sqrt(mixed.Sum(x => x * x));
        return [.. mixed.Select(x => x / length)];
    }
}

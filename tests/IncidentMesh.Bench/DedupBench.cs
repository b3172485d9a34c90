using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using IncidentMesh.Node.Cluster;
using IncidentMesh.Node.Embed;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Bench;

/// <summary><c>dedup FILE.jsonl</c>: how well the product's own clusters agree with labelled titles.
/// <c>dedup --fit FILE.jsonl [--translations FILE.tsv] --out FOLDER</c> fits the pair model.</summary>
internal static class DedupBench
{
    /// <summary>Runs the benchmark; one JSON object on standard output.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        string? translations = Option(args, "--translations"), output = Option(args, "--out");
        string? file = args.Where((a, i) => !a.StartsWith("--", StringComparison.Ordinal)
            && (i == 0 || args[i - 1] is not ("--translations" or "--out"))).FirstOrDefault();
        if (file is null)
        {
            Console.Error.WriteLine("usage: dedup [--fit [--translations FILE.tsv] --out FOLDER] FILE.jsonl");
            return Task.FromResult(2);
        }

        using Embedder embedder = Embedder.Open(
            ModelFolder.Shipped, new EmbeddingOptions { Provider = EmbeddingProvider.Cpu });
        DedupData data = DedupData.Load(file, translations, embedder);
        if (args.Contains("--fit"))
        {
            PairModel model = new DedupFit(data, WordWeights.Load(ModelFolder.Shipped)).Run();
            model.Save(output ?? ModelFolder.Shipped);
            return Task.FromResult(0);
        }

        Console.WriteLine(JsonSerializer.Serialize(Measure(data, embedder.Graph)));
        return Task.FromResult(0);
    }

    private static Dictionary<string, double> Measure(DedupData data, Digest graph)
    {
        long started = Stopwatch.GetTimestamp();
        ClusterEngine engine = ClusterEngine.Load(ModelFolder.Shipped, graph);
        foreach (ClusterItem item in data.Items)
        {
            engine.Add(item);
        }

        Dictionary<Digest,
            int> at = data.Items.Select((item, i) => (item.Id, i)).ToDictionary(x => x.Id, x => x.i);
        int[] clusters = [.. data.Items.Select(i => at[engine.ClusterOf(i.Id)!.Value])];
        double clustering = Stopwatch.GetElapsedTime(started).TotalSeconds;

        bool Right(Digest a, Digest b) => data.Incidents[at[a]] == data.Incidents[at[b]];
        (bool Right, double Probability)[] pairs =
        [
            .. engine.Pairs().OrderByDescending(p => p.Probability).ThenBy(p => p.A).ThenBy(p => p.B)
                .Select(p => (Right(p.A, p.B), p.Probability)),
        ];
        double total = DedupScores.AllPairs(data.Incidents);
        double veryLikely = PairModel.Load(ModelFolder.Shipped).VeryLikely;
        bool[] proposed = [.. pairs.Where(p => p.Probability >= veryLikely).Select(p => p.Right)];
        bool[] ranked = [.. pairs.Select(p => p.Right)];

        Dictionary<int, int> sizes = data.Incidents.CountBy(i => i).ToDictionary();
        bool Foreign(ClusterItem a, Digest b) => a.Language != data.Items[at[b]].Language;
        double[] first = [.. from item in data.Items
                             where sizes[data.Incidents[at[item.Id]]] > 1
                             let best = engine.Similar(item.Id, 1)
                             select best.Count > 0 && Right(item.Id, best[0].Id) ? 1.0 : 0];

        // Reports that are not English and of whose incident somebody tells in another language: among what
        // is told in other languages, is the first of the same incident?
        double[] crossing = [.. from item in data.Items
                                where item.Language is not (null or "en")
                                where data.Items.Any(o => Foreign(item, o.Id) && Right(item.Id, o.Id))
                                let best = engine.Similar(item.Id, 256).FirstOrDefault(
                                    m => Foreign(item, m.Id))
                                select best is not null && Right(item.Id, best.Id) ? 1.0 : 0];

        return new Dictionary<string, double>
        {
            ["reports"] = data.Items.Length,
            ["clusters"] = clusters.Distinct().Count(),
            ["pairF1"] = Round(DedupScores.PairF1(clusters, data.Incidents)),
            ["bcubed"] = Round(DedupScores.BCubed(clusters, data.Incidents)),
            ["r1"] = Round(first.DefaultIfEmpty(0).Average()),
            ["crossLingualR1"] = Round(crossing.DefaultIfEmpty(0).Average()),
            ["recallAtPrecision95"] = Round(DedupScores.RecallAt(ranked, 0.95, total)),
            ["recallAtPrecision90"] = Round(DedupScores.RecallAt(ranked, 0.90, total)),
            ["veryLikelyPrecision"] = Round(proposed.Length == 0 ? 1 : proposed.Average(p => p ? 1.0 : 0)),
            ["veryLikelyPairs"] = proposed.Length,
            ["clusterSeconds"] = Round(clustering),
            ["embedSeconds"] = Round(data.Seconds),
            ["seconds"] = Round(data.Seconds + clustering),
        };
    }

    private static double Round(double x) => Math.Round(x, 4);

    private static string? Option(string[] args, string name)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using IncidentMesh.Node.Embed;
using IncidentMesh.Node.Search;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Bench;

/// <summary><c>bench search [--reports N] [--queries N] [--seed N] [--model DIR] [--json]</c>: the time of a
/// query over synthetic reports with words, meaning and five facets. Vectors are those of real topic
/// sentences with noise; the query's own vector is computed by the model each time, and its share is told. On
/// a busy machine the processor's time says more than the clock's.</summary>
internal static class SearchBench
{
    private const int Warm = 500;
    private static readonly string[] FacetFields = ["type", "severity", "country", "lang", "standing"];

    public static Task<int> RunAsync(string[] args)
    {
        int reports = Number(args, "--reports", 100_000);
        int queries = Number(args, "--queries", 1_000);
        ulong seed = (ulong)Number(args, "--seed", 1);
        string? model = Text(args, "--model") ?? FindModel();
        string folder = Directory.CreateTempSubdirectory("incidentmesh-bench-").FullName;
        try
        {
            Run(args.Contains("--json"), reports, queries, seed, model, folder);
            return Task.FromResult(0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Run(bool json, int reports, int queries, ulong seed, string? model, string folder)
    {
        var made = new SyntheticReports(seed);
        using TextIndex index = TextIndex.Open(Path.Combine(folder, "text"), out _);
        using BenchMeaning? meaning = model is null ? null : new BenchMeaning(model, folder, seed);
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < reports; i++)
        {
            SearchDocument document = made.Next(out int topic);
            index.Put(document);
            meaning?.Add(document.Id, topic);
        }

        index.Commit("bench");
        index.Refresh();
        double indexed = clock.Elapsed.TotalSeconds;
        var searcher = new Searcher(index, new BenchNames(), meaning);
        var times = new Dictionary<string, List<double>>();
        var models = new List<double>();
        var processor = new List<double>();
        for (int i = 0; i < queries + Warm; i++)
        {
            (string kind, string text) = Ask(made);
            if (!Query.TryParse(text, out Query? query, out QueryError? error))
            {
                throw new InvalidOperationException($"{text}: {error}");
            }

            TimeSpan used = Environment.CpuUsage.TotalTime;
            clock.Restart();
            searcher.TrySearch(
                new SearchRequest(query, new Instant(SyntheticReports.Now)) { Facets = FacetFields }, out _,
                    out _);
            if (i >= Warm)
            {
                processor.Add((Environment.CpuUsage.TotalTime - used).TotalMilliseconds);
                times.TryAdd(kind, []);
                times[kind].Add(clock.Elapsed.TotalMilliseconds);
                models.Add(meaning?.TakeModelTime() ?? 0);
            }
        }

        Print(json, reports, indexed, meaning is not null, times, models, processor);
    }

    private static (string Kind, string Text) Ask(SyntheticReports made) => made.Choose(8) switch
    {
        0 => ("one word", made.Words(1)),
        1 or 2 => ("three words", made.Words(3)),
        3 => ("phrase", $"\"{made.Words(2)}\""),
        4 => ("words and filters", $"{made.Words(2)} country:{made.Country()} severity>=serious since:1y"),
        5 => ("filters", $"type:incident country:{made.Country()} severity>=serious -lang:en"),
        6 => ("or", $"{made.Words(1)} OR {made.Words(1)}"),
        _ => ("meaning only", $"about:\"{made.Words(4)}\""),
    };

    private static void Print(
        bool json,
        int reports,
        double indexed,
        bool meaning,
        Dictionary<string, List<double>> times,
        List<double> models,
        List<double> processor)
    {
        List<double> all = [.. times.Values.SelectMany(list => list)];
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                bench = "search",
                reports,
                queries = all.Count,
                meaning,
                index_s = Math.Round(indexed, 2),
                p50_ms = At(all, .5),
                p99_ms = At(all, .99),
                max_ms = At(all, 1),
                model_p50_ms = At(models, .5),
                cpu_p50_ms = At(processor, .5),
                cpu_p99_ms = At(processor, .99),
                kinds = times.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                    .ToDictionary(pair => pair.Key, pair =>
                    new { p50_ms = At(pair.Value, .5), p99_ms = At(pair.Value, .99) }),
            }));
            return;
        }

        string searched = meaning ? "words and meaning" : "words";
        Console.WriteLine(Line($"{reports:N0} reports indexed in {indexed:F1} s; {searched}"));
        Console.WriteLine(Line($"all                p50 {At(all, .5),6:F2} ms   p99 {At(all, .99),6:F2} ms"));
        Console.WriteLine(
            Line($"model's share      p50 {At(models, .5),6:F2} ms   p99 {At(models, .99),6:F2} ms"));
        Console.WriteLine(
            Line($"processor time     p50 {At(processor, .5),6:F2} ms   p99 {At(processor, .99),6:F2} ms"));
        foreach ((string kind, List<double> list) in times.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Console.WriteLine(Line($"{kind,-18} p50 {At(list, .5),6:F2} ms   p99 {At(list, .99),6:F2} ms"));
        }
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static double At(List<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0
            : Math.Round(sorted[(int)Math.Min(share * sorted.Length, sorted.Length - 1)], 3);
    }

    private static string? FindModel()
    {
        string beside = Path.Combine(AppContext.BaseDirectory, "model");
        return File.Exists(Path.Combine(beside, "cpu.onnx")) ? beside : null;
    }

    private static string? Text(string[] args, string name)
    {
        int place = Array.IndexOf(args, name);
        return place >= 0 && place + 1 < args.Length ? args[place + 1] : null;
    }

    private static int Number(string[] args, string name, int otherwise) =>
        int.TryParse(Text(args, name), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number : otherwise;
}

using System.Diagnostics;
using IncidentMesh.Node.Embed;
using IncidentMesh.Node.Search;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Bench;

/// <summary><c>bench search [--reports=N] [--queries=N] [--seed=N] [--model=DIR] [--json]</c>: the time of a
/// query over synthetic reports with words, meaning and five facets. Vectors are those of real topic
/// sentences with noise; the query's own vector is computed by the model each time, and its share is told. On
/// a busy machine the processor's time says more than the clock's.</summary>
internal static class SearchBench
{
    private const int Warm = 500;
    private const int Told = 100_000;
    private const double P99Aim = 20;
    private static readonly string[] FacetFields = ["type", "severity", "country", "lang", "standing"];

    public static Task<int> RunAsync(string[] args)
    {
        BenchOutput output = new("search", args);
        string folder = Directory.CreateTempSubdirectory("incidentmesh-bench-").FullName;
        try
        {
            Run(output, folder);
            return Task.FromResult(output.Finish());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Run(BenchOutput output, string folder)
    {
        int reports = output.Option("reports", 100_000);
        int queries = output.Option("queries", 1_000);
        ulong seed = (ulong)output.Option("seed", 1);
        string model = output.Option("model", Path.Combine(AppContext.BaseDirectory, "model"));
        var made = new SyntheticReports(seed);
        using TextIndex index = TextIndex.Open(Path.Combine(folder, "text"), out _);
        using BenchMeaning? meaning = File.Exists(Path.Combine(model, ModelFolder.CpuGraphFile))
            ? new BenchMeaning(model, folder, seed) : null;
        var clock = Stopwatch.StartNew();
        for (int i = 1; i <= reports; i++)
        {
            SearchDocument document = made.Next(out int topic);
            index.Put(document);
            meaning?.Add(document.Id, topic);
            if (i % Told == 0)
            {
                BenchOutput.Progress($"{i} reports indexed after {clock.Elapsed.TotalSeconds:F0} s");
            }
        }

        index.Commit("bench");
        index.Refresh();
        output.Add($"{reports} reports indexed", clock.Elapsed.TotalSeconds, "s");
        output.Note(meaning is null ? "words alone: there is no model" : "words and meaning");
        var searcher = new Searcher(index, new BenchNames(), meaning);
        List<Asked> asked = [.. Enumerable.Range(0, queries + Warm)
            .Select(_ => One(searcher, made, meaning)).Skip(Warm)];
        Add(output, "all", asked.Select(one => one.Milliseconds), P99Aim);
        Add(output, "the model's share", asked.Select(one => one.Model));
        Add(output, "processor time", asked.Select(one => one.Processor));
        foreach (var kind in asked.GroupBy(one => one.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            Add(output, kind.Key, kind.Select(one => one.Milliseconds));
        }
    }

    private static Asked One(Searcher searcher, SyntheticReports made, BenchMeaning? meaning)
    {
        (string kind, string text) = Ask(made);
        if (!Query.TryParse(text, out Query? query, out QueryError? error))
        {
            throw new InvalidOperationException($"{text}: {error}");
        }

        TimeSpan used = Environment.CpuUsage.TotalTime;
        long started = Stopwatch.GetTimestamp();
        searcher.TrySearch(
            new SearchRequest(query, new Instant(SyntheticReports.Now)) { Facets = FacetFields },
            out _,
            out _);
        return new Asked(
            kind,
            Stopwatch.GetElapsedTime(started).TotalMilliseconds,
            (Environment.CpuUsage.TotalTime - used).TotalMilliseconds,
            meaning?.TakeModelTime() ?? 0);
    }

    private static void Add(BenchOutput output, string what, IEnumerable<double> times, double? aim = null)
    {
        double[] sorted = [.. times.Order()];
        if (sorted.Length > 0)
        {
            output.Add($"{what}: p50", sorted[sorted.Length / 2], "ms");
            output.Add($"{what}: p99", sorted[sorted.Length * 99 / 100], "ms", aim, less: true);
        }
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

    private sealed record Asked(string Kind, double Milliseconds, double Processor, double Model);
}

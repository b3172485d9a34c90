using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using IncidentMesh.Node.Embed;
using IncidentMesh.Protocol.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentMesh.Bench;

/// <summary><c>embed [FILE.jsonl] [--rounds N]</c>: texts a second through the product's queue, against
/// bare sessions with one thread each over the same token ids; rounds of both alternate in one
/// run.</summary>
internal static class EmbedBench
{
    private const int TextsPerRound = 300;

    /// <summary>Runs the benchmark; one JSON object on standard output.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        int at = Array.IndexOf(args, "--rounds");
        int rounds = at >= 0 ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : 4;
        string? file = args.Where((a, i) => a != "--json" && i != at && (at < 0 || i != at + 1))
            .FirstOrDefault();
        string[] texts = [.. Texts(file).Distinct().Take(TextsPerRound)];

        using Embedder model = Embedder.Open(
            ModelFolder.Shipped, new EmbeddingOptions { Provider = EmbeddingProvider.Cpu });
        long[][] ids = [.. texts.Select(model.Tokens)];
        using var arrived = new CountdownEvent(1);
        await using var queue = new EmbeddingQueue(
            () => model.Reopen(new EmbeddingOptions { Provider = EmbeddingProvider.Cpu }),
            _ => arrived.Signal(), NullLogger.Instance);
        queue.Start();
        await queue.Ready;

        using BareModel sessions = new(model.Workers);
        double product = 0, bare = 0;
        for (int round = 0; round <= rounds; round++)
        {
            double mine = Queue(queue, texts, arrived), theirs = sessions.Seconds(ids);

            // The first round warms both up and is not counted.
            product += round == 0 ? 0 : mine;
            bare += round == 0 ? 0 : theirs;
        }

        double count = (double)rounds * texts.Length;
        Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, double>
        {
            ["texts"] = count,
            ["tokensPerText"] = Math.Round(ids.Average(i => i.Length), 1),
            ["textsPerSecond"] = Math.Round(count / product, 1),
            ["bareTextsPerSecond"] = Math.Round(count / bare, 1),
            ["ratio"] = Math.Round(bare / product, 4),
        }));
        return 0;
    }

    private static IEnumerable<string> Texts(string? file) => file is null
        ? Enumerable.Range(0, TextsPerRound).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"Delivery robot {i} strikes a pedestrian outside school {i % 17}; operator stops it"))
        : File.ReadLines(file).Where(l => l.Length > 0)
            .Select(l => JsonDocument.Parse(l).RootElement.GetProperty("title").GetString()!);

    private static double Queue(EmbeddingQueue queue, string[] texts, CountdownEvent arrived)
    {
        arrived.Reset(texts.Length);
        long started = Stopwatch.GetTimestamp();
        foreach (string text in texts)
        {
            queue.Enqueue(new EmbeddingJob(Digest.Sha256(System.Text.Encoding.UTF8.GetBytes(text)), text, 0));
        }

        arrived.Wait();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}

using System.Diagnostics;
using System.Text.Json;
using IncidentMesh.Node.Commands;
using IncidentMesh.Node.Embed;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Bench;

/// <summary><c>import FILE [--one] [--json]</c>: a file of titles imported into whole nodes, each a process
/// with its model. First into one alone, for the rate of its embedding beside the bare model over the same
/// texts; then, without <c>--one</c>, into one with a peer connected, and a third that joins afterwards,
/// until all agree.</summary>
internal static class ImportBench
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs the benchmark.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        BenchOutput output = new("import", args);
        string file = args.FirstOrDefault(a => !a.StartsWith("--", StringComparison.Ordinal)) is { } named
            ? Path.GetFullPath(named) : throw new FormatException("name the file to import");
        string home = Directory.CreateTempSubdirectory("incidentmesh-bench-").FullName;
        try
        {
            await AloneAsync(output, home, file);
            if (!args.Contains("--one"))
            {
                await ThreeAsync(output, home, file);
            }
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }

        return output.Finish();
    }

    private static async Task AloneAsync(BenchOutput output, string home, string file)
    {
        using Embedder model = Embedder.Open(
            ModelFolder.Shipped, new EmbeddingOptions { Provider = EmbeddingProvider.Cpu });
        long[][] ids = [.. File.ReadLines(file).Select(line => model.Tokens(Title(line)))];
        using BareModel bare = new(model.Workers);

        // Before and after, as the machine's speed changes meanwhile.
        double seconds = bare.Seconds(ids) / 2;
        double embedding, warm, clustered;
        ImportView import;
        await using (DemoNode node = await StartAsync(home, "alone"))
        {
            await IdleAsync(node);
            import = await ImportAsync(node, file);
            Stopwatch clock = Stopwatch.StartNew();
            (embedding, warm) = await DrainAsync(node, import.New, clock);
            await UntilAsync(async () => (await StatusAsync(node)).EmbedBacklog == 0, () => 100);
            clustered = clock.Elapsed.TotalSeconds;
        }

        seconds += bare.Seconds(ids) / 2;
        output.Add("one node: on disk", import.Seconds, "s");
        output.Add("one node: embedding", embedding, "texts/s");
        output.Add("one node: embedding, second half", warm, "texts/s");
        output.Add("one node: all in clusters", clustered, "s");
        output.Add("bare model, the same texts", ids.Length / seconds, "texts/s");
        output.Add("embedding by bare model", embedding / (ids.Length / seconds), "ratio", 0.8);
        output.Add("second half by bare model", warm / (ids.Length / seconds), "ratio", 0.8);
    }

    private static async Task ThreeAsync(BenchOutput output, string home, string file)
    {
        await using DemoNode a = await StartAsync(home, "a");
        await using DemoNode b = await StartAsync(home, "b", a);
        await IdleAsync(a);
        await IdleAsync(b);
        await UntilAsync(async () => (await StatusAsync(a)).Peers == 1);
        Stopwatch clock = Stopwatch.StartNew();
        Task<ImportView> importing = ImportAsync(a, file);
        await UntilAsync(async () => importing.IsCompleted
            && (await StatusAsync(b)).RecordDigest == (await StatusAsync(a)).RecordDigest);
        double atB = clock.Elapsed.TotalSeconds;
        await using DemoNode c = await StartAsync(home, "c", a);
        await TrustAsync(b, c);
        await TrustAsync(c, b);
        double joined = clock.Elapsed.TotalSeconds;
        await UntilAsync(async () =>
            (await StatusAsync(c)).RecordDigest == (await StatusAsync(a)).RecordDigest);
        double atC = clock.Elapsed.TotalSeconds - joined;
        await UntilAsync(async () =>
        {
            StatusView[] all = [await StatusAsync(a), await StatusAsync(b), await StatusAsync(c)];
            return all.All(s => s.EmbedBacklog == 0 && s.ClusterDigest == all[0].ClusterDigest);
        });
        output.Add("three nodes: on disk at A", (await importing).Seconds, "s", 3, less: true);
        output.Add("three nodes: on disk at B", atB, "s", 10, less: true);
        output.Add("three nodes: at C after it started", atC, "s");
        output.Add("three nodes: all agree on clusters", clock.Elapsed.TotalSeconds, "s");
    }

    private static async Task<DemoNode> StartAsync(string home, string name, DemoNode? peer = null)
    {
        string[] peers = peer is null ? [] : [peer.First.Addresses[0]];
        DemoNode node = await DemoNode.StartAsync(Path.Combine(home, name), name, "lab", peers, default);
        if (peer is not null)
        {
            await TrustAsync(node, peer);
            await TrustAsync(peer, node);
        }

        return node;
    }

    private static Task<TrustListView> TrustAsync(DemoNode node, DemoNode other) =>
        node.Api.TrustAsync(new TrustRequest("add", other.First.Identity, other.Name), default);

    // The model is loaded once it is named.
    private static Task IdleAsync(DemoNode node) =>
        UntilAsync(async () => (await StatusAsync(node)).Graph is not null);

    private static async Task<ImportView> ImportAsync(DemoNode node, string file)
    {
        ImportView? last = null;
        ImportRequest request = new(file, "auto", null);
        await foreach (ImportView view in node.Api.ImportAsync(request, default))
        {
            last = view;
        }

        BenchOutput.Progress($"{node.Name}: {last!.New} new in {last.Seconds} s");
        return last;
    }

    private static Task<StatusView> StatusAsync(DemoNode node) => node.Api.StatusAsync(default);

    private static Task UntilAsync(Func<Task<bool>> holds) => UntilAsync(holds, () => 500);

    private static async Task UntilAsync(Func<Task<bool>> holds, Func<int> pause)
    {
        using CancellationTokenSource patience = new(Patience);
        while (!await holds())
        {
            await Task.Delay(pause(), patience.Token);
        }
    }

    // To ask costs the node something: it is asked seldom at first, then as often as the end is to be known.
    // The rates of all that was left when the import ended, and of its second half, as the runtime compiles
    // during the first.
    private static async Task<(double All, double SecondHalf)> DrainAsync(
        DemoNode node, long reports, Stopwatch clock)
    {
        List<(long Left, double Seconds)> seen = [];
        await UntilAsync(
            async () =>
            {
                seen.Add((reports - (await StatusAsync(node)).Embedded, clock.Elapsed.TotalSeconds));
                return seen[^1].Left == 0;
            },
            () => (int)Math.Clamp(seen[^1].Left, 50, 3_000));

        double last = seen[^1].Seconds;
        (long left, double since) = seen.First(s => s.Left <= seen[0].Left / 2);
        return (seen[0].Left / (last - seen[0].Seconds), left / (last - since));
    }

    private static string Title(string line) =>
        JsonDocument.Parse(line).RootElement.GetProperty("title").GetString()!;
}

using System.Text.Json;
using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Bench;

/// <summary>How fast records travel between two nodes, each a process of its own on this machine, over
/// loopback: signed before, encrypted on the wire, verified and made durable by both. js-libp2p is measured
/// in the same run, turn by turn, where node is installed; it verifies message signatures (StrictSign) or
/// nothing (StrictNoSign), and stores nothing.</summary>
internal static class GossipBench
{
    private const string Ours = "incidentmesh";
    private const int PerSecondAim = 10_000;
    private const int P50Aim = 2;
    private const int P99Aim = 20;

    /// <summary>Runs the benchmark, or one of its processes (<c>--role</c>).</summary>
    /// <param name="args"><c>--records --warm --size --rate --seconds --runs</c>, each <c>=N</c>;
    /// <c>--no-js</c>; <c>--json</c>.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        BenchOutput output = new("gossip", args);
        string role = output.Option("role", "");
        if (role.Length > 0)
        {
            return await GossipBenchNode.RunAsync(role, output.Option("home", ""), output.Option("dial", ""));
        }

        Settings settings = new(
            output.Option("records", 20_000),
            output.Option("warm", 10_000),
            output.Option("size", 1_024),
            output.Option("rate", 100),
            output.Option("seconds", 10));
        string? js = args.Contains("--no-js") ? null : GossipBenchJs.FindFolder();
        List<Result> results = [];
        for (int run = output.Option("runs", 3); run > 0; run--)
        {
            results.Add(await MeasureAsync(Ours, settings, GossipBenchNode.StartAsync));
            foreach (string policy in js is null ? [] : new[] { "StrictSign", "StrictNoSign" })
            {
                results.Add(await MeasureAsync(
                    $"js-libp2p {policy}", settings, () => GossipBenchJs.StartAsync(js!, policy)));
            }
        }

        Report(output, settings, results);
        output.Note($"medians; one signature costs {VerifyCost():F0} us to verify on this machine, now");
        if (js is null)
        {
            output.Note("js-libp2p was not measured: it needs node, and npm ci in tests/interop");
        }

        return output.Finish();
    }

    private static async Task<Result> MeasureAsync(string name, Settings settings, Func<Task<Pair>> start)
    {
        await using Pair pair = await start();
        if (settings.Warm > 0)
        {
            await SaturateAsync(pair, settings.Warm, settings.Size);
        }

        double sourceCpu = pair.Source.CpuSeconds;
        double sinkCpu = pair.Sink.CpuSeconds;
        (long received, double seconds, double preparing) =
            await SaturateAsync(pair, settings.Records, settings.Size);
        sourceCpu = pair.Source.CpuSeconds - sourceCpu - preparing;
        sinkCpu = pair.Sink.CpuSeconds - sinkCpu;

        int paced = settings.Rate * settings.Seconds;
        pair.Sink.Say($"expect {paced}");
        await pair.Sink.EventAsync("expecting");
        pair.Source.Say($"pace {paced} {settings.Size} {settings.Rate}");
        long[] sentAt = Times(await pair.Source.EventAsync("sent"));
        pair.Sink.Say($"settle");
        long[] receivedAt = Times(await pair.Sink.EventAsync("done"));
        double[] latencies = [.. sentAt.Zip(receivedAt, (from, to) => (to - from) / 1e6).Order()];
        BenchOutput.Progress($"{name}: {received / seconds:F0} records/s");
        return new Result(
            name,
            settings.Records - received + paced - receivedAt.Length,
            received / seconds,
            sourceCpu * 1e6 / received,
            sinkCpu * 1e6 / received,
            At(latencies, 0.5),
            At(latencies, 0.99));
    }

    private static async Task<(long Received, double Seconds, double Preparing)> SaturateAsync(
        Pair pair, int records, int size)
    {
        pair.Sink.Say($"expect {records}");
        await pair.Sink.EventAsync("expecting");
        pair.Source.Say($"saturate {records} {size}");
        JsonElement sent = await pair.Source.EventAsync("sent");
        pair.Sink.Say($"settle");
        JsonElement done = await pair.Sink.EventAsync("done");
        return (
            done.GetProperty("count").GetInt64(),
            (done.GetProperty("last").GetInt64() - sent.GetProperty("first").GetInt64()) / 1e9,
            sent.GetProperty("preparing").GetDouble());
    }

    private static long[] Times(JsonElement of) =>
        [.. of.GetProperty("times").EnumerateArray().Select(time => time.GetInt64()).Order()];

    private static double At(double[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    private static void Report(BenchOutput output, Settings settings, List<Result> results)
    {
        foreach (IGrouping<string, Result> of in results.GroupBy(result => result.Name))
        {
            double Median(Func<Result, double> value) =>
                At([.. of.Select(value).Where(double.IsFinite).Order()], 0.5);

            bool ours = of.Key == Ours;
            string rate = $"at {settings.Rate}/s";
            output.Add(
                $"{of.Key}: saturated", Median(r => r.PerSecond), "records/s", ours ? PerSecondAim : null);
            output.Add($"{of.Key}: p50 {rate}", Median(r => r.P50), "ms", ours ? P50Aim : null, less: true);
            output.Add($"{of.Key}: p99 {rate}", Median(r => r.P99), "ms", ours ? P99Aim : null, less: true);
            output.Add($"{of.Key}: cpu of the source", Median(r => r.SourceCpu), "us/record");
            output.Add($"{of.Key}: cpu of the sink", Median(r => r.SinkCpu), "us/record");
            output.Add($"{of.Key}: lost", of.Sum(r => r.Lost), "records", ours ? 0 : null, less: true);
        }
    }

    // A shared machine is told by it, and it bounds what a sink can do.
    private static double VerifyCost()
    {
        const int Times = 5_000;
        using SigningKey key = SigningKey.FromSeed(new byte[SigningKey.SeedLength]);
        byte[] data = new byte[330];
        byte[] signature = key.Sign(data);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < Times; i++)
        {
            key.Public.Verify(data, signature);
        }

        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / Times;
    }

    /// <summary>Two processes that are connected and ready, and the folder of both, which goes with
    /// them.</summary>
    internal sealed record Pair(BenchChild Source, BenchChild Sink, string? Folder = null)
        : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Source.DisposeAsync();
            await Sink.DisposeAsync();
            if (Folder is not null)
            {
                Directory.Delete(Folder, recursive: true);
            }
        }
    }

    private sealed record Settings(int Records, int Warm, int Size, int Rate, int Seconds);

    private sealed record Result(
        string Name,
        long Lost,
        double PerSecond,
        double SourceCpu,
        double SinkCpu,
        double P50,
        double P99);
}

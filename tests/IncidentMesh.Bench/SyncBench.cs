using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Bench;

/// <summary><c>sync [ITEMS]</c>: what reconciliation costs at a size, in time, rounds and bytes.</summary>
internal static class SyncBench
{
    private const int Tail = 100;

    /// <summary>Runs the benchmark; one JSON object on standard output.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        int count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
        ReconciliationItem[] items = [.. Enumerable.Range(0, count).Select(Item)];
        var result = new Dictionary<string, double> { ["items"] = count };

        long start = Stopwatch.GetTimestamp();
        var whole = new ReconciliationSet();
        foreach (ReconciliationItem item in items)
        {
            whole.Add(item);
        }

        result["insert_microseconds"] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
        var view = new ReconciliationView(whole);
        result["fingerprint_microseconds"] = Fingerprint(view);

        var cut = new ReconciliationSet();
        foreach (ReconciliationItem item in items.AsSpan(0, count - Tail))
        {
            cut.Add(item);
        }

        var scattered = new ReconciliationSet();
        foreach (ReconciliationItem item in items.Where((_, n) => n % (count / Tail) != 0))
        {
            scattered.Add(item);
        }

        Reconcile("equal", view, view, result);
        Reconcile("tail_100", new ReconciliationView(cut), view, result);
        Reconcile("random_100", new ReconciliationView(scattered), view, result);
        Console.WriteLine(JsonSerializer.Serialize(result));
        return Task.FromResult(0);
    }

    private static double Fingerprint(ReconciliationView view)
    {
        const int Times = 20_000;
        var random = new SeededRandom(1);
        Span<byte> bytes = stackalloc byte[ReconciliationView.FingerprintBytes];
        long start = Stopwatch.GetTimestamp();
        for (int n = 0; n < Times; n++)
        {
            int from = random.Next(view.Count);
            view.Fingerprint(from, from + random.Next(view.Count - from), bytes);
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Times;
    }

    private static void Reconcile(
        string name, ReconciliationView client, ReconciliationView server, Dictionary<string, double> result)
    {
        var need = new List<Digest>();
        (int rounds, long bytes) = (0, 0);
        long start = Stopwatch.GetTimestamp();
        byte[]? message = Negentropy.Initiate(client);
        while (message is not null)
        {
            if (!Negentropy.TryRespond(server, message, out byte[]? reply, out Fault? fault))
            {
                throw new InvalidOperationException($"{fault}");
            }

            bytes += message.Length + reply.Length;
            rounds++;
            if (!Negentropy.TryContinue(client, reply, need, out message, out fault))
            {
                throw new InvalidOperationException($"{fault}");
            }
        }

        result[name + "_milliseconds"] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        result[name + "_rounds"] = rounds;
        result[name + "_bytes"] = bytes;
        result[name + "_needed"] = need.Count;
    }

    private static ReconciliationItem Item(int n) =>
        new(1_700_000_000 + (10 * (ulong)n), Digest.Sha256(BitConverter.GetBytes(n)));
}

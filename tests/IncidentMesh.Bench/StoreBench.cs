using System.Diagnostics;
using System.Security.Cryptography;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using LiteDB;
using Microsoft.Win32.SafeHandles;

namespace IncidentMesh.Bench;

/// <summary>How many reports a second are on the disk and acknowledged: the record log from one writer,
/// from 64 and in batches, beside a bare append with fsync and LiteDB, which does the same per insert with
/// several fsyncs. The contenders take turns, so that a noisy neighbour hits all of them. <c>--seconds=2
/// --rounds=3 --dir=FOLDER</c>.</summary>
internal static class StoreBench
{
    private const int HeadBytes = 350, BodyBytes = 1_024, BatchReports = 500, BareFileBytes = 256 << 20;

    private static readonly byte[] Head = RandomNumberGenerator.GetBytes(HeadBytes);

    public static async Task<int> RunAsync(string[] args)
    {
        var output = new BenchOutput("store", args);
        TimeSpan turn = TimeSpan.FromSeconds(output.Option("seconds", 2));
        int rounds = output.Option("rounds", 3);
        string folder = Path.Combine(
            output.Option("dir", Path.GetTempPath()), $"incidentmesh-bench-{Guid.NewGuid():n}");
        (string Name, double? Aim, Func<string, TimeSpan, Task<double>> Run)[] contenders =
        [
            ("log, one writer", 2_000, (f, t) => LogAsync(f, t, writers: 1, batch: 1)),
            ("log, 64 writers", 10_000, (f, t) => LogAsync(f, t, writers: 64, batch: 1)),
            ("log, batches of 500", 50_000, (f, t) => LogAsync(f, t, writers: 2, BatchReports)),
            ("bare append + fsync, growing file", null, (f, t) => BareAsync(f, t, prepared: false)),
            ("bare append + fsync, zero-filled file", null, (f, t) => BareAsync(f, t, prepared: true)),
            ("LiteDB, single inserts", null, LiteAsync),
        ];
        var results = contenders.Select(_ => new List<double>()).ToArray();
        for (int round = 0; round <= rounds; round++)
        {
            BenchOutput.Progress(round == 0 ? "warming up" : $"round {round} of {rounds}");
            for (int i = 0; i < contenders.Length; i++)
            {
                Directory.CreateDirectory(folder);
                double rate = await contenders[i].Run(folder, round == 0 ? turn / 4 : turn);
                if (round > 0) { results[i].Add(rate); }
                Directory.Delete(folder, recursive: true);
            }
        }
        for (int i = 0; i < contenders.Length; i++)
        {
            List<double> rates = results[i];
            rates.Sort();
            output.Add(contenders[i].Name, rates[rates.Count / 2], "reports/s", contenders[i].Aim);
            output.Note($"{contenders[i].Name}: {rates[0]:#,0} to {rates[^1]:#,0} in {rates.Count} rounds");
        }
        return output.Finish();
    }

    private static async Task<double> LogAsync(string folder, TimeSpan turn, int writers, int batch)
    {
        await using RecordLog log = RecordLog.Open(folder);
        long total = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var entries = new LogEntry[batch];
            for (int n = 0; clock.Elapsed < turn; n++)
            {
                for (int i = 0; i < batch; i++)
                {
                    entries[i] = Entry((writer * 1_000_000) + (n * batch) + i);
                }
                await log.AppendAsync(entries);
                Interlocked.Add(ref total, batch);
            }
        })));
        return total / clock.Elapsed.TotalSeconds;
    }

    private static Task<double> BareAsync(string folder, TimeSpan turn, bool prepared)
    {
        using SafeFileHandle file = File.OpenHandle(
            Path.Combine(folder, "bare"), FileMode.Create, FileAccess.ReadWrite);
        byte[] report = new byte[HeadBytes + BodyBytes + 40];
        if (prepared)
        {
            byte[] zeros = new byte[1 << 20];
            for (int at = 0; at < BareFileBytes; at += zeros.Length) { RandomAccess.Write(file, zeros, at); }
            RandomAccess.FlushToDisk(file);
        }
        long written = 0, count = 0;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < turn)
        {
            RandomAccess.Write(file, report, prepared ? written % (BareFileBytes - report.Length) : written);
            RandomAccess.FlushToDisk(file);
            written += report.Length;
            count++;
        }
        return Task.FromResult(count / clock.Elapsed.TotalSeconds);
    }

    private static Task<double> LiteAsync(string folder, TimeSpan turn)
    {
        using var database = new LiteDatabase(Path.Combine(folder, "lite.db"));
        ILiteCollection<BsonDocument> reports = database.GetCollection("reports");
        reports.EnsureIndex("received");
        int count = 0;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < turn)
        {
            LogEntry entry = Entry(count);
            reports.Insert(new BsonDocument
            {
                ["_id"] = SHA256.HashData(BitConverter.GetBytes(count)),
                ["received"] = entry.Received.Milliseconds,
                ["head"] = entry.Head.ToArray(),
                ["body"] = entry.Body.ToArray(),
            });
            count++;
        }
        return Task.FromResult(count / clock.Elapsed.TotalSeconds);
    }

    private static LogEntry Entry(int n)
    {
        byte[] body = new byte[BodyBytes];
        BitConverter.TryWriteBytes(body, n);
        body.AsSpan(4).Fill((byte)(1 + (n % 250)));
        return new LogEntry(FrameKind.Record, Head, body, new Instant(n));
    }
}

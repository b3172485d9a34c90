using System.Diagnostics;
using System.Globalization;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Bench;

/// <summary><c>records</c>: records a second on one core through reading, hashing and verifying, and the
/// bytes
/// that each of them allocates.</summary>
internal static class RecordBench
{
    private const int Records = 2_000;
    private const int Rounds = 20;

    /// <summary>Runs the benchmark; one line a step, the best of twenty rounds.</summary>
    public static int Run()
    {
        (IdentityBook book, byte[][] data) = Make();
        Instant now = Instant.FromUnixSeconds(1_764_000_000);
        Measure("read envelope and header", data, d => Record.TryRead(Envelope(d), out _, out _));
        Measure("split, read, hash body", data, d => Record.TrySplit(d, out _, out _, out _));
        Measure("all rules with signature", data, d =>
            RecordRules.CheckData(d, book, now, out _, out _) is RecordVerdict.Accept);
        return 0;
    }

    private static ReadOnlyMemory<byte> Envelope(byte[] data) =>
        CoseSign1.TryMeasure(data, Limits.Records.EnvelopeBytes, out int length, out _)
            ? data.AsMemory(0, length)
            : default;

    private static void Measure(string what, byte[][] data, Func<byte[], bool> step)
    {
        double best = double.MaxValue;
        long allocated = 0;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            foreach (byte[] d in data)
            {
                if (!step(d))
                {
                    throw new InvalidOperationException("a sample that is refused");
                }
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-26} {data.Length / best,10:N0} records/s  {allocated / data.Length,6:N0} bytes each"));
    }

    private static (IdentityBook Book, byte[][] Data) Make()
    {
        byte[] seed = new byte[SigningKey.SeedLength];
        using SigningKey root = SigningKey.FromSeed(seed);
        seed[0] = 1;
        using SigningKey device = SigningKey.FromSeed(seed);
        IdentityEvent inception = IdentityEvent.Inception(
            root, IdentityEvent.Commitment(device.Public), [KeyGrant.Signing(device.Public)], 0);
        IdentityBook book = new();
        book.Apply(inception);
        RecordBuilder builder = new(inception.Id, device, inception.Id, new byte[32]);
        Heads heads = new();
        List<byte[]> data = [];
        for (int i = 0; i < Records; i++)
        {
            IncidentBody body = new()
            {
                Title = $"Report {i}",
                Description = new string('x', 800),
                Severity = new Severity("incident", Severity.Oecd),
                HarmTypes = ["economic", "rights"],
                Countries = ["DE"],
            };
            SignedRecord signed = builder.Sign(body, heads.Of(device.Public), 1_764_000_000, "en");
            heads.Add(signed.Record.Id, signed.Record.Header);
            data.Add(signed.Data);
        }

        return (book, [.. data]);
    }
}

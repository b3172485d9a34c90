using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Bench;

/// <summary>One of the two nodes of <see cref="GossipBench"/>: a whole <see cref="MeshLoop"/> in a folder of
/// its own. The source signs and submits, the sink counts what is durable there; both trust the author, whose
/// keys come of fixed seeds.
/// </summary>
internal sealed class GossipBenchNode : IAsyncDisposable
{
    private const int Window = 512;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);
    private readonly SigningKey _device = KeyOf(2);
    private readonly SigningKey _host;
    private readonly IdentityEvent _inception;
    private readonly RecordBuilder _builder;
    private readonly MeshLoop _loop;
    private readonly Lock _gate = new();
    private readonly List<long> _admitted = [];
    private IReadOnlyCollection<Head> _heads = [];
    private int _expected;
    private long _settling = long.MaxValue;

    private GossipBenchNode(SigningKey host, MeshLoop loop)
    {
        (_host, _loop) = (host, loop);
        _inception = Inception();
        _builder = new RecordBuilder(_inception.Id, _device, _inception.Id, new byte[16]);
    }

    /// <summary>Starts both nodes and waits until the source has the sink in its mesh.</summary>
    public static async Task<GossipBench.Pair> StartAsync()
    {
        string home = Directory.CreateTempSubdirectory("incidentmesh-bench-").FullName;
        BenchChild sink = BenchChild.StartSelf(
            "gossip", "--role=sink", $"--home={Path.Combine(home, "sink")}");
        JsonElement listening = await sink.EventAsync("listening");
        string address = listening.GetProperty("address").GetString()!;
        BenchChild source = BenchChild.StartSelf(
            "gossip", "--role=source", $"--home={Path.Combine(home, "source")}", $"--dial={address}");
        await source.EventAsync("ready");
        return new GossipBench.Pair(source, sink, home);
    }

    /// <summary>Runs one of the processes until its standard input ends.</summary>
    public static async Task<int> RunAsync(string role, string home, string dial)
    {
        using SigningKey host = SigningKey.FromSeed(RandomNumberGenerator.GetBytes(SigningKey.SeedLength));
        MeshLoop loop = await MeshLoop.OpenAsync(new MeshOptions
        {
            Folder = DataFolder.Resolve(home),
            HostKey = host,
            Rows = ReportReader.TryReadRow,
            Self = Inception().Id,
        });
        await using GossipBenchNode node = new(host, loop);
        loop.Changed += node.Note;
        if (role == "sink")
        {
            Multiaddr listening = loop.Listen(AddressOf("/ip4/127.0.0.1/tcp/0"));
            Say(new { @event = "listening", address = listening.ToString() });
        }
        else
        {
            await node.ConnectAsync(dial);
        }

        while (await Console.In.ReadLineAsync() is { } line)
        {
            await node.DoAsync(line.Split(' '));
        }

        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        _device.Dispose();
    }

    private static SigningKey KeyOf(byte number)
    {
        byte[] seed = new byte[SigningKey.SeedLength];
        seed[0] = number;
        return SigningKey.FromSeed(seed);
    }

    private static IdentityEvent Inception()
    {
        using SigningKey root = KeyOf(1);
        using SigningKey device = KeyOf(2);
        return IdentityEvent.Inception(
            root, IdentityEvent.Commitment(device.Public), [KeyGrant.Signing(device.Public)], 1_790_000_000);
    }

    private static Multiaddr AddressOf(string text) => Multiaddr.TryParse(text, out Multiaddr? address, out _)
        ? address
        : throw new ArgumentException("not a multiaddr", nameof(text));

    private static void Say(object line)
    {
        Console.WriteLine(JsonSerializer.Serialize(line));
        Console.Out.Flush();
    }

    private static long Nanoseconds() =>
        (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

    private async Task ConnectAsync(string address)
    {
        await _loop.SubmitEventAsync(_inception);
        _loop.Connect(AddressOf(address));
        while (await _loop.AskAsync(replica => replica.GossipPeers.Count) == 0)
        {
            await Task.Delay(50);
        }

        // The mesh and the first sync session settle.
        await Task.Delay(1_500);
        Say(new { @event = "ready" });
    }

    private async Task DoAsync(string[] command)
    {
        int[] numbers = [.. command[1..].Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        if (command[0] == "expect")
        {
            lock (_gate)
            {
                _admitted.Clear();
                (_expected, _settling) = (numbers[0], long.MaxValue);
            }

            Say(new { @event = "expecting" });
            _ = WatchAsync();
            return;
        }

        if (command[0] == "settle")
        {
            lock (_gate)
            {
                _settling = Nanoseconds();
            }

            return;
        }

        if (command[0] == "saturate")
        {
            await SaturateAsync(numbers[0], numbers[1]);
        }
        else
        {
            await PaceAsync(numbers[0], numbers[1], numbers[2]);
        }
    }

    private void Note(MeshChange change)
    {
        if (change is not MeshChange.Admitted)
        {
            return;
        }

        lock (_gate)
        {
            _admitted.Add(Nanoseconds());
            if (_admitted.Count == _expected)
            {
                Finish();
            }
        }
    }

    // Reports what came when all was sent and nothing more comes.
    private async Task WatchAsync()
    {
        while (true)
        {
            await Task.Delay(500);
            lock (_gate)
            {
                if (_expected == 0)
                {
                    return;
                }

                long last = Math.Max(_settling, _admitted.LastOrDefault());
                if (_settling < long.MaxValue && (Nanoseconds() - last) / 1e9 > Quiet.TotalSeconds)
                {
                    Finish();
                    return;
                }
            }
        }
    }

    private void Finish()
    {
        _expected = 0;
        long last = _admitted.LastOrDefault();
        Say(new { @event = "done", count = _admitted.Count, last, times = _admitted });
    }

    private async Task SaturateAsync(int count, int size)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        List<SignedRecord> records = [.. Enumerable.Range(0, count).Select(_ => Sign(size))];
        double preparing = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        using SemaphoreSlim window = new(Window);
        List<Task> running = [];
        long first = Nanoseconds();
        foreach (SignedRecord record in records)
        {
            await window.WaitAsync();
            running.Add(SubmitAsync(record, window));
        }

        await Task.WhenAll(running);
        Say(new { @event = "sent", first, preparing, times = Array.Empty<long>() });
    }

    private async Task SubmitAsync(SignedRecord record, SemaphoreSlim window)
    {
        await _loop.SubmitAsync(record);
        while (await _loop.AskAsync(replica => replica.IsGossipCongested))
        {
            await Task.Delay(1);
        }

        window.Release();
    }

    private async Task PaceAsync(int count, int size, int rate)
    {
        long[] times = new long[count];
        long start = Nanoseconds();
        for (int i = 0; i < count; i++)
        {
            double wait = ((i * 1e9 / rate) - (Nanoseconds() - start)) / 1e6;
            if (wait > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(wait));
            }

            times[i] = Nanoseconds();
            await _loop.SubmitAsync(Sign(size));
        }

        Say(new { @event = "sent", first = times[0], preparing = 0, times });
    }

    // A report whose envelope and body together have the size asked for, as long as that is enough for both.
    private SignedRecord Sign(int size)
    {
        const int Fixed = 470;
        long created = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        IncidentBody body = new()
        {
            Title = $"Reported at {Stopwatch.GetTimestamp()}",
            Description = new string('x', Math.Max(1, size - Fixed)),
        };
        SignedRecord signed = _builder.Sign(body, _heads, created, "en");
        _heads = [new Head(signed.Record.Id, signed.Record.Header.Seq)];
        return signed;
    }
}

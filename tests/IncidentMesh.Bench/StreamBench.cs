using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using IncidentMesh.Node.Net;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Bench;

/// <summary>Framed messages over one stream between two processes on loopback, as gossip sends them: whole
/// path of socket, Noise, Yamux and stream.</summary>
internal static class StreamBench
{
    private const string Sink = "/incidentmesh/bench/sink/1.0.0";

    /// <summary>Runs the sender, which starts the receiver as a process of its own.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["serve"])
        {
            return await ServeAsync();
        }

        var output = new BenchOutput("stream", args);
        int count = output.Option("messages", 200_000);
        using Process server = StartServer();
        string line = await server.StandardOutput.ReadLineAsync() ?? "";
        if (!Multiaddr.TryParse(line, out Multiaddr? address, out _))
        {
            await Console.Error.WriteLineAsync($"error: the receiver said \"{line}\"");
            return 1;
        }

        foreach (int size in (int[])[1_024, 65_536])
        {
            BenchOutput.Progress($"messages of {size} bytes");
            int messages = size == 1_024 ? count : count / 16;
            double rate = await SendAsync(address, size, messages);
            double? aim = size == 1_024 ? 20_000 : null;
            output.Add($"messages of {size} bytes", rate, "1/s", aim);
            output.Add($"payload in messages of {size} bytes", rate * size / 1_048_576, "MiB/s");
        }

        server.StandardInput.Close();
        await server.WaitForExitAsync();
        return output.Finish();
    }

    private static SigningKey NewKey() =>
        SigningKey.FromSeed(RandomNumberGenerator.GetBytes(SigningKey.SeedLength));

    private static Process StartServer()
    {
        string[] command = Environment.GetCommandLineArgs();
        string self = Environment.ProcessPath!;
        bool hosted = Path.GetFileNameWithoutExtension(self) == "dotnet";
        return Process.Start(new ProcessStartInfo(self, hosted ? [command[0], "stream", "serve"]
            : ["stream", "serve"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    private static async Task<int> ServeAsync()
    {
        using SigningKey key = NewKey();
        await using var host = new Host(key, new HostOptions(), TimeProvider.System);
        host.Handle(Sink, CountAsync);
        var loopback = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0);
        Console.WriteLine(host.Listen(Multiaddr.OfTcp(loopback)));
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static async Task CountAsync(PeerStream stream, CancellationToken stop)
    {
        var frames = new FrameReader(Limits.Gossip.RpcBytes);
        var buffer = new byte[131_072];
        long count = 0;
        while (await stream.ReadAsync(buffer, stop) is var length and > 0)
        {
            frames.Append(buffer.AsSpan(0, length));
            while (frames.TryTake(out _, out _))
            {
                count++;
            }
        }

        await stream.WriteAsync(BitConverter.GetBytes(count), stop);
    }

    private static async Task<double> SendAsync(Multiaddr address, int size, int messages)
    {
        using SigningKey key = NewKey();
        await using var host = new Host(key, new HostOptions(), TimeProvider.System);
        PeerId peer = await host.DialAsync(address);
        await using PeerStream stream = await host.OpenStreamAsync(peer, [Sink]);
        byte[] message = Frame.Write(RandomNumberGenerator.GetBytes(size));
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < messages; i++)
        {
            await stream.WriteAsync(message);
        }

        stream.CloseWrite();
        var answer = new byte[sizeof(long)];
        int read = await stream.ReadAsync(answer);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long arrived = read == answer.Length ? BitConverter.ToInt64(answer) : -1;
        return arrived == messages
            ? messages / seconds
            : throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"{arrived} of {messages} messages arrived"));
    }
}

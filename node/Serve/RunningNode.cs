using System.Security.Cryptography;
using IncidentMesh.Node.Net;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Identity;
using Microsoft.Extensions.Logging;

namespace IncidentMesh.Node.Serve;

/// <summary>What <c>run</c> was told.</summary>
internal sealed record RunOptions
{
    public required IReadOnlyList<string> Listen { get; init; }

    public required IReadOnlyList<string> Peers { get; init; }

    public int? MetricsPort { get; init; }

    public int? ApiPort { get; init; }

    public bool JsonLog { get; init; }

    public bool Verbose { get; init; }
}

/// <summary>A node that listens: its loop, its local API, its log.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    /// <summary>What a parent writes to a node that shall outlive it.</summary>
    public const string LetGo = "keep";

    private readonly LocalNode _node;
    private readonly ApiServer _server;
    private readonly ILoggerFactory _logs;

    private RunningNode(LocalNode node, ApiServer server, ILoggerFactory logs) =>
        (_node, _server, _logs) = (node, server, logs);

    /// <summary>The node.</summary>
    public INodeApi Api => _node;

    /// <summary>Where its API listens.</summary>
    public IReadOnlyList<string> ApiAddresses => _server.Addresses;

    /// <summary>Where its metrics are, or null.</summary>
    public string? MetricsAddress => _server.Metrics;

    /// <summary>Opens the folder, listens, and connects.</summary>
    /// <exception cref="ApiException">An address is wrong (2) or taken (7), or the folder cannot be
    /// opened.</exception>
    public static async Task<RunningNode> StartAsync(
        DataFolder folder, Func<Task<string>> passphrase, RunOptions options, CancellationToken stop)
    {
        Multiaddr[] listen = [.. options.Listen.Select(a => Parse(a, peer: false))];
        Multiaddr[] peers = [.. options.Peers.Select(a => Parse(a, peer: true))];
        ILoggerFactory logs = Logs(options);
        LocalNode node = await LocalNode.OpenAsync(
            folder, passphrase, network: true, logs.CreateLogger("incidentmesh"), stop);
        try
        {
            foreach (Multiaddr address in listen)
            {
                Listen(node, address);
            }

            string? token = options.ApiPort is null ? null : Token(folder);
            string? socket = OperatingSystem.IsWindows() ? null : folder.Socket;
            ApiBinding binding = new(socket, options.ApiPort, token, options.MetricsPort);
            ApiServer server = await ApiServer.StartAsync(node, binding, stop);
            foreach (Multiaddr peer in peers)
            {
                node.Mesh.Connect(peer);
            }

            return new RunningNode(node, server, logs);
        }
        catch
        {
            await node.DisposeAsync();
            logs.Dispose();
            throw;
        }
    }

    /// <summary>Waits until it shall stop.</summary>
    /// <param name="leashed">Whether the end of standard input ends the node, too, until a line there says
    /// <see cref="LetGo"/>.</param>
    /// <param name="stop">Ends the node.</param>
    public static async Task WaitAsync(bool leashed, CancellationToken stop)
    {
        if (leashed)
        {
            using StreamReader input = new(Console.OpenStandardInput());
            string? line = "";
            while (line is not null and not LetGo)
            {
                line = await input.ReadLineAsync(stop);
            }

            if (line is null)
            {
                return;
            }
        }

        await Task.Delay(Timeout.Infinite, stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _node.DisposeAsync();
        _logs.Dispose();
    }

    private static Multiaddr Parse(string text, bool peer)
    {
        if (!Multiaddr.TryParse(text, out Multiaddr? address, out _) || (peer && address.Peer is null))
        {
            throw ApiException.Usage(
                $"\"{text}\" is not an address", peer
                    ? "e.g. /ip4/192.0.2.7/tcp/4711/p2p/12D3KooW…" : "e.g. /ip4/0.0.0.0/tcp/4711");
        }

        return address;
    }

    private static void Listen(LocalNode node, Multiaddr address)
    {
        try
        {
            node.Mesh.Listen(address);
        }
        catch (ListenException e)
        {
            throw e.Reason switch
            {
                ListenFailure.AddressInUse => new ApiException(
                    "port-taken", $"the port of {address} is taken", "--listen names another", ExitCode.Busy),
                ListenFailure.AccessDenied => ApiException.NotAllowed(
                    "port-denied", $"no right to listen on {address}", "a port above 1023 needs none"),
                _ => ApiException.Usage($"cannot listen on {address}: {e.Message}", "/ip4/0.0.0.0/tcp/4711"),
            };
        }
    }

    private static string Token(DataFolder folder)
    {
        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        Store.Files.WriteAtomic(folder.TokenFile, System.Text.Encoding.ASCII.GetBytes(token));
        return token;
    }

    private static ILoggerFactory Logs(RunOptions options) => LoggerFactory.Create(log =>
    {
        log.SetMinimumLevel(options.Verbose ? LogLevel.Debug : LogLevel.Warning);
        log.AddConsole(c => c.LogToStandardErrorThreshold = LogLevel.Trace);
        if (options.JsonLog)
        {
            log.AddJsonConsole(c =>
            {
                c.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
                c.UseUtcTimestamp = true;
            });
        }
        else
        {
            log.AddSimpleConsole(c =>
            {
                c.SingleLine = true;
                c.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
                c.UseUtcTimestamp = true;
            });
        }
    });
}

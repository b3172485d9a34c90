using System.CommandLine;
using System.Runtime.InteropServices;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>run</c>: the node in the foreground, ready for systemd and as a Windows service.</summary>
internal static class RunCommand
{
    public static Command Build()
    {
        Option<string[]> listen =
            Cli.List("--listen", "ADDR", T("multiaddr to listen on (/ip4/0.0.0.0/tcp/4711)"));
        Option<string[]> peer = Cli.List("--peer", "ADDR", T("peers to connect to, with /p2p/ID"));
        Option<string?> metrics =
            Cli.Text("--metrics", "HOST:PORT", T("serve /metrics and /healthz on loopback"));
        Option<int?> api =
            new("--api")
            {
                Description = T("serve the API on 127.0.0.1 with a token too"), HelpName = "PORT",
            };
        Option<string?> log = Cli.Text("--log", "FORMAT", T("text or json"));
        Option<bool> leash = Cli.Flag("--until-stdin-closes", T("end when standard input closes"));
        leash.Hidden = true;
        Command command =
            new("run", T("run the node until ctrl-c")) { listen, peer, metrics, api, log, leash };
        return command.Does(
            async (session, parse, stop) =>
            {
                RunOptions options = new()
                {
                    Listen = Either(parse.GetValue(listen), "INCIDENTMESH_LISTEN") is { Length: > 0 } given
                        ? given : ["/ip4/0.0.0.0/tcp/4711"],
                    Peers = Either(parse.GetValue(peer), "INCIDENTMESH_PEERS"),
                    MetricsPort = MetricsPort(
                        parse.GetValue(metrics) ?? Session.Variable("INCIDENTMESH_METRICS")),
                    ApiPort = ApiPort(parse.GetValue(api)),
                    JsonLog = IsJson(parse.GetValue(log) ?? Session.Variable("INCIDENTMESH_LOG")),
                    Verbose = session.Verbose,
                };
                bool leashed = parse.GetValue(leash);
                return await ServeAsync(session, options, leashed, stop);
            },
            "incidentmesh run",
            "incidentmesh run --listen=/ip4/0.0.0.0/tcp/4711 --peer=/ip4/192.0.2.7/tcp/4711/p2p/12D3KooW…");
    }

    private static async Task<int> ServeAsync(
        Session session, RunOptions options, bool leashed, CancellationToken stop)
    {
        await using RunningNode node =
            await RunningNode.StartAsync(session.Folder, session.PassphraseOf(stop), options, stop);
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        bool asked = false;

        // Who manages services ends them by SIGTERM, and that is no failure; ctrl-c interrupts. The handler
        // that is registered last is the first: the others wait for the end of what they cancel.
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            Volatile.Write(ref asked, true);
            ended.Cancel();
        });
        try
        {
            await AnnounceAsync(session, node, ended.Token);
            await RunningNode.WaitAsync(leashed, ended.Token);
        }
        catch (OperationCanceledException) when (Volatile.Read(ref asked))
        {
            return ExitCode.Done;
        }

        return ExitCode.Done;
    }

    private static async Task AnnounceAsync(Session session, RunningNode node, CancellationToken stop)
    {
        StatusView status = await node.Api.StatusAsync(stop);
        if (session.Json || session.JsonLines)
        {
            session.Print(status, ApiJson.Default.StatusView);
            return;
        }

        foreach (string address in status.Addresses)
        {
            session.Out.WriteLine($"listening {address}");
        }

        session.Out.WriteLine($"api {string.Join(' ', node.ApiAddresses)}");
        if (node.MetricsAddress is { } metrics)
        {
            session.Out.WriteLine($"metrics {metrics}");
        }

        session.Out.WriteLine(Plural(
            status.Records, $"{status.Records:N0} record, ready", $"{status.Records:N0} records, ready"));
        foreach (string warning in status.Warnings)
        {
            session.Err.WriteLine($"warning: {SafeText.Show(warning)}");
        }
    }

    private static bool IsJson(string? log) => log is null or "text" or "json" ? log == "json"
        : throw ApiException.Usage(T($"--log is text or json, not \"{log}\""));

    private static string[] Either(string[]? flag, string variable) =>
        flag is { Length: > 0 } ? flag
        : Session.Variable(variable)?.Split(
            ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static int? ApiPort(int? port) => port is null
        ? OperatingSystem.IsWindows() ? 0 : null
        : port is >= 0 and < 65_536 ? port
        : throw ApiException.Usage(T("--api takes a port from 0 to 65535"));

    private static int? MetricsPort(string? address)
    {
        if (address is null)
        {
            return null;
        }

        int colon = address.LastIndexOf(':');
        bool loopback = colon < 0 || address[..colon] is "127.0.0.1" or "localhost" or "";
        return loopback && int.TryParse(address[(colon + 1)..], out int port) && port is > 0 and < 65_536
            ? port
            : throw ApiException.Usage(T("--metrics takes 127.0.0.1:PORT"), T("a proxy can publish it"));
    }
}

using System.Diagnostics;
using System.Text.Json;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tests.Commands;
using Xunit;

namespace IncidentMesh.Tests.EndToEnd;

/// <summary>A home of its own and the node that runs in it, asked over its local API. It can be stopped,
/// killed and started again.</summary>
internal sealed class RestartedNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private NodeProcess? _process;
    private string _before = "";

    /// <summary>A node that is set up and does not run.</summary>
    /// <param name="home">The node's folder; null takes one of its own.</param>
    public RestartedNode(string? home = null)
    {
        Cli = home is null ? new CommandProcess() : new CommandProcess { Node = home };
        Cli.Init();
    }

    /// <summary>Runs commands in the node's home.</summary>
    public CommandProcess Cli { get; }

    /// <summary>The local API of the process that runs.</summary>
    public INodeApi Api { get; private set; } = null!;

    /// <summary>What the process said when it was ready.</summary>
    public StatusView First { get; private set; } = null!;

    /// <summary>What it said on standard error, in all its lives.</summary>
    public string Log => _before + _process?.Log;

    /// <summary>Starts the node; returns when it answers.</summary>
    public async Task StartAsync(params string[] more)
    {
        _process = new NodeProcess(Cli, more);
        First = _process.First;
        string socket = Path.Combine(Cli.Node, "api.sock");
        Api = RemoteNode.TryConnect(socket, null)!;
        Assert.NotNull(Api);
    }

    /// <summary>SIGKILL: no handler, no flush, no goodbye.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await StopAsync();
    }

    /// <summary>Ends the node in good order.</summary>
    public async Task StopAsync()
    {
        _process!.Dispose();
        _before = Log + "\n";
        _process = null;
        await Api.DisposeAsync();
    }

    /// <summary>Waits until the node's status is as it shall be.</summary>
    public async Task<StatusView> UntilAsync(Func<StatusView, bool> condition)
    {
        StatusView status = null!;
        await UntilAsync(async () => condition(status = await Api.StatusAsync(CancellationToken.None)));
        return status;
    }

    /// <summary>Waits until something holds.</summary>
    public async Task UntilAsync(Func<Task<bool>> holds)
    {
        var waited = Stopwatch.StartNew();
        while (!await holds())
        {
            if (waited.Elapsed > Patience)
            {
                Assert.Fail(await InVainAsync());
            }

            await Task.Delay(50);
        }
    }

    private async Task<string> InVainAsync()
    {
        StatusView status = await Api.StatusAsync(CancellationToken.None);
        PeerListView peers = await Api.PeersAsync(null, CancellationToken.None);
        return $"waited in vain\n{JsonSerializer.Serialize(status, ApiJson.Default.StatusView)}\n"
            + $"{JsonSerializer.Serialize(peers, ApiJson.Default.PeerListView)}\n{Log}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        Cli.Dispose();
    }
}

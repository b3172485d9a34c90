using System.Diagnostics;
using System.Text.Json;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tests.Commands;
using Xunit;

namespace IncidentMesh.Tests.EndToEnd;

/// <summary>A node as its operator runs it: <c>incidentmesh run</c> in a process and a home of its own, asked
/// over its local API. It can be stopped, killed and started again.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<string> _said = [];
    private Process? _process;

    /// <summary>A node that is set up and does not run.</summary>
    /// <param name="home">The node's folder; null takes one of its own.</param>
    public NodeProcess(string? home = null)
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

    /// <summary>Its log: what it said on standard error, in all its lives.</summary>
    public string Log
    {
        get
        {
            lock (_said)
            {
                return string.Join('\n', _said);
            }
        }
    }

    /// <summary>Starts the node on a free port; returns when it answers.</summary>
    public async Task StartAsync(params string[] more)
    {
        _process = Cli.Start(
            ["run", "--json", "--listen=/ip4/127.0.0.1/tcp/0", "--until-stdin-closes", .. more]);
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_said)
            {
                _said.Add(line.Data ?? "");
            }
        };
        _process.BeginErrorReadLine();
        string? ready = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        Assert.True(ready is not null, Log);
        First = JsonSerializer.Deserialize(ready, ApiJson.Default.StatusView)!;
        string socket = Path.Combine(Cli.Node, "api.sock");
        Api = (await RemoteNode.TryConnectAsync(socket, null, CancellationToken.None))!;
        Assert.NotNull(Api);
    }

    /// <summary>SIGKILL: no handler, no flush, no goodbye.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await EndAsync();
    }

    /// <summary>Ends the node in good order.</summary>
    public async Task StopAsync()
    {
        _process!.StandardInput.Close();
        await EndAsync();
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
            Assert.True(waited.Elapsed < Patience, $"waited in vain\n{Log}");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        Cli.Dispose();
    }

    private async Task EndAsync()
    {
        await Api.DisposeAsync();
        await _process!.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
        _process = null;
    }
}

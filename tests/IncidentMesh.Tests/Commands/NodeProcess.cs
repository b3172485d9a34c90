using System.Diagnostics;
using System.Text.Json;
using IncidentMesh.Protocol.Api;
using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>A node as its operator runs it: <c>incidentmesh run</c> on a free port, in the home of a
/// <see cref="CommandProcess"/>.</summary>
internal sealed class NodeProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly List<string> _said = [];

    /// <summary>Starts it; returns when it answers.</summary>
    public NodeProcess(CommandProcess cli, params string[] more)
    {
        _process = cli.Start(
            ["run", "--json", "--listen=/ip4/127.0.0.1/tcp/0", "--until-stdin-closes", .. more]);
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_said)
            {
                _said.Add(line.Data ?? "");
            }
        };
        _process.BeginErrorReadLine();
        string? ready = _process.StandardOutput.ReadLineAsync().WaitAsync(Patience).GetAwaiter().GetResult();
        Assert.True(ready is not null, Log);
        First = JsonSerializer.Deserialize(ready, ApiJson.Default.StatusView)!;

        // Nobody looks at the rest, and a full pipe would stop the node.
        _ = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>What it said when it was ready.</summary>
    public StatusView First { get; }

    /// <summary>Where others dial it.</summary>
    public string Address => First.Addresses[0];

    /// <summary>What it said on standard error.</summary>
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

    /// <summary>SIGKILL: no handler, no flush, no goodbye.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Ends it in good order, where it was not killed.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(Patience))
            {
                Kill();
            }
        }

        _process.Dispose();
    }
}

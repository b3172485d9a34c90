using System.Diagnostics;
using System.Text.Json;

namespace IncidentMesh.Tests.Commands;

/// <summary>A node that runs in the home of a <see cref="CommandProcess"/>.</summary>
internal sealed class NodeProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Process _process;

    public NodeProcess(CommandProcess cli, params string[] more)
    {
        _process = cli.Start(
            ["run", "--json", "--listen=/ip4/127.0.0.1/tcp/0", "--until-stdin-closes", .. more]);
        string status = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException(_process.StandardError.ReadToEnd());
        using JsonDocument document = JsonDocument.Parse(status);
        Address = document.RootElement.GetProperty("addresses")[0].GetString()!;

        // Nobody looks at the rest, and a full pipe would stop the node.
        _ = _process.StandardOutput.ReadToEndAsync();
        _ = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Where others dial it.</summary>
    public string Address { get; }

    /// <summary>Ends it as a power cut does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(Patience))
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }
}

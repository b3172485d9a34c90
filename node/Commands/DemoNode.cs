using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>One node of the demo: a process of its own on loopback, with fresh keys in a folder of its
/// own.</summary>
internal sealed class DemoNode : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly List<string> _errors;

    private DemoNode(
        string name, DataFolder folder, Process process, List<string> errors, StatusView first, INodeApi api)
    {
        (Name, Folder, _process, _errors, First, Api) = (name, folder, process, errors, first, api);
    }

    public string Name { get; }

    public DataFolder Folder { get; }

    /// <summary>What it said when it was ready.</summary>
    public StatusView First { get; }

    public INodeApi Api { get; }

    /// <summary>Sets a node up and starts it.</summary>
    public static async Task<DemoNode> StartAsync(
        string home, string name, string role, IReadOnlyList<string> peers, CancellationToken stop)
    {
        DataFolder folder = DataFolder.Resolve(home);
        string passphrase = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());
        JsonObject profile = new() { ["name"] = name, ["role"] = role };
        await NodeSetup.CreateAsync(folder, profile, passphrase, sealDevice: false, join: null, stop);
        List<string> arguments = ["run", "--json", $"--home={home}", "--listen=/ip4/127.0.0.1/tcp/0"];
        arguments.AddRange(peers.Select(p => $"--peer={p}"));
        Process process = Spawn(arguments);
        List<string> errors = [];
        process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is not null)
            {
                lock (errors)
                {
                    errors.Add(e.Data);
                }
            }
        };
        process.BeginErrorReadLine();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(StartTime);
        string? line = await process.StandardOutput.ReadLineAsync(limit.Token);
        StatusView? status = line is null ? null
            : JsonSerializer.Deserialize(line, ApiJson.Default.StatusView);
        INodeApi? api = status is null ? null : RemoteNode.TryConnect(folder.Socket, null);
        if (status is null || api is null)
        {
            process.Kill();
            throw new ApiException(
                "demo", T($"the node {name} did not start: {Join(errors)}"), null, ExitCode.No);
        }

        return new DemoNode(name, folder, process, errors, status, api);
    }

    /// <summary>What the node said on standard error.</summary>
    public string Errors => Join(_errors);

    /// <summary>Whether the node goes on when this is disposed.</summary>
    public bool Kept { get; private set; }

    /// <summary>Lets the node outlive this process.</summary>
    public void Keep()
    {
        Kept = true;
        _process.StandardInput.WriteLine(RunningNode.LetGo);
        _process.StandardInput.Flush();
    }

    /// <summary>Process id, to end a node that was kept.</summary>
    public int ProcessId => _process.Id;

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        if (!Kept && !_process.HasExited)
        {
            // Standard input is the node's leash: when it closes, the node ends in good order.
            _process.StandardInput.Close();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }

    private static string Join(List<string> errors)
    {
        lock (errors)
        {
            return string.Join(" | ", errors.TakeLast(5));
        }
    }

    private static Process Spawn(List<string> arguments)
    {
        string program = Environment.ProcessPath!;
        bool hosted = Path.GetFileNameWithoutExtension(program) == "dotnet";
        ProcessStartInfo start = new(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        if (hosted || Path.GetFileNameWithoutExtension(program) != "incidentmesh")
        {
            start.FileName = "dotnet";
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "incidentmesh.dll"));
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.ArgumentList.Add("--until-stdin-closes");
        return Process.Start(start)!;
    }
}

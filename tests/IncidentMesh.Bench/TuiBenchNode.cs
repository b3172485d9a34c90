using System.Diagnostics;

namespace IncidentMesh.Bench;

/// <summary>A node on an archive, without the model: its own process.</summary>
internal static class TuiBenchNode
{
    public static async Task<Process> StartAsync(string home)
    {
        BenchOutput.Progress("starting the node");
        string passphrase = Path.Combine(home, "bench-passphrase");
        await File.WriteAllTextAsync(passphrase, StartArchive.Passphrase + "\n");
        var start = new ProcessStartInfo("dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "incidentmesh.dll"), "--home=" + home, "run",
                "--listen=/ip4/127.0.0.1/tcp/0", "--until-stdin-closes",
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["INCIDENTMESH_PASSPHRASE_FILE"] = passphrase;

        // An empty folder: the model would take all cores for hours.
        start.Environment["INCIDENTMESH_MODEL"] = Path.Combine(home, "no-model");
        Process node = Process.Start(start)!;
        while (await node.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.EndsWith("ready", StringComparison.Ordinal))
            {
                _ = node.StandardOutput.ReadToEndAsync();
                return node;
            }
        }

        throw new IOException("the node did not start");
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace IncidentMesh.Bench;

/// <summary>The same measurement over two js-libp2p nodes (<c>tests/interop/bench.mjs</c>).</summary>
internal static class GossipBenchJs
{
    /// <summary>The folder of the peer with its packages installed; null where node or they are
    /// missing.</summary>
    public static string? FindFolder()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IncidentMesh.sln")))
        {
            folder = folder.Parent;
        }

        string? found = folder is null ? null : Path.Combine(folder.FullName, "tests", "interop");
        bool installed = found is not null && Directory.Exists(Path.Combine(found, "node_modules"));
        return installed && HasNode() ? found : null;
    }

    /// <summary>Starts both nodes and waits until they are connected.</summary>
    public static async Task<GossipBench.Pair> StartAsync(string folder, string policy)
    {
        BenchChild sink = BenchChild.Start("node", folder, "bench.mjs", "--policy", policy);
        JsonElement listening = await sink.EventAsync("listening");
        string address = listening.GetProperty("address").GetString()!;
        BenchChild source = BenchChild.Start(
            "node", folder, "bench.mjs", "--policy", policy, "--dial", address);
        await source.EventAsync("ready");
        return new GossipBench.Pair(source, sink);
    }

    private static bool HasNode()
    {
        try
        {
            using Process node = Process.Start(new ProcessStartInfo("node", "--version")
            {
                RedirectStandardOutput = true,
            })!;
            node.WaitForExit();
            return node.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}

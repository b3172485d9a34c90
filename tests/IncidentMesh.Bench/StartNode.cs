using System.Diagnostics;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;

namespace IncidentMesh.Bench;

/// <summary>The start of the whole node in this process, without the network and the model: until it can
/// answer who it is, and until a search finds every report.</summary>
internal static class StartNode
{
    public static async Task<int> RunAsync(string home, Action<string, double> tell)
    {
        DateTime began = Process.GetCurrentProcess().StartTime.ToUniversalTime();
        DataFolder folder = DataFolder.Resolve(home);
        await using LocalNode node = await LocalNode.OpenAsync(
            folder, () => Task.FromResult(StartArchive.Passphrase), CancellationToken.None);
        int records = (await node.StatusAsync(CancellationToken.None)).Records;
        tell("first answer, s", (DateTime.UtcNow - began).TotalSeconds);
        tell("processor time until then, s", Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds);
        int found = (await node.SearchAsync(new SearchRequest("", Limit: 1), CancellationToken.None)).Total;
        tell("all are found by a search, s", (DateTime.UtcNow - began).TotalSeconds);
        tell("processor time until then too, s", Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds);
        tell("peak memory, MB", StartBench.PeakBytes() / 1e6);
        if (records != found) { await Console.Error.WriteLineAsync($"{records} counted, {found} found"); }
        return records == found ? 0 : 1;
    }
}

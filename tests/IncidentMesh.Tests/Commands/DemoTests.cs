using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>The demo as a newcomer runs it, here without the model.</summary>
public sealed partial class DemoTests : IDisposable
{
    private readonly CommandProcess _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Nodes_agree_and_kept_ones_go_on_after_it()
    {
        CommandResult demo = _cli.Run("demo", "--nodes=2", "--keep");
        Assert.True(demo.Exit == 0, demo.Err);
        Assert.Contains("all nodes agree", demo.Out, StringComparison.Ordinal);
        Process[] kept = [.. Kill().Match(demo.Out).Groups[1].Value.Split(' ')
            .Select(id => Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture)))];
        string socket = Socket().Match(demo.Out).Groups[1].Value;
        try
        {
            CommandResult status = _cli.Run("status", $"--node={socket}", "--json");
            Assert.True(status.Exit == 0, status.Err);
            using JsonDocument json = JsonDocument.Parse(status.Out);
            Assert.Equal(75, json.RootElement.GetProperty("byType").GetProperty("incident").GetInt32()
                + json.RootElement.GetProperty("byType").GetProperty("model-risk").GetInt32());
        }
        finally
        {
            foreach (Process node in kept)
            {
                node.Kill();
                node.WaitForExit();
                node.Dispose();
            }

            Directory.Delete(Path.GetFullPath(Path.Combine(socket, "..", "..")), recursive: true);
        }
    }

    [GeneratedRegex("end them with: kill ([0-9 ]+)")]
    private static partial Regex Kill();

    [GeneratedRegex("--node=(\\S+)")]
    private static partial Regex Socket();
}

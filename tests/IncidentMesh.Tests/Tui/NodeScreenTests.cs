using IncidentMesh.Node.Embed;
using IncidentMesh.Tests.EndToEnd;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>The whole way of a person: a node is set up and run, reports are submitted, and the program in a
/// terminal lists, finds and opens them, shows the event and the peers, and ends.</summary>
public sealed class NodeScreenTests : IAsyncLifetime
{
    private const string Evidence = "--evidence=https://example.org/robot-at-school";

    private readonly NodeProcess _node = new();
    private readonly TmuxScreen _screen = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _screen.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Reports_of_a_real_node_are_listed_found_opened_and_compared()
    {
        TmuxScreen.SkipWithoutTmux();
        _node.Cli.Model = ModelFolder.Shipped;
        await _node.StartAsync();
        Submit("Delivery robot strikes a pupil outside a school", "en", Evidence);
        Submit("Lieferroboter verletzt eine Schülerin vor einer Schule", "de", Evidence);
        Submit("نظام التعرف على الوجوه يخطئ", "ar");
        Submit("採用AIが女性の応募者を低く評価", "zh");
        await _node.UntilAsync(s => s is { Clusters: > 0, EmbedBacklog: 0 });

        _screen.Start(100, 30, "--node=" + Path.Combine(_node.Cli.Node, "api.sock"));
        string text = await Shows("採用AI", "Delivery robot", "Lieferroboter", "نظام");
        Assert.Contains("4 reports", text, StringComparison.Ordinal);
        _screen.Press("?");
        await Shows("Keys", "one level");
        _screen.Press("Escape", "/", "採用");
        await Shows("/ 採用", "1 found");
        _screen.Press("Enter", "Enter");
        await Shows("Reports >", "= signature", "zh");
        _screen.Press("Escape", "Escape", "/", "pupil", "Enter", "Enter");
        await Shows("= signature", "1/2", "signed by");
        _screen.Press("c");
        await Shows("Same event: 2 reports", "same evidence URL", "1 independent source");
        _screen.Press("Escape", "Escape", "3");
        await Shows("Peers and sync", "graph ", $"{_node.First.PeerId[^4..]}");
        _screen.Press("Escape", "q");
        await Shows("exit 0");
    }

    private void Submit(string title, string language, params string[] more)
    {
        Commands.CommandResult done = _node.Cli.Run(
            ["submit", "-q", $"--title={title}", $"--lang={language}", "--severity=incident", .. more]);
        Assert.True(done.Exit == 0, done.Err);
    }

    private Task<string> Shows(params string[] parts) => _screen.Until(
        text => Array.TrueForAll(parts, part => text.Contains(part, StringComparison.Ordinal)));
}

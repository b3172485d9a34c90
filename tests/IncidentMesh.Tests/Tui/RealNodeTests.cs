using IncidentMesh.Node.Embed;
using IncidentMesh.Tests.Commands;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>The terminal UI on a node as people run it: two processes, one socket, reports of the command
/// line.</summary>
public sealed class RealNodeTests
{
    [Fact]
    public async Task Shows_what_the_command_line_submits_while_it_runs()
    {
        using var tmux = new TmuxSession();
        using var cli = new CommandProcess { Node = tmux.Folder, Model = ModelFolder.Shipped };
        using (new NodeProcess(cli.Init()))
        {
            Submit(cli, "Tenant score rejects voucher holders", "en");
            Submit(cli, "採用AIが女性の応募者を低く評価", "ja");
            tmux.Start(80, 24);
            await tmux.Until("2 reports", "Tenant score rejects", "採用AIが女性の応募者を低く評価");

            Submit(cli, "चैटबॉट की गलती से खाते बंद", "hi");
            await tmux.Until("1 new: g");
            tmux.Press("g");
            await tmux.Until("3 reports", "!   incident", "चैटबॉट");
            tmux.Press("Enter");
            await tmux.Until("WHO SAYS SO", "= signature", "= body", "= identity", "= chain", "= fields");
            tmux.Press("c");
            await tmux.Until("Same event: ", "this");
            tmux.Press("Escape", "Escape", "/", "tenant");
            await tmux.Until("/ tenant", " found", "Tenant score rejects");
            tmux.Press("Enter", "3");
            await tmux.Until("Peers and sync", "No peers", "/ip4/127.0.0.1/tcp/");
        }

        await tmux.Until("! node lost");
        tmux.Press("q");
        await tmux.Until("exit 0");
    }

    private static void Submit(CommandProcess cli, string title, string language)
    {
        CommandResult done = cli.Run(
            "submit", "--title=" + title, "--text=" + title, "--lang=" + language, "--severity=incident",
            "--no-similar");
        Assert.True(done.Exit == 0, done.Err);
    }
}

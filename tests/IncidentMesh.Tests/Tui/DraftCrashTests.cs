using IncidentMesh.Tests.Commands;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>Task C2: a caseworker goes on after a crash.</summary>
public sealed class DraftCrashTests
{
    [Fact]
    public async Task A_draft_survives_the_kill_of_the_terminal_ui_and_of_the_node()
    {
        using var tmux = new TmuxSession();
        using var cli = new CommandProcess { Node = tmux.Folder };
        cli.Init();
        NodeProcess node = new(cli);
        tmux.Start(80, 24);
        await tmux.Until("0 reports");
        tmux.Press("n", "A source told us that the city chatbot gives a wrong date.");
        await tmux.Until("draft 1 saved");

        tmux.Kill();
        await tmux.Until("exit 137");
        tmux.Restart();
        await tmux.Until("0 reports");
        tmux.Press("6");
        await tmux.Until("(sealed)");
        tmux.Press("Enter");
        await tmux.Until("passphrase of the keys");
        tmux.Press("correct horse", "Enter");
        await tmux.Until("New report", "A source told us");

        tmux.Press(" It said May.");
        await tmux.Until("draft 1 saved", "said May.");
        tmux.Press("Escape");
        node.Kill();
        node.Dispose();
        await tmux.Until("! node lost");
        using var again = new NodeProcess(cli);
        await tmux.Until("0 peers");
        tmux.Kill();
        await tmux.Until("exit 137");
        tmux.Restart();
        await tmux.Until("0 reports");
        tmux.Press("6", "Enter");
        await tmux.Until("passphrase of the keys");
        tmux.Press("correct horse", "Enter");
        await tmux.Until("New report", "said May.");

        tmux.Press("Escape", "6", "Enter");
        await tmux.Until("New report", "said May.");
    }
}

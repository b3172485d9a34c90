using System.Diagnostics;
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
        string passphrase = Path.Combine(tmux.Folder, "passphrase");
        await File.WriteAllTextAsync(passphrase, "correct horse\n");
        Node(tmux, "init", "--name=wohnhilfe", "--passphrase-file=" + passphrase);
        using Process node = Run(tmux);
        try
        {
            await Until(() => File.Exists(tmux.Socket));
            Submit(tmux, "Tenant score rejects voucher holders", "en");
            Submit(tmux, "採用AIが女性の応募者を低く評価", "ja");
            tmux.Start(80, 24);
            await tmux.Until("2 reports", "Tenant score rejects", "採用AIが女性の応募者を低く評価");

            Submit(tmux, "चैटबॉट की गलती से खाते बंद", "hi");
            await tmux.Until("1 new: g");
            tmux.Press("g");
            await tmux.Until("3 reports", ">* !   incident", "चैटबॉट");
            tmux.Press("Enter");
            await tmux.Until("WHO SAYS SO", "= signature", "= body", "= identity", "= chain", "= fields");
            tmux.Press("c");
            await tmux.Until("Same event: ", "this");
            tmux.Press("Escape", "Escape", "/", "tenant");
            await tmux.Until("/ tenant", " found", "Tenant score rejects");
            tmux.Press("Enter", "3");
            await tmux.Until("Peers and sync", "No peers", "/ip4/127.0.0.1/tcp/");
        }
        finally
        {
            node.Kill();
            await node.WaitForExitAsync();
        }

        await tmux.Until("! node lost");
        tmux.Press("q");
        await tmux.Until("exit 0");
    }

    private static void Submit(TmuxSession tmux, string title, string language) => Node(
        tmux, "submit", "--title=" + title, "--text=" + title, "--lang=" + language, "--severity=incident",
        "--no-similar");

    private static void Node(TmuxSession tmux, params string[] arguments)
    {
        (int exit, string output) = TmuxSession.Run(
            "dotnet", [TmuxSession.Built("incidentmesh"), "--home=" + tmux.Folder, .. arguments]);
        Assert.True(exit == 0, output);
    }

    private static Process Run(TmuxSession tmux) => Process.Start(new ProcessStartInfo(
        "dotnet",
        [TmuxSession.Built("incidentmesh"), "--home=" + tmux.Folder, "run", "--listen=/ip4/127.0.0.1/tcp/0"])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static async Task Until(Func<bool> holds)
    {
        for (int i = 0; i < 1200 && !holds(); i++)
        {
            await Task.Delay(50);
        }

        Assert.True(holds());
    }
}

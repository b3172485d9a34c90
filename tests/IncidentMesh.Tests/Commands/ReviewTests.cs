using System.Text.Json;
using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>Records of a stranger wait, and are let in, dropped and taken back one by one.</summary>
public sealed class ReviewTests : IDisposable
{
    private readonly CommandProcess _ours = new(), _theirs = new();

    public void Dispose()
    {
        _ours.Dispose();
        _theirs.Dispose();
    }

    [Fact]
    public async Task Records_of_strangers_are_accepted_and_dropped_one_by_one_and_both_can_be_undone()
    {
        _ours.Init();
        Assert.Equal(0, _theirs.Run(
            "init", "--name=te5ter", $"--passphrase-file={_theirs.PassphraseFile}").Exit);
        string first = _theirs.Run("submit", "-q", "--title=leak one").Out.Trim();
        string second = _theirs.Run("submit", "-q", "--title=leak two").Out.Trim();
        using (NodeProcess theirs = new(_theirs))
        using (NodeProcess ours = new(_ours, $"--peer={theirs.Address}"))
        {
            await UntilAsync(() => Quarantined() == 3);
            CommandResult list = _ours.Run("review");
            Assert.Contains("calls itself like @tester, signs with another key", list.Out);
            Assert.Contains("\"te5ter\"", list.Out);
            Assert.Contains("nobody whom this node trusts", list.Out);
            Assert.Contains("leak two", _ours.Run("search", "state:quarantined leak two").Out);
            string author = _theirs.Run("status", "--json").Out.Split("\"identity\":\"")[1].Split('"')[0];
            string[] strangers = ["search", "--count", $"state:quarantined author:{author}"];
            Assert.Equal("2", _ours.Run(strangers).Out.Trim());
            Assert.Equal("0", _ours.Run("search", "--count", "state:*").Out.Trim());
            Assert.Contains("waits in quarantine", _ours.Run("review", "accept", "zzzz").Err);
            Assert.Equal(8, _ours.Run("review", "accept", first, "zzzz").Exit);
            Assert.Equal("1", _ours.Run("search", "leak", "--count").Out.Trim());
            Assert.Equal(0, _ours.Run("review", "drop", second[7..15]).Exit);
            Assert.Equal(1, Quarantined());
            Assert.Equal(0, _ours.Run("review", "undo", first, second).Exit);
            Assert.Equal("0", _ours.Run("search", "leak", "--count").Out.Trim());
            Assert.Equal(3, Quarantined());
            Assert.Equal("2", _ours.Run(strangers).Out.Trim());
            Assert.Contains("leak one", _ours.Run("review", "list").Out);

            // What was let in and taken back waits as the others do.
            Assert.Equal(0, _ours.Run("review", "drop", first).Exit);
            Assert.Equal(2, Quarantined());
            Assert.Equal(0, _ours.Run("review", "undo", first).Exit);
            Assert.Equal(3, Quarantined());
            Assert.Equal(0, _ours.Run("review", "accept", first[..12], second).Exit);

            // Its connection may still be ending: the answer says what was decided.
            string peer = theirs.Address[^6..];
            CommandResult removed = _ours.Run("peers", "remove", peer);
            Assert.DoesNotContain("…" + peer, removed.Out);
            Assert.Contains("peers ban PEER keeps it out", removed.Err);
            Assert.Equal(0, _ours.Run("peers", "add", theirs.Address).Exit);
            await UntilAsync(() => State() is "connected" or "equal");
            CommandResult banned = _ours.Run("peers", "ban", peer);
            Assert.Contains("banned", banned.Out);
            Assert.Equal("banned", State());
            Assert.Equal(2, banned.Out.Trim().Split('\n').Length);
        }

        // Without a node, after a restart, the decisions hold.
        Assert.Equal("2", _ours.Run("search", "leak", "--count").Out.Trim());
        Assert.Equal(0, _ours.Run("verify", "--all").Exit);
        Assert.Contains("unknown", _ours.Run("show", first).Out);
    }

    private string State()
    {
        using JsonDocument view = JsonDocument.Parse(_ours.Run("peers", "--json").Out);
        return view.RootElement.GetProperty("items")[0].GetProperty("state").GetString()!;
    }

    private int Quarantined()
    {
        using JsonDocument view = JsonDocument.Parse(_ours.Run("review", "--json").Out);
        return view.RootElement.GetProperty("quarantineTotal").GetInt32();
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (int i = 0; i < 60 && !holds(); i++)
        {
            await Task.Delay(250);
        }

        Assert.True(holds());
    }
}

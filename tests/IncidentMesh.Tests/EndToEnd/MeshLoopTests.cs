using IncidentMesh.Node.Mesh;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.EndToEnd;

/// <summary>Whole nodes over real sockets and real logs on this machine.</summary>
public sealed class MeshLoopTests
{
    [Fact]
    public async Task A_report_reaches_the_other_node_and_a_third_catches_up()
    {
        await using var first = new MeshNode("first");
        await using var second = new MeshNode("second", first.Author);
        await using var third = new MeshNode("third", first.Author);
        await first.StartAsync();
        Digest before = await first.ReportAsync("written before anybody listened");
        await second.StartAsync(first);
        await second.WaitForAsync(before);

        Digest live = await first.ReportAsync("written while both run");
        await second.WaitForAsync(live);
        await third.StartAsync(second);
        await third.WaitForAsync(before, live);
        Assert.Equal(await first.DigestAsync(), await third.DigestAsync());
        Assert.Contains(third.Changes, change =>
            change is MeshChange.Admitted admitted && admitted.Record.Id.Digest == live);
    }

    [Fact]
    public async Task Reports_that_are_written_while_connected_come_by_gossip()
    {
        await using var first = new MeshNode("first");
        await using var second = new MeshNode("second", first.Author);
        await first.StartAsync();
        await second.StartAsync(first);

        // Once the first has come, the streams are open.
        await second.WaitForAsync(await first.ReportAsync("warm-up"));
        long before = await second.Loop.AskAsync(replica => replica.GossipCounters.Delivered);
        Digest[] ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(n =>
            first.ReportAsync($"report {n}")));
        await second.WaitForAsync(ids);
        Assert.True(await second.Loop.AskAsync(replica => replica.GossipCounters.Delivered) > before);
    }

    [Fact]
    public async Task The_last_100_of_2497_records_cost_four_rounds_and_10_kB_at_most()
    {
        await using var first = new MeshNode("first");
        await using var second = new MeshNode("second", first.Author);
        await first.StartAsync();
        Digest[] known = await first.ReportsAsync(0, 2_397);
        await second.StartAsync(first);
        await second.WaitForAsync(known);
        await second.StopAsync();

        Digest[] missed = await first.ReportsAsync(2_397, 100);
        await second.StartAsync(first);
        await second.WaitForAsync(missed);
        PeerSyncState state = default!;
        await second.UntilAsync(replica =>
        {
            state = replica.PeerStates().SingleOrDefault()!;
            return state?.Statistics is not null;
        });
        Assert.Equal(100, state.Statistics!.Envelopes);
        Assert.InRange(state.Statistics.Rounds, 1, 4);
        Assert.InRange(state.Statistics.BytesSent + state.Statistics.BytesReceived, 1, 10_000);
        Assert.Equal(await first.DigestAsync(), await second.DigestAsync());
    }

    [Fact]
    public async Task A_node_that_was_stopped_has_what_was_acknowledged_and_gets_what_it_missed()
    {
        await using var first = new MeshNode("first");
        await using var second = new MeshNode("second", first.Author);
        await first.StartAsync();
        await second.StartAsync(first);
        var ids = new List<Digest>();
        for (int n = 0; n < 30; n++)
        {
            ids.Add(await first.ReportAsync($"report {n}"));
        }

        await second.WaitForAsync([.. ids]);
        await second.StopAsync();
        for (int n = 30; n < 400; n++)
        {
            ids.Add(await first.ReportAsync($"report {n}"));
        }

        await first.StopAsync();
        await first.StartAsync();
        Assert.True(await first.HoldsAsync(ids[^1]));
        await second.StartAsync(first);
        Assert.True(await second.HoldsAsync(ids[0]));
        await second.WaitForAsync([.. ids]);
        Assert.Equal(await first.DigestAsync(), await second.DigestAsync());
        AuthorDigest chain = await second.Loop.AskAsync(replica => replica.DigestOf(first.Author.Id));
        Assert.Equal(400, chain.Count);
        Assert.Equal(ids[^1], Assert.Single(chain.Heads).Digest);
    }

    [Fact]
    public async Task Records_of_a_stranger_are_held_back_until_she_is_trusted()
    {
        await using var stranger = new MeshNode("stranger");
        await using var node = new MeshNode("node");
        await stranger.StartAsync();
        Digest id = await stranger.ReportAsync("nobody knows me");
        await node.StartAsync(stranger);
        await node.UntilAsync(replica => replica.Quarantine.Count == 1);
        Assert.False(await node.HoldsAsync(id));

        await node.ChangePolicyAsync(policy => policy.Trust(stranger.Author.Id));
        await node.WaitForAsync(id);
        Assert.Equal(0, await node.Loop.AskAsync(replica => replica.Quarantine.Count));
        await node.StopAsync();
        await node.StartAsync();
        Assert.NotNull(node.Loop.Find(id));
    }

    [Fact]
    public async Task Many_submit_at_once_and_their_records_form_one_chain()
    {
        await using var node = new MeshNode("node");
        await node.StartAsync();
        Digest[] ids = await Task.WhenAll(Enumerable.Range(0, 200).Select(n =>
            node.ReportAsync($"report {n}")));
        Assert.Equal(200, ids.Distinct().Count());
        AuthorDigest chain = await node.Loop.AskAsync(replica => replica.DigestOf(node.Author.Id));
        Assert.Equal(200, chain.Count);
        Assert.Single(chain.Heads);
    }

    [Fact]
    public async Task A_report_that_cannot_be_signed_fails_its_writer_and_not_the_node()
    {
        await using var node = new MeshNode("node");
        await node.StartAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => node.Loop.SignAsync(
            node.Author.Key, [heads => node.Author.Report("too far back", heads, -1)]));
        await node.ReportAsync("after it");
    }
}

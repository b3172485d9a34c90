using IncidentMesh.Node.Cluster;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Cluster;

public sealed class SavedPairsTests
{
    private static readonly ClusterItem[] Items =
        [.. Enumerable.Range(0, 80).Select(i => Reports.Of(i, i % 20, closeness: 0.6f + (0.01f * (i % 30))))];

    private static ClusterEngine Filled(IEnumerable<ClusterItem> items)
    {
        ClusterEngine engine = Reports.Engine();
        foreach (ClusterItem item in items)
        {
            engine.Add(item);
        }

        return engine;
    }

    /// <summary>An engine after a restart: what is saved is placed, the rest is added.</summary>
    private static ClusterEngine Restarted(byte[] saved, IReadOnlyList<ClusterItem> items)
    {
        ClusterEngine engine = Reports.Engine();
        Assert.True(engine.TryRecall(saved));
        ClusterItem[] unknown = [.. items.Where(item => !engine.Place(item))];
        engine.EndRecall();
        foreach (ClusterItem item in unknown)
        {
            engine.Add(item);
        }

        return engine;
    }

    [Fact]
    public void After_a_restart_the_clusters_are_the_same_and_nothing_was_compared()
    {
        ClusterEngine before = Filled(Items);
        Assert.True(before.Compared > 0);
        ClusterEngine after = Restarted(before.SavePairs(), [.. Items.Reverse()]);
        Assert.Equal(0, after.Compared);
        Assert.True(after.ClusterCount > 1);
        Assert.Equal(before.ClusterDigest, after.ClusterDigest);
        Assert.Equal(
            before.Similar(Items[3].Id, 50).Select(m => (m.Id, m.Verdict.Probability)),
            after.Similar(Items[3].Id, 50).Select(m => (m.Id, m.Verdict.Probability)));
        before.Add(Reports.Of(100, 7));
        after.Add(Reports.Of(100, 7));
        Assert.Equal(before.ClusterDigest, after.ClusterDigest);
    }

    [Fact]
    public void Reports_that_came_or_went_in_between_are_as_if_all_had_been_compared()
    {
        // More of one topic than a report keeps neighbours, so that some were pushed out.
        int many = Limits.Cluster.NeighboursPerReport + 20;
        ClusterItem[] crowd = [.. Enumerable.Range(0, many).Select(i => Reports.Of(i, 1, closeness: 0.9f))];
        byte[] saved = Filled(crowd.Take(many - 1)).SavePairs();
        ClusterItem[] now = [.. crowd.Skip(3)];
        ClusterEngine after = Restarted(saved, now);
        ClusterEngine anew = Filled(now);
        Assert.Equal(anew.ClusterDigest, after.ClusterDigest);
        Assert.Equal(anew.Pairs().Order(), after.Pairs().Order());
    }

    [Fact]
    public void What_is_damaged_or_of_another_graph_is_not_taken()
    {
        byte[] saved = Filled(Items).SavePairs();
        var random = new SeededRandom(Records.Seeds.Next());
        for (int i = 0; i < 200; i++)
        {
            byte[] bad = [.. saved];
            bad[random.Next(bad.Length)] ^= (byte)(1 + random.Next(255));
            Assert.False(Reports.Engine().TryRecall(bad));
            Assert.False(Reports.Engine().TryRecall(saved.AsSpan(0, random.Next(saved.Length))));
        }

        var other = new ClusterEngine(Digest.Sha256("another graph"u8), Reports.Words, Reports.Model);
        var refitted = new ClusterEngine(Reports.Graph, Reports.Words, Reports.Model with { Intercept = 0 });
        Assert.False(other.TryRecall(saved));
        Assert.False(refitted.TryRecall(saved));
        Assert.False(refitted.Place(Items[0]));
        refitted.EndRecall();
        Assert.Equal(0, refitted.Count);
    }
}

using IncidentMesh.Node.Cluster;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Cluster;

public sealed class AverageLinkageTests
{
    private static int[] Cluster(
        int count, (int, int, int)[] pairs, int cut = 3_000, (int, int)[]? joined = null,
            (int, int)[]? apart = null) =>
        AverageLinkage.Cluster(count, pairs, cut, joined ?? [], apart ?? []);

    [Fact]
    public void A_chain_does_not_pull_its_ends_together()
    {
        // 0-1 and 2-3 are close, 1-2 is a bridge: the mean over the four cross pairs is .2.
        Assert.Equal([0, 0, 2, 2], Cluster(4, [(0, 1, 9_000), (1, 2, 8_000), (2, 3, 9_000)]));
        Assert.Equal([0, 0, 0, 0], Cluster(4, [(0, 1, 9_000), (1, 2, 8_000), (2, 3, 9_000)], cut: 2_000));
    }

    [Fact]
    public void Joined_and_apart_come_before_any_probability()
    {
        Assert.Equal([0, 0, 2], Cluster(3, [], joined: [(0, 1)]));
        Assert.Equal([0, 1, 0], Cluster(3, [(0, 1, 9_900), (0, 2, 9_000)], apart: [(0, 1)]));
        Assert.Equal([0, 1, 0], Cluster(3, [(1, 2, 9_900)], joined: [(0, 2)], apart: [(0, 1)]));
        Assert.Equal([0, 1], Cluster(2, [(0, 1, 9_900)], joined: [(0, 1)], apart: [(0, 1)]));
    }

    [Fact]
    public void It_agrees_with_the_definition()
    {
        var random = new SeededRandom(5);
        for (int run = 0; run < 40; run++)
        {
            int n = 2 + random.Next(12);
            (int, int, int)[] pairs = [.. from a in Enumerable.Range(0, n)
                                          from b in Enumerable.Range(a + 1, n - a - 1)
                                          where random.Next(3) > 0
                                          select (a, b, 1 + random.Next(9_999))];
            Assert.Equal(Naive(n, pairs, 3_000), Cluster(n, pairs));
        }
    }

    private static int[] Naive(int n, (int A, int B, int P)[] pairs, int cut)
    {
        int[] root = [.. Enumerable.Range(0, n)];
        while (true)
        {
            int[] live = [.. root.Distinct().Order()];
            var best = (from a in live
                        from b in live
                        where a < b
                        let cells = root.Count(r => r == a) * root.Count(r => r == b)
                        let sum = pairs.Where(p => (root[p.A] == a && root[p.B] == b)
                            || (root[p.A] == b && root[p.B] == a)).Sum(p => (decimal)p.P)
                        where sum >= (decimal)cut * cells && sum > 0
                        orderby sum / cells descending, a, b
                        select (a, b)).FirstOrDefault((-1, -1));
            if (best.Item1 < 0)
            {
                return root;
            }

            root = [.. root.Select(r => r == best.Item2 ? best.Item1 : r)];
        }
    }
}

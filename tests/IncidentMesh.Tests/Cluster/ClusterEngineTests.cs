using IncidentMesh.Node.Cluster;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Cluster;

public sealed class ClusterEngineTests
{
    private static ulong Seed =>
        ulong.TryParse(Environment.GetEnvironmentVariable("INCIDENTMESH_SEED"), out ulong seed) ? seed
            : 20_261_125;

    private static ClusterItem[] Items(int count) =>
        [.. Enumerable.Range(0, count).Select(
            i => Reports.Of(i, i % (count / 4), closeness: 0.6f + (0.01f * (i % 30))))];

    private static ClusterEngine Filled(IEnumerable<ClusterItem> items)
    {
        ClusterEngine engine = Reports.Engine();
        foreach (ClusterItem item in items)
        {
            engine.Add(item);
        }

        return engine;
    }

    private static T[] Shuffled<T>(IReadOnlyList<T> items, SeededRandom random)
    {
        T[] order = [.. items];
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = random.Next(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    [Fact]
    public void Reports_of_one_event_come_together_and_others_stay_apart()
    {
        ClusterEngine engine = Filled(Enumerable.Range(0, 12).Select(i => Reports.Of(i, i % 3)));
        Assert.Equal(3, engine.ClusterCount);
        Assert.All(engine.Clusters(), c => Assert.Equal(4, c.Count));
        Assert.Equal(engine.ClusterOf(Reports.Id(0)), engine.ClusterOf(Reports.Id(9)));
        Assert.NotEqual(engine.ClusterOf(Reports.Id(0)), engine.ClusterOf(Reports.Id(1)));
        Assert.Equal(engine.Members(Reports.Id(0)).Min(), engine.ClusterOf(Reports.Id(0)));
    }

    [Fact]
    public void The_order_of_arrival_does_not_matter()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"INCIDENTMESH_SEED={Seed}");
        var random = new SeededRandom(Seed);
        ClusterItem[] items = Items(80);
        ClusterLink[] links =
        [
            Reports.Link(1, 0, 1, same: true), Reports.Link(2, 0, 20, same: false),
            Reports.Link(3, 3, 23, same: false), Reports.Link(4, 3, 23, same: true, author: "ben"),
        ];
        Digest expected = Digest.Sha256("nothing"u8);
        for (int run = 0; run < 6; run++)
        {
            ClusterEngine engine = Reports.Engine();
            object[] events = Shuffled<object>([.. items, .. links], random);
            foreach (object e in events)
            {
                if (e is ClusterLink link)
                {
                    engine.AddLink(link);
                }
                else
                {
                    var item = (ClusterItem)e;
                    if (random.Next(3) == 0)
                    {
                        // Its vector comes later than the report.
                        engine.Add(item with { Vector = default });
                    }

                    engine.Add(item);
                }

                if (random.Next(5) == 0)
                {
                    _ = engine.ClusterDigest;
                    Digest gone = items[random.Next(items.Length)].Id;
                    ClusterItem? back = engine.Contains(gone) ? items.Single(i => i.Id == gone) : null;
                    engine.Remove(gone);
                    if (back is not null)
                    {
                        engine.Add(back);
                    }
                }
            }

            expected = run == 0 ? engine.ClusterDigest : expected;
            Assert.Equal(expected, engine.ClusterDigest);
        }
    }

    [Fact]
    public void Many_at_once_are_as_one_after_the_other()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"INCIDENTMESH_SEED={Seed}");
        var random = new SeededRandom(Seed);

        // Of one topic more than a report keeps neighbours, so that some are pushed out.
        int many = Limits.Cluster.NeighboursPerReport + 20;
        ClusterItem[] crowd = [.. Enumerable.Range(100, many).Select(i => Reports.Of(i, 1, closeness: 0.9f))];
        ClusterItem[] items = Shuffled([.. Items(80), .. crowd], random);
        ClusterEngine one = Filled(items);
        ClusterEngine batches = Reports.Engine();
        for (int taken = 0; taken < items.Length;)
        {
            ClusterItem[] batch = [.. items.Skip(taken).Take(1 + random.Next(50))];
            batches.AddRange(batch);
            taken += batch.Length;
        }

        Assert.Equal(one.Compared, batches.Compared);
        Assert.Equal(one.Pairs().Order(), batches.Pairs().Order());
        Assert.Equal(one.ClusterDigest, batches.ClusterDigest);

        // Some that are here already, one of them twice.
        batches.AddRange([.. items.Take(3), items[0]]);
        Assert.Equal(one.Pairs().Order(), batches.Pairs().Order());
        Assert.Equal(one.ClusterDigest, batches.ClusterDigest);
    }

    [Fact]
    public void What_the_machine_joins_people_can_part_and_the_other_way_round()
    {
        ClusterEngine engine = Filled([Reports.Of(0, 0), Reports.Of(1, 0), Reports.Of(2, 1)]);
        Assert.Equal(2, engine.Members(Reports.Id(0)).Count);
        engine.AddLink(Reports.Link(1, 0, 1, same: false));
        engine.AddLink(Reports.Link(2, 0, 2, same: true));
        Assert.Equal([Reports.Id(0), Reports.Id(2)], engine.Members(Reports.Id(0)).Order().ToHashSet());
        Assert.Single(engine.Members(Reports.Id(1)));
        ClusterMember member = Assert.Single(engine.Describe(Reports.Id(0)));
        Assert.Equal(Ruling.Same, member.Ruling);
        Assert.Equal(2, engine.Claims(Reports.Id(0)).Count);

        engine.RemoveLink(Reports.Link(1, 0, 1, same: false).Id);
        engine.RemoveLink(Reports.Link(2, 0, 2, same: true).Id);
        Assert.Equal(2, engine.Members(Reports.Id(1)).Count);
        Assert.Single(engine.Members(Reports.Id(2)));
    }

    [Fact]
    public void A_dispute_leaves_it_to_the_machine_unless_the_operator_decides()
    {
        ClusterEngine engine = Filled([Reports.Of(0, 0), Reports.Of(1, 0)]);
        engine.AddLink(Reports.Link(1, 0, 1, same: false));
        engine.AddLink(Reports.Link(2, 0, 1, same: true, author: "ben"));
        Assert.Equal(2, engine.Members(Reports.Id(0)).Count);
        Assert.Equal(Ruling.Disputed, engine.Describe(Reports.Id(0)).Single().Ruling);
        engine.AddLink(Reports.Link(3, 0, 1, same: false, author: "me", own: true));
        Assert.Single(engine.Members(Reports.Id(0)));
        engine.AddLink(Reports.Link(4, 0, 1, same: true, author: "me", own: true));
        Assert.Equal(2, engine.Members(Reports.Id(0)).Count);
    }

    [Fact]
    public void Cluster_ids_never_die()
    {
        ClusterEngine engine = Filled(
            [Reports.Of(0, 0), Reports.Of(1, 0), Reports.Of(2, 1), Reports.Of(3, 1)]);
        Digest first = engine.ClusterOf(Reports.Id(0))!.Value,
            second = engine.ClusterOf(Reports.Id(2))!.Value;
        engine.AddLink(Reports.Link(1, 0, 2, same: true));
        Digest merged = engine.ClusterOf(first)!.Value;
        Assert.Equal(merged, engine.ClusterOf(second));
        engine.Remove(merged);
        Digest now = engine.ClusterOf(merged)!.Value;
        Assert.NotEqual(merged, now);
        Assert.True(engine.Contains(now));
        Assert.Null(engine.ClusterOf(Reports.Id(77)));
    }

    [Fact]
    public void A_draft_is_compared_without_being_added()
    {
        ClusterEngine engine = Filled([Reports.Of(0, 0), Reports.Of(1, 1), Reports.Of(2, 2)]);
        ClusterMember best = engine.Similar(Reports.Of(50, 1), 3)[0];
        Assert.Equal(Reports.Id(1), best.Id);
        Assert.Equal(3, engine.Count);
        Assert.InRange(best.Verdict.Probability, 0.5, 1);
    }

    [Fact]
    public void A_pair_that_people_judged_is_no_longer_proposed()
    {
        ClusterEngine engine = Filled([Reports.Of(0, 0), Reports.Of(1, 0)]);
        ProposedPair proposed = Assert.Single(engine.Proposals(10, out _));
        Assert.True(proposed.A < proposed.B);
        Assert.Empty(engine.Proposals(0, out int total));
        Assert.Equal(1, total);
        HashSet<(Digest, Digest)> putOff = [(proposed.B, proposed.A)];
        Assert.Empty(engine.Proposals(10, out total, putOff));
        Assert.Equal(0, total);
        engine.AddLink(Reports.Link(1, 0, 1, same: true));
        Assert.Empty(engine.Proposals(10, out _));
    }

    [Fact]
    public void What_follows_from_other_answers_is_not_asked()
    {
        ClusterEngine engine = Filled([.. Enumerable.Range(0, 5).Select(i => Reports.Of(i, 0))]);
        Assert.Equal(4, engine.Proposals(10, out int total).Count);
        Assert.Equal(4, total);

        // 0 = 1 and 2 = 3: one question joins the two, and one is left for 4.
        engine.AddLink(Reports.Link(1, 0, 1, same: true));
        engine.AddLink(Reports.Link(2, 2, 3, same: true));
        Assert.Equal(2, engine.Proposals(10, out _).Count);

        // 1 is not 2, so 0 is not 3 either; 4 may still be either event.
        engine.AddLink(Reports.Link(3, 1, 2, same: false));
        ProposedPair[] left = [.. engine.Proposals(10, out _)];
        Assert.Equal(2, left.Length);
        Assert.All(left, pair => Assert.Contains(Reports.Id(4), new[] { pair.A, pair.B }));

        engine.AddLink(Reports.Link(4, 4, 0, same: true));
        Assert.Empty(engine.Proposals(10, out _));
    }

    [Fact]
    public void Reports_of_one_author_or_of_one_article_are_one_source()
    {
        Digest anna = Digest.Sha256("anna"u8), ben = Digest.Sha256("ben"u8), eve = Digest.Sha256("eve"u8);
        string[] article = ["https://news.example/a/1"];
        ClusterEngine engine = Filled(
        [
            Reports.Of(0, 0) with { Author = anna },
            Reports.Of(1, 0) with { Author = anna },
            Reports.Of(2, 0) with { Author = ben, Urls = article },
            Reports.Of(3, 0) with { Author = eve, Urls = article },
        ]);
        Assert.Equal(4, engine.Members(Reports.Id(0)).Count);
        Assert.Equal(2, engine.Independent(Reports.Id(0)));
    }

    [Fact]
    public void A_component_past_the_limit_is_broken_up_and_keys_and_people_still_join()
    {
        const int Limit = 12;
        ClusterEngine At(int count)
        {
            var engine = new ClusterEngine(Reports.Graph, Reports.Words, Reports.Model)
            {
                ComponentLimit = Limit,
            };
            for (int i = 0; i < count; i++)
            {
                engine.Add(Reports.Of(i, 0, $"Robot hits a man in Novara, zeuge{i}", 0.8f + (0.01f * i)));
            }

            return engine;
        }

        Assert.Equal([Limit], At(Limit).Clusters(1).Select(c => c.Count));
        ClusterEngine over = At(Limit + 1);
        Assert.InRange(over.Clusters(1).Max(c => c.Count), 1, Limit);
        Assert.Equal(Limit + 1, over.Clusters(1).Sum(c => c.Count));
        for (int i = 1; i <= Limit; i++)
        {
            over.AddLink(Reports.Link(i, i - 1, i, same: true));
        }

        Assert.Equal([Limit + 1], over.Clusters(1).Select(c => c.Count));
    }
}

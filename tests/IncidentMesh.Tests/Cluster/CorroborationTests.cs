using System.Text;
using IncidentMesh.Node.Cluster;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Cluster;

public sealed class CorroborationTests
{
    private const string Article = "lemonde.fr/a";

    private static Digest Name(string text) => Digest.Sha256(Encoding.UTF8.GetBytes(text));

    private static Testimony Says(string author, params string[] roots) =>
        new(Name($"{author} {string.Join(' ', roots)}"), Name(author), Supports: true, roots);

    [Fact]
    public void Those_who_cite_one_article_count_once_and_own_inquiries_each()
    {
        Corroboration counted = Corroboration.Of(
        [
            Says("a"), Says("b"), Says("c", Article), Says("d", Article, "other.org/x"),
            Says("a", "own.org/y"),
        ]);
        Assert.Equal(3, counted.Sources.Count);
        IndependentSource shared = Assert.Single(counted.Sources, s => s.Root is not null);
        Assert.Equal(Article, shared.Root);
        Assert.Equal(new[] { Name("c"), Name("d") }.Order(), shared.Authors.Order());
        Assert.All(counted.Sources.Where(s => s.Root is null), s => Assert.Single(s.Authors));
        Assert.Empty(counted.Disputes);
    }

    [Fact]
    public void What_hangs_together_by_a_third_is_one_source()
    {
        Corroboration counted = Corroboration.Of(
            [Says("a", "x.org/1"), Says("b", "y.org/2"), Says("c", "x.org/1", "y.org/2")]);
        Assert.Equal(3, Assert.Single(counted.Sources).Authors.Count);
    }

    [Fact]
    public void Disputes_are_counted_apart_and_the_same_way()
    {
        Corroboration counted = Corroboration.Of(
        [
            Says("a"), Says("d", Article), Says("d", Article),
            Says("b", Article) with { Supports = false }, Says("c", Article) with { Supports = false },
        ]);
        Assert.Equal((2, 1), (counted.Sources.Count, counted.Disputes.Count));
    }

    [Fact]
    public void The_order_of_testimonies_does_not_matter()
    {
        var random = new SeededRandom(Records.Seeds.Next());
        Testimony[] all =
        [
            .. Enumerable.Range(0, 60).Select(i => new Testimony(
                Name($"record {i}"), Name($"author {random.Next(25)}"), random.Next(4) > 0,
                [.. Enumerable.Range(0, random.Next(3)).Select(_ => $"page {random.Next(40)}")])),
        ];
        string expected = InWords(Corroboration.Of(all));
        for (int round = 0; round < 50; round++)
        {
            Assert.Equal(expected, InWords(Corroboration.Of(all.OrderBy(_ => random.Next(1_000)))));
        }

        static string InWords(Corroboration counted) => string.Join('\n', counted.Sources.Append(
            new IndependentSource([], "disputes")).Concat(counted.Disputes)
            .Select(s => $"{string.Join(',', s.Authors)} {s.Root}"));
    }

    [Fact]
    public void An_engine_counts_reports_files_and_attestations_and_forgets_what_is_taken_back()
    {
        ClusterEngine engine = Reports.Engine();
        Digest file = Name("file");
        ClusterItem[] items =
        [
            .. Enumerable.Range(0, 3).Select(i =>
                Reports.Of(i, 1, closeness: 0.99f) with { Author = Name($"author {i}") }),
        ];
        engine.Add(items[0] with { Hashes = [file] });
        engine.Add(items[1] with { Hashes = [file] });
        engine.Add(items[2]);
        engine.AddLink(Reports.Link(1, 0, 1, same: true));
        engine.AddLink(Reports.Link(2, 1, 2, same: true));
        Assert.Equal(2, engine.Independent(items[0].Id));

        Testimony inquiry = Says("other");
        engine.AddAttestation(items[2].Id, inquiry);
        engine.AddAttestation(items[2].Id, Says("copyist", EvidenceRoots.Record(items[2].Id)));
        engine.AddAttestation(items[0].Id, Says("author 0"));
        Assert.Equal((3, 6), (engine.Independent(items[0].Id), engine.Told(items[0].Id)));

        // Who changes her mind is not on both sides.
        Testimony dispute = inquiry with { Id = Name("later"), Supports = false, Created = 1 };
        engine.AddAttestation(items[2].Id, dispute);
        Assert.Equal(2, engine.Independent(items[0].Id));
        Assert.Single(engine.Sources(items[0].Id).Disputes);
        engine.RemoveAttestation(dispute.Id);
        Assert.Equal(3, engine.Independent(items[0].Id));
        Assert.Equal(items[2].Id, engine.RemoveAttestation(inquiry.Id));
        Assert.Null(engine.RemoveAttestation(inquiry.Id));
        Assert.Equal(2, engine.Independent(items[1].Id));
    }
}

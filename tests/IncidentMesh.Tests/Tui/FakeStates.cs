using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Tests.Tui;

/// <summary>Nodes in other states than the full one of the mock-ups.</summary>
internal static class FakeStates
{
    private static readonly (string Head, string Author)[] Scripts =
    [
        ("c7hin2se", "算法观察站"), ("a6rab2ic", "مرصد الخوارزميات"), ("h3inq2di", "डिजिटल अधिकार"),
        ("t7hai2ai", "สำนักงานพัฒนารัฐบาลดิจิทัล"),
    ];

    /// <summary>A node that has nothing at all.</summary>
    public static FakeNode Empty()
    {
        FakeNode node = Bare();
        node.Reports.Clear();
        return node;
    }

    /// <summary>A node that has one report, of which little is known and which nobody answered.</summary>
    public static FakeNode Bare()
    {
        ReportItem item = FakeReports.All[^1] with { Harm = [], Cluster = null, Occurred = null };
        var node = new FakeNode
        {
            Peers = [],
            Authors = [],
            Review = new ReviewView(
                "incidentmesh/1", [], [], [], [], new QuarantineRoom(0, 4096, 0, 67_108_864), 0, []),
            Cluster = id => new ClusterView(
                "incidentmesh/1", id, 1, [new ClusterMemberView(item, null, "this", [], "machine", true)], 1,
                [], [], [], null),
        };
        node.Status = node.Status with
        {
            Peers = 0, Records = 1, ByType = new Dictionary<string, int> { ["incident"] = 1 }, Clusters = 0,
            EmbedBacklog = 0, Pending = 0, Quarantine = 0, SyncedSecondsAgo = null,
        };
        node.Reports.Clear();
        node.Reports.Add(item);
        return node;
    }

    /// <summary>A node whose reports, authors and reasons are Chinese, Arabic, Hindi and Thai.</summary>
    public static FakeNode InScripts()
    {
        FakeNode node = FakeReports.WithChinese();
        ReportItem[] items =
        [
            .. Scripts.Select(s => node.Reports.Single(r => r.Short == s.Head) with
            {
                Author = FakeReports.Author(s.Head, s.Author, "trusted"),
            }),
        ];
        node.Reports.Clear();
        node.Reports.AddRange(items);
        node.Cluster = id => new ClusterView(
            "incidentmesh/1", id, items.Length,
            [
                .. items.Select((r, i) => new ClusterMemberView(
                    r, i == 0 ? null : .97 - (i * .04), i == 0 ? "this" : "very-likely",
                    i == 0 ? [] : [$"rare words: {r.Author.Name}", "same system"], "machine", true)),
            ],
            items.Length, ["CN", "AE", "IN", "TH"], ["zh", "ar", "hi", "th"],
            [
                .. items.Skip(1).Select(r => new ClaimView(
                    r.Id, r.Id, items[0].Id, "same-event", r.Author, r.Created, r.Title)),
            ],
            "9c1f20");
        node.Authors = [.. items.Select(r => new TrustItem(
            r.Author with { CallsItself = r.Author.Name }, r.Author.Name, 7, 0, r.Created))];
        node.Bars = [.. items.Select((r, i) => new StatsRow(r.Author.Name!, 12 - i, null))];
        node.Peers = [.. node.Peers.Zip(items, (p, r) => p with { Agent = r.Author.Name, Note = r.Title })];
        node.Review = FakeReview.Full with
        {
            Quarantine = [.. items.Select(r => FakeReview.Full.Quarantine[0] with
            {
                Report = r with { Author = new AuthorView(r.Author.Id, null, r.Author.Name, "unknown") },
            })],
            Duplicates = [.. items.Skip(1).Select(r => new ProposedPairView(
                items[0], r, .88, "likely", [$"rare words: {r.Author.Name}"]))],
            Authors = [.. items.Select(r => new WaitingAuthor(
                new AuthorView(r.Author.Id, null, r.Author.Name, "unknown"), 2, 4096, r.Created,
                "not on your list", r.Title))],
        };
        return node;
    }
}

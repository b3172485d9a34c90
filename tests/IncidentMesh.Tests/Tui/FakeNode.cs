using System.Runtime.CompilerServices;
using System.Threading.Channels;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Data;

namespace IncidentMesh.Tests.Tui;

/// <summary>A node in memory: answers at once, finds by words of the title, and can go away.</summary>
internal sealed partial class FakeNode : INodeClient
{
    private readonly Channel<EventView> events = Channel.CreateUnbounded<EventView>();
    private long lastEvent;

    public List<ReportItem> Reports { get; } = [.. FakeReports.All];

    /// <summary>Thrown instead of an answer.</summary>
    public NodeFailure? Failure { get; set; }

    /// <summary>Answers to searches wait for this.</summary>
    public Task Slow { get; set; } = Task.CompletedTask;

    /// <summary>Every query that was asked, in order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>The order that each of them asked for.</summary>
    public List<string?> Orders { get; } = [];

    public int PageMax { get; set; } = 1000;

    public IReadOnlyList<PeerView> Peers { get; set; } =
    [
        new PeerView
        {
            PeerId = "12D3KooWAbcdefghijklmnopqrstuvwxyzkQ7f", State = "equal", Direction = "out",
                Received = 212, Rounds = 2,
            ReconciliationBytes = 1432, SyncedSecondsAgo = 12, LagMilliseconds = 41,
                Agent = "incidentmesh/0.1.0",
            Address = "/ip4/192.0.2.44/tcp/4711",
        },
        new PeerView
        {
            PeerId = "12D3KooWBbcdefghijklmnopqrstuvwxyzp0Zt", State = "syncing", Direction = "in",
                Received = 41, Rounds = 1,
            ReconciliationBytes = 820, SyncedSecondsAgo = 130, LagMilliseconds = 90.4,
                Agent = "js-libp2p/2.1.0",
        },
        new PeerView
        {
            PeerId = "12D3KooWCbcdefghijklmnopqrstuvwxyz77aB", State = "behind", Direction = "out",
                Received = 3, Rounds = 4,
            ReconciliationBytes = 2_400_000, SyncedSecondsAgo = 7300, Note = "misses 3 records of @bsi",
        },
        new PeerView
        {
            PeerId = "12D3KooWDbcdefghijklmnopqrstuvwxyzx9Lm", State = "refused",
            Note = "sent 212 records over its rate; retry in 0:43 (reason 7)",
        },
    ];

    public StatusView Status { get; set; } = new()
    {
        Identity = FakeReports.Id("9ksqe3"),
        Name = "bnetza/laptop1",
        PeerId = "12D3KooWZbcdefghijklmnopqrstuvwxyz9sQe",
        Addresses = ["/ip4/192.0.2.7/tcp/4711/p2p/12D3KooWZbcdefghijklmnopqrstuvwxyz9sQe"],
        Peers = 7,
        Records = 2804,
        ByType = new Dictionary<string,
            int> { ["incident"] = 2600, ["model-risk"] = 131, ["attestation"] = 73 },
        RecordDigest = "5be170c2d1a0",
        Clusters = 41,
        ClusterDigest = "aa00ff17bb21",
        EmbedBacklog = 118,
        Graph = "9c1f20ab77",
        Device = "cpu",
        Pending = 2,
        Quarantine = 14,
        SyncedSecondsAgo = 12,
        Home = "/home/someone/mesh",
        Version = "0.1.0",
    };

    /// <summary>A record arrives and is told to all who follow.</summary>
    public EventView Arrive(ReportItem item)
    {
        Reports.Insert(0, item);
        var told = new EventView(++lastEvent, "record", item);
        events.Writer.TryWrite(told);
        return told;
    }

    public Task<StatusView> StatusAsync(CancellationToken stop) => Answer(Status);

    public async Task<SearchView> SearchAsync(
        string query, int limit, string? cursor, string? sort, string? facets, CancellationToken stop)
    {
        if (facets is null)
        {
            Asked.Add(query);
        }

        Orders.Add(sort);
        await Slow.ConfigureAwait(false);
        string[] words = query.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        ReportItem[] found = [.. Reports.Where(r => words.All(w => Holds(r, w)))];
        int from = cursor is null ? 0 : int.Parse(cursor);
        ReportItem[] page = [.. found.Skip(from).Take(Math.Min(limit, PageMax))];
        string? next = from + page.Length < found.Length ? $"{from + page.Length}" : null;
        return await Answer(new SearchView(
            "incidentmesh/1", query, found.Length, next, page, Counts(found, facets), true, 7.6))
            .ConfigureAwait(false);
    }

    public Task<ReportView> ReportAsync(string id, CancellationToken stop) =>
        Reports.Find(r => r.Id == id) is { } item
            ? Answer(FakeReports.View(item))
            : id == FakeReports.Id("v1") ? Answer(FakeReports.FirstVersion)
            : Task.FromException<ReportView>(
                new NodeFailure("not-found", "no such report", "incidentmesh search", 3));

    /// <summary>The events, in place of the one of the mock-ups.</summary>
    public Func<string, ClusterView>? Cluster { get; set; }

    public Task<ClusterView> ClusterAsync(string id, CancellationToken stop)
    {
        if (Cluster is { } cluster)
        {
            return Answer(cluster(id));
        }

        ReportItem Of(string head) => Reports.First(r => r.Short == head);
        ReportItem stranger = FakeReports.Item(
            "wz73hh2k", "Gesichtserkennung im Stadion", "incident", "AT", "de", FakeReports.Stranger, 1,
                (1, 1));
        ReportItem italian = FakeReports.Item(
            "pp4zt6c3", "Arresto errato a Colonia con riconoscimento facciale", "incident", "IT", "it",
            FakeReports.Garante, 22, (5, 3));
        ReportItem arabic = FakeReports.Item(
            "m5q2ydx7", "توقيف خاطئ في كولونيا", "incident", "AE", "ar",
                FakeReports.Author("td", "tdra", "trusted"), 22, (5, 3));
        return Answer(new ClusterView(
            "incidentmesh/1", Of("7q3kx2m4").Id, 5,
            [
                new ClusterMemberView(Of("7q3kx2m4"), null, "this", [], "machine", true),
                new ClusterMemberView(
                    Of("k2m7w5ra"), .97, "very-likely", ["evidence URL", "system", "1 day apart"], "exact",
                        true),
                new ClusterMemberView(
                    italian, .91, "very-likely",
                    ["text .83 de-it", "rare words: Novara, FaceSure, Trefferliste, Lichtbildvorlage",
                        "same developer"],
                    "machine", true),
                new ClusterMemberView(arabic, .88, "likely",
                    ["text .80 de-ar", "same system", "3 days apart"], "machine", true),
                new ClusterMemberView(
                    Of("e7ffu2sa"), null, "very-likely", ["@cnil: same docket number"], "people", true),
                new ClusterMemberView(
                    stranger, .41, "no", ["text .66", "other country", "40 days apart"], "machine", false),
            ],
            3, ["DE", "FR"], ["de", "fr", "it", "ar"],
            [
                new ClaimView(FakeReports.Id("c1"), Of("e7ffu2sa").Id, Of("7q3kx2m4").Id, "same-event",
                    FakeReports.Author("cn", "cnil", "trusted"), FakeReports.Now, "same docket number"),
                new ClaimView(FakeReports.Id("c2"), stranger.Id, Of("7q3kx2m4").Id, "not-same-event",
                    FakeReports.Bnetza, FakeReports.Now, null),
            ],
            "9c1f20")
        {
            Corroboration = new CorroborationView(
                3, ["DE", "FR"],
                ["@bnetza inquiry", "@garante inquiry", "one Le Monde article (+acrimed and 1 more cite it)"],
                ["+novara: not our build"]),
        });
    }

    /// <summary>Why no peer is changed, or null.</summary>
    public NodeFailure? Unnamed { get; set; }

    public Task<PeerListView> PeersAsync(PeerRequest? change, CancellationToken stop)
    {
        if (change is not null && Unnamed is { } unnamed)
        {
            return Task.FromException<PeerListView>(unnamed);
        }

        Told(change);
        return Answer(new PeerListView("incidentmesh/1", Peers));
    }

    public async IAsyncEnumerable<EventView> EventsAsync(
        long? lastId, [EnumeratorCancellation] CancellationToken stop)
    {
        if (Failure is { } failure)
        {
            throw failure;
        }

        await foreach (EventView e in events.Reader.ReadAllAsync(stop))
        {
            yield return e;
        }
    }

    private Task<T> Answer<T>(T answer) =>
        Failure is { } failure ? Task.FromException<T>(failure) : Task.FromResult(answer);

    private static bool Holds(ReportItem report, string word) => word.Split(':', 2) switch
    {
        ["country", var codes] => codes.Split(',').Any(c => report.Countries.Contains(c)),
        ["lang", var lang] => report.Lang == lang,
        ["is", "mine"] => report.Author.Standing == "own",
        ["state", _] => true,
        _ => report.Title.Contains(word, StringComparison.OrdinalIgnoreCase),
    };
}

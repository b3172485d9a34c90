using System.Runtime.CompilerServices;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Data;

namespace IncidentMesh.Tests.Tui;

/// <content>What the node is told to do: it keeps every request.</content>
internal sealed partial class FakeNode
{
    /// <summary>Every request that changes something, in order.</summary>
    public List<object> Requests { get; } = [];

    public IReadOnlyList<TrustItem> Authors { get; set; } =
    [
        new(FakeReports.Garante, "you", 214, 0, FakeReports.Now.AddDays(-200)),
        new(FakeReports.Acrimed, "@cnil", 88, 3, FakeReports.Now.AddDays(-60)),
        new(FakeReports.Stranger, null, 1, 0, FakeReports.Now.AddDays(-1)),
        new(FakeReports.Author("k0mmaa", null, "denied"), "you", 0, 0, null),
    ];

    public ReviewView Review { get; set; } = FakeReview.Full;

    public Task<TrustListView> TrustAsync(TrustRequest? change, CancellationToken stop)
    {
        Told(change);
        return Answer(new TrustListView("incidentmesh/1", Authors, [FakeReports.Garante.Id]));
    }

    /// <summary>Why no record is taken, or null.</summary>
    public NodeFailure? Refusal { get; set; }

    public Task<SubmitView> SubmitAsync(SubmitRequest request, CancellationToken stop)
    {
        Told(request);
        if (Refusal is { } refusal)
        {
            return Task.FromException<SubmitView>(refusal);
        }

        if (Protocol.Api.Submission.AnonymousSource.Is(request.Body))
        {
            int held = Drafts.Keys.DefaultIfEmpty(0).Max() + 1;
            Drafts[held] = new DraftContent { Body = request.Body };
            Held[held] = FakeReports.Now.AddHours(3);
            return Answer(new SubmitView("", "", true, false, 0, false, [], [], Held[held], held));
        }

        string id = FakeReports.Id("new2aa");
        return Answer(new SubmitView(id, "new2aaaa", true, true, 7, false, [], []));
    }

    /// <summary>What was asked to be compared.</summary>
    public List<SubmitRequest> Compared { get; } = [];

    public Task<SimilarListView> SimilarAsync(SubmitRequest draft, CancellationToken stop)
    {
        Compared.Add(draft);
        SimilarView Like(int report, double probability, string label, params string[] reasons) => new(
            Reports[report].Id, Reports[report].Title, probability, label, reasons)
        {
            Report = Reports[report],
        };
        return Answer(new SimilarListView("incidentmesh/1", Reports.Count < 2 ? [] :
        [
            Like(0, .93, "very-likely", "text .83 de-en", "same system", "1 day apart"),
            Like(1, .61, "possible", "rare words: Frist, Chatbot"),
        ]));
    }

    public Task<VerifyView> VerifyAsync(IReadOnlyList<string> ids, CancellationToken stop) =>
        Answer(new VerifyView(true, ids.Count, [], []));

    /// <summary>What an export waits for before its last piece, and a sync before its answer.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Whether an export ends before its last piece, as if the node had gone.</summary>
    public bool ExportBreaksOff { get; set; }

    public async IAsyncEnumerable<ExportView> ExportAsync(
        string query, string format, [EnumeratorCancellation] CancellationToken stop)
    {
        int written = 0;
        foreach (ReportItem item in Reports)
        {
            yield return new ExportView(
                ++written, Reports.Count, $"{{\"id\":\"{item.Id}\",\"as\":\"{format}\"}}\n");
            if (written == Reports.Count / 2)
            {
                await Gate.WaitAsync(stop).ConfigureAwait(false);
            }
        }

        if (!ExportBreaksOff)
        {
            yield return new ExportView(written, written, "", null, Done: true);
        }
    }

    public async Task<PeerListView> SyncAsync(SyncRequest request, CancellationToken stop)
    {
        Told(request);
        await Gate.WaitAsync(stop).ConfigureAwait(false);
        return new PeerListView("incidentmesh/1", Peers);
    }

    public Task<ReviewView> ReviewAsync(CancellationToken stop) => Answer(Review);

    public Task<ReviewDone> DecideAsync(ReviewRequest request, CancellationToken stop)
    {
        Told(request);
        return Answer(new ReviewDone("incidentmesh/1", request.Action, request.Ids, []));
    }

    /// <summary>Bars of other axes than months.</summary>
    public IReadOnlyList<StatsRow> Bars { get; set; } =
        [new("DE", 121, null), new("FR", 88, null), new("日本", 9, null)];

    public Task<StatsView> StatsAsync(string query, string by, string? split, CancellationToken stop)
    {
        IReadOnlyDictionary<string, int> Parts(int serious, int other) =>
            new Dictionary<string, int> { ["serious-incident"] = serious, ["incident"] = other };
        IReadOnlyList<StatsRow> rows = by == "month"
            ? [
                new("2026-09", 71, Parts(14, 57)), new("2026-10", 84, Parts(20, 64)),
                new("2026-11", 40, Parts(3, 37)),
            ]
            : Bars;
        rows = Reports.Count == 0 ? [] : rows;
        return Answer(new StatsView(
            "incidentmesh/1", query, by, split, rows.Count == 0 ? 0 : 195, rows.Count == 0 ? 0 : 3, rows,
            by == "month" && split is not null ? ["serious-incident", "incident"] : [], 2));
    }

    public Task<MarkListView> MarkAsync(MarkRequest request, CancellationToken stop)
    {
        Told(request);
        return Answer(new MarkListView("incidentmesh/1", [.. request.Ids.Select(
            id => new MarkItem(id, request.Read ?? true, request.Bookmarked ?? false, null))]));
    }

    /// <summary>The saved searches.</summary>
    public List<SavedSearch> Searches { get; } = [];

    public Task<SavedListView> SearchesAsync(SavedRequest? change, CancellationToken stop)
    {
        Told(change);
        int at = Searches.FindIndex(s => s.Name == change?.Name);
        switch (change?.Action)
        {
            case "save" when change.Name.Contains(' ', StringComparison.Ordinal):
                return Task.FromException<SavedListView>(
                    new NodeFailure("usage", "that is no name for a saved query", null, 2));
            case "save":
                Searches.RemoveAll(s => s.Name == change.Name);
                Searches.Add(new SavedSearch(change.Name, change.Query!, change.Alert, 0, null));
                break;
            case "seen":
                Searches[at] = Searches[at] with { Unseen = 0 };
                break;
            case "drop":
                Searches.RemoveAt(at);
                break;
        }

        return Answer(new SavedListView("incidentmesh/1", [.. Searches]));
    }

    /// <summary>When those of the drafts go that are held.</summary>
    public Dictionary<int, DateTimeOffset> Held { get; } = [];

    /// <summary>Drafts by number.</summary>
    public SortedDictionary<int, DraftContent> Drafts { get; } = [];

    public bool DraftsOpen { get; set; } = true;

    public Task<DraftListView> DraftsAsync(DraftRequest? change, CancellationToken stop)
    {
        Told(change);
        int? number = change?.Number;
        switch (change?.Action)
        {
            case "unlock" when change.Passphrase != "correct horse":
                return Task.FromException<DraftListView>(
                    new NodeFailure("passphrase", "the passphrase does not open the key file", null, 4));
            case "unlock":
                DraftsOpen = true;
                break;
            case "save" when Failure is null:
                number ??= Drafts.Keys.DefaultIfEmpty(0).Max() + 1;
                Drafts[number.Value] = change.Draft!;
                Held.Remove(number.Value);
                break;
            case "remove":
                Drafts.Remove(number!.Value);
                break;
        }

        return Answer(new DraftListView("incidentmesh/1", true, DraftsOpen, number,
            [.. Drafts.Select(d => new DraftItem(
                d.Key, FakeReports.Now, 4096, DraftsOpen ? TitleOf(d.Value) : null,
                Held.TryGetValue(d.Key, out DateTimeOffset due) ? due : null))]));
    }

    public Task<DraftView> DraftAsync(int number, CancellationToken stop) =>
        Answer(new DraftView("incidentmesh/1", number, FakeReports.Now, Drafts[number]));

    private static string TitleOf(DraftContent draft) =>
        draft.Body.TryGetProperty("title", out System.Text.Json.JsonElement title) ? title.GetString()! : "";

    private void Told(object? request)
    {
        if (request is not null && Failure is null)
        {
            Requests.Add(request);
        }
    }

    private static Dictionary<string, IReadOnlyDictionary<string, int>> Counts(
        IReadOnlyList<ReportItem> found, string? facets)
    {
        IReadOnlyDictionary<string, int> By(Func<ReportItem, IEnumerable<string?>> values) => found
            .SelectMany(values).OfType<string>().GroupBy(v => v).OrderByDescending(g => g.Count())
            .ThenBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count());
        return facets is null ? [] : new Dictionary<string, IReadOnlyDictionary<string, int>>
        {
            ["type"] = By(r => [r.Type]),
            ["severity"] = By(r => [r.Severity?.Value]),
            ["country"] = By(r => r.Countries),
            ["lang"] = By(r => [r.Lang]),
            ["standing"] = By(r => [r.Author.Standing]),
        };
    }
}

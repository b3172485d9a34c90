using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Data;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>The reports that a query selects, live. Each search is a level of its own, so that Esc brings
/// back the query, scroll and selection of the one before.</summary>
internal sealed partial class ReportsPage : Page
{
    private const int FirstLimit = 50;
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromSeconds(1);

    private readonly ReportList list = new();
    private readonly ListCursor cursor = new();
    private readonly LatestOnly asking = new();
    private readonly LatestOnly refreshing = new();
    private readonly DetailPage detail;
    private DateTimeOffset refreshed;
    private bool refreshPlanned;
    private (string? Digest, int Backlog)? clustersSeen;
    private bool loadingMore;
    private bool asked;
    private NoHits? noHits;
    private string? answers;

    /// <param name="desk">The desk.</param>
    /// <param name="query">Text of the query; empty is everything, newest first.</param>
    /// <param name="from">A list whose rows are shown until the first answer, or null.</param>
    public ReportsPage(Desk desk, string query, ReportsPage? from = null)
        : base(desk)
    {
        Query = query;
        detail = new DetailPage(desk, this);
        if (from is not null)
        {
            list.Borrow(from.list);
        }
    }

    /// <summary>The query that the rows answer, or will.</summary>
    public string Query { get; private set; }

    /// <summary>The selected report, or null in an empty list.</summary>
    public ReportItem? Selected => cursor.Selected < list.Items.Count ? list.Items[cursor.Selected] : null;

    public override string Crumb => T("Reports");

    public override string? CrumbTail => Query.Length == 0 ? null : SafeText.Show(Query);

    public override bool IsRoot => true;

    public override bool IsStale => asking.Busy;

    public override Page? Beside => detail;

    public override ReportItem? Subject => Selected;

    public override (ListCursor Cursor, int Count)? List => (cursor, list.Items.Count);

    public override string Row(int at) =>
        ReportRows.Sentence(list.Items[at], Desk.IsUnread(list.Items[at]), Desk.Time.GetUtcNow());

    public override IReadOnlyList<Verb> Hints { get; } =
        [Verb.Open, Verb.Back, Verb.Search, Verb.New, Verb.Attest, Verb.Cluster, Verb.Facets, Verb.Review,
            Verb.Sort, Verb.Save, Verb.Export];

    public override string Aside(int width)
    {
        string found = list.Answer is { } answer && Query.Length > 0 && Failure is null
            ? (width < Desk.WideColumns ? T($"{Words.Number(answer.Total)} found")
                : T($"{Words.Number(answer.Total)} found in {answer.Milliseconds:0} ms"))
            : "";
        string meaning = width >= Desk.WideColumns && list.Answer is { Semantic: false } && Query.Length > 0
            ? T("words only, no model yet") : "";
        string fresh = list.New > 0 ? T($"{list.New}{(list.New >= Limit ? "+" : "")} new: g") : "";
        string order = sort is null ? "" : T($"by {sort}");
        fresh = following ? T("following: F stops") : fresh;
        return string.Join("   ", new[] { found, meaning, order, fresh }.Where(p => p.Length > 0));
    }

    public override void Draw(Area area, bool focused)
    {
        cursor.Fit(list.Items.Count, area.Height - 1);
        if (Desk.IsWide)
        {
            detail.Show(Selected);
        }

        if (list.Items.Count == 0)
        {
            Empty(area);
            return;
        }

        ReportRows.Head(area, Desk.IsWide);
        DateTimeOffset now = Desk.Time.GetUtcNow();
        for (int i = 0; i < cursor.Rows && cursor.Top + i < list.Items.Count; i++)
        {
            ReportItem item = list.Items[cursor.Top + i];
            ReportRows.Draw(area, i + 1, item, Desk.IsUnread(item), Desk.IsWide, now);
            if (cursor.Top + i == cursor.Selected)
            {
                area.Point(i + 1, focused);
            }
        }
    }

    public override string? Run(Verb verb)
    {
        if (verb == Verb.Top && TakeNew())
        {
            return null;
        }

        if (cursor.Move(verb))
        {
            LoadMore();
            return null;
        }

        switch (verb)
        {
            case Verb.Open or Verb.Cluster or Verb.Pane when Selected is null:
                return T("no report is selected");
            case Verb.Pane when !Desk.IsWide:
                return T($"one pane only below {Desk.WideColumns} columns; enter opens the report");
            case Verb.Open or Verb.Pane:
                detail.Show(Selected);
                Desk.Push(detail);
                return null;
            case Verb.Cluster:
                Desk.Push(new ClusterPage(Desk, Selected));
                return null;
            default:
                return RunOnList(verb);
        }
    }

    public override void Click(int row, bool twice)
    {
        if (row >= 1 && cursor.Top + row - 1 < list.Items.Count)
        {
            cursor.Select(cursor.Top + row - 1);
            if (twice)
            {
                Run(Verb.Open);
            }
        }
    }

    /// <summary>Asks another query in this level: called at each key of a search.</summary>
    public void Ask(string query)
    {
        Query = query;
        noHits = null;
        if (IsWrong(query))
        {
            Typed();
            return;
        }

        Forget();
        asking.Submit(done => Search(query, null, Limit, done, answer =>
        {
            list.Replace(answer);
            answers = query;
            IsWrong(Query);
            cursor.Fit(list.Items.Count, cursor.Rows);
            cursor.Select(0);
            Typed();
            Desk.Arrived(this, rows: true);
        }));
    }

    private bool IsWrong(string query)
    {
        if (Protocol.Api.Query.TryParse(query, out _, out QueryError? error))
        {
            return false;
        }

        Refused(new NodeFailure("usage", error.ToString(), error.Hint, 2));
        return true;
    }

    private void Typed()
    {
        if (Desk.Prompt is null)
        {
            Settle();
        }
    }

    /// <summary>The query is typed: where it has no answer, rows that answer another one go; where it found
    /// nothing, find out which clause is to blame.</summary>
    public void Settle()
    {
        if (Failure is not null && answers != Query)
        {
            list.Clear();
            cursor.Fit(0, cursor.Rows);
            return;
        }

        if (list.Answer is { Total: 0 } && !asking.Busy && Query.Length > 0 && noHits is null)
        {
            noHits = new NoHits(Query);
            noHits.Find(Desk);
        }
    }

    public override void Refresh()
    {
        if (!asked)
        {
            asked = true;
            Ask(Query);
            return;
        }

        if (list.Answer is null || (Failure is not null && answers != Query))
        {
            Ask(Query);
            return;
        }

        string query = Query;
        refreshed = Desk.Time.GetUtcNow();
        refreshing.Submit(done => Search(query, null, Limit, done, answer =>
        {
            if (query == Query)
            {
                list.Merge(answer);
                if (following)
                {
                    TakeNew();
                }
            }
        }));
    }

    public override void Pulse()
    {
        // Reports join clusters after they came in, when the model has read them: no event tells of it.
        (string?, int) clusters = (Desk.Node.Status?.ClusterDigest, Desk.Node.Status?.EmbedBacklog ?? 0);
        if (clusters != clustersSeen && clustersSeen is not null)
        {
            Refresh();
        }

        clustersSeen = clusters;
    }

    public override void Happened(EventView e)
    {
        if (e.Kind != "record" || !(Desk.Top == this || Desk.Top.Owner == this) || refreshPlanned)
        {
            return;
        }

        TimeSpan since = Desk.Time.GetUtcNow() - refreshed;
        if (since >= RefreshEvery)
        {
            Refresh();
            return;
        }

        refreshPlanned = true;
        Desk.After(RefreshEvery - since, () =>
        {
            refreshPlanned = false;
            Refresh();
        });
    }

    // What is on the screen plus one screen more.
    private int Limit => Math.Max(FirstLimit, cursor.Rows * 2);

    private void LoadMore()
    {
        if (loadingMore || list.Cursor is not { } from || cursor.Selected + cursor.Rows < list.Items.Count)
        {
            return;
        }

        loadingMore = true;
        string query = Query;
        Search(query, from, Limit, () => loadingMore = false, answer =>
        {
            if (query == Query && list.Cursor == from)
            {
                list.Append(answer);
            }
        });
    }

    private void Search(
        string query, string? from, int limit, Action done, Action<SearchView> answered) => Ask(
        (node, stop) => node.SearchAsync(query, limit, from, sort ?? Sort(query), null, stop),
        answer =>
        {
            done();
            answered(answer);
        },
        refused: failure =>
        {
            done();
            Desk.Arrived(this, rows: false);
            Refused(failure);
            Typed();
        });

    // Words and phrases are ranked by the node; a query of fields alone selects, so the newest come first.
    private static string? Sort(string query) =>
        Protocol.Api.Query.TryParse(query, out Query? parsed, out _)
        && !parsed.Nodes().Any(n => n is QueryWord or QueryPhrase
            or QueryClause { Field.Name: "about" or "similar" })
            ? "new"
            : null;

    private void Empty(Area area)
    {
        if (noHits is not null)
        {
            noHits.Draw(area);
        }
        else if (list.Answer is null || Failure is not null)
        {
            Wait(area);
        }
        else if (Query.Length == 0)
        {
            int peers = Desk.Node.Status?.Peers ?? 0;
            string with = Plural(peers, $"{peers} peer", $"{Words.Number(peers)} peers");
            string[] lines =
            [
                T($"No reports yet. {with}."), "",
                $"{KeyMap.Of(Verb.Peers).Key,-24} " + T("to add a peer"),
                $"{KeyMap.Of(Verb.New).Key,-24} " + T("to write a report"),
                "incidentmesh import FILE " + T("to take in a file"),
                "incidentmesh demo --keep " + T("to look around"),
            ];
            for (int i = 0; i < lines.Length; i++)
            {
                area.Field(2, i + 1, area.Width - 2, lines[i], i == 0 ? Style.Strong : Style.Plain);
            }
        }
        else
        {
            area.Write(2, 1, T("Nothing found."), Style.Strong);
        }
    }
}

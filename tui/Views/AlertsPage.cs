using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>The saved searches, with how many new hits those have that tell of them.</summary>
internal sealed class AlertsPage(Desk desk) : Page(desk)
{
    private const int NameAt = 10;
    private const int QueryAt = 28;

    private readonly ListCursor cursor = new();
    private readonly LatestOnly asking = new();

    public override string Crumb => T("Saved searches and alerts");

    public override bool IsRoot => true;

    public override IReadOnlyList<Verb> Hints { get; } = [Verb.Open, Verb.MarkRead, Verb.Drop, Verb.Back];

    public override (ListCursor Cursor, int Count)? List => (cursor, Searches?.Count ?? 0);

    public override string Row(int at)
    {
        SavedSearch search = Searches![at];
        string told = search.Alert ? T($"{Words.Number(search.Unseen)} new") : T("tells of nothing");
        return $"{SafeText.Show(search.Name)}; {told}; {SafeText.Show(search.Query)}";
    }

    private IReadOnlyList<SavedSearch>? Searches => Desk.Alerts.Items;

    private SavedSearch? Selected =>
        Searches is not null && cursor.Selected < Searches.Count ? Searches[cursor.Selected] : null;

    public override void Refresh() => Change(null);

    public override void Draw(Area area, bool focused)
    {
        if (Searches is not { } list || (list.Count == 0 && Failure is not null))
        {
            Wait(area);
            return;
        }

        cursor.Fit(list.Count, area.Height - 1);
        if (list.Count == 0)
        {
            area.Field(2, 1, area.Width - 2, T("No searches are saved."), Style.Strong);
            area.Field(2, 3, area.Width - 2, T("S on a list of reports saves its search"), Style.Plain);
            return;
        }

        TableHead.Draw(area, 0, (2, T("NEW")), (NameAt, T("NAME")), (QueryAt, T("QUERY")));
        for (int i = 0; i < cursor.Rows && cursor.Top + i < list.Count; i++)
        {
            SavedSearch search = list[cursor.Top + i];
            Style style = search.Unseen > 0 ? Style.Strong : Style.Plain;
            area.Field(2, i + 1, NameAt - 3, search.Alert ? Words.Number(search.Unseen) : "-", style);
            area.Field(NameAt, i + 1, QueryAt - NameAt - 1, SafeText.Show(search.Name), style);
            area.Field(QueryAt, i + 1, area.Width - QueryAt, SafeText.Show(search.Query), Style.Plain);
            if (cursor.Top + i == cursor.Selected)
            {
                area.Point(i + 1, focused);
            }
        }
    }

    public override string? Run(Verb verb)
    {
        if (cursor.Move(verb))
        {
            return null;
        }

        switch (verb)
        {
            case Verb.Pane:
                return T("one pane only here");
            case Verb.Open or Verb.MarkRead or Verb.Drop when Selected is null:
                return T("no search is selected");
            case Verb.Open:
                See(Selected);
                Desk.Push(new ReportsPage(Desk, "saved:" + Selected.Name));
                return null;
            case Verb.MarkRead:
                See(Selected);
                return null;
            case Verb.Drop:
                Forget(Selected);
                return null;
            default:
                return NotHere;
        }
    }

    public override void Click(int row, bool twice)
    {
        cursor.Select(cursor.Top + Math.Max(0, row - 1));
        if (twice)
        {
            Run(Verb.Open);
        }
    }

    private void See(SavedSearch search)
    {
        if (search.Alert)
        {
            Change(new SavedRequest("seen", search.Name));
        }
    }

    private void Forget(SavedSearch search) => Change(new SavedRequest("drop", search.Name), () =>
    {
        string done = T($"search {SafeText.Show(search.Name)} forgotten") + Words.TakenAsSeen(search);
        Desk.Undoable(done, () => Change(
            new SavedRequest("save", search.Name, search.Query, search.Alert)));
        Desk.Say($"{done}   {Words.Undo}");
    });

    private void Change(SavedRequest? change, Action? then = null) => Ask(
        (node, stop) => node.SearchesAsync(change, stop),
        answer =>
        {
            Desk.Alerts.Take(answer);
            then?.Invoke();
        },
        change is null ? asking : null,
        change is null ? null : Desk.Failed);
}

using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <content>What keys do to the list as a whole.</content>
internal sealed partial class ReportsPage
{
    private static readonly string?[] Orders = [null, "new", "severity", "sources", "relevance"];

    private string? sort;
    private bool following;

    private string? RunOnList(Verb verb)
    {
        switch (verb)
        {
            case Verb.Facets:
                Desk.Push(new FacetsPage(Desk, this));
                return null;
            case Verb.Sort:
                sort = Orders[(Array.IndexOf(Orders, sort) + 1) % Orders.Length];
                Desk.Say(T($"by {sort ?? T("relevance where there are words, else newest first")}"));
                Ask(Query);
                return null;
            case Verb.Follow:
                following = !following;
                Desk.Say(following
                    ? T("new reports are taken in as they come") : T("new reports wait: g takes them in"));
                TakeNew();
                return null;
            case Verb.Save when Query.Length == 0:
                return T("these are all reports: search first, then save the search");
            case Verb.Save:
                Save();
                return null;
            case Verb.Export when list.Answer is null:
                return T("there is no answer that could be exported");
            case Verb.Export:
                Export();
                return null;
            default:
                return NotHere;
        }
    }

    private bool TakeNew()
    {
        if (!list.TakeNew())
        {
            return false;
        }

        cursor.Fit(list.Items.Count, cursor.Rows);
        cursor.Select(0);
        return true;
    }

    private void Save() => Desk.Ask(new Dialog(
        T("Save this search"), [new(T("name"), []), new(T("tell of new hits"), [
            new("y", T("yes"), "yes"), new("n", T("no"), "no")])],
        answers => Desk.Courier.Ask(
            (node, stop) => node.SearchesAsync(
                new SavedRequest("save", answers[0], Query, answers[1] == "yes"), stop),
            _ =>
            {
                Desk.Undoable(T($"search {SafeText.Show(answers[0])} saved"), () => Desk.Courier.Ask(
                    (node, stop) => node.SearchesAsync(new SavedRequest("drop", answers[0]), stop),
                    _ => Desk.Say(T("the search was dropped")), Desk.Failed));
                Desk.Alerts.Ask();
                Desk.Say(T($"saved: saved:{SafeText.Show(answers[0])} finds it")
                    + $"   {KeyMap.Of(Verb.Undo).Key} {KeyMap.Of(Verb.Undo).Hint}", Ink.Good);
            },
            Desk.Failed)));

    private void Export()
    {
        int total = list.Answer?.Total ?? 0;
        string title = Plural(total, $"Export {total} report", $"Export {Words.Number(total)} reports");
        ExportJob.Ask(Desk, title, Query, Selected);
    }
}

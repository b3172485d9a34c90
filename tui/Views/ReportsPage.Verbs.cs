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

    // The name is asked last, as the node may not take it.
    private void Save(params IReadOnlyList<string> answered) => Desk.Ask(new Dialog(
        T("Save this search"),
        [
            new(T("tell of new hits"), [new("y", T("yes"), "yes"), new("n", T("no"), "no")]),
            new(T("name"), [], answered is [_, var name] ? name : ""),
        ],
        answers => Desk.Courier.Ask(
            (node, stop) => node.SearchesAsync(null, stop),
            found =>
            {
                SavedRequest search = new("save", answers[1], Query, answers[0] == "yes");
                if (found.Items.FirstOrDefault(s => s.Name == search.Name) is { } older)
                {
                    Replace(older, search);
                }
                else
                {
                    Put(search, null);
                }
            },
            Desk.Failed),
        [.. answered.Take(1)])
        {
            Stays = true,
        });

    private void Replace(SavedSearch older, SavedRequest search)
    {
        void AskAgain() => Save(search.Alert ? "yes" : "no", search.Name);
        Desk.Ask(new Dialog(
            T($"{SafeText.Show(older.Name)} is saved already: {SafeText.Show(older.Query)}"),
            [new(T("replace it"), [new("y", T("yes"), "yes"), new("n", T("no"), "no")])],
            answers =>
            {
                if (answers[0] == "yes")
                {
                    Put(search, older);
                }
                else
                {
                    AskAgain();
                }
            })
            {
                Stays = true,
                GivenUp = AskAgain,
            });
    }

    private void Put(SavedRequest search, SavedSearch? older) => Desk.Courier.Ask(
        (node, stop) => node.SearchesAsync(search, stop),
        answer =>
        {
            SavedRequest back = older is null ? new("drop", search.Name)
                : new("save", older.Name, older.Query, older.Alert);
            Desk.Undoable(T($"search {SafeText.Show(search.Name)} saved"), () => Desk.Courier.Ask(
                (node, stop) => node.SearchesAsync(back, stop),
                before =>
                {
                    Desk.Alerts.Take(before);
                    Desk.Say(older is null ? T($"search {SafeText.Show(search.Name)} forgotten")
                        : T($"saved:{SafeText.Show(older.Name)} is the older search again"));
                },
                Desk.Failed));
            Desk.Answered();
            Desk.Alerts.Take(answer);
            Desk.Say(T($"saved: saved:{SafeText.Show(search.Name)} finds it") + Words.TakenAsSeen(older)
                + $"   {Words.Undo}", Ink.Good);
        },
        Desk.Failed);

    private void Export()
    {
        int total = list.Answer?.Total ?? 0;
        string title = Plural(total, $"Export {total} report", $"Export {Words.Number(total)} reports");
        ExportJob.Ask(Desk, title, Query, Selected);
    }
}

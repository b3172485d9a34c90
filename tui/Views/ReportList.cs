using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Tui.Views;

/// <summary>The rows of a list of reports. What comes in live never moves a row that is shown: it waits
/// until <see cref="TakeNew"/>; what changed in a row that is shown changes in its place.</summary>
internal sealed class ReportList
{
    private readonly List<ReportItem> items = [];
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private SearchView? waiting;

    /// <summary>The rows.</summary>
    public IReadOnlyList<ReportItem> Items => items;

    /// <summary>The answer that the rows came from, or null before the first.</summary>
    public SearchView? Answer { get; private set; }

    /// <summary>Where the next page starts, or null.</summary>
    public string? Cursor { get; private set; }

    /// <summary>Reports that wait to be taken in.</summary>
    public int New { get; private set; }

    /// <summary>Has no rows and no answer any more.</summary>
    public void Clear()
    {
        items.Clear();
        places.Clear();
        waiting = null;
        New = 0;
        (Answer, Cursor) = (null, null);
    }

    /// <summary>Takes an answer in place of all rows.</summary>
    public void Replace(SearchView answer)
    {
        Clear();
        Answer = answer;
        Cursor = answer.Cursor;
        Add(answer.Items);
    }

    /// <summary>Takes the next page.</summary>
    public void Append(SearchView answer)
    {
        Cursor = answer.Cursor;
        Add(answer.Items);
    }

    /// <summary>Takes a newer answer to the same query: known rows change in place, new ones wait.</summary>
    public void Merge(SearchView answer)
    {
        if (items.Count == 0)
        {
            Replace(answer);
            return;
        }

        HashSet<string> here = [.. answer.Items.Select(item => item.Id)];
        List<ReportItem> gone = [.. items.Take(answer.Items.Count).Where(item => !here.Contains(item.Id))];
        int unknown = 0;
        foreach (ReportItem item in answer.Items)
        {
            if (places.TryGetValue(item.Id, out int place) || TakesPlace(item, gone, out place))
            {
                items[place] = item;
            }
            else
            {
                unknown++;
            }
        }

        // A page that came in behind the rows that are loaded is not new, it is further down.
        New = gone.Count > 0 ? unknown : Math.Min(unknown, Math.Max(0, answer.Total - Answer!.Total));
        waiting = New > 0 ? answer : null;
    }

    // A new version has another id. It takes the row of the one report of its author that is gone; of
    // several nobody knows which, and they wait as new ones do.
    private bool TakesPlace(ReportItem item, List<ReportItem> gone, out int place)
    {
        ReportItem[] older = item.State is not ("corrected" or "retracted") ? []
            : [.. gone.Where(g => g.Author.Id == item.Author.Id && g.Type == item.Type)];
        if (older is not [var one] || !places.Remove(one.Id, out place))
        {
            place = -1;
            return false;
        }

        gone.Remove(one);
        places[item.Id] = place;
        return true;
    }

    /// <summary>Takes in what waits; false when nothing does.</summary>
    public bool TakeNew()
    {
        if (waiting is not { } answer)
        {
            return false;
        }

        Replace(answer);
        return true;
    }

    /// <summary>Copies the rows of another list, to have something to show until the answer comes.</summary>
    public void Borrow(ReportList other)
    {
        Add(other.Items);
        Cursor = null;
    }

    private void Add(IReadOnlyList<ReportItem> more)
    {
        foreach (ReportItem item in more)
        {
            if (places.TryAdd(item.Id, items.Count))
            {
                items.Add(item);
            }
        }
    }
}

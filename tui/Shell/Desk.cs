using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Data;
using IncidentMesh.Tui.Text;
using IncidentMesh.Tui.Views;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Shell;

/// <summary>The state of the whole screen: the stack of pages, the prompt, the message, the node. Keys go in,
/// a canvas comes out (<see cref="DeskPainter"/>); it knows no terminal and is owned by the UI
/// thread.</summary>
internal sealed partial class Desk : IFeedListener
{
    /// <summary>Columns from which two panes stand side by side.</summary>
    public const int WideColumns = 100;

    private readonly List<Page> stack = [];
    private readonly Dictionary<string, MarkItem> marks = new(StringComparer.Ordinal);
    private readonly List<(DateTimeOffset Due, Action Action)> later = [];

    /// <param name="courier">Asks the node.</param>
    /// <param name="time">The clock.</param>
    /// <param name="query">Query of the first list.</param>
    /// <param name="ascii">Draw nothing of our own beyond ASCII.</param>
    public Desk(Courier courier, TimeProvider time, string query = "", bool ascii = false)
    {
        Courier = courier;
        Time = time;
        Ellipsis = ascii ? ".." : "…";
        Node = new NodeLink(time);
        Outbox = new Outbox(this);
        Jobs = new Jobs(this);
        Alerts = new Alerts(this);
        Push(new ReportsPage(this, ""));
        if (query.Length > 0)
        {
            Push(new ReportsPage(this, query));
        }
    }

    public Courier Courier { get; }

    public TimeProvider Time { get; }

    public NodeLink Node { get; }

    /// <summary>Records on their way.</summary>
    public Outbox Outbox { get; }

    /// <summary>Work that goes on meanwhile.</summary>
    public Jobs Jobs { get; }

    /// <summary>Saved searches that tell of new hits.</summary>
    public Alerts Alerts { get; }

    /// <summary>Whether it is read line by line, with no sequences for the terminal.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Whether the lines for those who are new stand below the first list; Esc takes them
    /// away.</summary>
    public bool Tour { get; set; }

    /// <summary>How long a record is held before it is sent (<c>ui.undo</c>).</summary>
    public TimeSpan HoldTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Reads a variable of the environment.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    /// <summary>A report that is being written, or null.</summary>
    public Page? Draft
    {
        get;
        set
        {
            // One that was left for another goes on trying to be saved.
            left.RemoveAll(p => p.Unsaved is null || p == value);
            left.AddRange(field is null || field == value || field.Unsaved is null ? [] : [field]);
            field = value;
        }
    }

    /// <summary>What marks text that was cut.</summary>
    public string Ellipsis { get; }

    /// <summary>Whether right-to-left text is put into the order of the screen here.</summary>
    public bool Reorders { get; init; }

    /// <summary>How long until an action is due; null when none waits.</summary>
    public TimeSpan? DueIn => later.Count > 0 ? later.Min(l => l.Due) - Time.GetUtcNow() : null;

    /// <summary>Whether the program is over.</summary>
    public bool Ended { get; private set; }

    /// <summary>One line for the person, until the next key.</summary>
    public Span? Message { get; private set; }

    /// <summary>Whether the last canvas was wide enough for two panes.</summary>
    public bool IsWide { get; private set; }

    /// <summary>Whether a text that could stand beside its list has the whole width.</summary>
    public bool Zoomed { get; private set; }

    /// <summary>Counts changes: a screen that shows an older number is stale.</summary>
    public long Version { get; private set; }

    /// <summary>Asked for a screen drawn from nothing.</summary>
    public bool RedrawAll { get; set; }

    /// <summary>Whether a report was not read on this node.</summary>
    public bool IsUnread(ReportItem item) =>
        marks.TryGetValue(item.Id, out MarkItem? mark) ? !mark.Read : !item.Read;

    /// <summary>Whether a report is bookmarked on this node.</summary>
    public bool IsBookmarked(ReportItem item) =>
        marks.TryGetValue(item.Id, out MarkItem? mark) ? mark.Bookmarked : item.Bookmarked;

    /// <summary>A report was marked: what lists were told before is out of date.</summary>
    public void Marked(MarkItem mark)
    {
        marks[mark.Id] = mark;
        Changed();
    }

    /// <summary>The pages, the lowest first.</summary>
    public IReadOnlyList<Page> Stack => stack;

    /// <summary>The page that keys go to.</summary>
    public Page Top => stack[^1];

    /// <summary>Marks the screen stale.</summary>
    public void Changed() => Version++;

    /// <summary>Says one line.</summary>
    public void Say(string text, Ink ink = Ink.Plain)
    {
        Message = new Span(text, ink);
        Changed();
    }

    /// <summary>Takes the message away: something else begins.</summary>
    public void Quiet()
    {
        Message = null;
        Changed();
    }

    /// <summary>Lays a page on top.</summary>
    public void Push(Page page)
    {
        Settle();
        stack.Add(page);
        Zoomed = false;
        page.Refresh();
        Changed();
    }

    /// <summary>Takes the top page away; the last one stays.</summary>
    public bool Pop()
    {
        if (stack.Count == 1)
        {
            return false;
        }

        left.AddRange(Top.Unsaved is null ? [] : [Top]);
        stack.RemoveAt(stack.Count - 1);
        Zoomed = false;
        Top.Refresh();
        Changed();
        return true;
    }

    /// <summary>Takes everything away but the first list.</summary>
    public void Home()
    {
        while (Pop())
        {
            continue;
        }
    }

    /// <summary>A key was pressed: a name of <see cref="KeyNames"/>, or the text it types.</summary>
    public void Press(string key)
    {
        Quiet();
        if (key == KeyMap.Of(Verb.QuitNow).Key)
        {
            QuitNow();
        }
        else if (Waits(key))
        {
            return;
        }
        else if (Bare)
        {
            Bare = false;
        }
        else if (Prompt is not null)
        {
            PressInPrompt(Prompt, key);
        }
        else if (Dialog is not null)
        {
            PressInDialog(Dialog, key);
        }
        else if (Top.Press(key))
        {
            return;
        }
        else if (KeyMap.Find(key) is { } binding)
        {
            Run(binding);
        }
        else
        {
            Say(T($"{SafeText.Show(key)} does nothing; ? lists the keys"));
        }
    }

    /// <summary>The mouse was pressed in the body. A search that is typed is taken as it stands, a command
    /// is left; what is asked is answered first.</summary>
    public void Click(Page page, int row, bool twice)
    {
        if (Dialog is not null)
        {
            return;
        }

        Message = null;
        Settle();
        Prompt = null;
        while (Top != page && stack.Contains(page) && Pop())
        {
            continue;
        }

        page.Click(row, twice);
        Changed();
    }

    /// <summary>Runs an action once <paramref name="wait"/> has passed.</summary>
    public void After(TimeSpan wait, Action action) => later.Add((Time.GetUtcNow() + wait, action));

    /// <summary>Runs what is due. Called often; changes nothing when nothing is due.</summary>
    public void Tick()
    {
        if (later.Count == 0)
        {
            return;
        }

        DateTimeOffset now = Time.GetUtcNow();
        Action[] due = [.. later.Where(l => l.Due <= now).Select(l => l.Action)];
        later.RemoveAll(l => l.Due <= now);
        foreach (Action action in due)
        {
            action();
            Changed();
        }
    }

    public void Happened(EventView e)
    {
        foreach (Page page in stack)
        {
            page.Happened(e);
        }

        if (e.Kind == "record")
        {
            Alerts.Ask();
        }

        Changed();
    }

    public void Told(StatusView status)
    {
        if (Node.Status is null || Node.LostAt is not null)
        {
            Alerts.Ask();
        }

        if (Node.Told(status))
        {
            Say(T("the node is back"), Ink.Good);
            Keep();
            Top.Refresh();
        }
        else
        {
            Top.Pulse();
            Top.Owner?.Pulse();
        }

        Changed();
    }

    public void Failed(NodeFailure failure)
    {
        if (!failure.IsLost)
        {
            Say(failure.Line, Ink.Bad);
            return;
        }

        if (Node.LostAt is null)
        {
            Node.Lost();
            CountLost();
        }

        Changed();
    }

    /// <summary>Draws.</summary>
    public void Draw(Canvas canvas)
    {
        IsWide = canvas.Width >= WideColumns;
        DeskPainter.Draw(this, canvas);
    }

    // The only timer that redraws: once a second while the node is away.
    private void CountLost() => After(TimeSpan.FromSeconds(1), () =>
    {
        if (Node.LostAt is not null)
        {
            CountLost();
        }
    });

    private void Run(Binding binding)
    {
        switch (binding.Verb)
        {
            case Verb.Quit:
                Quit();
                break;
            case Verb.Undo:
                Undo();
                break;
            case Verb.BareText:
                Bare = true;
                break;
            case Verb.Stop when Top is not JobsPage:
                Why(binding, Jobs.Stop());
                break;
            case Verb.Redraw:
                RedrawAll = true;
                Top.Refresh();
                break;
            case Verb.Search:
                string query = (Top as ReportsPage)?.Query ?? "";
                Push(new ReportsPage(this, query, Top as ReportsPage));
                Prompt = new Prompt(PromptKind.Search, query) { Selected = query.Length > 0 };
                break;
            case Verb.Palette:
                Prompt = new Prompt(PromptKind.Command, "");
                break;
            case Verb.Zoom:
                Zoom();
                break;
            case Verb.New when Top is not PeersPage:
                WriteOn(Top is DraftsPage);
                break;
            case Verb.Back when !(Zoomed && IsWide):
                if (stack.Count == 1 && Tour)
                {
                    Tour = false;
                }
                else if (!Widen() && !Pop())
                {
                    Say(T("this is the first level; q quits"));
                }

                break;
            case Verb.Back:
                Zoomed = false;
                break;
            case Verb.Reports or Verb.Review or Verb.Peers or Verb.Trust or Verb.Statistics or Verb.Drafts
                or Verb.Alerts or Verb.Keys or Verb.Jobs:
                GoTo(binding.Verb);
                break;
            default:
                string? why = Top.Run(binding.Verb);
                why = why == Page.NotHere ? ReportActions.Run(this, binding.Verb, Top.Subject) : why;
                Why(binding, why);
                break;
        }
    }

    private void Why(Binding binding, string? not)
    {
        if (not is not null)
        {
            Say($"{binding.Key}: {not}");
        }
    }
}

using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Data;
using IncidentMesh.Tui.Text;
using IncidentMesh.Tui.Views;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Shell;

/// <summary>One level of the stack: what it shows, and what its keys do. A page lives on the UI thread and
/// keeps its scroll and selection while it is covered by others.</summary>
internal abstract class Page(Desk desk)
{
    /// <summary>Answer of <see cref="Run"/> to a verb that the view does not know.</summary>
    protected internal const string NotHere = "not here";

    // Lines of a view that is read line by line.
    private const int LinesMax = 500;

    private bool told;

    /// <summary>The desk it lies on.</summary>
    protected Desk Desk { get; } = desk;

    /// <summary>Its part of the breadcrumbs.</summary>
    public abstract string Crumb { get; }

    /// <summary>What else the breadcrumbs say while it is the last part, or null.</summary>
    public virtual string? CrumbTail => null;

    /// <summary>Whether the breadcrumbs begin here.</summary>
    public virtual bool IsRoot => false;

    /// <summary>What stands at the right end of the breadcrumbs, in <paramref name="width"/>
    /// columns.</summary>
    public virtual string Aside(int width) => "";

    /// <summary>Keys for the hint line, most useful first.</summary>
    public abstract IReadOnlyList<Verb> Hints { get; }

    /// <summary>The word of a key in the hint line.</summary>
    public virtual string HintOf(Verb verb) => KeyMap.Of(verb).Hint;

    /// <summary>The hint line of a view that takes keys as text, or null.</summary>
    public virtual string? HintLine => null;

    /// <summary>The report that keys act on, or null.</summary>
    public virtual ReportItem? Subject => null;

    /// <summary>What the state line says while there is no message, or null: by default why the node had no
    /// answer, unless the view says so itself.</summary>
    public virtual Span? State => Failure is null || told ? null : Trouble(Failure);

    /// <summary>Why the node had no answer for the view, until it has one.</summary>
    protected NodeFailure? Failure { get; private set; }

    /// <summary>Whether its rows give way as soon as an answer is there that is on its way.</summary>
    public virtual bool IsStale => false;

    /// <summary>The page that stands beside this one from 100 columns on, or null.</summary>
    public virtual Page? Beside => null;

    /// <summary>The page at whose right this one opens from 100 columns on, or null.</summary>
    public virtual Page? Owner => null;

    /// <summary>The list of the view and how many rows it has, or null where it has none.</summary>
    public virtual (ListCursor Cursor, int Count)? List => null;

    /// <summary>A row of the list as a sentence, for those who hear it.</summary>
    /// <param name="at">The row, from 0.</param>
    public virtual string Row(int at) => "";

    /// <summary>Whether a line that is typed is text of this view, where it is read line by line.</summary>
    public virtual bool TakesText => false;

    /// <summary>What is asked where the view is read line by line; null where it asks nothing.</summary>
    public virtual IReadOnlyList<string>? Question => null;

    /// <summary>Takes a line as the answer to <see cref="Question"/>.</summary>
    public virtual void Answer(string line)
    {
    }

    /// <summary>What follows the list where a view is read line by line: by default nothing, and all that is
    /// drawn where there is no list.</summary>
    public virtual IReadOnlyList<string> Lines()
    {
        if (List is { Count: > 0 })
        {
            return [];
        }

        var canvas = new Canvas(Desk.WideColumns - 1, LinesMax, Desk.Ellipsis);
        Draw(canvas.All, focused: false);
        return [.. Enumerable.Range(0, LinesMax).Select(canvas.Row)];
    }

    /// <summary>Draws into <paramref name="area"/>, which has 6 rows at least.</summary>
    /// <param name="area">The body of the screen, or one pane of it.</param>
    /// <param name="focused">Whether keys go here.</param>
    public abstract void Draw(Area area, bool focused);

    /// <summary>Does what a key asks for.</summary>
    /// <returns>Null when done, <see cref="NotHere"/>, or why it cannot be done.</returns>
    public abstract string? Run(Verb verb);

    /// <summary>Takes a key before the key map does; true when it was taken.</summary>
    public virtual bool Press(string key) => false;

    /// <summary>Takes pasted text; by default it opens a search.</summary>
    public virtual void Paste(string pasted) => Desk.PasteIntoSearch(pasted);

    /// <summary>Called when the page is first shown, and when it may have missed something.</summary>
    public virtual void Refresh()
    {
    }

    /// <summary>Something happened at the node.</summary>
    public virtual void Happened(EventView e)
    {
    }

    /// <summary>The program ends at once: what would be lost is saved.</summary>
    public virtual void Keep()
    {
    }

    /// <summary>What was written here and is not saved, in words that are safe to show; null where nothing
    /// would be lost.</summary>
    public virtual string? Unsaved => null;

    /// <summary>Whether what <see cref="Keep"/> saves is on its way still.</summary>
    public virtual bool IsKeeping => false;

    /// <summary>The node told its status, every few seconds.</summary>
    public virtual void Pulse()
    {
    }

    /// <summary>The mouse was pressed at a cell of the page's last area.</summary>
    /// <param name="row">Row inside that area.</param>
    /// <param name="twice">Whether it was a double click.</param>
    public virtual void Click(int row, bool twice)
    {
    }

    /// <summary>The part of the breadcrumbs of a view of a report, whose id stands in them once.</summary>
    protected string Under(ReportItem item, string what)
    {
        string id = SafeText.Show(item.Short);
        bool told = Desk.Stack.TakeWhile(p => p != this)
            .Any(p => p.Crumb.StartsWith(id, StringComparison.Ordinal));
        return told ? what : $"{id} > {what}";
    }

    /// <summary>Asks the node for what the view shows.</summary>
    /// <param name="question">The question.</param>
    /// <param name="answered">Takes the answer.</param>
    /// <param name="asking">Has one such question on the way at most; null where several may be.</param>
    /// <param name="refused">Takes a failure in place of the view.</param>
    protected void Ask<T>(
        Func<INodeClient, CancellationToken, Task<T>> question,
        Action<T> answered,
        LatestOnly? asking = null,
        Action<NodeFailure>? refused = null)
    {
        void Carry(Action done) => Desk.Courier.Ask(
            question,
            answer =>
            {
                Failure = null;
                answered(answer);
                done();
            },
            failure =>
            {
                done();
                (refused ?? Refused)(failure);
            });
        if (asking is null)
        {
            Carry(() => { });
        }
        else
        {
            asking.Submit(Carry);
        }
    }

    /// <summary>Another question is asked: why the one before had no answer is of no use.</summary>
    protected void Forget() => Failure = null;

    /// <summary>The node had no answer for the view; the rest goes on.</summary>
    protected virtual void Refused(NodeFailure failure)
    {
        if (failure.IsLost)
        {
            Desk.Failed(failure);
        }
        else
        {
            (Failure, told) = (failure, false);
        }
    }

    /// <summary>What stands where the answer will: that the node is asked, or why it has none and what to
    /// do.</summary>
    protected void Wait(LineBuilder lines, int indent = 0)
    {
        if (Failure is null)
        {
            lines.Text(Desk.Node.LostAt is null ? T("asking the node")
                : T("the node is away; this comes when it is back"), Style.Plain, indent);
            return;
        }

        told = true;
        lines.Text("! " + SafeText.Show(Failure.Message), Ink.Bad, indent);
        if (Failure.Hint is { } hint)
        {
            lines.Text(SafeText.Show(hint), Style.Plain, indent);
        }

        string again = $"{KeyMap.Of(Verb.Redraw).Key} " + T("asks again");
        lines.Text($"{again}; {SafeText.Show(Failure.Code)} ({Failure.Exit})", Style.Plain, indent);
    }

    /// <summary>The same in an empty view.</summary>
    protected void Wait(Area area)
    {
        var lines = new LineBuilder(area.Width);
        Wait(lines, indent: 2);
        for (int i = 0; i < lines.Lines.Count && i + 1 < area.Height; i++)
        {
            area.Write(0, i + 1, lines.Lines[i]);
        }
    }

    /// <summary>A failure in words for the state line.</summary>
    protected static Span Trouble(NodeFailure failure) => new(failure.Line, Ink.Bad);
}

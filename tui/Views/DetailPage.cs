using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Data;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>One report: its text, who says so, what was checked, what others answered. It stands beside its
/// list from 100 columns on and follows the selection there; below it takes the whole screen.</summary>
internal sealed class DetailPage : Page
{
    private readonly TextScroll scroll = new();
    private readonly LatestOnly asking = new();
    private ReportItem? item;
    private ReportView? view;
    private string? opened;
    private (int Width, ReportItem? Item, ReportView? View, NodeFailure? Failure) drawn;
    private IReadOnlyList<IReadOnlyList<Span>> lines = [];

    /// <param name="desk">The desk.</param>
    /// <param name="owner">The list it stands beside, or null.</param>
    public DetailPage(Desk desk, Page? owner)
        : base(desk) => Owner = owner;

    public override Page? Owner { get; }

    public override string Crumb => item?.Short ?? "";

    public override ReportItem? Subject => item;

    public override IReadOnlyList<Verb> Hints { get; } =
        [Verb.Back, Verb.Attest, Verb.Cluster, Verb.Verify, Verb.Readers, Verb.History, Verb.CopyId,
            Verb.Link, Verb.Zoom];

    /// <summary>Shows another report; nothing happens when it is the one that is shown.</summary>
    public void Show(ReportItem? report)
    {
        if (report?.Id == item?.Id)
        {
            item = report;
            return;
        }

        item = report;
        view = null;
        scroll.To(0);
        Refresh();
    }

    public override void Refresh()
    {
        if (item is not { } wanted)
        {
            return;
        }

        Ask(
            (node, stop) => node.ReportAsync(wanted.Id, stop),
            answer =>
            {
                if (answer.Report.Id == item?.Id || wanted.Id == item?.Id)
                {
                    view = answer;
                }
            },
            asking);
    }

    public override void Happened(EventView e)
    {
        // Answers and corrections of this report come as records of their own.
        if (e.Kind == "record" && e.Item?.Type is not ("incident" or "model-risk"))
        {
            Refresh();
        }
    }

    public override void Draw(Area area, bool focused)
    {
        if (focused && item is not null && opened != item.Id)
        {
            opened = item.Id;
            ReportMarks.Opened(Desk, item);
        }

        if (drawn != (area.Width, item, view, Failure))
        {
            drawn = (area.Width, item, view, Failure);
            lines = item is null ? []
                : DetailText.Lines(view?.Report ?? item, view, area.Width, Desk.Time.GetUtcNow());
            if (item is not null && view is null && Failure is not null)
            {
                var rest = new LineBuilder(area.Width);
                Wait(rest);
                lines = [.. lines, [], .. rest.Lines];
            }
        }

        scroll.Fit(lines.Count, area.Height);
        for (int i = 0; i < area.Height && scroll.Top + i < lines.Count; i++)
        {
            area.Write(0, i, lines[scroll.Top + i]);
        }

        if (scroll.More)
        {
            area.Write(0, area.Height - 1, Columns.Pad(T("(more below: j)"), area.Width), Style.Heading);
        }
    }

    public override string? Run(Verb verb)
    {
        if (scroll.Move(verb))
        {
            return null;
        }

        switch (verb)
        {
            // What the list says of it may be older than what is shown here, and tells one version alone.
            case Verb.Correct or Verb.Retract when DetailText.IsTakenBack(view):
                return T("it was taken back already");
            case Verb.Cluster when item is not null:
                Desk.Push(new ClusterPage(Desk, item));
                return null;
            case Verb.Pane when Owner is not null && Desk.IsWide:
                Desk.Pop();
                return null;
            case Verb.Pane:
                return T($"one pane only below {Desk.WideColumns} columns; esc goes back");
            case Verb.Open:
                return T("this is the report; esc goes back to the list");
            default:
                return NotHere;
        }
    }
}

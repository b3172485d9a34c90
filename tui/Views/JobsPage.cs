using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>What is under way: records that are held, then jobs, the newest first, and what came of those
/// that ended.</summary>
internal sealed class JobsPage(Desk desk) : Page(desk)
{
    private readonly ListCursor cursor = new();

    public override string Crumb => T("Jobs");

    public override (ListCursor Cursor, int Count)? List => (cursor, Held.Count + Jobs.Count);

    public override IReadOnlyList<Verb> Hints { get; } = [Verb.Stop, Verb.Undo, Verb.Back];

    private IReadOnlyList<string> Held => Desk.Outbox.Rows;

    private IReadOnlyList<Job> Jobs => Desk.Jobs.All;

    public override void Draw(Area area, bool focused)
    {
        cursor.Fit(Held.Count + Jobs.Count, area.Height);
        if (cursor.Count == 0)
        {
            area.Field(2, 1, area.Width - 2, T("Nothing is under way."), Style.Strong);
            area.Field(
                2, 3, area.Width - 2, T("E on a list exports it, R in 3 peers syncs now"), Style.Plain);
            return;
        }

        for (int i = 0; i < cursor.Rows && cursor.Top + i < cursor.Count; i++)
        {
            int at = cursor.Top + i;
            Style style = at < Held.Count ? Style.Plain : Jobs[at - Held.Count].Result?.Style ?? Style.Plain;
            area.Field(2, i, area.Width - 2, Row(at), style);
            if (at == cursor.Selected)
            {
                area.Point(i, focused);
            }
        }
    }

    public override string Row(int at)
    {
        if (at < Held.Count)
        {
            return Held[at];
        }

        Job job = Jobs[at - Held.Count];
        return job.Result is { } result ? $"{job.Title}: {result.Text}"
            : $"~ {job.Title}  {job.Progress(Desk.Time.GetUtcNow())}";
    }

    public override string? Run(Verb verb)
    {
        if (cursor.Move(verb))
        {
            return null;
        }

        return verb switch
        {
            Verb.Stop when cursor.Selected < Held.Count => Held.Count == 0 ? Desk.Jobs.Stop()
                : T("it is a record: u takes the last one back"),
            Verb.Stop => Desk.Jobs.Stop(Jobs[cursor.Selected - Held.Count]),
            Verb.Open => T("what came of it stands in its line"),
            Verb.Pane => T("one pane only here"),
            _ => NotHere,
        };
    }

    public override void Click(int row, bool twice) => cursor.Select(cursor.Top + Math.Max(0, row));
}

using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>The reports that tell of the same event as one of them, and why each is there; what people say
/// of it, which overrides the machine; near misses with the reason why not.</summary>
internal sealed class ClusterPage(Desk desk, ReportItem? report) : Page(desk)
{
    private const int LikelyAt = 2;
    private const int ReportAt = 13;
    private const int FromAt = 23;
    private const int WhyAt = 33;

    private readonly ListCursor cursor = new();
    private readonly LatestOnly asking = new();
    private ClusterView? view;

    public override string Crumb =>
        (Desk.Stack is [.., DetailPage, ClusterPage] || report is null ? "" : report.Short + " > ") + Found();

    public override (ListCursor Cursor, int Count)? List => (cursor, view?.Members.Count ?? 0);

    public override string Row(int at)
    {
        ClusterMemberView member = view!.Members[at];
        return $"{Likely(member)}: {ReportRows.Title(member.Report)}; {SafeText.Show(member.Report.Short)} "
            + T($"from {Words.Name(member.Report.Author)}") + $"; {Why(member)}";
    }

    public override IReadOnlyList<string> Lines() => view is null ? base.Lines()
        : LineBuilder.Texts(Below(Desk.WideColumns));

    public override ReportItem? Subject => Selected?.Report;

    public override IReadOnlyList<Verb> Hints { get; } =
        [Verb.Same, Verb.Different, Verb.CannotTell, Verb.Pair, Verb.Open, Verb.Readers, Verb.Back];

    public override void Refresh()
    {
        if (report is null)
        {
            return;
        }

        Ask(
            (node, stop) => node.ClusterAsync(report.Id, stop),
            answer =>
            {
                string? selected = Selected?.Report.Id;
                bool first = view is null;
                view = answer;
                int row = first ? 1 : answer.Members.ToList().FindIndex(m => m.Report.Id == selected);
                cursor.Fit(answer.Members.Count, cursor.Rows);
                cursor.Select(Math.Max(0, row));
            },
            asking);
    }

    public override void Happened(EventView e)
    {
        if (e.Kind == "record" && Desk.Top == this)
        {
            Refresh();
        }
    }

    public override void Draw(Area area, bool focused)
    {
        if (view is null)
        {
            Wait(area);
            return;
        }

        IReadOnlyList<IReadOnlyList<Span>> below = Below(area.Width);
        int rows = Math.Clamp(
            area.Height - 1 - below.Count, Math.Min(4, view.Members.Count), view.Members.Count);
        cursor.Fit(view.Members.Count, rows);
        TableHead.Draw(
            area, 0, (LikelyAt, T("LIKELY")), (ReportAt, T("REPORT")), (FromAt, T("FROM")),
            (WhyAt + Extra(area), T("WHY")));
        for (int i = 0; i < rows; i++)
        {
            Member(area, i + 1, view.Members[cursor.Top + i], cursor.Top + i == cursor.Selected, focused);
        }

        for (int i = 0; i < below.Count && rows + 1 + i < area.Height; i++)
        {
            area.Write(0, rows + 1 + i, below[i]);
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
            case Verb.Open or Verb.Cluster when Selected is null:
                return T("no report is selected");
            case Verb.Open:
                var detail = new DetailPage(Desk, null);
                detail.Show(Selected.Report);
                Desk.Push(detail);
                return null;
            case Verb.Cluster when Selected.Report.Id == report?.Id:
                return T("these are the reports of the same event");
            case Verb.Cluster:
                Desk.Push(new ClusterPage(Desk, Selected.Report));
                return null;
            case Verb.Pane:
                return T("one pane only here");
            case Verb.Same or Verb.Different or Verb.CannotTell or Verb.Pair or Verb.Reason:
                return Judge(verb);
            default:
                return NotHere;
        }
    }

    private string? Judge(Verb verb)
    {
        if (Selected is not { } member || report is null || member.Report.Id == report.Id)
        {
            return T("select another report than the one that the list is about");
        }

        switch (verb)
        {
            case Verb.Pair or Verb.Reason:
                Desk.Push(new PairPage(
                    Desk, report, member.Report, member.Probability, member.Reasons));
                return null;
            case Verb.CannotTell:
                return T("left as it is: the machine's guess stays");
            default:
                ReportActions.Judge(
                    Desk, member.Report, report, verb == Verb.Same ? "same-event" : "not-same-event", "");
                return null;
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

    // A breadcrumb begins with a capital.
    private string Found()
    {
        string found = view is null ? T("same event")
            : CorroborationText.Line(view.Reports, view.Independent, view.Corroboration);
        return char.ToUpperInvariant(found[0]) + found[1..];
    }

    private ClusterMemberView? Selected =>
        view is not null && cursor.Selected < view.Members.Count ? view.Members[cursor.Selected] : null;

    private static int Extra(Area area) => area.Width >= Desk.WideColumns ? 4 : 0;

    private void Member(Area area, int row, ClusterMemberView member, bool selected, bool focused)
    {
        int why = WhyAt + Extra(area);
        area.Field(LikelyAt, row, ReportAt - LikelyAt - 1, Likely(member), LikelyStyle(member));
        area.Field(ReportAt, row, FromAt - ReportAt - 1, SafeText.Show(member.Report.Short), Style.Plain);
        area.Field(FromAt, row, why - FromAt - 1, Words.Name(member.Report.Author), Style.Plain);
        area.Field(why, row, area.Width - why, Why(member), Style.Plain);
        if (selected)
        {
            area.Point(row, focused);
        }
    }

    private static string Likely(ClusterMemberView member) =>
        member is { Source: "people", Probability: null, InCluster: true } ? T("people")
            : Words.Likely(member.Probability, member.Label);

    private static Style LikelyStyle(ClusterMemberView member) => member switch
    {
        { InCluster: false } => Style.Plain,
        { Label: "this" } => Style.Strong,
        _ => Ink.Good,
    };

    private string Why(ClusterMemberView member)
    {
        if (member.Label == "this")
        {
            ReportItem item = member.Report;
            string[] parts = [.. item.Countries.Take(2), item.Lang
                ?? "", Words.Date(item.Created, Desk.Time.GetUtcNow())];
            return string.Join(' ', parts.Where(p => p.Length > 0).Select(p => SafeText.Show(p)));
        }

        string source = member.Source switch { "people" => T("people say so") + "; ",
            "exact" => T("the same") + ": ", _ => "" };
        return source + string.Join("; ", member.Reasons.Select(r => SafeText.Show(Known(r))));
    }

    private IReadOnlyList<IReadOnlyList<Span>> Below(int width)
    {
        var lines = new LineBuilder(width);
        lines.Text("", Style.Plain);
        if (Selected is { } selected)
        {
            lines.Text(ReportRows.Title(selected.Report), Style.Strong, indent: 2);
            if (Columns.Of(Why(selected)) > width - WhyAt)
            {
                lines.Text(Why(selected), Style.Plain, indent: 2);
            }
        }

        if (view!.Members.Count == 1)
        {
            lines.Blank();
            lines.Text(
                T("No other report seems to tell of this event. l links one that does."), Style.Plain,
                indent: 2);
        }

        if (view.Claims.Count > 0)
        {
            lines.Blank();
            lines.Text(T("People say (overrides the machine)"), Style.Heading, indent: 2);
            foreach (ClaimView claim in view.Claims)
            {
                Claim(lines, claim);
            }
        }

        lines.Blank();
        foreach (string why in CorroborationText.Why(view.Corroboration))
        {
            lines.Text(char.ToUpperInvariant(why[0]) + why[1..], Style.Plain, indent: 2);
        }

        lines.Text(
            view.Graph is { } graph
                ? T($"Machine: graph {SafeText.Show(graph)}, calibrated: \".91\" is right 91 times in 100")
                : T("Machine: no model yet, only exact keys and people"),
            Style.Plain, indent: 2);
        return lines.Lines;
    }

    private void Claim(LineBuilder lines, ClaimView claim)
    {
        (string mark, Style style) = claim.Kind switch
        {
            "same-event" => ("=", (Style)Ink.Good),
            "duplicate" => ("= " + T("copy"), Ink.Good),
            "not-same-event" => ("-", Ink.Bad),
            _ => ("~", Style.Plain),
        };
        string who = claim.Author.Standing == "own" ? T("you") : Words.Name(claim.Author);
        who = Columns.Pad(Columns.Cut(who, 9, Desk.Ellipsis), 9);
        string date = Words.Date(claim.Created, Desk.Time.GetUtcNow());
        string reason = SafeText.Show(claim.Reason ?? "");

        // What is written from right to left has a line of its own, so that it reorders nothing beside it.
        bool below = Rtl.Has(reason);
        int width = mark.Length > 1 ? 9 : 5;
        lines.Item(
            "  " + mark, style,
            $"{Words.Short(claim.From)}  {Words.Short(claim.To)}  {who} {date}"
                + (reason.Length == 0 || below ? "" : "  " + reason),
            width);
        if (below)
        {
            lines.Text(reason, Style.Plain, width);
        }
    }
}

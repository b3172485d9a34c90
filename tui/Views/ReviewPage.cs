using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>What waits for a decision: records of strangers, pairs that may tell of one event, authors. Every
/// decision of this node alone can be undone.</summary>
internal sealed partial class ReviewPage(Desk desk) : Page(desk)
{
    private const int QuarantineTab = 0;
    private const int DuplicatesTab = 1;
    private const int AuthorsTab = 2;
    private const int Tabs = 3;

    private readonly ListCursor cursor = new();
    private readonly LatestOnly asking = new();
    private readonly HashSet<string>[] marks =
        [.. Enumerable.Range(0, Tabs).Select(_ => new HashSet<string>())];
    private ReviewView? review;
    private int tab;

    public override string Crumb => T("Review");

    public override bool IsRoot => true;

    public override string? CrumbTail => review is null ? null : string.Join("  ", new[]
    {
        Tab(QuarantineTab, T($"Quarantine {review.QuarantineTotal:N0}")),
        Tab(DuplicatesTab,
            T($"Duplicates {Words.Number(review.DuplicatesTotal ?? review.Duplicates.Count)}")),
        Tab(AuthorsTab, T($"Authors {Words.Number(review.AuthorsTotal ?? review.Authors.Count)}")),
    });

    public override string Aside(int width) => Desk.IsPlain ? "" : T("tab next");

    public override ReportItem? Subject => tab switch
    {
        QuarantineTab => At(review?.Quarantine)?.Report,
        DuplicatesTab => At(review?.Duplicates)?.A,
        _ => null,
    };

    public override (ListCursor Cursor, int Count)? List => (cursor, Count);

    public override string Row(int at) => ItemAt(at) switch
    {
        QuarantineItem item => ReportRows.Sentence(item.Report, unread: false, Desk.Time.GetUtcNow()),
        ProposedPairView pair => $"{ReportRows.Title(pair.A)} / {ReportRows.Title(pair.B)}",
        WaitingAuthor author => $"{Words.Name(author.Author)}: " + Plural(
            author.Waiting, $"{author.Waiting} record waits", $"{Words.Number(author.Waiting)} records wait"),
        _ => "",
    };

    public override IReadOnlyList<string> Lines() =>
    [
        .. Count == 0 ? base.Lines() : LineBuilder.Texts(Below(Desk.WideColumns)),
        T(":pane goes to the next"),
    ];

    public override IReadOnlyList<Verb> Hints => tab == DuplicatesTab
        ? [Verb.Open, Verb.Same, Verb.Different, Verb.CannotTell, Verb.Undo, Verb.Mark, Verb.MarkAll]
        : [Verb.Accept, Verb.TrustAuthor, Verb.Drop, Verb.Deny, Verb.Mark, Verb.MarkAll, Verb.Undo];

    public override void Refresh() => Ask(
        (node, stop) => node.ReviewAsync(stop),
        answer =>
        {
            review = answer;
            marks[QuarantineTab].IntersectWith(answer.Quarantine.Select(q => q.Report.Id));
            marks[DuplicatesTab].IntersectWith(answer.Duplicates.Select(IdOf));
            cursor.Fit(Count, cursor.Rows);
        },
        asking);

    public override void Happened(EventView e)
    {
        if (Desk.Top == this && e.Kind != "record")
        {
            Refresh();
        }
    }

    public override void Draw(Area area, bool focused)
    {
        if (review is null)
        {
            Wait(area);
            return;
        }

        if (Count == 0)
        {
            area.Write(2, 1, tab switch
            {
                QuarantineTab => T("Nothing waits. Records of strangers come here before others get them."),
                DuplicatesTab => T("No pair waits for a judgement."),
                _ => T("No author waits."),
            }, Style.Strong);
            return;
        }

        IReadOnlyList<IReadOnlyList<Span>> below = Below(area.Width);
        int rows = Math.Clamp(area.Height - 1 - below.Count, Math.Min(4, Count), Count);
        cursor.Fit(Count, rows);
        ReviewRows.Head(area, tab);
        for (int i = 0; i < rows; i++)
        {
            int at = cursor.Top + i;
            ReviewRows.Draw(area, i + 1, ItemAt(at), Desk.Time.GetUtcNow());
            area.Write(0, i + 1, at == cursor.Selected ? ">" : "", Style.Strong);
            area.Write(1, i + 1, Marked.Contains(IdAt(at) ?? "") ? "+" : "", Style.Strong);
            if (at == cursor.Selected && focused)
            {
                area.Select(i + 1, Style.Selected);
            }
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
            case Verb.Pane:
                Turn(1);
                return null;
            case Verb.Open or Verb.Accept or Verb.Drop or Verb.Mark or Verb.MarkAll or Verb.Same
                or Verb.Different or Verb.CannotTell or Verb.Pair or Verb.Deny or Verb.TrustAuthor
                when Count == 0:
                return T("nothing waits here");
            case Verb.Mark or Verb.MarkAll when tab == AuthorsTab:
                return T("authors are decided on one by one");
            case Verb.Mark:
                string id = IdAt(cursor.Selected)!;
                if (!Marked.Remove(id))
                {
                    Marked.Add(id);
                }

                cursor.Move(Verb.Down);
                return null;
            case Verb.MarkAll:
                string[] all = [.. Enumerable.Range(0, Count).Select(at => IdAt(at)!)];
                if (Marked.Count == all.Length)
                {
                    Marked.Clear();
                }
                else
                {
                    Marked.UnionWith(all);
                }

                return null;
            case Verb.TrustAuthor or Verb.Deny when AuthorAt(cursor.Selected) is { } author:
                Stand(author, verb == Verb.TrustAuthor ? "add" : "deny");
                return null;
            default:
                return tab == DuplicatesTab ? RunOnPair(verb, At(review!.Duplicates)!)
                    : tab == QuarantineTab ? RunOnRecord(verb, At(review!.Quarantine)!)
                    : RunOnAuthor(verb, At(review!.Authors)!);
        }
    }

    public override bool Press(string key)
    {
        if (key != "shift-tab")
        {
            return false;
        }

        Turn(Tabs - 1);
        return true;
    }

    public override void Click(int row, bool twice)
    {
        cursor.Select(cursor.Top + Math.Max(0, row - 1));
        if (twice)
        {
            Run(Verb.Open);
        }
    }

    private HashSet<string> Marked => marks[tab];

    private int Count => review is null ? 0 : tab switch
    {
        QuarantineTab => review.Quarantine.Count,
        DuplicatesTab => review.Duplicates.Count,
        _ => review.Authors.Count,
    };

    private string Tab(int which, string text) => which == tab ? $"[{text}]" : text;

    private T? At<T>(IReadOnlyList<T>? list)
        where T : class => list is not null && cursor.Selected < list.Count ? list[cursor.Selected] : null;

    private object ItemAt(int at) => tab switch
    {
        QuarantineTab => review!.Quarantine[at],
        DuplicatesTab => review!.Duplicates[at],
        _ => review!.Authors[at],
    };

    private string? IdAt(int at) => at >= Count ? null : ItemAt(at) switch
    {
        QuarantineItem item => item.Report.Id,
        ProposedPairView pair => IdOf(pair),
        _ => null,
    };

    private static string IdOf(ProposedPairView pair) => $"{pair.A.Id} {pair.B.Id}";

    private AuthorView? AuthorAt(int at) => tab switch
    {
        QuarantineTab => review!.Quarantine[at].Report.Author,
        AuthorsTab => review!.Authors[at].Author,
        _ => null,
    };

    private void Turn(int by)
    {
        tab = (tab + by) % Tabs;
        cursor.Fit(Count, cursor.Rows);
        cursor.Select(0);
    }

    private IReadOnlyList<IReadOnlyList<Span>> Below(int width)
    {
        var lines = new LineBuilder(width);
        lines.Text("", Style.Plain);
        switch (tab)
        {
            case QuarantineTab when At(review!.Quarantine) is { } item:
                lines.Item("  " + T("Why here"), Style.Heading, SafeText.Show(Known(item.Why)), 13);
                if (item.Warning is { } warning)
                {
                    lines.Item("  ! " + T("Warning"), Ink.Warn, SafeText.Show(Known(warning)), 13);
                }

                lines.Item("  " + T("Signature"), Style.Heading,
                    (item.Report.Verified.Signature ? T("valid") : T("not valid"))
                        + (item.FirstOfKey ? "; " + T("first record of this key") : ""), 13);
                lines.Item("  " + T("Spread"), Style.Heading,
                    T("this node only: not relayed, served or synced until accepted"), 13);
                QuarantineRoom room = review.Room;
                lines.Item("  " + T("Room"), Style.Heading,
                    T($"{room.Records:N0} of {room.MostRecords:N0} records, {Mebi(room.Bytes):0.0} of "
                        + $"{Mebi(room.MostBytes):0} MiB"), 13);
                break;
            case DuplicatesTab when At(review!.Duplicates) is { } pair:
                lines.Item("  " + T("Why"), Style.Heading,
                    string.Join("; ", pair.Reasons.Select(r => SafeText.Show(Known(r)))), 13);
                break;
            case AuthorsTab when At(review!.Authors) is { } author:
                lines.Item("  " + T("Why here"), Style.Heading, SafeText.Show(Known(author.Why)), 13);
                if (author.Warning is { } odd)
                {
                    lines.Item("  ! " + T("Warning"), Ink.Warn, SafeText.Show(Known(odd)), 13);
                }

                break;
        }

        return lines.Lines;
    }

    private static double Mebi(long bytes) => bytes / 1048576.0;
}

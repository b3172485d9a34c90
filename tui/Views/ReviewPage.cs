using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>What waits for a decision: records of strangers, pairs that may tell of one event, authors. Every
/// decision of this node alone can be undone.</summary>
internal sealed class ReviewPage(Desk desk) : Page(desk)
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

    private void Turn(int by)
    {
        tab = (tab + by) % Tabs;
        cursor.Fit(Count, cursor.Rows);
        cursor.Select(0);
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

    private string? RunOnRecord(Verb verb, QuarantineItem item)
    {
        switch (verb)
        {
            case Verb.Accept or Verb.Drop:
                string[] ids = Marked.Count > 0 ? [.. Marked] : [item.Report.Id];
                Decide(verb == Verb.Accept ? "accept" : "drop", ids);
                return null;
            case Verb.Open:
                var detail = new DetailPage(Desk, null);
                detail.Show(item.Report);
                Desk.Push(detail);
                return null;
            default:
                return NotHere;
        }
    }

    private string? RunOnPair(Verb verb, ProposedPairView pair)
    {
        switch (verb)
        {
            case Verb.Open or Verb.Pair or Verb.Reason:
                Desk.Push(new PairPage(Desk, pair.A, pair.B, pair.Probability, pair.Reasons, CannotTell));
                return null;
            case Verb.Same or Verb.Different:
                foreach (ProposedPairView one in Chosen())
                {
                    ReportActions.Judge(
                        Desk, one.A, one.B, verb == Verb.Same ? "same-event" : "not-same-event", "");
                }

                Marked.Clear();
                cursor.Move(Verb.Down);
                return null;
            case Verb.CannotTell:
                Array.ForEach(Chosen(), one => Decide("cannot-tell", [one.A.Id, one.B.Id]));
                return null;
            default:
                return NotHere;
        }

        void CannotTell() => Decide("cannot-tell", [pair.A.Id, pair.B.Id]);

        ProposedPairView[] Chosen() => Marked.Count == 0 ? [pair]
            : [.. review!.Duplicates.Where(p => Marked.Contains(IdOf(p)))];
    }

    private string? RunOnAuthor(Verb verb, WaitingAuthor author)
    {
        switch (verb)
        {
            case Verb.Open:
                Desk.Push(new ReportsPage(Desk, $"author:{author.Author.Id} state:quarantined"));
                return null;
            case Verb.Accept or Verb.Drop:
                string[] ids = [.. review!.Quarantine
                    .Where(q => q.Report.Author.Id == author.Author.Id).Select(q => q.Report.Id)];
                Decide(verb == Verb.Accept ? "accept" : "drop", ids);
                return null;
            default:
                return NotHere;
        }
    }

    private void Decide(string action, IReadOnlyList<string> ids) => Desk.Courier.Ask(
        (node, stop) => node.DecideAsync(new ReviewRequest(action, ids), stop),
        answer =>
        {
            Marked.Clear();
            bool pair = action is "cannot-tell" or "ask-again";
            int n = answer.Done.Count;
            string done = action switch
            {
                "accept" => Plural(n, $"{n:N0} record accepted", $"{n:N0} records accepted"),
                "drop" => Plural(n, $"{n:N0} record dropped", $"{n:N0} records dropped"),
                "undo" => Plural(n, $"{n:N0} record is waiting again",
                    $"{n:N0} records are waiting again"),
                "ask-again" => T("the pair is waiting again"),
                _ => T("the pair is left open"),
            };
            string failed = answer.Failed is [var first, ..]
                ? "; " + T($"{answer.Failed.Count} not: {SafeText.Show(Known(first.Why))}") : "";
            if (action is "accept" or "drop" or "cannot-tell" && answer.Done.Count > 0)
            {
                string[] back = [.. answer.Done];
                Desk.Undoable(done, () => Decide(pair ? "ask-again" : "undo", pair ? ids : back));
                failed += $"   {Words.Undo}";
            }

            Desk.Say(done + failed, failed.StartsWith(';') ? Ink.Warn : Ink.Plain);
            Refresh();
        },
        Desk.Failed);

    private void Stand(AuthorView author, string action) => Desk.Courier.Ask(
        (node, stop) => node.TrustAsync(new TrustRequest(action, author.Id, null), stop),
        _ =>
        {
            string done = action == "add" ? T($"{Words.Name(author)} is trusted")
                : Words.Denied(author);
            Desk.Undoable(done, () => Desk.Courier.Ask(
                (node, stop) => node.TrustAsync(new TrustRequest("remove", author.Id, null), stop),
                _ =>
                {
                    if (action == "deny")
                    {
                        Desk.Say(Words.NoLongerDenied(author));
                    }

                    Refresh();
                },
                Desk.Failed));
            Desk.Say($"{done}   {Words.Undo}");
            Refresh();
        },
        Desk.Failed);

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

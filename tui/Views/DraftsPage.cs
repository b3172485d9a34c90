using System.Globalization;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Tui.Data;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>Reports that are being written, and what became of those that were sent.</summary>
internal sealed class DraftsPage(Desk desk) : Page(desk)
{
    private const int SentMax = 20;
    private const int TimeAt = 6;
    private const int TitleAt = 23;
    private const int FateLeast = 34;

    private readonly ListCursor cursor = new();
    private readonly LatestOnly asking = new();
    private readonly Dictionary<string, int> answers = new(StringComparer.Ordinal);
    private DraftListView? drafts;
    private IReadOnlyList<ReportItem> sent = [];
    private IReadOnlyList<PeerView>? peers;
    private Span? trouble;
    private bool openWhenRead;

    public override string Crumb => T("Drafts and receipts");

    public override bool IsRoot => true;

    public override Span? State => trouble
        ?? (drafts is { HasKey: false }
            ? new Span(T("enter gives the passphrase that seals drafts"), Ink.Warn)
            : Locked ? new Span(T("sealed: enter asks for the passphrase once"), Style.Plain)
            : new Span(T("receipts for sources come later"), Style.Plain));

    public override string HintLine => T("enter go on  n new  D discard  esc back  ? keys");

    public override IReadOnlyList<Verb> Hints { get; } = [];

    public override (ListCursor Cursor, int Count)? List => (cursor, Drafts.Count + sent.Count);

    public override string Row(int at)
    {
        if (at < Drafts.Count)
        {
            string fate = Drafts[at].Held is { } due
                ? AnonymousSource.State(due, Desk.Time.GetUtcNow()) : T("draft");
            return $"{TitleOf(Drafts[at])}; {fate}; {Stamp(Drafts[at].Saved)}";
        }

        ReportItem item = sent[at - Drafts.Count];
        return $"{ReportRows.Title(item)}; {Fate(item)}; {Stamp(item.Created)}";
    }

    public override ReportItem? Subject => cursor.Selected >= Drafts.Count && sent.Count > 0
        ? sent[Math.Min(cursor.Selected - Drafts.Count, sent.Count - 1)] : null;

    private IReadOnlyList<DraftItem> Drafts => drafts?.Items ?? [];

    private bool Locked => drafts is { HasKey: true, Unlocked: false } && Drafts.Any(d => d.Title is null);

    private DraftItem? Selected => cursor.Selected < Drafts.Count ? Drafts[cursor.Selected] : null;

    public override void Refresh()
    {
        Change(null);
        Desk.Courier.Ask(
            (node, stop) => node.SearchAsync(
                "is:mine state:current,corrected,retracted", SentMax, null, "new", null, stop),
            found =>
            {
                sent = found.Items;
                foreach (ReportItem item in sent)
                {
                    Desk.Courier.Ask(
                        (node, stop) => node.ReportAsync(item.Id, stop),
                        view => answers[item.Id] = view.Answers.Count, _ => { });
                }
            },
            Failed);
        Desk.Courier.Ask((node, stop) => node.PeersAsync(null, stop), p => peers = p.Items, Failed);
    }

    public override void Happened(EventView e)
    {
        if (Desk.Top == this)
        {
            Refresh();
        }
    }

    public override void Draw(Area area, bool focused)
    {
        if (drafts is null)
        {
            area.Write(2, 0, trouble is null ? T("asking the node") : "", Style.Plain);
            return;
        }

        // In narrow windows most rows take two lines.
        int lines = Math.Max(1, area.Height - 4);
        cursor.Fit(Drafts.Count + sent.Count, area.Width < Desk.WideColumns ? (lines + 1) / 2 : lines);
        area.Write(0, 0, "  " + T("DRAFTS"), Style.Heading);
        int row = 1;
        for (int i = cursor.Top; i < Drafts.Count && row < area.Height; i++)
        {
            DraftItem draft = Drafts[i];
            Mark(area, row, i, focused);
            area.Field(2, row, TimeAt - 3, $"{draft.Number}", Style.Plain);
            area.Field(TimeAt, row, TitleAt - TimeAt - 1, Stamp(draft.Saved), Style.Plain);
            row = Fate(area, row, TitleOf(draft), draft.Held is { } due
                ? AnonymousSource.State(due, Desk.Time.GetUtcNow()) : "");
        }

        if (Drafts.Count == 0)
        {
            area.Field(2, row++, area.Width - 2, T("No drafts. n writes a new report"), Style.Plain);
        }

        row++;
        area.Write(0, row, "  " + T("SENT"), Style.Heading);
        area.Write(FateAt(area), row++, T("WHAT BECAME OF IT"), Style.Heading);
        for (int i = Math.Max(0, cursor.Top - Drafts.Count); i < sent.Count && row < area.Height; i++)
        {
            row = Sent(area, row, i, focused);
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
            case Verb.Open when drafts is null:
                // Who knows the way types 6 and enter in one go.
                openWhenRead = true;
                return null;
            case Verb.Open when Selected is { Held: not null } held:
                Desk.Ask(new Dialog(
                    T("Held for its source; make it a draft again?"), [new("", [new("y", T("yes"), "y")])],
                    _ => TakeBack(held.Number)));
                return null;
            case Verb.Open when drafts is { Unlocked: false } && (Selected is not null || !drafts.HasKey):
                Unlock(Selected?.Number);
                return null;
            case Verb.Open when Selected is { } draft:
                Open(draft.Number);
                return null;
            case Verb.Open when Subject is { } item:
                var detail = new DetailPage(Desk, null);
                detail.Show(item);
                Desk.Push(detail);
                return null;
            case Verb.Open:
                return T("no draft is selected; n writes a new report");
            case Verb.Drop when Selected is { } gone:
                Desk.Ask(new Dialog(
                    T($"Discard draft {gone.Number}? It is overwritten"),
                    [new("", [new("y", T("yes"), "y")])],
                    _ =>
                    {
                        if ((Desk.Draft as ComposePage)?.Number == gone.Number)
                        {
                            Desk.Draft = null;
                        }

                        Change(new DraftRequest("remove", gone.Number));
                    }));
                return null;
            case Verb.Drop:
                return T("no draft is selected");
            default:
                return NotHere;
        }
    }

    private void Unlock(int? then) => Desk.Ask(new Dialog(
        T("Drafts are sealed"), [new(T("passphrase of the keys"), [], Hidden: true)],
        given =>
        {
            if (given[0].Length == 0)
            {
                return;
            }

            Desk.Say(T("asking the node"));
            Change(
                new DraftRequest("unlock", Passphrase: given[0]), () =>
                {
                    Desk.Answered();
                    Desk.Quiet();
                    if (then is { } number)
                    {
                        Open(number);
                    }
                },
                Desk.Failed);
        })
        {
            Stays = true,
        });

    // Saved at once: a held report is a draft from then on, and goes nowhere while it is read.
    private void TakeBack(int number) => Desk.Courier.Ask(
        (node, stop) => node.DraftAsync(number, stop),
        view => Desk.Courier.Ask(
            (node, stop) => node.DraftsAsync(new DraftRequest("save", number, view.Draft), stop),
            _ => Desk.Push(new ComposePage(Desk, view with { Held = null })),
            Failed),
        Failed);

    private void Open(int number)
    {
        if (Desk.Draft is ComposePage open && open.Number == number)
        {
            Desk.Push(open);
            return;
        }

        Desk.Courier.Ask(
            (node, stop) => node.DraftAsync(number, stop),
            view => Desk.Push(new ComposePage(Desk, view)),
            Failed);
    }

    private void Change(DraftRequest? change, Action? then = null, Action<NodeFailure>? refused = null)
    {
        void Carry(Action done) => Desk.Courier.Ask(
            (node, stop) => node.DraftsAsync(change, stop),
            answer =>
            {
                drafts = answer;
                trouble = null;
                done();
                then?.Invoke();
                if (openWhenRead)
                {
                    openWhenRead = false;
                    Run(Verb.Open);
                }
            },
            failure =>
            {
                done();
                (refused ?? Failed)(failure);
            });
        if (change is null)
        {
            asking.Submit(Carry);
        }
        else
        {
            Carry(() => { });
        }
    }

    private void Failed(NodeFailure failure)
    {
        if (failure.IsLost)
        {
            Desk.Failed(failure);
        }
        else
        {
            trouble = Trouble(failure);
        }
    }

    private int Sent(Area area, int row, int i, bool focused)
    {
        ReportItem item = sent[i];
        Mark(area, row, Drafts.Count + i, focused);
        area.Field(TimeAt, row, TitleAt - TimeAt - 1, Stamp(item.Created), Style.Plain);
        return Fate(area, row, ReportRows.Title(item), Fate(item));
    }

    private static int FateAt(Area area) =>
        Math.Max(TitleAt, area.Width - Math.Max(FateLeast, area.Width * 9 / 20));

    // What became of it is never cut: where the column is too narrow it has lines of its own.
    private static int Fate(Area area, int row, string title, string fate)
    {
        int fateAt = FateAt(area);
        bool beside = Columns.Of(fate) <= area.Width - fateAt && TitleAt + Columns.Of(title) < fateAt;
        area.Field(TitleAt, row, (beside ? fateAt - 1 : area.Width) - TitleAt, title, Style.Plain);
        if (beside || fate.Length == 0)
        {
            area.Field(fateAt, row, area.Width - fateAt, fate, Style.Plain);
            return row + 1;
        }

        foreach (string line in Wrap.Lines(fate, area.Width - TitleAt - 2))
        {
            area.Field(TitleAt + 2, ++row, area.Width - TitleAt - 2, line, Style.Plain);
        }

        return row + 1;
    }

    private static string TitleOf(DraftItem draft) => draft.Title is null ? T("(sealed)")
        : draft.Title.Length == 0 ? T("(no title)") : SafeText.Show(draft.Title);

    private void Mark(Area area, int row, int index, bool focused)
    {
        if (index == cursor.Selected)
        {
            area.Point(row, focused);
        }
    }

    // A peer that was found equal after the report was stored has it, and so have those that it went to at
    // once. One that has gone may have it: that it waits is known only where no peer ever was.
    private string Fate(ReportItem item)
    {
        DateTimeOffset now = Desk.Time.GetUtcNow();
        int equal = peers?.Count(p => p.State is "equal" or "offline" && p.SyncedSecondsAgo is { } ago
            && now.AddSeconds(-ago) >= item.Received) ?? 0;
        int have = Math.Max(equal, Desk.Outbox.SentTo(item.Id));
        int said = answers.GetValueOrDefault(item.Id);
        int others = (item.Cluster?.Reports ?? 1) - 1;
        string[] parts =
        [
            item.State switch { "retracted" => T("retracted"), "corrected" => T("corrected"), _ => "" },
            said > 0 ? Plural(said, $"{said} answer", $"{said} answers") : "",
            others > 0
                ? Plural(others, $"same event as {others} other", $"same event as {others} others") : "",
            have > 0 ? Plural(have, $"sent to {have} peer", $"sent to {have} peers")
                : peers is [] ? T("stored, waits for network") : T("stored"),
        ];
        return string.Join(", ", parts.Where(p => p.Length > 0));
    }

    private static string Stamp(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}

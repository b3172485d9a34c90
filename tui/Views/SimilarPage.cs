using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>Reports that may tell of the same event as the one that is being written, how likely, and why:
/// read one, corroborate it instead, or send the new one and link the two.</summary>
/// <param name="desk">The desk.</param>
/// <param name="items">The reports.</param>
/// <param name="form">What is being written.</param>
/// <param name="discard">Gives the draft up.</param>
/// <param name="link">Links the new report with one of them when it is sent.</param>
internal sealed class SimilarPage(
    Desk desk, IReadOnlyList<SimilarView> items, SubmissionForm form, Action discard,
    Action<ReportItem> link) : Page(desk)
{
    private const int LikelyAt = 2;
    private const int ReportAt = 14;
    private const int FromAt = 24;
    private const int TitleAt = 36;


    private static readonly Choice[] Bases =
    [
        new("f", T("first-hand"), "first-hand"), new("d", T("document"), "document"),
        new("r", T("replication"), "replication"), new("0", T("no basis"), ""),
    ];

    private readonly ListCursor cursor = new();

    public override string Crumb => T("Maybe the same event");

    public override string HintLine =>
        T("enter read  a corroborate instead  l link mine  D discard mine  esc back to mine");

    public override IReadOnlyList<Verb> Hints { get; } = [];

    public override ReportItem? Subject => items[cursor.Selected].Report;

    public override (ListCursor Cursor, int Count)? List => (cursor, items.Count);

    public override string Row(int at) => string.Join("; ", items[at].Reasons.Select(r => SafeText.Show(r))
        .Prepend(ReportRows.Sentence(items[at].Report!, unread: false, Desk.Time.GetUtcNow()))
        .Prepend(Words.Likely(items[at].Probability, items[at].Label)));

    public override void Draw(Area area, bool focused)
    {
        area.Field(LikelyAt, 0, ReportAt - LikelyAt - 1, T("LIKELY"), Style.Heading);
        area.Field(ReportAt, 0, FromAt - ReportAt - 1, T("REPORT"), Style.Heading);
        area.Field(FromAt, 0, TitleAt - FromAt - 1, T("FROM"), Style.Heading);
        area.Field(TitleAt, 0, area.Width - TitleAt, T("TITLE"), Style.Heading);
        cursor.Fit(items.Count, area.Height - 1);
        for (int i = 0; i < items.Count && i + 1 < area.Height; i++)
        {
            SimilarView one = items[i];
            string likely = Words.Likely(one.Probability, one.Label);
            area.Field(LikelyAt, i + 1, ReportAt - LikelyAt - 1, likely, Ink.Good);
            area.Field(ReportAt, i + 1, FromAt - ReportAt - 1, SafeText.Show(one.Report!.Short), Style.Plain);
            area.Field(FromAt, i + 1, TitleAt - FromAt - 1, Words.Name(one.Report.Author), Style.Plain);
            area.Field(TitleAt, i + 1, area.Width - TitleAt, ReportRows.Title(one.Report), Style.Plain);
            if (i == cursor.Selected)
            {
                area.Write(0, i + 1, ">", Style.Strong);
            }
        }

        var below = new LineBuilder(area.Width);
        SimilarView selected = items[cursor.Selected];
        below.Text(ReportRows.Title(selected.Report!), Style.Strong, indent: 2);
        below.Text(string.Join("; ", selected.Reasons.Select(r => SafeText.Show(r))), Style.Plain, indent: 2);
        for (int i = 0; i < below.Lines.Count && items.Count + 2 + i < area.Height; i++)
        {
            area.Write(0, items.Count + 2 + i, below.Lines[i]);
        }
    }

    public override string? Run(Verb verb)
    {
        if (cursor.Move(verb))
        {
            return null;
        }

        ReportItem item = items[cursor.Selected].Report!;
        switch (verb)
        {
            case Verb.Open:
                var detail = new DetailPage(Desk, null);
                detail.Show(item);
                Desk.Push(detail);
                return null;
            case Verb.Attest when item.Author.Standing == "own":
                return T("others say what they know of it; l links what you wrote with it");
            case Verb.Attest:
                Corroborate(item);
                return null;
            case Verb.Link:
                Desk.Pop();
                link(item);
                return null;
            case Verb.Drop:
                Desk.Ask(new Dialog(
                    T("Discard what you wrote? It is overwritten"), [new("", [new("y", T("yes"), "y")])], _ =>
                    {
                        discard();
                        Close();
                        Desk.Say(T("the draft was discarded"));
                    }));
                return null;
            default:
                return NotHere;
        }
    }

    // Her text is evidence by its hash: it stays on this machine, as a draft.
    private void Corroborate(ReportItem item) => Desk.Ask(new Dialog(
        T($"Corroborate {SafeText.Show(item.Short)} instead"),
        [new(T("basis"), Bases), new(T("reason, may be empty"), [])],
        answers =>
        {
            Desk.Outbox.Hold(
                T($"corroborate {SafeText.Show(item.Short)}"),
                Corroborating.Instead(item.Id, form.Told, answers[0], answers[1]),
                () => Desk.Say(T("taken back; the draft is in 6")));
            Close();
            Desk.Say(T("your text stays on this machine as a draft; the answer names its hash"));
        }));

    private void Close()
    {
        if (Desk.Top == this)
        {
            Desk.Pop();
        }

        if (Desk.Top is ComposePage)
        {
            Desk.Top.Keep();
            Desk.Pop();
        }
    }
}

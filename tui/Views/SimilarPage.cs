using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>Reports that may tell of the same event as the one that is being written: read one, corroborate
/// it instead, or go back and send the new one.</summary>
/// <param name="desk">The desk.</param>
/// <param name="items">The reports.</param>
/// <param name="form">What is being written.</param>
/// <param name="discard">Gives the draft up.</param>
internal sealed class SimilarPage(
    Desk desk, IReadOnlyList<ReportItem> items, SubmissionForm form, Action discard) : Page(desk)
{
    private static readonly Choice[] Bases =
    [
        new("f", T("first-hand"), "first-hand"), new("d", T("document"), "document"),
        new("r", T("replication"), "replication"), new("0", T("no basis"), ""),
    ];

    private readonly ListCursor cursor = new();

    public override string Crumb => T("Maybe the same event");

    public override string HintLine =>
        T("enter read  a corroborate that one instead  D discard mine  esc back to mine");

    public override IReadOnlyList<Verb> Hints { get; } = [];

    public override ReportItem? Subject => items[cursor.Selected];

    public override void Draw(Area area, bool focused)
    {
        ReportRows.Head(area, beside: false);
        cursor.Fit(items.Count, area.Height - 1);
        for (int i = 0; i < cursor.Rows && cursor.Top + i < items.Count; i++)
        {
            ReportItem item = items[cursor.Top + i];
            ReportRows.Draw(
                area, i + 1, item, Desk.IsUnread(item), beside: false, Desk.Time.GetUtcNow());
            if (cursor.Top + i == cursor.Selected)
            {
                area.Write(0, i + 1, ">", Style.Strong);
            }
        }
    }

    public override string? Run(Verb verb)
    {
        if (cursor.Move(verb))
        {
            return null;
        }

        ReportItem item = items[cursor.Selected];
        switch (verb)
        {
            case Verb.Open:
                var detail = new DetailPage(Desk, null);
                detail.Show(item);
                Desk.Push(detail);
                return null;
            case Verb.Attest:
                Corroborate(item);
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
            byte[] text = Encoding.UTF8.GetBytes(form.Told);
            var body = new JsonObject { ["verdict"] = "corroborate" };
            ReportActions.Put(body, "basis", answers[0]);
            ReportActions.Put(body, "reason", answers[1]);
            body["evidence"] = new JsonArray(new JsonObject
            {
                ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(text)), ["size"] = text.Length,
                ["mime"] = "text/plain", ["withheld"] = true,
            });
            Desk.Outbox.Hold(
                T($"corroborate {SafeText.Show(item.Short)}"),
                ReportActions.Request("attestation", body, "attests", item.Id),
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
            Desk.Pop();
        }
    }
}

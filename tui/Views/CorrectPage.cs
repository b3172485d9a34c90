using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>A new version of an own report: its description is edited, all else stays.</summary>
internal sealed class CorrectPage(Desk desk, ReportView view, string text) : Page(desk)
{
    private readonly TextBox box = new(text);

    public override string Crumb => Under(view.Report, T("Correct"));

    public override string? HintLine => T("ctrl-s sign and send   esc give up (nothing is sent)");

    public override bool TakesText => true;

    public override Span? State => new Span(
        T("The old version stays readable.") + " " + Plural(box.Text.Length,
            $"{box.Text.Length:N0} character", $"{box.Text.Length:N0} characters"), Style.Plain);

    public override IReadOnlyList<Verb> Hints { get; } = [];

    public override void Draw(Area area, bool focused)
    {
        area.Field(0, 0, area.Width, ReportRows.Title(view.Report), Style.Strong);
        box.Draw(area.Part(0, 2, Math.Min(area.Width, 100), area.Height - 2), focused);
    }

    public override string? Run(Verb verb) => NotHere;

    public override bool Press(string key)
    {
        switch (key)
        {
            case "esc":
                Desk.Pop();
                if (box.Text != (view.Description ?? ""))
                {
                    Desk.Undoable(
                        T("the correction"), () => Desk.Push(new CorrectPage(Desk, view, box.Text)));
                    Desk.Say(T("given up; u brings the text back"));
                }

                return true;
            case "ctrl-s" when box.Text.Trim() == (view.Description ?? "").Trim():
                Desk.Say(T("nothing was changed"));
                return true;
            case "ctrl-s":
                Send("");
                return true;
            default:
                return box.Press(key);
        }
    }

    public override void Paste(string pasted) => box.Insert(pasted);

    private void Send(string reason) => Desk.Ask(new Dialog(
        T($"Correct {SafeText.Show(view.Report.Short)}"),
        [new(T("reason, may be empty"), [], reason)],
        answers =>
        {
            JsonObject content = JsonNode.Parse(view.Body?.GetRawText() ?? "{}")!.AsObject();
            content = content["content"]?.DeepClone().AsObject() ?? content;
            content.Remove("salt");
            content["description"] = box.Text.Trim();
            string type = view.Report.Type;
            var body = new JsonObject { ["corrects"] = type, ["content"] = content };
            ReportActions.Put(body, "reason", answers[0]);
            SubmitRequest request = ReportActions.Request("correction", body, "supersedes", view.Report.Id);
            if (Desk.Top == this)
            {
                Desk.Pop();
            }

            Desk.Outbox.Hold(
                T($"correct {SafeText.Show(view.Report.Short)}"), request with { Lang = view.Report.Lang },
                () => Desk.Push(new CorrectPage(Desk, view, box.Text)));
        }));
}

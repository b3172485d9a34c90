using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;

namespace IncidentMesh.Tui.Views;

/// <summary>A new report: what was told first, then the rest of the mandatory criteria of the OECD, with what
/// looks like personal data and what looks like the same event beneath. Esc keeps the draft until the program
/// ends.</summary>
internal sealed class ComposePage : Page
{
    private const int LabelWidth = 14;
    private const int SimilarFrom = 40;
    private const int SimilarText = 400;
    private const int SimilarMax = 3;

    private readonly TextField told = new(
        "1 Told", "Paste or type. Leave out the source's name: nothing here asks for it.", 6);
    private readonly TextField title = new("2 Title", "One line; empty takes the first sentence");
    private readonly ChoiceField role = Of("3 AI role", "oecd-ai-role", several: false);
    private readonly ChoiceField severity = Of("4 Severity", "oecd-severity", several: false);
    private readonly ChoiceField harm = Of("5 Harm", "oecd-harm-type", several: true);
    private readonly TextField evidence = new("6 Evidence", "A link, or \"kept\": kept by us, not shared");
    private readonly ChoiceField source = Of("7 From", "source-kind", several: false).With("own");
    private readonly ComposeField[] fields;
    private readonly LatestOnly asking = new();
    private IReadOnlyList<ReportItem> similar = [];
    private string askedAbout = "";
    private int at;

    public ComposePage(Desk desk)
        : base(desk) => fields = [told, title, role, severity, harm, evidence, source];

    public override string Crumb => "New report";

    public override bool IsRoot => true;

    public override string HintLine =>
        "tab next  space choose  ctrl-o similar  ctrl-t TLP  ctrl-s send  esc keep draft";

    public override IReadOnlyList<Verb> Hints { get; } = [];

    public override string Aside(int width) => $"needed {Answered} of {fields.Length}   TLP:CLEAR";

    public override Span? State => new Span(
        "Readers: everyone, for ever, in copies that nobody can call back", Style.Plain);

    public override void Draw(Area area, bool focused)
    {
        int row = 0;
        for (int i = 0; i < fields.Length && row < area.Height; i++)
        {
            bool here = i == at && focused;
            int rows = Math.Min(fields[i].Rows(here), area.Height - row);
            area.Write(0, row, (here ? "> " : "  ") + fields[i].Label, here ? Style.Strong : Style.Plain);
            fields[i].Draw(area.Part(LabelWidth, row, area.Width - LabelWidth, rows), here);
            row += rows;
        }

        var lines = new LineBuilder(area.Width);
        lines.Text("", Style.Plain);
        Below(lines);
        for (int i = 0; i < lines.Lines.Count && row + i < area.Height; i++)
        {
            area.Write(0, row + i, lines.Lines[i]);
        }
    }

    public override bool Press(string key)
    {
        switch (key)
        {
            case "esc":
                Desk.Draft = Answered > 1 ? this : null;
                Desk.Pop();
                if (Answered > 1)
                {
                    Desk.Say("the draft is kept until the program ends: n goes on with it");
                }

                return true;
            case "tab":
                Move(1);
                return true;
            case "ctrl-s":
                Send();
                return true;
            case "ctrl-t":
                Desk.Say("RED, AMBER and GREEN come later: they need sealing. CLEAR is for everyone");
                return true;
            case "ctrl-e":
                Desk.Say("an editor of your own comes later; incidentmesh submit - reads what one wrote");
                return true;
            case "ctrl-o" when similar.Count == 0:
                Desk.Say($"nothing similar is known; looked for from {SimilarFrom} characters on");
                return true;
            case "ctrl-o":
                Desk.Push(new ReportsPage(Desk, About(askedAbout)));
                return true;
        }

        bool taken = fields[at].Press(key);
        if (!taken && key is "down" or "enter" or "up")
        {
            Move(key == "up" ? fields.Length - 1 : 1);
        }

        Look();
        return true;
    }

    public override void Paste(string pasted)
    {
        (fields[at] as TextField ?? told).Insert(pasted);
        Look();
    }

    public override string? Run(Verb verb) => NotHere;

    private static ChoiceField Of(string label, string vocabulary, bool several) => new(
        label, [.. Vocabulary.Get(vocabulary).Entries.Select(e => new Choice("", e.Label, e.Value))],
        several);

    private static string About(string text) =>
        $"about:\"{text.Replace("\"", "", StringComparison.Ordinal)}\"";

    private int Answered => fields.Count(f => f.Answered) + (title.Answered || !told.Answered ? 0 : 1);

    // Without a title of its own the first sentence is it.
    private string Title => title.Answered
        ? title.Text : told.Text.Split(['.', '\n', '。', '।'], 2)[0].Trim();

    private void Move(int step) => at = (at + step) % fields.Length;

    // The node compares while she types; nothing of the draft leaves the machine.
    private void Look()
    {
        string text = told.Text.Length > SimilarText ? told.Text[..SimilarText] : told.Text;
        text = string.Join(' ', text.Split(['\n', '"', '\\'], StringSplitOptions.RemoveEmptyEntries));
        if (text.Length < SimilarFrom || text == askedAbout)
        {
            return;
        }

        askedAbout = text;
        asking.Submit(done => Desk.Courier.Ask(
            (node, stop) => node.SearchAsync(About(text), SimilarMax, null, null, null, stop),
            answer =>
            {
                similar = answer.Items;
                done();
            },
            _ => done()));
    }

    private void Below(LineBuilder lines)
    {
        string found = string.Join(
            "  ", PrivateData.Find(told.Text)
                .Select(f => $"line {f.Line}: {PrivateData.Describe(told.Text, f)}"));
        if (found.Length > 0)
        {
            lines.Item("  !", Ink.Warn, "Told " + found, 4);
        }

        if (similar.Count > 0)
        {
            string may = $"{Words.Count(similar.Count, "report")} may tell of the same event";
            lines.Item("  =", Ink.Good, may, 4);
            foreach (ReportItem item in similar)
            {
                string score = item.Score is { } s
                    ? string.Create(CultureInfo.InvariantCulture, $"{s:.00}") : "";
                lines.Item("      " + score, Style.Plain, $"{SafeText.Show(item.Short)}  "
                    + $"{Words.Name(item.Author)}  {ReportRows.Title(item)}", 11);
            }
        }
    }

    private void Send()
    {
        if (Answered < fields.Length)
        {
            string missing = string.Join(", ", fields
                .Where(f => !f.Answered && (f != title || !told.Answered)).Select(f => f.Label[2..]));
            Desk.Say($"needed too: {missing}", Ink.Warn);
            return;
        }

        bool personal = PrivateData.Find(told.Text).Any(f => PrivateData.AsksToBeSure(f.Kind));
        Question sure = personal
            ? new Question($"personal data? type {PrivateData.Sure}", [])
            : new Question("enter signs it, for everyone to read", []);
        Desk.Ask(new Dialog(SafeText.Show(Title), [sure], answers =>
        {
            if (personal && answers[0] != PrivateData.Sure)
            {
                Desk.Say($"not sent: \"{PrivateData.Sure}\" was not typed", Ink.Warn);
                return;
            }

            Desk.Draft = null;
            Desk.Pop();
            Desk.Outbox.Hold("new report", new SubmitRequest
            {
                Type = "incident", Body = JsonSerializer.SerializeToElement(Body()),
            }, () => Desk.Push(this));
        }));
    }

    private JsonObject Body()
    {
        var body = new JsonObject
        {
            ["title"] = Title,
            ["description"] = told.Text,
            ["ai_role"] = role.Values[0],
            ["severity"] = new JsonObject { ["value"] = severity.Values[0], ["scheme"] = "oecd" },
            ["harm_types"] = new JsonArray([.. harm.Values.Select(v => (JsonNode)v)]),
            ["source"] = new JsonObject { ["kind"] = source.Values[0] },
            ["evidence"] = new JsonArray(Uri.IsWellFormedUriString(evidence.Text, UriKind.Absolute)
                ? new JsonObject { ["url"] = evidence.Text }
                : new JsonObject { ["withheld"] = true }),
        };
        return body;
    }
}

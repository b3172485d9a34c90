using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>A new report, asked by <see cref="SubmissionSteps"/>; what looks like private data and what looks
/// like the same event stand beneath. It is saved, sealed, while it is written.</summary>
internal sealed partial class ComposePage : Page
{
    private const int LabelLeast = 14;
    private const int LabelMost = 24;
    private const int LikelyWidth = 19;

    private readonly SubmissionForm form;
    private readonly LatestOnly asking = new();
    private readonly List<ComposeField> fields = [];
    private readonly HashSet<string> cut = [];
    private IReadOnlyList<SimilarView> similar = [];
    private IReadOnlyList<(ComposeField Field, string Text, PrivateFinding Found)> warnings = [];
    private string askedAbout = "";
    private bool more;
    private int at;
    private int top;

    public ComposePage(Desk desk)
        : this(desk, null)
    {
    }

    /// <summary>Goes on with a draft.</summary>
    public ComposePage(Desk desk, DraftView? draft)
        : base(desk)
    {
        form = draft is null ? new SubmissionForm() : Read(draft.Draft);
        number = draft?.Number;
        tlp = draft?.Draft.Tlp;
        sameAs = draft?.Draft.SameAs is [var linked, ..] ? linked : null;
        if (draft is null)
        {
            form.Answer(SubmissionSteps.Source, "own");
        }

        more = SubmissionSteps.More.Any(form.Answered);
        fields.AddRange((more ? SubmissionSteps.All : SubmissionSteps.Main)
            .Select(s => ComposeField.Of(form, s)));
        Look();
        if (Desk.IsPlain)
        {
            Begin();
        }
    }

    public override string Crumb => T("New report");

    public override bool TakesText => true;

    public override bool IsRoot => true;

    public override string HintLine => OnWarnings
        ? T("r puts [removed]  tab next  ctrl-s send  esc keep draft")
        : T("tab next  ctrl-e editor  ctrl-o similar  ctrl-t TLP  ctrl-s send  esc keep draft");

    public override IReadOnlyList<Verb> Hints { get; } = [];

    /// <summary>Label of those who may read it: a source who stays anonymous is better read by few until a
    /// person has chosen.</summary>
    public string Tlp => tlp ?? (form.Anonymous ? "AMBER" : "CLEAR");

    public override string Aside(int width) =>
        $"{Saved}  " + T($"needed {Answered} of {Needed.Length}   TLP:{Tlp}");

    public override Span? State => new Span(
        (Tlp == "CLEAR" ? "" : T("Stays a draft until sealing works.") + " ")
            + T($"Readers: {TlpWords.Of(Tlp)}"),
        Style.Plain);

    private static SubmissionStep[] Needed => [.. SubmissionSteps.Main.Where(s => s.Needed)];

    private int Answered => Needed.Count(form.Answered);

    private IReadOnlyList<ComposeField> Asked => [.. fields.Where(f => form.Asks(f.Step))];

    // No label is cut, in any language.
    private int LabelWidth => Math.Clamp(fields.Max(f => Columns.Of(Label(f))) + 3, LabelLeast, LabelMost);

    // After the fields come the line that opens the rest, and the warnings where there are any.
    private int Stops => Asked.Count + (more ? 0 : 1) + (warnings.Count > 0 ? 1 : 0);

    private bool OnMore => !more && at == Asked.Count;

    private bool OnWarnings => warnings.Count > 0 && at == Stops - 1;

    private ComposeField? Here => at < Asked.Count ? Asked[at] : null;

    public override void Draw(Area area, bool focused)
    {
        List<(int Index, string Heading, int Rows)> rows = Layout(area.Width, focused);
        int height = area.Height;
        int before = rows.TakeWhile(r => r.Index != at).Sum(r => r.Rows);
        int own = rows.Where(r => r.Index == at).Sum(r => r.Rows);
        top = OnWarnings ? Math.Max(0, before + 3 - height)
            : Math.Clamp(top, Math.Max(0, before + own - height), before);
        int row = -top;
        foreach ((int index, string heading, int count) in rows)
        {
            if (row >= 0 && row < height)
            {
                Row(area, row, index, heading, count, focused);
            }

            row += count;
        }

        var lines = new LineBuilder(area.Width);
        lines.Text("", Style.Plain);
        Below(lines, area.Width, focused);
        for (int i = 0; i < lines.Lines.Count && row + i < height; i++)
        {
            area.Write(0, Math.Max(0, row) + i, lines.Lines[i]);
        }
    }

    public override bool Press(string key)
    {
        switch (key)
        {
            case "esc":
                Leave();
                return true;
            case "shift-tab":
                Move(-1);
                return true;
            case "tab":
                if (!((Here as TextField)?.TakeOffer() ?? false))
                {
                    Move(1);
                }

                Changed();
                return true;
            case "ctrl-s":
                Send();
                return true;
            case "ctrl-t":
                ChooseLabel();
                return true;
            case "ctrl-e":
                EditOutside();
                return true;
            case "ctrl-o" when similar.Count == 0:
                Desk.Say(T(
                    $"nothing similar is known; looked for from {SubmissionForm.SimilarFrom} characters on"));
                return true;
            case "ctrl-o":
                Desk.Push(new SimilarPage(Desk, similar, form, Discard, LinkWith));
                return true;
            case "f2" or "f3" or "f4":
                AddEvidence(key);
                return true;
            case "r" when OnWarnings:
                RemoveFirst();
                Changed();
                return true;
            case "enter" or "space" or "right" when OnMore:
                AskMore();
                Look();
                return true;
        }

        bool taken = Here?.Press(key) ?? false;
        if (!taken && key is "down" or "enter" or "up")
        {
            Move(key == "up" ? -1 : 1);
        }

        if (taken)
        {
            Changed();
        }

        return true;
    }

    // The node may have had nothing to compare with yet: its model loads for a while.
    public override void Pulse()
    {
        if (similar.Count == 0)
        {
            askedAbout = "";
            Look();
        }
    }

    public override void Paste(string pasted)
    {
        if (Here is EvidenceField evidence)
        {
            evidence.Insert(pasted);
        }
        else
        {
            (Here as TextField ?? (TextField)fields[0]).Insert(pasted);
        }

        Changed();
    }

    public override string? Run(Verb verb) => NotHere;

    private void RemoveFirst()
    {
        (ComposeField field, string text, PrivateFinding found) = warnings[0];
        if (field is TextField typed)
        {
            typed.Set(PrivateData.Remove(text, [found]));
            return;
        }

        // A link with [removed] in it would be none: what lets people in is cut off.
        string bare = new Uri(text).GetComponents(
            UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        form.Evidence.First(e => (string?)e["url"] == text)["url"] = bare;
        if (bare != text)
        {
            cut.Add(bare);
        }

        Desk.Say(bare == text ? T("the link itself holds it; backspace in Evidence takes the link out")
            : T($"now {SafeText.Show(bare)}"));
    }

    private void AskMore()
    {
        more = true;
        fields.AddRange(SubmissionSteps.More.Select(s => ComposeField.Of(form, s)));
    }

    private void Changed()
    {
        Touch();
        Look();
    }

    private void Move(int step)
    {
        if (Here is EvidenceField evidence && !evidence.Settle())
        {
            Desk.Say(NoLink, Ink.Warn);
        }

        Look();
        SaysWrong(Here?.Step);
        at = (at + step + Stops) % Stops;
    }

    private List<(int Index, string Heading, int Rows)> Layout(int width, bool focused)
    {
        List<(int, string, int)> rows = [];
        string group = "";
        for (int i = 0; i < Asked.Count; i++)
        {
            if (Asked[i].Step.Group != group)
            {
                group = Asked[i].Step.Group;
                rows.Add((-1, group, 1));
            }

            rows.Add((i, "", Asked[i].Rows(i == at && focused, width - LabelWidth)));
        }

        if (!more)
        {
            rows.Add((Asked.Count, "", 1));
        }

        return rows;
    }

    private void Row(Area area, int row, int index, string heading, int count, bool focused)
    {
        bool here = index == at && focused;
        bool bad = !here && index >= 0 && index < Asked.Count && wrong.ContainsKey(Asked[index].Step.Id);
        Style style = here ? Style.Strong : bad ? Ink.Warn : Style.Plain;
        if (index < 0)
        {
            area.Field(2, row, area.Width - 2, heading, Style.Heading);
        }
        else if (index == Asked.Count)
        {
            area.Field(0, row, area.Width,
                (here ? "> " : "  ") + T($"+ {SubmissionSteps.MoreCriteria} more   {Groups}"), style);
        }
        else
        {
            ComposeField field = Asked[index];
            int width = LabelWidth;
            area.Field(0, row, width - 1, (here ? "> " : bad ? "! " : "  ") + Label(field), style);
            field.Draw(area.Part(width, row, area.Width - width, count), here);
        }
    }

    private static string Label(ComposeField field) =>
        field.Step.Number > 0 && field.Step.Id != SubmissionSteps.Severity
            ? $"{field.Step.Number} {field.Step.Label}" : $"  {field.Step.Label}";

    private IEnumerable<string> TextsOf(ComposeField field) => field switch
    {
        TextField typed => [typed.Text],
        EvidenceField => form.Evidence.Select(e => (string?)e["url"]).OfType<string>(),
        _ => [],
    };

    // The node compares while she types; nothing of the draft leaves the machine.
    private void Look()
    {
        Check();
        warnings = [.. fields.SelectMany(f => TextsOf(f).SelectMany(
            text => PrivateData.Find(text).Select(found => (f, text, found))))];
        at = Math.Min(at, Stops - 1);
        if (more)
        {
            IReadOnlyDictionary<string, string> hints = SubmissionHints.Of(form.Told);
            foreach (TextField field in fields.OfType<TextField>())
            {
                field.Offer = hints.GetValueOrDefault(field.Step.Id, "");
            }
        }

        SubmitRequest draft = Request();
        string text = draft.Body.GetRawText();
        if (form.Told.Length < SubmissionForm.SimilarFrom || text == askedAbout)
        {
            return;
        }

        askedAbout = text;
        asking.Submit(done => Desk.Courier.Ask(
            (node, stop) => node.SimilarAsync(draft, stop),
            answer =>
            {
                similar = [.. answer.Items.Where(s => s.Report is not null)];
                done();
            },
            _ => done()));
    }

    private void Below(LineBuilder lines, int width, bool focused)
    {
        if (warnings.Count > 0)
        {
            string found = string.Join("  ", warnings.GroupBy(w => w.Field).Select(field =>
                $"{field.Key.Step.Label} " + string.Join("  ", field.Select(w =>
                    T($"line {w.Found.Line}: {SafeText.Show(PrivateData.Describe(w.Text, w.Found))}"))
                    .Distinct())));
            lines.Item(OnWarnings && focused ? "> !" : "  !", Ink.Warn, found, 4);
        }

        if (similar.Count > 0)
        {
            lines.Item("  =", Ink.Good, Plural(
                similar.Count, $"{similar.Count} report may tell of the same event",
                $"{similar.Count} reports may tell of the same event"), 4);
            foreach (SimilarView one in similar)
            {
                string linked = one.Id == sameAs ? T("linked") + "  " : "";
                string report = $"{SafeText.Show(one.Report!.Short)}  {Words.Name(one.Report.Author)}  "
                    + linked + ReportRows.Title(one.Report);
                lines.Item("      " + Words.Likely(one.Probability, one.Label), Style.Plain,
                    Columns.Cut(report, width - LikelyWidth, Desk.Ellipsis), LikelyWidth);
                lines.Item("", Style.Plain, string.Join("; ", one.Reasons.Select(r => SafeText.Show(r))),
                    LikelyWidth);
            }
        }
    }
}

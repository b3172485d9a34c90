using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>The authors, how this node stands to each, and who vouches for them.</summary>
internal sealed class TrustPage(Desk desk) : Page(desk)
{
    private const int LabelWidth = 10;

    private readonly ListCursor cursor = new();
    private readonly LatestOnly asking = new();
    private TrustListView? trust;

    public override string Crumb => T("Identity and trust");

    public override bool IsRoot => true;

    public override (ListCursor Cursor, int Count)? List => (cursor, trust?.Items.Count ?? 0);

    public override string Row(int at)
    {
        TrustItem item = trust!.Items[at];
        string vouched = item.VouchedBy is { } who && item.Author.Standing != "denied"
            ? "; " + T($"vouched for by {SafeText.Show(who)}") : "";
        return $"{Words.Name(item.Author)}; {SafeText.Show(item.Author.Standing)}{vouched}; "
            + Plural(item.Reports, $"{item.Reports} record", $"{Words.Number(item.Reports)} records");
    }

    public override IReadOnlyList<string> Lines() =>
        trust is null ? base.Lines() : LineBuilder.Texts(Below(Desk.WideColumns));

    public override IReadOnlyList<Verb> Hints { get; } =
        [Verb.TrustAuthor, Verb.Deny, Verb.Name, Verb.Verify, Verb.OwnKeys, Verb.Open];

    public override void Refresh() => Change(null);

    public override void Draw(Area area, bool focused)
    {
        if (trust is null)
        {
            Wait(area);
            return;
        }

        int from = Head(area);
        IReadOnlyList<IReadOnlyList<Span>> below = Below(area.Width);
        int count = trust.Items.Count;
        int rows = Math.Clamp(area.Height - from - below.Count, Math.Min(3, count), count);
        cursor.Fit(count, rows);
        for (int i = 0; i < rows; i++)
        {
            Author(area, from + i, trust.Items[cursor.Top + i]);
            if (cursor.Top + i == cursor.Selected)
            {
                area.Point(from + i, focused);
            }
        }

        for (int i = 0; i < below.Count && from + rows + i < area.Height; i++)
        {
            area.Write(0, from + rows + i, below[i]);
        }
    }

    public override string? Run(Verb verb)
    {
        if (cursor.Move(verb))
        {
            return null;
        }

        if (verb == Verb.OwnKeys)
        {
            return T("rotating and revoking keys come later; incidentmesh keys list shows yours");
        }

        return Selected is { } author ? Run(verb, author) : T("no author is selected");
    }

    public override void Click(int row, bool twice)
    {
        cursor.Select(cursor.Top + Math.Max(0, row - 4));
        if (twice)
        {
            Run(Verb.Open);
        }
    }

    private string? Run(Verb verb, TrustItem item)
    {
        AuthorView author = item.Author;
        string name = Words.Name(author);
        switch (verb)
        {
            case Verb.TrustAuthor or Verb.Deny or Verb.Name when author.Standing == "own":
                return T("that is you");
            case Verb.TrustAuthor when author.Standing == "trusted":
                Set(item, "remove", T($"{name} is no longer trusted"));
                return null;
            case Verb.TrustAuthor:
                Set(item, "add", T($"{name} is trusted"));
                return null;
            case Verb.Deny when author.Standing == "denied":
                Set(item, "remove", T($"{name} is no longer denied"));
                return null;
            case Verb.Deny:
                Set(item, "deny", Words.Denied(author));
                return null;
            case Verb.Name:
                Desk.Ask(new Dialog(
                    T($"Your own name for {name}"), [new(T("name"), [], author.Name ?? "")],
                    answers => Set(item, "name", T("named"), answers[0])));
                return null;
            case Verb.Open:
                Desk.Push(new ReportsPage(Desk, "author:" + author.Id));
                return null;
            case Verb.Verify:
                Desk.Say(
                    item.Missing == 0 ? $"= {name}: " + Plural(item.Reports,
                        $"{item.Reports:N0} record, none is known to be missing",
                        $"{item.Reports:N0} records, none is known to be missing")
                    : $"! {name}: " + Plural(item.Missing,
                        $"{item.Missing:N0} record missing", $"{item.Missing:N0} records missing"),
                    item.Missing == 0 ? Ink.Good : Ink.Warn);
                return null;
            case Verb.CopyId:
                Desk.Copy(author.Id, T("the author's id"));
                return null;
            case Verb.Pane:
                return T("one pane only here");
            default:
                return NotHere;
        }
    }

    private TrustItem? Selected =>
        trust is not null && cursor.Selected < trust.Items.Count ? trust.Items[cursor.Selected] : null;

    private void Set(TrustItem item, string action, string done, string? name = null)
    {
        string before = item.Author.Standing switch { "trusted" => "add", "denied" => "deny", _ => "remove" };
        TrustRequest back = action == "name"
            ? new TrustRequest("name", item.Author.Id, item.Author.Name ?? "")
            : new TrustRequest(before, item.Author.Id, item.Author.Name);
        Change(new TrustRequest(action, item.Author.Id, name), () =>
        {
            Desk.Undoable(T($"{Words.Name(item.Author)} as before"), () => Change(back, () =>
            {
                if (action == "deny")
                {
                    Desk.Say(Words.NoLongerDenied(item.Author));
                }
            }));
            Desk.Say($"{done}   {Words.Undo}");
        });
    }

    private void Change(TrustRequest? change, Action? then = null) => Ask(
        (node, stop) => node.TrustAsync(change, stop),
        answer =>
        {
            string? selected = Selected?.Author.Id;
            trust = answer;
            cursor.Fit(answer.Items.Count, cursor.Rows);
            cursor.Select(Math.Max(0, answer.Items.ToList().FindIndex(i => i.Author.Id == selected)));
            then?.Invoke();
        },
        asking,
        change is null ? null : Desk.Failed);

    private int Head(Area area)
    {
        if (Desk.Node.Status is { } status)
        {
            string name = SafeText.Show(status.Name).TrimStart('@');
            string you = Columns.Pad(T("You"), LabelWidth);
            area.Field(2, 0, area.Width - 2, $"{you} @{name}  {SafeText.Show(status.Identity)}", Style.Plain);
        }

        area.Field(2, 1, area.Width - 2, Columns.Pad(T("Your keys"), LabelWidth) + " "
            + T("incidentmesh keys list; rotating them comes later"), Style.Plain);
        int x = Extra(area);
        TableHead.Draw(area, 3, (2, T("AUTHOR")), (13 + x, T("STANDING")), (27 + x, T("VOUCHED")),
            (39 + x, T("RECORDS")), (48 + x, T("GAPS")), (54 + x, T("SINCE")), (63 + x, T("CALLS ITSELF")));
        return 4;
    }

    private static void Author(Area area, int row, TrustItem item)
    {
        (string mark, Style style) = item.Author.Standing switch
        {
            "own" or "trusted" => ("=", (Style)Ink.Good),
            "introduced" => ("+", Ink.Good),
            "denied" => ("x", Ink.Bad),
            _ => ("?", Ink.Warn),
        };
        int x = Extra(area);
        area.Field(2, row, 10 + x, Words.Name(item.Author), Style.Plain);
        area.Field(13 + x, row, 13, $"{mark} {SafeText.Show(item.Author.Standing)}", style);
        area.Field(27 + x, row, 11, SafeText.Show(item.VouchedBy ?? T("nobody")), Style.Plain);
        area.Field(39 + x, row, 8, Words.Number(item.Reports), Style.Plain);
        area.Field(48 + x, row, 5, Words.Number(item.Missing), item.Missing > 0 ? Ink.Warn : Style.Plain);
        area.Field(54 + x, row, 8, item.Since is { } since ? Words.Day(since)[..7] : "-", Style.Plain);
        area.Field(63 + x, row, area.Width - 63 - x, item.Author.CallsItself is { Length: > 0 } said
            ? $"\"{SafeText.Show(said)}\"" : "", Style.Plain);
    }

    // Names have more room where there is some.
    private static int Extra(Area area) => area.Width >= Desk.WideColumns ? 12 : 0;

    private IReadOnlyList<IReadOnlyList<Span>> Below(int width)
    {
        var lines = new LineBuilder(width);
        if (trust!.Items.Count == 0)
        {
            lines.Text(T("No authors yet: they come with their reports. 3 adds a peer."), Style.Strong, 2);
        }

        lines.Text("", Style.Plain);
        if (trust.Follows.Count > 0)
        {
            string[] names = [.. trust.Follows.Select(id =>
                trust.Items.FirstOrDefault(i => i.Author.Id == id) is { } known
                    ? Words.Name(known.Author) : Words.Short(id))];
            lines.Text("  " + T($"Lists you follow: {string.Join(", ", names)}"), Style.Plain);
        }

        foreach (TrustItem gap in trust.Items.Where(i => i.Missing > 0).Take(3))
        {
            lines.Item("  !", Ink.Warn, T($"{Words.Name(gap.Author)}: {gap.Missing:N0} of "
                + $"{gap.Reports + gap.Missing:N0} records missing, asked of every peer"), 4);
        }

        return lines.Lines;
    }
}

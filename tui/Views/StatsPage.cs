using System.Globalization;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>Counts of reports as bars of characters; a bar opens its reports.</summary>
internal sealed class StatsPage(Desk desk, string query) : Page(desk)
{
    private const int NameWidth = 18;
    private const int CountWidth = 8;
    private const string Glyphs = "#=+-.:*%";

    private static readonly string[] Axes = ["month", "country", "harm", "severity", "lang", "author"];
    private static readonly string?[] Splits = ["severity", null, "type", "standing"];

    private readonly ListCursor cursor = new();
    private readonly LatestOnly asking = new();
    private int axis;
    private int split;
    private StatsView? stats;

    public override string Crumb => T("Statistics");

    public override bool IsRoot => true;

    public override string? CrumbTail => (query.Length == 0 ? "" : SafeText.Show(query) + " ")
        + T($"by {Name(By)}") + (Part is { } part ? ", " + Name(part) : "");

    public override (ListCursor Cursor, int Count)? List => (cursor, stats?.Rows.Count ?? 0);

    public override string Row(int at)
    {
        StatsRow row = stats!.Rows[at];
        IEnumerable<string> parts = (row.Parts ?? new Dictionary<string, int>())
            .Where(p => p.Value > 0).Select(p => $"{Label(Part, p.Key)} {Words.Number(p.Value)}");
        string all = string.Join(", ", parts);
        return $"{Label(By, row.Value)}: {Words.Number(row.Count)}{(all.Length > 0 ? $" ({all})" : "")}";
    }

    public override string Aside(int width) => stats is null ? "" : Plural(
        stats.Total, $"{stats.Total} report", $"{Words.Number(stats.Total)} reports");

    public override Span? State => base.State ?? (stats is null ? null : new Span(
        T("Reports, not events")
            + (stats.Without > 0 ? "; " + T($"{Words.Number(stats.Without)} without {Name(By)}") : ""),
        Style.Plain));

    public override IReadOnlyList<Verb> Hints { get; } =
        [Verb.Axis, Verb.Split, Verb.Open, Verb.Export, Verb.Back];

    public override void Refresh()
    {
        (string by, string? part) = (By, Part);
        Ask(
            (node, stop) => node.StatsAsync(query, by, part, stop),
            answer =>
            {
                stats = answer with { Rows = answer.Readable() };
                cursor.Fit(answer.Rows.Count, cursor.Rows);
            },
            asking);
    }

    public override void Draw(Area area, bool focused)
    {
        if (stats is null)
        {
            Wait(area);
            return;
        }

        if (stats.Rows.Count == 0)
        {
            area.Write(2, 1, T("Nothing to count."), Style.Strong);
            area.Field(2, 3, area.Width - 2, query.Length == 0
                ? $"{KeyMap.Of(Verb.New).Key} " + T("to write a report")
                : T("esc goes back; / asks another query, 5 counts what it finds"), Style.Plain);
            return;
        }

        Legend(area);
        cursor.Fit(stats.Rows.Count, area.Height - 1);
        int most = Math.Max(1, stats.Rows.Max(r => r.Count));
        for (int i = 0; i < cursor.Rows && cursor.Top + i < stats.Rows.Count; i++)
        {
            StatsRow row = stats.Rows[cursor.Top + i];
            Bar(area, i + 1, row, most);
            if (cursor.Top + i == cursor.Selected)
            {
                area.Point(i + 1, focused);
            }
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
            case Verb.Axis:
                axis = (axis + 1) % Axes.Length;
                cursor.Select(0);
                Refresh();
                return null;
            case Verb.Split:
                split = (split + 1) % Splits.Length;
                Refresh();
                return null;
            case Verb.Open when stats is null || cursor.Selected >= stats.Rows.Count:
                return T("no bar is selected");
            case Verb.Open:
                string value = stats.Rows[cursor.Selected].Value;
                string[] months = value.Split(StatsView.Until);
                string clause = By == "month" ? $"since:{months[0]} until:{months[^1]}"
                    : $"{By}:{(value.All(char.IsLetterOrDigit) ? value : $"\"{value}\"")}";
                Desk.Push(new ReportsPage(Desk, $"{query} {clause}".Trim()));
                return null;
            case Verb.Export:
                ExportJob.Ask(Desk, T("Export the reports counted"), query, null);
                return null;
            case Verb.Pane:
                return T("one pane only here");
            default:
                return NotHere;
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

    private string By => Axes[axis];

    private string? Part => Splits[split] == By ? null : Splits[split];

    private static string Name(string field) => field switch
    {
        "month" => T("month"),
        "country" => T("country"),
        "harm" => T("harm"),
        "severity" => T("severity"),
        "lang" => T("language"),
        "author" => T("author"),
        "type" => T("type"),
        _ => T("standing"),
    };

    // A value as people read it, where there are words for it.
    private static string Label(string? field, string value) => field switch
    {
        "harm" => SafeText.Show(Known(Vocabulary.Get("oecd-harm-type").LabelOf(value))),
        "severity" => SafeText.Show(Known(Vocabulary.Get("oecd-severity").LabelOf(value))),
        _ => SafeText.Show(value),
    };

    private void Legend(Area area)
    {
        int x = area.Write(2, 0, T($"REPORTS by {Name(By)}") + "   ", Style.Heading);
        for (int i = 0; i < Math.Min(stats!.Parts.Count, Glyphs.Length); i++)
        {
            x = area.Write(x, 0, $"{Glyphs[i]} {Label(Part, stats.Parts[i])}   ", Style.Plain);
        }
    }

    private void Bar(Area area, int y, StatsRow row, int most)
    {
        int room = Math.Max(1, area.Width - NameWidth - CountWidth - 4);
        area.Field(2, y, NameWidth - 3, Label(By, row.Value), Style.Plain);
        int x = NameWidth;
        int full = (int)Math.Round((double)row.Count * room / most);
        int drawn = 0;
        int counted = 0;
        for (int i = 0; i < Math.Min(stats!.Parts.Count, Glyphs.Length); i++)
        {
            counted += row.Parts?.GetValueOrDefault(stats.Parts[i]) ?? 0;
            int to = Math.Min(full, (int)Math.Round((double)counted * room / most));
            x = area.Write(x, y, new string(Glyphs[i], Math.Max(0, to - drawn)), Style.Plain);
            drawn = Math.Max(drawn, to);
        }

        area.Write(x, y, new string('=', Math.Max(0, full - drawn)), Style.Plain);
        area.WriteRight(area.Width, y, row.Count.ToString("N0", CultureInfo.InvariantCulture), Style.Plain);
    }
}

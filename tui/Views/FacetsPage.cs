using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>Counts of a list by field; choosing a value narrows the list to it. It stands left of the list
/// from 100 columns on, in its place below.</summary>
internal sealed class FacetsPage(Desk desk, ReportsPage list) : Page(desk)
{
    /// <summary>Width beside a list.</summary>
    public const int Columns = 23;

    /// <summary>The fields, in the order shown.</summary>
    public const string Fields = "type,severity,country,lang,standing,sources,harm,state";

    private const int ValuesMax = 5;

    // From so many rows on an empty line stands before each heading.
    private const int RoomyRows = 30;

    private readonly ListCursor cursor = new();
    private readonly LatestOnly asking = new();
    private readonly HashSet<string> open = new(StringComparer.Ordinal);
    private SearchView? counts;
    private List<Line> rows = [];

    // The row that each line shows, null for a heading and the empty line before it.
    private List<int?> drawn = [];
    private int top;

    private sealed record Line(string Field, string? Value, int Count, bool Chosen);

    /// <summary>The list that is narrowed.</summary>
    public ReportsPage Narrowed { get; } = list;

    public override string Crumb => T("Facets");

    public override string Aside(int width) => Narrowed.Aside(width);

    public override Span? State => base.State ?? Narrowed.State;

    public override (ListCursor Cursor, int Count)? List => (cursor, rows.Count);

    public override string Row(int at) => rows[at].Value is { } value
        ? $"{(rows[at].Chosen ? "[x]" : "[ ]")} {rows[at].Field} {SafeText.Show(value)}: "
            + Words.Number(rows[at].Count)
        : $"{rows[at].Field}: {Words.Number(rows[at].Count)} more";

    public override IReadOnlyList<Verb> Hints { get; } =
        [Verb.Open, Verb.Mark, Verb.Back, Verb.Sort, Verb.Save, Verb.Export];

    public override void Refresh()
    {
        string query = Narrowed.Query;
        Ask(
            (node, stop) => node.SearchAsync(query, 0, null, null, Fields, stop),
            answer =>
            {
                counts = answer;
                Fill();
            },
            asking);
    }

    public override void Draw(Area area, bool focused)
    {
        if (counts is null)
        {
            Wait(area);
            return;
        }

        cursor.Fit(rows.Count, area.Height);
        if (rows.Count == 0)
        {
            area.Field(0, 0, area.Width, T("Nothing to narrow."), Style.Strong);
            return;
        }

        bool roomy = area.Height >= RoomyRows;
        drawn = [.. rows.SelectMany((row, i) => i > 0 && rows[i - 1].Field == row.Field ? new int?[] { i }
            : i > 0 && roomy ? [null, null, i] : [null, i])];
        int selected = drawn.IndexOf(cursor.Selected);
        int first = drawn[Math.Max(0, selected - 1)] is null ? selected - 1 : selected;
        top = Math.Clamp(top, Math.Max(0, selected - area.Height + 1), Math.Max(0, first));
        for (int y = 0; y < area.Height && top + y < drawn.Count; y++)
        {
            if (drawn[top + y] is { } row)
            {
                Draw(area, y, rows[row]);
                if (row == cursor.Selected && focused)
                {
                    area.Select(y, Style.Selected);
                }
            }
            else if (top + y + 1 < drawn.Count && drawn[top + y + 1] is { } next)
            {
                area.Field(0, y, area.Width, Heading(rows[next].Field), Style.Heading);
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
            case Verb.Open or Verb.Mark when cursor.Selected < rows.Count:
                Choose(rows[cursor.Selected]);
                return null;
            case Verb.Facets or Verb.Pane:
                Desk.Pop();
                return null;
            default:
                return Narrowed.Run(verb);
        }
    }

    public override void Click(int row, bool twice)
    {
        if (top + row < drawn.Count && drawn[top + row] is { } clicked)
        {
            cursor.Select(clicked);
            Run(Verb.Open);
        }
    }

    /// <summary>A query with a value of a field added, or taken away where it has it.</summary>
    public static string Toggle(string text, string field, string value)
    {
        if (!Query.TryParse(text, out Query? query, out _))
        {
            return text;
        }

        int at = query.Terms.ToList().FindIndex(t => Values(t, field) is not null);
        List<string> values = at < 0 ? [] : [.. Values(query.Terms[at], field)!];
        if (!values.Remove(value))
        {
            values.Add(value);
        }

        string clause = values.Count == 0 ? "" : $"{field}:{string.Join(',', values.Select(Quoted))}";
        string[] terms = [.. query.Terms.Select((t, i) => i == at ? clause : Query.Of(t).ToString())];
        return string.Join(' ', (at < 0 ? [.. terms, clause] : terms).Where(t => t.Length > 0));
    }

    private static string Quoted(string value) =>
        value.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '@' or '+') ? value : $"\"{value}\"";

    private static IReadOnlyList<string>? Values(QueryNode term, string field) =>
        term is QueryClause { Operator: QueryOperator.Is } clause && clause.Field.Name == field
            ? clause.Value switch
            {
                QueryText one => [one.Text],
                QueryAnyOf several => several.Values,
                _ => null,
            }
            : null;

    private void Choose(Line row)
    {
        if (row.Value is null)
        {
            open.Add(row.Field);
            Fill();
            return;
        }

        Narrowed.Ask(Toggle(Narrowed.Query, row.Field, row.Value));
        Refresh();
    }

    private void Fill()
    {
        var filled = new List<Line>();
        IReadOnlyList<QueryNode> terms =
            Query.TryParse(Narrowed.Query, out Query? query, out _) ? query.Terms : [];
        foreach (string field in Fields.Split(','))
        {
            if (!counts!.Facets.TryGetValue(field, out IReadOnlyDictionary<string, int>? values)
                || values.Count == 0)
            {
                continue;
            }

            IReadOnlyList<string> chosen =
                terms.Select(t => Values(t, field)).FirstOrDefault(v => v is not null) ?? [];
            int shown = open.Contains(field) ? values.Count : ValuesMax;
            filled.AddRange(values.Take(shown).Select(v => new Line(
                field, v.Key, v.Value, chosen.Contains(v.Key, StringComparer.OrdinalIgnoreCase))));
            if (values.Count > shown)
            {
                filled.Add(new Line(field, null, values.Count - shown, false));
            }
        }

        Line? selected = cursor.Selected < rows.Count ? rows[cursor.Selected] : null;
        rows = filled;
        cursor.Fit(rows.Count, cursor.Rows);
        cursor.Select(Math.Max(
            0, rows.FindIndex(r => r.Field == selected?.Field && r.Value == selected.Value)));
    }

    private static string Heading(string field) => field switch
    {
        "type" => T("TYPE"),
        "severity" => T("SEVERITY"),
        "country" => T("COUNTRY"),
        "lang" => T("LANGUAGE"),
        "standing" => T("STANDING"),
        "sources" => T("SOURCES"),
        "harm" => T("HARM"),
        _ => T("STATE"),
    };

    private static void Draw(Area area, int y, Line row)
    {
        int width = Math.Min(area.Width, Columns - 1);
        string count = Words.Number(row.Count);
        if (row.Value is null)
        {
            area.Field(4, y, width - 4, T($"{count} more"), Style.Plain);
            return;
        }

        area.Write(0, y, row.Chosen ? "[x]" : "[ ]", Style.Strong);
        area.Field(4, y, width - 5 - count.Length, SafeText.Show(row.Value), Style.Plain);
        area.WriteRight(width, y, count, Style.Plain);
    }
}

using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>The keys, generated from <see cref="KeyMap"/>, and what the marks mean.</summary>
internal sealed class HelpPage(Desk desk) : Page(desk)
{
    private const int KeyWidth = 8;
    private const int HelpWidth = 17;
    private const int MarkWidth = 9;

    private static (string Mark, string Means)[] Marks =>
    [
        ("! !! !!!", T("incident, serious incident, disaster: it happened")),
        (". ::", T("hazard, serious hazard: it could happen")),
        ("*cox~", T("unread, corrected, old version, retracted, disputed")),
        ("@ + ? x:", T("author trusted, introduced by one you trust, unknown, denied")),
        ("SRC 3/5", T("3 independent sources among 5 reports of the same event")),
        ("= !", T("a check that holds, one that fails")),
        ("/", T("words and fields:") + " facial recognition country:DE,FR severity>=serious since:7d"),
    ];

    private readonly TextScroll scroll = new();

    public override string Crumb => T("Keys");

    public override IReadOnlyList<Verb> Hints { get; } = [Verb.Back, Verb.Down, Verb.Palette, Verb.Quit];

    public override void Draw(Area area, bool focused)
    {
        List<IReadOnlyList<Span>> lines = Lines(area.Width);
        scroll.Fit(lines.Count, area.Height);
        for (int i = 0; i < area.Height && scroll.Top + i < lines.Count; i++)
        {
            area.Write(2, i, lines[scroll.Top + i]);
        }

        if (scroll.More)
        {
            string more = Columns.Pad("  " + T("(more below: j)"), area.Width);
            area.Write(0, area.Height - 1, more, Style.Heading);
        }
    }

    public override string? Run(Verb verb) => scroll.Move(verb) ? null : NotHere;

    // Line by line a digit is a row of the list, and an empty line is no key.
    public override IReadOnlyList<string> Lines() =>
    [
        T("A number selects a row and opens it. A number and a key: 3 c. An empty line repeats the view."),
        .. KeyMap.All.Select(
            b => string.Join(", ", [.. b.Keys.Where(IsLine), ":" + b.Command]) + ": " + b.Help),
    ];

    private static bool IsLine(string key) => key is not ("enter" or [>= '1' and <= '9']);

    private static List<IReadOnlyList<Span>> Lines(int width)
    {
        string[] groups = [.. KeyMap.All.Select(b => b.Group).Distinct()];
        int helpWidth = Math.Max(HelpWidth, KeyMap.All.Max(b => Columns.Of(b.Help)));
        int across = Math.Clamp((width - 2) / (KeyWidth + helpWidth + 1), 1, groups.Length);
        var lines = new List<IReadOnlyList<Span>>();
        foreach (string[] beside in groups.Chunk(across))
        {
            AddGroups(lines, beside, helpWidth);
            lines.Add([]);
        }

        LineBuilder marks = new(width - 2);
        marks.Text(T("MARKS"), Style.Heading);
        foreach ((string mark, string means) in Marks)
        {
            marks.Item(mark, Style.Strong, means, MarkWidth);
        }

        return [.. lines, .. marks.Lines];
    }

    private static void AddGroups(List<IReadOnlyList<Span>> lines, string[] groups, int helpWidth)
    {
        Binding[][] columns = [.. groups.Select(g => KeyMap.All.Where(b => b.Group == g).ToArray())];
        lines.Add([.. groups.Select(
            g => new Span(Columns.Pad(KeyMap.Heading(g), KeyWidth + helpWidth) + " ", Style.Heading))]);
        for (int row = 0; row < columns.Max(c => c.Length); row++)
        {
            var line = new List<Span>();
            foreach (Binding[] column in columns)
            {
                Binding? binding = row < column.Length ? column[row] : null;
                string keys = binding is null ? ""
                    : string.Join(' ', binding.Keys.Skip(1).Where(k => k.Length < 4).Prepend(binding.Key));
                line.Add(new Span(Columns.Pad(keys, KeyWidth), Style.Strong));
                string help = Columns.Pad(binding?.Help ?? "", helpWidth);
                line.Add(new Span(help + " ", Style.Plain));
            }

            lines.Add(line);
        }
    }
}

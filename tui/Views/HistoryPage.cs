using System.Text.Json;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>The versions of a report, each as what it took away and added.</summary>
internal sealed class HistoryPage(Desk desk, ReportItem item) : TextPage(desk)
{
    private readonly Dictionary<string, ReportView> versions = new(StringComparer.Ordinal);
    private IReadOnlyList<VersionView> history = [];

    public override string Crumb => Under(item, T("Versions"));

    public override ReportItem? Subject => item;

    public override void Refresh() => Ask(item.Id, view =>
    {
        history = view.History;
        foreach (VersionView version in history.Where(v => !versions.ContainsKey(v.Id)))
        {
            Ask(version.Id, _ => { });
        }
    });

    protected override IReadOnlyList<IReadOnlyList<Span>> Lines(int width)
    {
        var lines = new LineBuilder(Math.Min(width, 100));
        if (history.Count == 0)
        {
            if (versions.Count == 0)
            {
                Wait(lines);
            }
            else
            {
                lines.Text(T("One version: nothing was changed."), Style.Plain);
            }

            return lines.Lines;
        }

        ReportView? before = null;
        foreach (VersionView version in history)
        {
            string state = SafeText.Show(version.Kind) + (version.Current ? ", " + T("current") : "");
            lines.Blank();
            lines.Text(
                $"{Words.Day(version.Created)}  {Words.Short(version.Id)}  {state}", Style.Heading);
            if (version.Reason is { Length: > 0 } reason)
            {
                lines.Text($"\"{SafeText.Show(reason)}\"", Style.Plain, indent: 2);
            }

            if (version.Kind == "retraction")
            {
                lines.Item("-", Ink.Bad, T("taken back by its author"), 2);
                continue;
            }

            ReportView? now = versions.GetValueOrDefault(version.Id);
            if (now is null)
            {
                Wait(lines, indent: 2);
            }
            else
            {
                Changes(lines, before is null ? [] : Statements(before), Statements(now));
                before = now;
            }
        }

        return lines.Lines;
    }

    private static void Changes(LineBuilder lines, IReadOnlyList<string> old, IReadOnlyList<string> now)
    {
        foreach ((char mark, string text) in LineDiff.Of(old, now))
        {
            if (mark != ' ')
            {
                lines.Item(mark.ToString(), mark == '+' ? Ink.Good : Ink.Bad, text, 2);
            }
        }

        if (old.SequenceEqual(now))
        {
            lines.Text(T("says the same"), Style.Plain, indent: 2);
        }
    }

    // One line a field; the description by its own lines.
    private static List<string> Statements(ReportView view)
    {
        var said = new List<string> { "title: " + SafeText.Show(view.Report.Title) };
        if (view.Body is { ValueKind: JsonValueKind.Object } body)
        {
            JsonElement content = body.TryGetProperty("content", out JsonElement inner)
                && inner.ValueKind == JsonValueKind.Object ? inner : body;
            said.AddRange(content.EnumerateObject()
                .Where(p => p.Name is not ("title" or "description" or "salt"))
                .Select(p => $"{SafeText.Show(p.Name)}: {SafeText.Show(p.Value.ToString())}"));
        }

        string[] text = SafeText.Show(view.Description ?? "", lines: true).Split('\n');
        said.AddRange(text.Where(l => l.Length > 0));
        return said;
    }

    private void Ask(string id, Action<ReportView> answered) => Ask(
        (node, stop) => node.ReportAsync(id, stop),
        view =>
        {
            versions[id] = view;
            answered(view);
            Renew();
        });
}

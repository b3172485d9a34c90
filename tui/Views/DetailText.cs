using System.Globalization;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>A report as lines of text: title, fields, description, then who says so and what was checked,
/// answers, cluster, versions, evidence. What is known from the list is there at once; the rest follows when
/// the node has answered.</summary>
internal static class DetailText
{
    private const int CheckWidth = 12;

    /// <summary>The lines for a width.</summary>
    public static IReadOnlyList<IReadOnlyList<Span>> Lines(
        ReportItem item, ReportView? view, int width, DateTimeOffset now)
    {
        // Lines of more than about 100 columns are hard to read.
        var lines = new LineBuilder(Math.Min(width, 100));
        lines.Text(ReportRows.Title(item), Style.Strong);
        lines.Blank();
        Fields(lines, item, view);
        Description(lines, item, view);
        if (view is not null)
        {
            Provenance(lines, item, view);
            Answers(lines, view, now);
            Cluster(lines, item);
            Clock(lines, view, now);
            History(lines, view);
            Evidence(lines, view);
        }

        return lines.Lines;
    }

    private static void Fields(LineBuilder lines, ReportItem item, ReportView? view)
    {
        (string version, bool old) = Version(item, view);
        string state = old && IsTakenBack(view) ? "  " + T("retracted")
            : item.State == "current" || (old && item.State == "superseded") ? ""
            : "  " + SafeText.Show(item.State);
        lines.Text(
            $"{SafeText.Show(item.Short)}  {SafeText.Show(item.Type)}  TLP:{SafeText.Show(
                item.Tlp)}{version}{state}",
            Style.Plain);
        if (item.Severity is { } severity)
        {
            string word = SafeText.Show(severity.Value ?? severity.Raw ?? T("unknown")).Replace('-', ' ');
            string raw = severity.Raw is { } said && severity.Value is not null
                ? $" (\"{SafeText.Show(said)}\")" : "";
            lines.Text($"{Words.SeverityMark(severity.Value)} {word}{raw}  {Joined(item.Harm)}".Trim(),
                Words.SeverityStyle(severity.Value));
        }

        IEnumerable<string> places = BodyText.Names(view?.Body, "places");
        lines.Parts([item.Occurred ?? "", .. places, .. item.Countries, item.Lang ?? ""]);
        string[] makers = ["systems", "developers", "deployers"];
        lines.Parts([.. makers.SelectMany(field => BodyText.Names(view?.Body, field))]);
        lines.Parts([.. item.Models, .. item.ExternalIds]);
    }

    private static void Description(LineBuilder lines, ReportItem item, ReportView? view)
    {
        lines.Blank();
        if (view?.Description is { Length: > 0 } description)
        {
            lines.Text(SafeText.Show(description, lines: true), Style.Plain);
        }
        else if (item.State == "erased")
        {
            lines.Text(T("The body was erased; header, signature and chain still hold."), Style.Plain);
        }
    }

    private static void Provenance(LineBuilder lines, ReportItem item, ReportView view)
    {
        lines.Heading(T("WHO SAYS SO"));
        lines.Text($"{Words.Name(item.Author)} {SafeText.Show(item.Author.Standing)}", Style.Strong);
        if (item.Author.CallsItself is { Length: > 0 } called)
        {
            lines.Item(T("calls itself"), Style.Plain, $"\"{SafeText.Show(called)}\"", CheckWidth + 2);
        }

        foreach (CheckView check in view.Checks)
        {
            lines.Item(
                $"{check.Mark} {SafeText.Show(check.Name)}",
                check.Mark switch
                {
                    '=' => Ink.Good,
                    '!' => new Style(Ink.Bad, Bold: true),
                    _ => Style.Plain,
                },
                SafeText.Show(Known(check.Why)),
                CheckWidth + 2);
        }

        lines.Item(T("signed"), Style.Plain, item.Created.UtcDateTime.ToString(
            "yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture), CheckWidth + 2);
        lines.Item(T("received"), Style.Plain, item.Received.UtcDateTime.ToString(
            "yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture), CheckWidth + 2);
        lines.Item(T("id"), Style.Plain, SafeText.Show(item.Id), CheckWidth + 2);
    }

    private static void Answers(LineBuilder lines, ReportView view, DateTimeOffset now)
    {
        if (view.Answers.Count == 0)
        {
            return;
        }

        lines.Heading(T("ANSWERS"));
        foreach (AnswerView answer in view.Answers)
        {
            (string mark, Style style) = answer.Verdict switch
            {
                "corroborate" => ("+", (Style)Ink.Good),
                "dispute" => ("-", Ink.Bad),
                "resolved" => ("=", Ink.Good),
                _ => ("?", Ink.Warn),
            };
            string basis = answer.Basis is null ? "" : " " + SafeText.Show(answer.Basis);
            string head = $"{SafeText.Show(answer.Verdict)} {Words.Name(answer.Author)}{basis}  "
                + Words.Date(answer.Created, now);
            lines.Item(mark, style, head, 2);
            if (answer.Reason is { Length: > 0 } reason)
            {
                lines.Text($"\"{SafeText.Show(reason)}\"", Style.Plain, indent: 2);
            }
        }
    }

    private static void Cluster(LineBuilder lines, ReportItem item)
    {
        lines.Heading(T("SAME EVENT"));
        lines.Text(
            item.Cluster is { Reports: > 1 } cluster
                ? Plural(cluster.Reports,
                    $"{cluster.Reports:N0} report, {cluster.Independent:N0} independent   c shows why",
                    $"{cluster.Reports:N0} reports, {cluster.Independent:N0} independent   c shows why")
                : item.Cluster is null ? T("not compared yet") : T("no other report of it is known"),
            Style.Plain);
    }

    private static void Clock(LineBuilder lines, ReportView view, DateTimeOffset now)
    {
        if (BodyText.Clock(view.Body, now) is { } clock)
        {
            lines.Heading(T("CLOCK  Art. 73 (claimed)"));
            lines.Text(SafeText.Show(clock), Style.Plain);
        }
    }

    private static void History(LineBuilder lines, ReportView view)
    {
        if (view.History.Count < 2)
        {
            return;
        }

        lines.Heading(T("VERSIONS"));
        foreach (VersionView version in view.History)
        {
            string text = $"{Words.Day(version.Created)}  {SafeText.Show(version.Kind)}  {Words.Short(
                version.Id)}";
            lines.Item(version.Current ? ">" : "", Style.Strong, text, 2);
            if (version.Reason is { Length: > 0 } reason)
            {
                lines.Text($"\"{SafeText.Show(reason)}\"", Style.Plain, indent: 2);
            }
        }
    }

    private static void Evidence(LineBuilder lines, ReportView view)
    {
        if (view.Evidence.Count > 0)
        {
            lines.Heading(T("EVIDENCE"));
            foreach (string link in view.Evidence)
            {
                lines.Text(SafeText.Show(link), Style.Plain);
            }
        }
    }

    /// <summary>Whether its author took the report back, whichever version is shown.</summary>
    public static bool IsTakenBack(ReportView? view) =>
        view?.History.Any(version => version.Kind == "retraction") == true;

    // Which of the versions it is, and whether there is a newer one; that it was taken back is no version.
    private static (string Text, bool Old) Version(ReportItem item, ReportView? view)
    {
        VersionView[] versions = [.. view?.History.Where(v => v.Kind != "retraction") ?? []];
        int number = Array.FindIndex(versions, v => v.Id == item.Id) + 1;
        if (versions.Length < 2 || number == 0)
        {
            return ("", false);
        }

        return versions.FirstOrDefault(v => v.Current) is { } newest && newest.Id != item.Id
            ? ("  " + T($"v{number} of {versions.Length}, superseded by {Words.Short(newest.Id)}"), true)
            : ("  " + T($"v{number} of {versions.Length}"), false);
    }

    private static string Joined(IReadOnlyList<string> parts) =>
        string.Join("  ", parts.Where(p => p.Length > 0).Select(p => SafeText.Show(p)));
}

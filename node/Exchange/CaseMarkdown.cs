using System.Text;
using System.Text.RegularExpressions;

namespace IncidentMesh.Node.Exchange;

/// <summary>A case file as Markdown (CommonMark). Text of others cannot become markup: every character that
/// could be is escaped.</summary>
internal sealed partial class CaseMarkdown() : Exporter("markdown")
{
    protected override void WriteReport(TextWriter to, ExportItem item)
    {
        to.Write($"# {Escaped(CaseFile.Title(item))}\n\n{Escaped(CaseFile.Summary(item))}\n");
        if (CaseFile.Description(item) is { } description)
        {
            to.Write("\n");
            foreach (string line in description.Split('\n'))
            {
                to.Write($"> {Escaped(line)}\n");
            }
        }

        foreach (CaseSection section in CaseFile.Sections(item))
        {
            to.Write($"\n## {section.Heading}\n\n");
            foreach (CaseLine line in section.Lines)
            {
                to.Write($"* **{Escaped(line.Label)}**: {Value(line)}\n");
            }
        }

        to.Write($"\n`incidentmesh export id:{item.Report.Id}` gives the JSON line that proves this file; "
            + "`incidentmesh verify FILE` checks that line without a network\\.\n");
    }

    // A hard line break, so that what stood on several lines stays in its list item.
    private static string Value(CaseLine line) => line.Exact ? $"`{line.Text}`"
        : string.Join("\\\n  ", line.Text.Split('\n').Select(Escaped));

    /// <summary>CommonMark 0.31, 2.4: a backslash makes ASCII punctuation literal. Escaped is what could be
    /// markup within a line, at its beginning, and the links that GitHub makes of bare addresses.</summary>
    private static string Escaped(string text)
    {
        const string Anywhere = "\\`*_[]<>#|~&!$";
        StringBuilder escaped = new(text.Length + 16);
        foreach (char c in text.TrimStart())
        {
            escaped.Append(Anywhere.Contains(c, StringComparison.Ordinal) ? "\\" : "").Append(c);
        }

        string line = escaped.ToString().Replace("://", "\\://", StringComparison.Ordinal)
            .Replace("www.", "www\\.", StringComparison.OrdinalIgnoreCase);
        return Beginning().Replace(line, "$1\\$2", 1);
    }

    // What begins a list or underlines a heading.
    [GeneratedRegex("^(\\d*)([-+=.)])", RegexOptions.CultureInvariant)]
    private static partial Regex Beginning();
}

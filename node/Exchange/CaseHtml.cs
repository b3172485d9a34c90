using System.Net;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Exchange;

/// <summary>A case file as one HTML page: no scripts, nothing fetched, readable by a screen reader and on
/// paper. Text of others is escaped and has its own direction.</summary>
internal sealed class CaseHtml() : Exporter("html")
{
    private const string Style =
        "body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;"
        + "color:#1a1a1a;background:#fff}"
        + "h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}dt{font-weight:600;margin-top:.6rem}"
        + "dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}.text{white-space:pre-wrap}"
        + "a{color:#0645ad}@media print{body{margin:0;max-width:none}}";

    protected override void WriteReport(TextWriter to, ExportItem item)
    {
        string title = Escaped(CaseFile.Title(item));
        string? tag = item.Report.Lang;
        string lang = tag is not null && LanguageTag.IsWellFormed(tag) ? $" lang=\"{Escaped(tag)}\"" : "";
        to.Write("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            + "<meta http-equiv=\"Content-Security-Policy\" "
            + "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            + "<meta name=\"referrer\" content=\"no-referrer\">\n"
            + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            + $"<title>{title}</title>\n<style>{Style}</style>\n</head>\n<body>\n<main>\n");
        to.Write($"<h1 dir=\"auto\"{lang}>{title}</h1>\n<p>{Escaped(CaseFile.Summary(item))}</p>\n");
        if (CaseFile.Description(item) is { } description)
        {
            to.Write($"<div class=\"text\" dir=\"auto\"{lang}>{Escaped(description)}</div>\n");
        }

        int number = 0;
        foreach (CaseSection section in CaseFile.Sections(item))
        {
            string id = $"part{++number}";
            to.Write($"<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{section.Heading}</h2>\n<dl>\n");
            foreach (CaseLine line in section.Lines)
            {
                to.Write($"<dt>{Escaped(line.Label)}</dt>\n<dd dir=\"auto\">{Value(line)}</dd>\n");
            }

            to.Write("</dl>\n</section>\n");
        }

        to.Write($"<p><code>incidentmesh export id:{Escaped(item.Report.Id)}</code> gives the JSON line that "
            + "proves this file; <code>incidentmesh verify FILE</code> checks that line without a network."
            + "</p>\n</main>\n</body>\n</html>\n");
    }

    private static string Value(CaseLine line) => line.Exact ? $"<code>{Escaped(line.Text)}</code>"
        : Forms.IsUrl(line.Text)
            ? $"<a rel=\"noreferrer nofollow\" href=\"{Escaped(line.Text)}\">{Escaped(line.Text)}</a>"
        : Escaped(line.Text);

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}

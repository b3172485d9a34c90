using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>Draws reports as rows of a table. Severity is mark, word and colour. The fewer columns there
/// are, the fewer fields are shown; the title is never left out.</summary>
internal static class ReportRows
{
    /// <summary>Places of the fields; width 0 leaves a field out.</summary>
    private readonly record struct Layout(
        int WordAt, int DateAt, int CountryAt, int LanguageAt, int TitleAt, int TitleWidth, int FromAt,
            int FromWidth,
        int SourcesAt);

    private const int MarkAt = 1;
    private const int SeverityAt = 3;
    private const int SourcesWidth = 6;

    /// <summary>The headings.</summary>
    public static void Head(Area area, bool beside)
    {
        Layout at = Fields(area.Width, beside);
        Put(area, 0, at.WordAt > 0 ? SeverityAt : -1, 12, T("SEVERITY"), Style.Heading);
        Put(area, 0, at.WordAt > 0 ? -1 : SeverityAt, 3, T("SEV"), Style.Heading);
        Put(area, 0, at.DateAt, 5, T("DATE"), Style.Heading);
        Put(area, 0, at.CountryAt, 2, T("CC"), Style.Heading);
        Put(area, 0, at.LanguageAt, 2, T("LG"), Style.Heading);
        Put(area, 0, at.TitleAt, at.TitleWidth, T("TITLE"), Style.Heading);
        Put(area, 0, at.FromAt, at.FromWidth, T("FROM"), Style.Heading);
        Put(area, 0, at.SourcesAt, SourcesWidth, T("SRC"), Style.Heading);
    }

    /// <summary>One report.</summary>
    /// <param name="area">The table.</param>
    /// <param name="row">Its row in the area.</param>
    /// <param name="item">The report.</param>
    /// <param name="unread">Whether it came in and was not opened yet.</param>
    /// <param name="beside">Whether a text stands at the right of the table.</param>
    /// <param name="now">For its date.</param>
    public static void Draw(Area area, int row, ReportItem item, bool unread, bool beside, DateTimeOffset now)
    {
        Layout at = Fields(area.Width, beside);
        string? severity = item.Severity?.Value;
        Style style = Words.SeverityStyle(severity);
        Put(area, row, MarkAt, 1, Mark(item, unread), Style.Strong);
        Put(area, row, SeverityAt, 3, Words.SeverityMark(severity), style);
        Put(area, row, at.WordAt, 8, Words.SeverityShort(severity), style);
        Put(area, row, at.DateAt, 5, Words.Date(item.Created, now), Style.Plain);
        Put(area, row, at.CountryAt, 2, item.Countries is [var country, ..] ? SafeText.Show(country)
            : "", Style.Plain);
        Put(area, row, at.LanguageAt, 2, SafeText.Show((item.Lang ?? "").Split('-')[0]), Style.Plain);
        Put(area, row, at.TitleAt, at.TitleWidth, Title(item), unread ? Style.Strong : Style.Plain);
        Put(area, row, at.FromAt, at.FromWidth, Words.Name(item.Author), Style.Plain);
        Put(area, row, at.SourcesAt, SourcesWidth, item.Cluster?.Sources ?? "-", Style.Plain);
    }

    /// <summary>The title, or what stands for it.</summary>
    public static string Title(ReportItem item) => item.State == "erased" && item.Title.Length == 0
        ? T("(erased)")
        : item.Title.Length == 0 ? T("(no title)") : SafeText.Show(item.Title);

    /// <summary>One report for those who hear the list: what matters most comes first.</summary>
    public static string Sentence(ReportItem item, bool unread, DateTimeOffset now)
    {
        string mark = Mark(item, unread) switch
        {
            "x" => T("retracted"),
            "o" => T("an old version"),
            "?" => T("in quarantine"),
            "~" => T("disputed"),
            "c" => T("corrected"),
            "*" => T("unread"),
            _ => "",
        };
        string severity = item.Severity?.Value is { } value ? SafeText.Show(value).Replace('-', ' ') : "";
        string where = SafeText.Show(string.Join(" ", item.Countries));
        string[] facts =
        [
            Title(item), severity, mark, Words.Date(item.Created, now), where,
            SafeText.Show((item.Lang ?? "").Split('-')[0]), T($"from {Words.Name(item.Author)}"),
            item.Cluster is { Told: { } told } counted
                ? T($"{counted.Independent} independent of {told} reports and attestations")
                : item.Cluster is { } cluster
                ? Plural(cluster.Reports, $"{cluster.Independent} independent of {cluster.Reports} report",
                    $"{cluster.Independent} independent of {cluster.Reports} reports") : "",
            SafeText.Show(item.Short),
        ];
        return string.Join("; ", facts.Where(f => f.Length > 0));
    }

    /// <summary>The mark of a state: <c>x</c> retracted, <c>~</c> disputed, <c>c</c> corrected,
    /// <c>o</c> an old version, <c>*</c> unread; the gravest where several hold.</summary>
    public static string Mark(ReportItem item, bool unread) => item switch
    {
        { State: "retracted" or "erased" } => "x",
        { State: "superseded" } => "o",
        { State: "quarantined" } => "?",
        { Disputed: true } => "~",
        { State: "corrected" } => "c",
        _ => unread ? "*" : " ",
    };

    private static void Put(Area area, int row, int x, int width, string text, Style style)
    {
        if (x >= 0 && width > 0)
        {
            area.Field(x, row, width, text, style);
        }
    }

    private static Layout Fields(int width, bool beside)
    {
        if (width < 60)
        {
            return beside
                ? new Layout(-1, 7, -1, -1, 13, width - 13 - SourcesWidth - 1, -1, 0, width - SourcesWidth)
                : new Layout(7, -1, -1, -1, 16, width - 16, -1, 0, -1);
        }

        int fromWidth = width switch { >= 140 => 18, >= 90 => 13, _ => 9 };
        int sourcesAt = width - SourcesWidth;
        int fromAt = sourcesAt - 1 - fromWidth;
        int titleAt = width < 72 ? 22 : 28;
        return new Layout(
            7, 16, width < 72 ? -1 : 22, width < 72 ? -1
                : 25, titleAt, fromAt - 1 - titleAt, fromAt, fromWidth, sourcesAt);
    }
}

using System.Globalization;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>Draws what waits for a decision as rows of a table.</summary>
internal static class ReviewRows
{
    /// <summary>The headings of a tab.</summary>
    public static void Head(Area area, int tab) => TableHead.Draw(area, 0, Heads(tab));

    /// <summary>A record, a pair or an author.</summary>
    public static void Draw(Area area, int row, object item, DateTimeOffset now)
    {
        switch (item)
        {
            case QuarantineItem waiting:
                Draw(area, row, waiting, now);
                break;
            case ProposedPairView pair:
                area.Field(2, row, 10, string.Create(CultureInfo.InvariantCulture, $"{pair.Probability:.00} ")
                    + (pair.Label == "very-likely" ? "very" : SafeText.Show(pair.Label)), Ink.Good);
                area.Field(13, row, 9, SafeText.Show(pair.A.Short), Style.Plain);
                area.Field(23, row, 9, Words.Name(pair.A.Author), Style.Plain);
                area.Field(33, row, 9, SafeText.Show(pair.B.Short), Style.Plain);
                area.Field(43, row, 9, Words.Name(pair.B.Author), Style.Plain);
                area.Field(53, row, area.Width - 53, ReportRows.Title(pair.A), Style.Plain);
                break;
            case WaitingAuthor author:
                area.Field(2, row, 6, Words.Date(author.First, now), Style.Plain);
                area.Field(9, row, 10, Words.Name(author.Author), Style.Plain);
                area.Field(20, row, 19, Quoted(author.Author), Style.Plain);
                area.Field(40, row, 9, Words.Number(author.Waiting), Style.Plain);
                area.Field(50, row, area.Width - 50, SafeText.Show(Known(author.Why)), Style.Plain);
                break;
        }
    }

    private static void Draw(Area area, int row, QuarantineItem waiting, DateTimeOffset now)
    {
        ReportItem report = waiting.Report;
        area.Field(2, row, 6, Words.Date(report.Received, now), Style.Plain);
        area.Field(9, row, 6, Words.Name(report.Author), waiting.Warning is null ? Style.Plain : Ink.Warn);
        area.Field(16, row, 16, Quoted(report.Author), Style.Plain);
        area.Field(33, row, area.Width - 33 - 8, ReportRows.Title(report), Style.Plain);
        string leaves = waiting.DaysLeft is { } days ? T($"{days} d") : "-";
        area.Field(area.Width - 6, row, 6, leaves, Style.Plain);
    }

    private static string Quoted(AuthorView author) =>
        author.CallsItself is { Length: > 0 } said ? $"\"{SafeText.Show(said)}\"" : "";

    private static (int At, string Text)[] Heads(int tab) => tab switch
    {
        0 =>
        [
            (2, T("GOT")), (9, T("KEY")), (16, T("CALLS ITSELF")), (33, T("TITLE")), (-6, T("LEAVES")),
        ],
        1 =>
        [
            (2, T("LIKELY")), (13, T("REPORT")), (23, T("FROM")), (33, T("AND")), (43, T("FROM")),
            (53, T("TITLE")),
        ],
        _ =>
        [
            (2, T("FIRST")), (9, T("AUTHOR")), (20, T("CALLS ITSELF")), (40, T("WAITING")), (50, T("WHY")),
        ],
    };
}

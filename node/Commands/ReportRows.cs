using System.Globalization;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>Reports as rows for people.</summary>
internal static class ReportRows
{
    public static string[] Heads =>
    [
        T("ID"), T("SEVERITY"), T("DATE"), T("CC"), T("LG"), T("FROM"), T("SRC"), T("TITLE"),
    ];

    public static string[] Of(ReportItem item) =>
    [
        item.Short,
        Severity(item.Severity),
        item.Occurred ?? item.Created.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        string.Join(',', item.Countries.Take(2)),
        item.Lang ?? "",
        Author(item.Author),
        item.Cluster?.Sources ?? "",
        Marks(item) + item.Title,
    ];

    /// <summary><c>@x</c> own and trusted, <c>+x</c> introduced, <c>?key4</c> unknown, <c>x:key4</c>
    /// denied.</summary>
    public static string Author(AuthorView author)
    {
        string key = author.Id.Length > 11 ? author.Id.Substring(7, 4) : author.Id;
        return author.Standing switch
        {
            "own" or "trusted" => "@" + (author.Name ?? key),
            "introduced" => "+" + (author.Name ?? key),
            "denied" => "x:" + key,
            _ => "?" + key,
        };
    }

    public static string Severity(SeverityView? severity) => severity?.Value switch
    {
        null => "",
        "disaster" => "!!! disaster",
        "serious-incident" => "!!  serious",
        "incident" => "!   incident",
        "serious-hazard" => "::  ser.haz.",
        "hazard" => ".   hazard",
        string other => other,
    };

    private static string Marks(ReportItem item)
    {
        string marks = (item.Disputed ? "~" : "") + item.State switch
        {
            "retracted" => "x",
            "corrected" => "c",
            _ => "",
        };
        return marks.Length == 0 ? "" : marks + " ";
    }
}

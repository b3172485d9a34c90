using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Shell;

/// <summary>Six lines for those who see the program for the first time.</summary>
internal static class Tour
{
    public static IReadOnlyList<string> Lines =>
    [
        T("j and k move, enter opens a report, esc goes back one level"),
        T("/ searches: words, country:DE, since:7d; f narrows what was found"),
        T("c shows the reports of the same event; a says what you know of one"),
        T("n writes a report, drafts are kept; u takes a send back within 10 seconds"),
        T("2 what waits for you   3 peers and sync   4 whom you trust   5 statistics"),
        T("? all keys   : any command   q quits   esc takes these lines away"),
    ];
}

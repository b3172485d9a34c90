using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui;

/// <summary>What a key or a <c>:command</c> asks for. A verb means the same in every view.</summary>
internal enum Verb
{
    Down,
    Up,
    Top,
    Bottom,
    HalfDown,
    HalfUp,
    PageDown,
    PageUp,
    Pane,
    Zoom,
    Back,
    Reports,
    Review,
    Peers,
    Trust,
    Statistics,
    Drafts,
    Alerts,
    Search,
    Palette,
    Keys,
    Jobs,
    Stop,
    Quit,
    QuitNow,
    Redraw,
    BareText,
    Open,
    New,
    Attest,
    Cluster,
    Correct,
    Retract,
    Link,
    Verify,
    Readers,
    History,
    Translate,
    Bookmark,
    MarkRead,
    CopyId,
    CopyCitation,
    Undo,
    Facets,
    Sort,
    Follow,
    Save,
    Export,
    Same,
    Different,
    CannotTell,
    Pair,
    Reason,
    Accept,
    TrustAuthor,
    Drop,
    Deny,
    Name,
    OwnKeys,
    Mark,
    MarkAll,
    Sync,
    Axis,
    Split,
}

/// <summary>One row of the key map.</summary>
/// <param name="Verb">What it does.</param>
/// <param name="Command">Name after <c>:</c>, of which the keys are aliases.</param>
/// <param name="Keys">Keys, the one to show first; <see cref="Shell.KeyNames"/> has their names.</param>
/// <param name="Hint">Word in the hint line.</param>
/// <param name="Help">Line of the help screen.</param>
/// <param name="Group">Heading of the help screen it stands under.</param>
internal sealed record Binding(
    Verb Verb, string Command, IReadOnlyList<string> Keys, string Hint, string Help, string Group)
{
    /// <summary>The key as help and hints write it; the command where it has none.</summary>
    public string Key => Keys is [var first, ..] ? first : ":" + Command;
}

/// <summary>The one list of keys: help, hint line and palette are generated from it.</summary>
internal static class KeyMap
{
    private const string Move = "MOVE";
    private const string Report = "ON A REPORT";
    private const string Go = "GO";
    private const string List = "ON A LIST";
    private const string Judge = "JUDGE";
    private const string Other = "PEERS, CHARTS";

    private static Table? table;

    /// <summary>Every binding, in the order of the help screen.</summary>
    public static IReadOnlyList<Binding> All => Current.All;

    // In the reader's language, which is chosen once at the start of the program.
    private static Table Current =>
        table?.Language == Language ? table : table = new Table(Language, Rows());

    /// <summary>What a key does, or null.</summary>
    public static Binding? Find(string key) => Current.ByKey.GetValueOrDefault(key);

    /// <summary>The binding of a verb.</summary>
    public static Binding Of(Verb verb) => Current.ByVerb[verb];

    /// <summary>Whether a key means a row, or the rows as a whole.</summary>
    public static bool NeedsRows(Binding binding) => binding.Group != Go;

    /// <summary>Where a verb works, for a view in which it does not.</summary>
    public static string Where(Verb verb) => Of(verb).Group switch
    {
        Report => T("select a report first; 1 lists them"),
        List => T("works on a list of reports; 1 is one"),
        Judge => WhereJudged(verb),
        Other => verb == Verb.Sync ? T("works in 3 peers") : T("works in 5 statistics"),
        _ => T("not here"),
    };

    private static string WhereJudged(Verb verb) => verb switch
    {
        Verb.Accept => T("works on what waits in 2 review: Quarantine, Authors"),
        Verb.Mark => T("works in 2 review, Quarantine and Duplicates, and on facets (f)"),
        Verb.MarkAll => T("works in 2 review, Quarantine and Duplicates"),
        Verb.TrustAuthor => T("works in 2 review, Quarantine and Authors, and in 4 trust"),
        Verb.Deny => T("works on authors in 2 review and 4 trust, and on peers in 3"),
        Verb.Drop => T("works in 2 review, 3 peers, 6 drafts and 7 alerts"),
        Verb.Name or Verb.OwnKeys => T("works in 4 trust"),
        _ => T("works on a pair: 2 review, Duplicates, and the reports of an event (c)"),
    };

    /// <summary>Bindings whose command begins with <paramref name="text"/>; an exact name alone.</summary>
    public static IReadOnlyList<Binding> Matching(string text) =>
        All.FirstOrDefault(b => b.Command == text) is { } exact
            ? [exact]
            : [.. All.Where(b => b.Command.StartsWith(text, StringComparison.Ordinal))];

    /// <summary>A heading of the help screen in the reader's language.</summary>
    public static string Heading(string group) => group switch
    {
        Move => T("MOVE"),
        Report => T("ON A REPORT"),
        Go => T("GO"),
        List => T("ON A LIST"),
        Judge => T("JUDGE"),
        _ => T("PEERS, CHARTS"),
    };

    private sealed record Table(string Language, IReadOnlyList<Binding> All)
    {
        public Dictionary<string, Binding> ByKey { get; } = All
            .SelectMany(b => b.Keys.Select(k => (k, b)))
            .ToDictionary(p => p.k, p => p.b, StringComparer.Ordinal);

        public Dictionary<Verb, Binding> ByVerb { get; } = All.ToDictionary(b => b.Verb);
    }

    private static Binding[] Rows() =>
        [.. MoveRows(), .. ReportRows(), .. GoRows(), .. ListRows(), .. JudgeRows(), .. OtherRows()];

    private static Binding[] MoveRows() =>
    [
        new(Verb.Down, "down", ["j", "down"], T("down"), T("down"), Move),
        new(Verb.Up, "up", ["k", "up"], T("up"), T("up"), Move),
        new(Verb.Top, "top", ["g", "home"], T("top"), T("top, take in new"), Move),
        new(Verb.Bottom, "bottom", ["G", "end"], T("bottom"), T("bottom"), Move),
        new(Verb.HalfDown, "half-down", ["ctrl-d"], T("half a page down"), T("half a page down"), Move),
        new(Verb.HalfUp, "half-up", ["ctrl-u"], T("half a page up"), T("half a page up"), Move),
        new(Verb.PageDown, "page-down", ["pgdn"], T("page down"), T("a page down"), Move),
        new(Verb.PageUp, "page-up", ["pgup"], T("page up"), T("a page up"), Move),
        new(Verb.Pane, "pane", ["tab", "shift-tab"], T("pane"), T("other pane"), Move),
        new(Verb.Back, "back", ["esc", "left"], T("back"), T("back one level"), Move),
        new(Verb.Zoom, "zoom", ["z"], T("zoom"), T("text full width"), Move),
    ];

    private static Binding[] ReportRows() =>
    [
        new(Verb.Open, "open", ["enter", "right"], T("open"), T("open"), Report),
        new(Verb.New, "new", ["n"], T("new"), T("write a new one"), Report),
        new(Verb.Attest, "attest", ["a"], T("attest"), T("say what you know"), Report),
        new(Verb.Cluster, "cluster", ["c"], T("same event"), T("same event"), Report),
        new(Verb.Correct, "correct", ["e"], T("correct"), T("correct (yours)"), Report),
        new(Verb.Retract, "retract", ["x"], T("retract"), T("take back (yours)"), Report),
        new(Verb.Link, "link", ["l"], T("link"), T("link to another"), Report),
        new(Verb.Verify, "verify", ["v"], T("verify"), T("check again"), Report),
        new(Verb.Readers, "readers", ["w"], T("who reads"), T("who can read it"), Report),
        new(Verb.History, "history", ["h"], T("history"), T("versions as diff"), Report),
        new(Verb.Translate, "translate", ["t"], T("translate"), T("translation"), Report),
        new(Verb.Bookmark, "bookmark", ["b"], T("bookmark"), T("bookmark"), Report),
        new(Verb.MarkRead, "mark-read", ["m"], T("mark read"), T("mark read"), Report),
        new(Verb.CopyId, "copy", ["y"], T("copy"), T("copy id"), Report),
        new(Verb.CopyCitation, "cite", ["Y"], T("cite"), T("copy citation"), Report),
        new(Verb.Undo, "undo", ["u"], T("undo"), T("undo"), Report),
    ];

    private static Binding[] GoRows() =>
    [
        new(Verb.Reports, "reports", ["1"], T("reports"), T("all reports"), Go),
        new(Verb.Review, "review", ["2"], T("review"), T("review"), Go),
        new(Verb.Peers, "peers", ["3"], T("peers"), T("peers and sync"), Go),
        new(Verb.Trust, "trust", ["4"], T("trust"), T("authors, trust"), Go),
        new(Verb.Statistics, "stats", ["5"], T("statistics"), T("statistics"), Go),
        new(Verb.Drafts, "drafts", ["6"], T("drafts"), T("drafts, receipts"), Go),
        new(Verb.Alerts, "alerts", ["7"], T("alerts"), T("saved searches"), Go),
        new(Verb.Search, "search", ["/"], T("search"), T("search"), Go),
        new(Verb.Palette, "command", [":"], T("command"), T("any command"), Go),
        new(Verb.Keys, "keys", ["?"], T("keys"), T("these keys"), Go),
        new(Verb.Jobs, "jobs", [], T("jobs"), T("what is under way"), Go),
        new(Verb.Stop, "stop", ["ctrl-x"], T("stop"), T("stop the job"), Go),
        new(Verb.BareText, "bare", ["ctrl-y"], T("bare text"), T("bare, for mouse"), Go),
        new(Verb.Redraw, "redraw", ["ctrl-l"], T("redraw"), T("redraw"), Go),
        new(Verb.Quit, "quit", ["q"], T("quit"), T("quit"), Go),
        new(Verb.QuitNow, "quit-now", ["ctrl-c"], T("quit"), T("quit at once"), Go),
    ];

    private static Binding[] ListRows() =>
    [
        new(Verb.Facets, "facets", ["f"], T("facets"), T("facets"), List),
        new(Verb.Sort, "sort", ["s"], T("sort"), T("sort"), List),
        new(Verb.Follow, "follow", ["F"], T("follow"), T("follow new ones"), List),
        new(Verb.Save, "save", ["S"], T("save search"), T("save search"), List),
        new(Verb.Export, "export", ["E"], T("export"), T("export"), List),
    ];

    private static Binding[] JudgeRows() =>
    [
        new(Verb.Same, "same", ["="], T("same"), T("same event"), Judge),
        new(Verb.Different, "different", ["-"], T("different"), T("other event"), Judge),
        new(Verb.CannotTell, "cannot-tell", ["0"], T("cannot tell"), T("cannot tell"), Judge),
        new(Verb.Pair, "pair", ["P"], T("pair"), T("side by side"), Judge),
        new(Verb.Reason, "reason", ["r"], T("reason first"), T("give a reason"), Judge),
        new(Verb.Accept, "accept", ["p"], T("accept"), T("accept"), Judge),
        new(Verb.TrustAuthor, "trust-author", ["T"], T("trust author"), T("trust author"), Judge),
        new(Verb.Drop, "drop", ["D"], T("drop"), T("drop"), Judge),
        new(Verb.Deny, "deny", ["X"], T("deny author"), T("deny author"), Judge),
        new(Verb.Name, "name", ["N"], T("name"), T("your name for it"), Judge),
        new(Verb.OwnKeys, "own-keys", ["K"], T("own keys"), T("own keys"), Judge),
        new(Verb.Mark, "mark", ["space"], T("mark"), T("mark"), Judge),
        new(Verb.MarkAll, "mark-all", ["ctrl-a"], T("all"), T("mark all"), Judge),
    ];

    private static Binding[] OtherRows() =>
    [
        new(Verb.Sync, "sync", ["R"], T("sync now"), T("sync now"), Other),
        new(Verb.Axis, "axis", ["A"], T("axis"), T("other axis"), Other),
        new(Verb.Split, "split", ["B"], T("split"), T("split bars"), Other),
    ];
}

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
    Search,
    Palette,
    Keys,
    Jobs,
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

    /// <summary>Every binding, in the order of the help screen.</summary>
    public static IReadOnlyList<Binding> All { get; } =
    [
        new(Verb.Down, "down", ["j", "down"], "down", "down", Move),
        new(Verb.Up, "up", ["k", "up"], "up", "up", Move),
        new(Verb.Top, "top", ["g", "home"], "top", "top, take in new", Move),
        new(Verb.Bottom, "bottom", ["G", "end"], "bottom", "bottom", Move),
        new(Verb.HalfDown, "half-down", ["ctrl-d"], "half a page down", "half a page down", Move),
        new(Verb.HalfUp, "half-up", ["ctrl-u"], "half a page up", "half a page up", Move),
        new(Verb.PageDown, "page-down", ["pgdn"], "page down", "a page down", Move),
        new(Verb.PageUp, "page-up", ["pgup"], "page up", "a page up", Move),
        new(Verb.Pane, "pane", ["tab"], "pane", "other pane", Move),
        new(Verb.Back, "back", ["esc", "left"], "back", "back one level", Move),
        new(Verb.Zoom, "zoom", ["z"], "zoom", "text full width", Move),
        new(Verb.Open, "open", ["enter", "right"], "open", "open", Report),
        new(Verb.New, "new", ["n"], "new", "write a new one", Report),
        new(Verb.Attest, "attest", ["a"], "attest", "say what you know", Report),
        new(Verb.Cluster, "cluster", ["c"], "same event", "same event", Report),
        new(Verb.Correct, "correct", ["e"], "correct", "correct (yours)", Report),
        new(Verb.Retract, "retract", ["x"], "retract", "take back (yours)", Report),
        new(Verb.Link, "link", ["l"], "link", "link to another", Report),
        new(Verb.Verify, "verify", ["v"], "verify", "check again", Report),
        new(Verb.Readers, "readers", ["w"], "who reads", "who can read it", Report),
        new(Verb.History, "history", ["h"], "history", "versions as diff", Report),
        new(Verb.Translate, "translate", ["t"], "translate", "translation", Report),
        new(Verb.Bookmark, "bookmark", ["b"], "bookmark", "bookmark", Report),
        new(Verb.MarkRead, "mark-read", ["m"], "mark read", "mark read", Report),
        new(Verb.CopyId, "copy", ["y"], "copy", "copy id", Report),
        new(Verb.CopyCitation, "cite", ["Y"], "cite", "copy citation", Report),
        new(Verb.Undo, "undo", ["u"], "undo", "undo", Report),
        new(Verb.Reports, "reports", ["1"], "reports", "all reports", Go),
        new(Verb.Review, "review", ["2"], "review", "review", Go),
        new(Verb.Peers, "peers", ["3"], "peers", "peers and sync", Go),
        new(Verb.Trust, "trust", ["4"], "trust", "authors, trust", Go),
        new(Verb.Statistics, "stats", ["5"], "statistics", "statistics", Go),
        new(Verb.Drafts, "drafts", ["6"], "drafts", "drafts, receipts", Go),
        new(Verb.Search, "search", ["/"], "search", "search", Go),
        new(Verb.Palette, "command", [":"], "command", "any command", Go),
        new(Verb.Keys, "keys", ["?"], "keys", "these keys", Go),
        new(Verb.Jobs, "jobs", [], "jobs", "what is under way", Go),
        new(Verb.BareText, "bare", ["ctrl-y"], "bare text", "bare, for mouse", Go),
        new(Verb.Redraw, "redraw", ["ctrl-l"], "redraw", "redraw", Go),
        new(Verb.Quit, "quit", ["q"], "quit", "quit", Go),
        new(Verb.QuitNow, "quit-now", ["ctrl-c"], "quit", "quit at once", Go),
        new(Verb.Facets, "facets", ["f"], "facets", "facets", List),
        new(Verb.Sort, "sort", ["s"], "sort", "sort", List),
        new(Verb.Follow, "follow", ["F"], "follow", "follow new ones", List),
        new(Verb.Save, "save", ["S"], "save search", "save search", List),
        new(Verb.Export, "export", ["E"], "export", "export", List),
        new(Verb.Same, "same", ["="], "same", "same event", Judge),
        new(Verb.Different, "different", ["-"], "different", "other event", Judge),
        new(Verb.CannotTell, "cannot-tell", ["0"], "cannot tell", "cannot tell", Judge),
        new(Verb.Pair, "pair", ["P"], "pair", "side by side", Judge),
        new(Verb.Reason, "reason", ["r"], "reason first", "give a reason", Judge),
        new(Verb.Accept, "accept", ["p"], "accept", "accept", Judge),
        new(Verb.TrustAuthor, "trust-author", ["T"], "trust author", "trust author", Judge),
        new(Verb.Drop, "drop", ["D"], "drop", "drop", Judge),
        new(Verb.Deny, "deny", ["X"], "deny author", "deny author", Judge),
        new(Verb.Name, "name", ["N"], "name", "your name for it", Judge),
        new(Verb.OwnKeys, "own-keys", ["K"], "own keys", "own keys", Judge),
        new(Verb.Mark, "mark", ["space"], "mark", "mark", Judge),
        new(Verb.MarkAll, "mark-all", ["ctrl-a"], "all", "mark all", Judge),
        new(Verb.Sync, "sync", ["R"], "sync now", "sync now", Other),
        new(Verb.Axis, "axis", ["A"], "axis", "other axis", Other),
        new(Verb.Split, "split", ["B"], "split", "split bars", Other),
    ];

    private static readonly Dictionary<string, Binding> ByKey = All
        .SelectMany(b => b.Keys.Select(k => (k, b)))
        .ToDictionary(p => p.k, p => p.b, StringComparer.Ordinal);

    private static readonly Dictionary<Verb, Binding> ByVerb = All.ToDictionary(b => b.Verb);

    /// <summary>What a key does, or null.</summary>
    public static Binding? Find(string key) => ByKey.GetValueOrDefault(key);

    /// <summary>The binding of a verb.</summary>
    public static Binding Of(Verb verb) => ByVerb[verb];

    /// <summary>Where a verb works, for a view in which it does not.</summary>
    public static string Where(Verb verb) => Of(verb).Group switch
    {
        Report => "select a report first; 1 lists them",
        List => "works on a list of reports; 1 is one",
        Judge => "works in 2 review and 4 trust, and on the reports of an event (c)",
        Other => verb == Verb.Sync ? "works in 3 peers" : "works in 5 statistics",
        _ => "not here",
    };

    /// <summary>Bindings whose command begins with <paramref name="text"/>; an exact name alone.</summary>
    public static IReadOnlyList<Binding> Matching(string text) =>
        All.FirstOrDefault(b => b.Command == text) is { } exact
            ? [exact]
            : [.. All.Where(b => b.Command.StartsWith(text, StringComparison.Ordinal))];
}

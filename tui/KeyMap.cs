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
    Peers,
    Search,
    Palette,
    Keys,
    Quit,
    QuitNow,
    Open,
    Cluster,
    Redraw,
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
    /// <summary>The key as help and hints write it.</summary>
    public string Key => Keys[0];
}

/// <summary>The one list of keys: help, hint line and palette are generated from it.</summary>
internal static class KeyMap
{
    private const string Move = "MOVE";
    private const string Report = "ON A REPORT";
    private const string Go = "GO";

    /// <summary>Every binding, in the order of the help screen.</summary>
    public static IReadOnlyList<Binding> All { get; } =
    [
        new(Verb.Down, "down", ["j", "down"], "down", "down", Move),
        new(Verb.Up, "up", ["k", "up"], "up", "up", Move),
        new(Verb.Top, "top", ["g", "home"], "top", "top, take in new", Move),
        new(Verb.Bottom, "bottom", ["G", "end"], "bottom", "bottom", Move),
        new(Verb.HalfDown, "half-down", ["ctrl-d"], "half a page down", "half a page down", Move),
        new(Verb.HalfUp, "half-up", ["ctrl-u"], "half a page up", "half a page up", Move),
        new(Verb.PageDown, "page-down", ["pgdn", "space"], "page down", "a page down", Move),
        new(Verb.PageUp, "page-up", ["pgup"], "page up", "a page up", Move),
        new(Verb.Pane, "pane", ["tab"], "pane", "other pane", Move),
        new(Verb.Back, "back", ["esc", "left"], "back", "back one level", Move),
        new(Verb.Open, "open", ["enter", "right"], "open", "open", Report),
        new(Verb.Cluster, "cluster", ["c"], "same event", "same event", Report),
        new(Verb.Zoom, "zoom", ["z"], "zoom", "text full width", Report),
        new(Verb.Reports, "reports", ["1"], "reports", "all reports", Go),
        new(Verb.Peers, "peers", ["3"], "peers", "peers and sync", Go),
        new(Verb.Search, "search", ["/"], "search", "search", Go),
        new(Verb.Palette, "command", [":"], "command", "any command", Go),
        new(Verb.Keys, "keys", ["?"], "keys", "these keys", Go),
        new(Verb.Redraw, "redraw", ["ctrl-l"], "redraw", "redraw", Go),
        new(Verb.Quit, "quit", ["q"], "quit", "quit", Go),
        new(Verb.QuitNow, "quit-now", ["ctrl-c"], "quit", "quit at once", Go),
    ];

    private static readonly Dictionary<string, Binding> ByKey = All
        .SelectMany(b => b.Keys.Select(k => (k, b)))
        .ToDictionary(p => p.k, p => p.b, StringComparer.Ordinal);

    private static readonly Dictionary<Verb, Binding> ByVerb = All.ToDictionary(b => b.Verb);

    /// <summary>What a key does, or null.</summary>
    public static Binding? Find(string key) => ByKey.GetValueOrDefault(key);

    /// <summary>The binding of a verb.</summary>
    public static Binding Of(Verb verb) => ByVerb[verb];

    /// <summary>Bindings whose command begins with <paramref name="text"/>; an exact name alone.</summary>
    public static IReadOnlyList<Binding> Matching(string text) =>
        All.FirstOrDefault(b => b.Command == text) is { } exact
            ? [exact]
            : [.. All.Where(b => b.Command.StartsWith(text, StringComparison.Ordinal))];
}

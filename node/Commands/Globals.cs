using System.CommandLine;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>The flags that every command takes (<c>specs/command-line.md</c>, "Global flags").</summary>
internal static class Globals
{
    public static readonly Option<bool> Json = Flag("--json", T("print one JSON document"));

    public static readonly Option<bool> JsonLines = Flag("--jsonl", T("print one JSON object a line"));

    public static readonly Option<bool> Quiet = Flag("--quiet", T("print ids and results alone"), "-q");

    public static readonly Option<bool> Verbose = Flag("--verbose", T("say more"), "-v");

    public static readonly Option<bool> Plain = Flag("--plain", T("no bars, no columns: for screen readers"));

    public static readonly Option<bool> NoColor = Flag("--no-color", T("no colour, as NO_COLOR"));

    public static readonly Option<bool> Offline = Flag("--offline",
        T("open the folder, even if a node runs"));

    public static readonly Option<bool> Yes = Flag("--yes", T("answer yes to questions"), "-y");

    public static readonly Option<string?> Home = Text("--home", "DIR", T("the node's folder"));

    public static readonly Option<string?> Config = Text("--config", "FILE", T("the settings file"));

    public static readonly Option<string?> Node = Text("--node", "SOCKET|URL", T("the node to talk to"));

    public static readonly Option<string?> PassphraseFile =
        Text("--passphrase-file", "FILE", T("file that holds the passphrase of the keys"));

    // Taken before the line is parsed: help is in it, too.
    private static readonly Option<string?> Language =
        Text("--ui-lang", "LANG", T("language of the texts: en, de, fr or es"));

    public static IEnumerable<Option> All =>
    [
        Json, JsonLines, Quiet, Verbose, Plain, NoColor, Offline, Yes, Home, Config, Node, PassphraseFile,
        Language,
    ];

    private static Option<bool> Flag(string name, string help, params string[] aliases) =>
        new(name, aliases) { Description = help, Recursive = true };

    private static Option<string?> Text(string name, string value, string help) =>
        new(name) { Description = help, HelpName = value, Recursive = true };
}

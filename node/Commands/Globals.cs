using System.CommandLine;

namespace IncidentMesh.Node.Commands;

/// <summary>The flags that every command takes (<c>specs/command-line.md</c>, "Global flags").</summary>
internal static class Globals
{
    public static readonly Option<bool> Json = Flag("--json", "print one JSON document");

    public static readonly Option<bool> JsonLines = Flag("--jsonl", "print one JSON object a line");

    public static readonly Option<bool> Quiet = Flag("--quiet", "print ids and results alone", "-q");

    public static readonly Option<bool> Verbose = Flag("--verbose", "say more", "-v");

    public static readonly Option<bool> Plain = Flag("--plain", "no bars, no columns: for screen readers");

    public static readonly Option<bool> NoColor = Flag("--no-color", "no colour, as NO_COLOR");

    public static readonly Option<bool> Offline = Flag("--offline", "open the folder, even if a node runs");

    public static readonly Option<bool> Yes = Flag("--yes", "answer yes to questions", "-y");

    public static readonly Option<string?> Home = Text("--home", "DIR", "the node's folder");

    public static readonly Option<string?> Config = Text("--config", "FILE", "the settings file");

    public static readonly Option<string?> Node = Text("--node", "SOCKET|URL", "the node to talk to");

    public static readonly Option<string?> PassphraseFile =
        Text("--passphrase-file", "FILE", "file that holds the passphrase of the keys");

    public static IEnumerable<Option> All =>
    [
        Json, JsonLines, Quiet, Verbose, Plain, NoColor, Offline, Yes, Home, Config, Node, PassphraseFile,
    ];

    private static Option<bool> Flag(string name, string help, params string[] aliases) =>
        new(name, aliases) { Description = help, Recursive = true };

    private static Option<string?> Text(string name, string value, string help) =>
        new(name) { Description = help, HelpName = value, Recursive = true };
}

namespace IncidentMesh.Tui;

/// <summary>The command line: <c>incidentmesh-tui [QUERY] [flags]</c>.</summary>
internal sealed record Options
{
    public string Query { get; private init; } = "";

    public string? Node { get; private init; }

    public string? Home { get; private init; }

    public bool Ascii { get; private init; }

    public bool NoColour { get; private init; }

    /// <summary>Who puts right-to-left text into the order of the screen: <c>terminal</c>, <c>app</c>, or
    /// <c>auto</c>, the terminal where it is known to do it.</summary>
    public string Bidi { get; private init; } = "auto";

    public bool Help { get; private init; }

    public bool Version { get; private init; }

    /// <summary>Printed for <c>--help</c>.</summary>
    public const string Usage = """
        usage: incidentmesh-tui [QUERY] [--node=SOCKET|URL] [--home=DIR] [--ascii] [--no-color]

        The reports of a node in the terminal. QUERY is what / would be given, e.g.
          incidentmesh-tui 'country:DE,FR severity>=serious since:7d'

          --node=SOCKET|URL  the node: its socket, or http://127.0.0.1:PORT with INCIDENTMESH_TOKEN_FILE
          --home=DIR         the node that keeps everything in DIR
          --bidi=WHO         who orders right-to-left text: terminal, app or auto
          --ascii            draw nothing of our own beyond ASCII
          --no-color         no colour (also NO_COLOR, TERM=dumb)
          --version          print the version

        Keys: ? inside.
        """;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="UsageException">A flag is unknown or lacks its value.</exception>
    public static Options Parse(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var options = new Options { Ascii = environment("INCIDENTMESH_ASCII") is { Length: > 0 } };
        var words = new List<string>();
        bool flags = true;
        for (int i = 0; i < args.Count; i++)
        {
            string arg = args[i];
            if (!flags || !arg.StartsWith('-') || arg.Length == 1 || IsNegatedClause(arg))
            {
                words.Add(arg);
                continue;
            }

            string name = arg.Split('=', 2)[0];
            string Value() => arg.Contains('=', StringComparison.Ordinal)
                ? arg[(name.Length + 1)..]
                : ++i < args.Count ? args[i]
                    : throw new UsageException($"{name} needs a value", $"{name}=VALUE");
            switch (name)
            {
                case "--":
                    flags = false;
                    break;
                case "--node":
                    options = options with { Node = Value() };
                    break;
                case "--home":
                    options = options with { Home = Value() };
                    break;
                case "--bidi":
                    options = options with { Bidi = Bidirectional(Value()) };
                    break;
                case "--ascii":
                    options = options with { Ascii = true };
                    break;
                case "--no-color":
                    options = options with { NoColour = true };
                    break;
                case "--help" or "-h":
                    options = options with { Help = true };
                    break;
                case "--version":
                    options = options with { Version = true };
                    break;
                case "--plain":
                    throw new UsageException(
                        "this program fills the screen", "incidentmesh search prints lines");
                default:
                    throw new UsageException(
                        $"unknown flag {name}", "incidentmesh-tui --help lists the flags");
            }
        }

        return options with { Query = string.Join(' ', words) };
    }

    private static string Bidirectional(string who) => who is "terminal" or "app" or "auto"
        ? who
        : throw new UsageException($"\"{who}\" orders no text", "--bidi=terminal, app or auto");

    // "-state:retracted" is a clause of a query, not a flag.
    private static bool IsNegatedClause(string arg) =>
        !arg.StartsWith("--", StringComparison.Ordinal) && arg.Contains(':', StringComparison.Ordinal);
}

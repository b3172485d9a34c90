using System.Globalization;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui;

/// <summary>The command line: <c>incidentmesh-tui [QUERY] [flags]</c>.</summary>
internal sealed record Options
{
    private const int UndoMax = 3600;

    public string Query { get; private init; } = "";

    public string? Node { get; private init; }

    public string? Home { get; private init; }

    public bool Ascii { get; private init; }

    public bool NoColour { get; private init; }

    /// <summary>Who puts right-to-left text into the order of the screen: <c>terminal</c>, <c>app</c>, or
    /// <c>auto</c>, the terminal where it is known to do it.</summary>
    public string Bidi { get; private init; } = "auto";

    /// <summary>No full screen: lines in, lines out.</summary>
    public bool Plain { get; private init; }

    /// <summary>Whether the mouse is listened to.</summary>
    public bool Mouse { get; private init; } = true;

    /// <summary>How long a record is held before it is sent.</summary>
    public TimeSpan Undo { get; private init; } = TimeSpan.FromSeconds(10);

    /// <summary>The language of the texts, or null for that of the locale.</summary>
    public string? Language { get; private init; }

    public bool Help { get; private init; }

    public bool Version { get; private init; }

    /// <summary>Printed for <c>--help</c>.</summary>
    public static string Usage => T("""
        usage: incidentmesh-tui [QUERY] [--node=SOCKET|URL] [--home=DIR] [--plain] [--ascii] [--no-color]

        The reports of a node in the terminal. QUERY is what / would be given, e.g.
          incidentmesh-tui 'country:DE,FR severity>=serious since:7d'

          --node=SOCKET|URL  the node: its socket, or http://127.0.0.1:PORT with INCIDENTMESH_TOKEN_FILE
          --home=DIR         the node that keeps everything in DIR
          --plain            line by line, without a full screen: for screen readers and pipes
          --bidi=WHO         who orders right-to-left text: terminal, app or auto
          --ascii            draw nothing of our own beyond ASCII
          --no-color         no colour (also NO_COLOR, TERM=dumb)
          --ui-lang=LANG     language of the texts: en, de, fr, es
          --version          print the version

        Keys: ? inside.
        """);

    /// <summary>Reads the arguments; what they leave open is taken from the environment.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="settings">Gives, for the value of <c>--home</c>, what reads a variable.</param>
    /// <exception cref="UsageException">A flag is unknown or lacks its value.</exception>
    public static Options Parse(
        IReadOnlyList<string> args, Func<string?, Func<string, string?>> settings)
    {
        (Options given, List<string> words) = Read(args);
        Func<string, string?> variable = settings(given.Home);
        bool On(string name) => variable(name) is { Length: > 0 } and not "false";
        return given with
        {
            Query = string.Join(' ', words),
            Ascii = given.Ascii || On("INCIDENTMESH_ASCII"),
            Plain = given.Plain || On("INCIDENTMESH_PLAIN"),
            Mouse = variable("INCIDENTMESH_UI_MOUSE") is not "false",
            Bidi = Bidirectional(
                given.Bidi.Length > 0 ? given.Bidi : variable("INCIDENTMESH_UI_BIDI") ?? "auto"),
            Undo = Seconds(variable("INCIDENTMESH_UI_UNDO") ?? "10"),
            Language = Known(given.Language ?? variable("INCIDENTMESH_UI_LANG")),
        };
    }

    private static (Options Given, List<string> Words) Read(IReadOnlyList<string> args)
    {
        var options = new Options { Bidi = "" };
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
                    : throw new UsageException(T($"{name} needs a value"), $"{name}=VALUE");
            flags = name != "--";
            options = name switch
            {
                "--" => options,
                "--node" => options with { Node = Value() },
                "--home" => options with { Home = Value() },
                "--bidi" => options with { Bidi = Bidirectional(Value()) },
                "--ui-lang" => options with { Language = Value() },
                "--ascii" => options with { Ascii = true },
                "--no-color" => options with { NoColour = true },
                "--plain" => options with { Plain = true },
                "--help" or "-h" => options with { Help = true },
                "--version" => options with { Version = true },
                _ => throw new UsageException(
                    T($"unknown flag {name}"), T("incidentmesh-tui --help lists the flags")),
            };
        }

        return (options, words);
    }

    private static TimeSpan Seconds(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
        && seconds <= UndoMax
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException(
                T($"ui.undo is a number of seconds, not \"{text}\""), T($"{UndoMax} at most"));

    private static string? Known(string? language) => language is null || Has(language)
        ? language
        : throw new UsageException(T($"no texts in \"{language}\""), T("en, de, fr or es"));

    private static string Bidirectional(string who) => who is "terminal" or "app" or "auto"
        ? who
        : throw new UsageException(T($"\"{who}\" orders no text"), T("--bidi=terminal, app or auto"));

    // "-state:retracted" is a clause of a query, not a flag.
    private static bool IsNegatedClause(string arg) =>
        !arg.StartsWith("--", StringComparison.Ordinal) && arg.Contains(':', StringComparison.Ordinal);
}

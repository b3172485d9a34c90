using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>All commands, and what becomes of a line that is none.</summary>
internal static class CommandLine
{
    // Names that people.md and specs/command-line.md reserve; refused by name until they are built.
    private static readonly string[] Later =
    [
        "receipt", "relabel", "erase", "scan", "compare",
    ];

    // What names something: a file, a folder, a record. Empty, it is a mistake, often of a script.
    private static readonly string[] Naming =
    [
        "FILE", "DIR", "SOCKET|URL", "ADDR", "HOST:PORT", "FIELD", "id", "file", "peer", "author", "address",
    ];

    private static readonly Dictionary<string, Func<Command>> Commands = new(StringComparer.Ordinal)
    {
        ["init"] = InitCommand.Build, ["run"] = RunCommand.Build, ["submit"] = SubmitCommand.Build,
        ["import"] = ImportCommand.Build, ["export"] = ExportCommand.Build, ["search"] = SearchCommand.Build,
        ["show"] = ShowCommand.Build, ["cluster"] = ClusterCommand.Build, ["link"] = AnswerCommands.Link,
        ["attest"] = AnswerCommands.Attest, ["correct"] = AnswerCommands.Correct,
        ["retract"] = AnswerCommands.Retract, ["verify"] = VerifyCommand.Build,
        ["review"] = ReviewCommand.Build, ["stats"] = StatsCommand.Build, ["alert"] = AlertCommand.Build,
        ["mark"] = MarkCommand.Build, ["watch"] = WatchCommand.Build, ["peers"] = PeersCommand.Build,
        ["trust"] = TrustCommand.Build, ["sync"] = SyncCommand.Build, ["keys"] = KeysCommand.Build,
        ["draft"] = DraftCommand.Build, ["explain"] = ExplainCommand.Build, ["config"] = ConfigCommand.Build,
        ["completion"] = () => CompletionCommand.Build(Build), ["tui"] = TuiCommand.Build,
        ["status"] = StatusCommand.Build, ["doctor"] = DoctorCommand.Build, ["demo"] = DemoCommand.Build,
    };

    /// <summary>The root command with all others.</summary>
    public static RootCommand Build() => Build([]);

    // With the one command alone that a line begins with: all take longer to set up than most take to run.
    private static RootCommand Build(string[] args)
    {
        RootCommand root =
            new(T("Exchange signed reports of AI incidents with other nodes, without a centre."));
        string first = args.Length > 0 ? args[0] : "";
        bool named = Commands.TryGetValue(first, out Func<Command>? build);
        if (named)
        {
            root.Add(build!());
        }
        else if (first != "--version")
        {
            AddAll(root);
        }

        foreach (Option option in Globals.All)
        {
            root.Options.Add(option);
        }

        // It may stand beside --home and --json.
        root.Options.OfType<VersionOption>().Single().Validators.Clear();
        ShowExamples(root);
        return root;
    }

    private static void AddAll(RootCommand root)
    {
        foreach (Func<Command> build in Commands.Values)
        {
            root.Add(build());
        }

        foreach (string name in Later)
        {
            Command later = new(name) { Hidden = true, TreatUnmatchedTokensAsErrors = false };
            root.Subcommands.Add(later.Does((_, _, _) => throw ApiException.Later(name)));
        }
    }

    /// <summary>Whether a flag takes a value.</summary>
    public static bool TakesValue(Option option) => option.ValueType != typeof(bool) && option.Action is null;

    /// <summary>The words of a line that is being typed which are neither flags nor their values.</summary>
    public static string[] WordsOf(IEnumerable<string> line)
    {
        List<string> words = [];
        Option[] known = [.. Globals.All];
        bool value = false;
        foreach (string word in line)
        {
            bool flag = word.StartsWith('-');
            if (!value && !flag)
            {
                words.Add(word);
                known = words.Count == 1 && Commands.TryGetValue(word, out Func<Command>? build)
                    ? [.. known, .. OptionsOf(build())] : known;
            }

            value = !value && flag && known.Any(o => o.Name == word && TakesValue(o));
        }

        return [.. words];
    }

    private static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Concat(command.Subcommands.SelectMany(OptionsOf));

    /// <summary>Runs one line.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        if (args is ["__complete", .. var line])
        {
            Completion.OfferAsync(
                line, Session.Variable("INCIDENTMESH_NODE") ?? Store.DataFolder.Resolve().Socket,
                Completion.Patience, Console.Out).GetAwaiter().GetResult();
            return ExitCode.Done;
        }

        // JSON is for programs, its messages too.
        if (args.Contains("--json") || args.Contains("--jsonl"))
        {
            Use("en");
        }

        // The words of System.CommandLine itself are put into ours.
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        args = [.. WithEmptyValues(args)];
        RootCommand root = Build(args);
        if (args.Length == 0)
        {
            return root.Parse(["--help"]).Invoke();
        }

        // "@name" is an author here, not a file of further arguments; "-video" is a word that a query leaves
        // out, not -v with more.
        ParseResult parse = root.Parse(args, new ParserConfiguration
        {
            ResponseFileTokenReplacer = null,
            EnablePosixBundling = false,
        });
        // "-v:x" is none of the short flags, whatever System.CommandLine makes of it.
        string[] joined = [.. args.TakeWhile(a => a != "--").Where(
            a => a is ['-', 'h' or 'q' or 'v' or 'y' or '?', ':' or '=', ..])];

        // Help is given on a line that lacks its arguments, too.
        if (joined.Length > 0 || (parse.Action is not ExampleHelp
            && (parse.Errors.Count > 0 || StrayFlags(parse).Any() || Nameless(parse) is not null)))
        {
            return FailUsage(parse, joined);
        }

        InvocationConfiguration configuration = new()
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
        };
        int exit = parse.Invoke(configuration);
        return exit is 130 or 143 ? ExitCode.Interrupted : exit;
    }

    // "--title=" has an empty value; System.CommandLine would take the next word for it.
    private static IEnumerable<string> WithEmptyValues(string[] args)
    {
        bool flags = true;
        foreach (string arg in args)
        {
            flags &= arg != "--";
            bool empty = flags && arg.EndsWith('=') && arg.StartsWith("--", StringComparison.Ordinal)
                && arg.IndexOf('=', StringComparison.Ordinal) == arg.Length - 1;
            yield return empty ? arg[..^1] : arg;
            if (empty)
            {
                yield return "";
            }
        }
    }

    private static int FailUsage(ParseResult parse, string[] joined)
    {
        string[] unmatched = [.. joined, .. parse.UnmatchedTokens, .. StrayFlags(parse)];
        string message = parse.Errors.Count > 0 ? Words(parse.Errors[0]) : Nameless(parse) ?? "";
        string? hint = $"{Path(parse)} --help";
        if (unmatched.Length > 0)
        {
            Command command = parse.CommandResult.Command;
            bool flag = unmatched[0].StartsWith('-');
            message = flag ? T($"unknown flag \"{unmatched[0]}\"")
                : command.Subcommands.Count > 0 ? T($"unknown command \"{unmatched[0]}\"")
                : T($"unknown argument \"{unmatched[0]}\"");
            IEnumerable<string> known = flag
                ? command.Options.Concat(Globals.All).Select(o => o.Name)
                : command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);
            string word = unmatched[0].Split('=')[0];
            string? near = known.MinBy(k => Distance(k, word));
            string? bare = near != word ? null
                : parse.Tokens.TakeWhile(t => t.Value != unmatched[0]).LastOrDefault()?.Value;
            message = bare is null ? message : T($"{bare} takes a value");
            hint = near is not null && near != word && Distance(near, word) <= 2
                ? T($"did you mean {near}?") : hint;
        }

        new Session(parse)
            .Fail(new ErrorBody("usage", char.ToLowerInvariant(message[0]) + message[1..], hint, 2));
        return ExitCode.Usage;
    }

    private static string? Nameless(ParseResult parse)
    {
        for (SymbolResult? at = parse.CommandResult; at is CommandResult command; at = at.Parent)
        {
            foreach (SymbolResult empty in command.Children
                .Where(child => child.Tokens.Any(token => token.Value.Length == 0)))
            {
                switch (empty)
                {
                    case OptionResult { Option: { } option } when Naming.Contains(option.HelpName):
                        return T($"{option.Name} takes a value");
                    case ArgumentResult { Argument: { } argument } when Naming.Contains(argument.Name):
                        return T($"<{argument.Name}> is missing");
                }
            }
        }

        return null;
    }

    // System.CommandLine says it in its own words, and in other languages than ours.
    private static string Words(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Option: { } option, Tokens: [var given] } when IsNumber(option.ValueType) =>
            T($"{option.Name} takes a whole number, not \"{given.Value}\""),
        OptionResult { Option: { } option, Tokens.Count: > 1 } => T($"{option.Name} is given more than once"),
        OptionResult { Option: { } option, Tokens.Count: 0 } => T($"{option.Name} takes a value"),
        ArgumentResult { Argument: { } argument, Tokens: [.., var given] }
            when IsNumber(argument.ValueType) =>
            T($"<{argument.Name}> is a whole number, not \"{given.Value}\""),
        ArgumentResult { Argument: { } argument } => T($"<{argument.Name}> is missing"),
        CommandResult { Command: { } command } result
            when command.Arguments.FirstOrDefault(a => Lacks(result, a)) is { } missing =>
            T($"<{missing.Name}> is missing"),
        CommandResult { Command.Subcommands: { Count: > 0 } next } =>
            T($"one of these is missing: {Names(next)}"),
        _ => error.Message.TrimEnd('.'),
    };

    private static string Names(IEnumerable<Command> commands) =>
        string.Join(", ", commands.Where(c => !c.Hidden).Select(c => c.Name));

    private static bool IsNumber(Type type) => (Nullable.GetUnderlyingType(type) ?? type) == typeof(int);

    private static bool Lacks(CommandResult result, Argument argument) =>
        (result.GetResult(argument)?.Tokens.Count ?? 0) < argument.Arity.MinimumNumberOfValues;

    // A query takes any number of words, "-word" among them; elsewhere such a word was meant as a flag, and
    // what begins with two dashes everywhere.
    private static IEnumerable<string> StrayFlags(ParseResult parse)
    {
        Token[] words = [.. parse.Tokens.TakeWhile(t => t.Type != TokenType.DoubleDash)
            .Where(t => t.Type == TokenType.Argument)];
        HashSet<Token> named = [.. parse.CommandResult.Children.OfType<ArgumentResult>()
            .Where(a => a.Argument.Name != "query").SelectMany(a => a.Tokens)];
        return words.Where(t => t.Value.StartsWith("--", StringComparison.Ordinal)
            || (t.Value is ['-', _, ..] && named.Contains(t))).Select(t => t.Value);
    }

    private static string Path(ParseResult parse)
    {
        List<string> names = [];
        for (SymbolResult? at = parse.CommandResult; at is not null; at = at.Parent)
        {
            if (at is CommandResult { Command: { } command })
            {
                names.Insert(0, command is RootCommand ? "incidentmesh" : command.Name);
            }
        }

        return string.Join(' ', names);
    }

    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            (int diagonal, row[0]) = (row[0], i);
            for (int j = 1; j <= b.Length; j++)
            {
                int cost =
                    Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], cost);
            }
        }

        return row[b.Length];
    }

    private static void ShowExamples(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Description = T("Show help and usage information");
        root.Options.OfType<VersionOption>().Single().Description = T("Show version information");
        help.Action = new ExampleHelp((HelpAction)help.Action!);
    }

    private sealed class ExampleHelp(HelpAction standard) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            TextWriter print = parseResult.InvocationConfiguration.Output;
            using StringWriter help = new();
            parseResult.InvocationConfiguration.Output = help;
            int exit = standard.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output = print;
            foreach (string line in help.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n'))
            {
                print.WriteLine(Translated(line));
            }

            print.WriteLine();
            IReadOnlyList<string> examples = Cli.ExamplesOf(parseResult.CommandResult.Command);
            if (examples.Count > 0)
            {
                print.WriteLine(T("Examples:"));
                foreach (string example in examples)
                {
                    print.WriteLine($"  {example}");
                }

                print.WriteLine();
            }

            return exit;
        }

        private static string Translated(string line) => line switch
        {
            "Description:" => T("Description:"),
            "Usage:" => T("Usage:"),
            "Arguments:" => T("Arguments:"),
            "Options:" => T("Options:"),
            "Commands:" => T("Commands:"),
            _ when line.StartsWith("  incidentmesh", StringComparison.Ordinal) => line
                .Replace("[command]", $"[{T("command")}]", StringComparison.Ordinal)
                .Replace("[options]", $"[{T("options")}]", StringComparison.Ordinal),
            _ => line.Replace("[default: ", $"[{T("default")}: ", StringComparison.Ordinal),
        };
    }
}

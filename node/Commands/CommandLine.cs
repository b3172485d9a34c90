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

    /// <summary>Runs one line.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        if (args is ["__complete", ..])
        {
            CompletionCommand.CompleteAsync(
                args.Length > 1 ? args[^1] : "",
                Session.Variable("INCIDENTMESH_NODE") ?? Store.DataFolder.Resolve().Socket,
                CompletionCommand.Patience, Console.Out).GetAwaiter().GetResult();
            return ExitCode.Done;
        }

        // JSON is for programs, its messages too.
        if (args.Contains("--json") || args.Contains("--jsonl"))
        {
            Use("en");
        }

        // The words of System.CommandLine itself come with it in these languages.
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(Language == Pseudo ? "en" : Language);
        RootCommand root = Build(args);
        // "@name" is an author here, not a file of further arguments.
        ParseResult parse = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        // Help is given on a line that lacks its arguments, too.
        if (parse.Action is not ExampleHelp && (parse.Errors.Count > 0 || StrayFlags(parse).Any()))
        {
            return FailUsage(parse);
        }

        if (parse.CommandResult.Command == root && parse.Action is null)
        {
            return root.Parse(["--help"]).Invoke();
        }

        InvocationConfiguration configuration = new()
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
        };
        int exit = parse.Invoke(configuration);
        return exit is 130 or 143 ? ExitCode.Interrupted : exit;
    }

    private static int FailUsage(ParseResult parse)
    {
        string[] unmatched = [.. parse.UnmatchedTokens, .. StrayFlags(parse)];
        string message = parse.Errors.Count > 0 ? Words(parse.Errors[0]) : "";
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
            hint = near is not null && Distance(near, word) <= 2 ? T($"did you mean {near}?") : hint;
        }

        new Session(parse)
            .Fail(new ErrorBody("usage", char.ToLowerInvariant(message[0]) + message[1..], hint, 2));
        return ExitCode.Usage;
    }

    private static string Words(ParseError error) =>
        error.SymbolResult is OptionResult { Option: { } option, Tokens: [{ } given] }
            && option.ValueType == typeof(int)
        ? $"{option.Name} takes a whole number, not \"{given.Value}\""
        : error.Message.TrimEnd('.');

    // A query takes any number of words, "-word" among them; what begins with two dashes was meant as a flag.
    private static IEnumerable<string> StrayFlags(ParseResult parse) => parse.Tokens
        .TakeWhile(t => t.Type != TokenType.DoubleDash)
        .Where(t => t.Type == TokenType.Argument && t.Value.StartsWith("--", StringComparison.Ordinal))
        .Select(t => t.Value);

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
            int exit = standard.Invoke(parseResult);
            IReadOnlyList<string> examples = Cli.ExamplesOf(parseResult.CommandResult.Command);
            TextWriter print = parseResult.InvocationConfiguration.Output;
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
    }
}

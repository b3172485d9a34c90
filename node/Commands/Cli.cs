using System.CommandLine;
using System.CommandLine.Invocation;
using IncidentMesh.Node.Serve;

namespace IncidentMesh.Node.Commands;

/// <summary>How a command is put together: its action, its examples, and what becomes of its
/// errors.</summary>
internal static class Cli
{
    private static readonly Dictionary<Command, string[]> Examples = [];

    /// <summary>Sets what <paramref name="command"/> does. Errors become <c>error:</c> and <c>hint:</c>
    /// lines.</summary>
    public static Command Does(
        this Command command, Func<Session, ParseResult, CancellationToken, Task<int>> action,
            params string[] examples)
    {
        Examples[command] = examples;
        command.SetAction((parse, stop) => RunAsync(parse, action, stop));
        return command;
    }

    /// <summary>The examples of a command, for its help.</summary>
    public static IReadOnlyList<string> ExamplesOf(Command command) =>
        Examples.TryGetValue(command, out string[]? examples) ? examples : [];

    /// <summary>A flag with a value.</summary>
    public static Option<string?> Text(string name, string value, string help) =>
        new(name) { Description = help, HelpName = value };

    /// <summary>A flag that may be given several times, or once with commas.</summary>
    public static Option<string[]> List(string name, string value, string help) => new(name)
    {
        Description = help,
        HelpName = value,
        DefaultValueFactory = _ => [],
        CustomParser = result => [.. result.Tokens.SelectMany(
            t => t.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
    };

    /// <summary>A flag without a value.</summary>
    public static Option<bool> Flag(string name, string help) => new(name) { Description = help };

    /// <summary>The value of a flag: <c>@FILE</c> stands for the file's text.</summary>
    public static async Task<string?> ValueAsync(
        this ParseResult parse, Option<string?> option, CancellationToken stop)
    {
        string? value = parse.GetValue(option);
        return value is ['@', ..] ? await Files.ReadTextAsync(value[1..], stop) : value;
    }

    private static async Task<int> RunAsync(
        ParseResult parse,
        Func<Session, ParseResult, CancellationToken, Task<int>> action,
        CancellationToken stop)
    {
        // Ctrl-c is heard once this has returned for the first time.
        await Task.Yield();
        Session session = new(parse);
        Terminal.Stop = stop;
        try
        {
            if (!ConfigCommand.Mends(parse))
            {
                Settings.Apply(session.Folder.ConfigFile);
            }

            Settings.CheckLanguage();
            session.BeginPage(parse);
            return await action(session, parse, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (Failure.Of(e) is { } error)
        {
            session.Fail(error);
            return error.Exit;
        }
        finally
        {
            session.FinishPage();
        }
    }
}

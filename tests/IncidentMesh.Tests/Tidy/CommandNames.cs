using System.CommandLine;
using System.Text.RegularExpressions;
using IncidentMesh.Node.Commands;

namespace IncidentMesh.Tests.Tidy;

/// <summary>What texts say of commands, against the commands that there are.</summary>
internal static partial class CommandNames
{
    private static readonly RootCommand Root = CommandLine.Build();

    private static readonly HashSet<string> Flags = [.. Commands(Root).SelectMany(c => c.Options)
        .SelectMany(o => o.Aliases.Append(o.Name)), "--version"];

    /// <summary>Names of commands and flags in a text that do not exist.</summary>
    public static IEnumerable<string> Missing(string text)
    {
        foreach (Match named in Named().Matches(text))
        {
            string[] words = named.Groups[1].Value.Split(' ');
            Command? command = Root.Subcommands.FirstOrDefault(c => c.Name == words[0]);
            if (command is null
                || (words.Length > 1 && command.Subcommands.Count > 0 && command.Arguments.Count == 0
                    && command.Subcommands.All(c => c.Name != words[1])))
            {
                yield return named.Value;
            }
        }

        foreach (Match flag in Flag().Matches(text).Where(f => !Flags.Contains(f.Value)))
        {
            yield return flag.Value;
        }
    }

    /// <summary>Whether a text is a line to type and nothing else.</summary>
    public static bool IsCommandLine(string text)
    {
        if (text.Split(' ') is not ["incidentmesh", .. var words])
        {
            return false;
        }

        Command command = Root;
        int at = 0;
        while (at < words.Length && command.Subcommands.FirstOrDefault(c => c.Name == words[at]) is { } next)
        {
            (command, at) = (next, at + 1);
        }

        return words[at..].All(w => w.StartsWith('-') || w.All(c => !char.IsAsciiLetterLower(c)));
    }

    private static IEnumerable<Command> Commands(Command command) =>
        command.Subcommands.SelectMany(Commands).Prepend(command);

    [GeneratedRegex(@"\bincidentmesh ([a-z][a-z-]*( [a-z][a-z-]*)?)")]
    private static partial Regex Named();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]*")]
    private static partial Regex Flag();
}

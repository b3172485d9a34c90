using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>What is typed and what is printed, as text files in <c>Transcripts</c>: good and bad use of each
/// command. <c>INCIDENTMESH_ACCEPT=1</c> writes the answers anew.
/// <code>
/// case    = { line }
/// line    = "$ " command | "2> " a line of standard error | "[exit " number "]" | a line of standard output
///         | "# " comment, on the first line alone | "-- " file name, then its lines up to "--" | "= node" |
/// "= stop" | "= no node folder" | "= next second" | "= locale " name
/// </code>
/// Ids, times and places are numbered or named (<see cref="TranscriptNames"/>); a command may use what an
/// earlier one printed: <c>id1</c>, <c>short1</c>. Without <c>[exit]</c> it is 0. Reports are dated by the
/// second: those that are to be in order come in different ones.</summary>
public sealed class TranscriptTests
{
    private const string NextSecond = "= next second";

    private static readonly string Folder =
        Path.Combine(Repo.Root, "tests", "IncidentMesh.Tests", "Commands", "Transcripts");

    // One command or more of each kind, in processes of their own.
    private static readonly string[] Cold =
        ["help-and-usage.txt", "import-and-export.txt", "init-and-run.txt", "languages.txt"];

    // One set-up for all: making keys takes longer than most commands.
    private static readonly Lazy<(CommandProcess Cli, string Author)> Template = new(SetUp);

    // All are played side by side, as many at once as there are processors; a test waits for its own.
    private static readonly SemaphoreSlim Slots = new(Environment.ProcessorCount);
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Played = new();

    public static TheoryData<string> Cases =>
        [.. Directory.EnumerateFiles(Folder, "*.txt").Select(f => Path.GetFileName(f)!).Order()];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Prints_what_the_transcript_says(string name)
    {
        foreach (string file in Directory.EnumerateFiles(Folder, "*.txt"))
        {
            _ = Played.GetOrAdd(
                Path.GetFileName(file), _ => new Lazy<Task<string>>(() => PlayAsync(file))).Value;
        }

        string path = Path.Combine(Folder, name);
        string[] expected = File.ReadAllLines(path);
        string actual = await Played[name].Value;
        if (Environment.GetEnvironmentVariable("INCIDENTMESH_ACCEPT") is "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(string.Join('\n', expected) + "\n", actual);
    }

    private static (CommandProcess Cli, string Author) SetUp()
    {
        CommandProcess cli = new CommandProcess().Init();
        using JsonDocument status = JsonDocument.Parse(cli.Run("status", "--json").Out);
        return (cli, status.RootElement.GetProperty("identity").GetString()!);
    }

    private static async Task<string> PlayAsync(string path)
    {
        await Slots.WaitAsync();
        try
        {
            using CommandProcess cli = new() { Cold = Cold.Contains(Path.GetFileName(path)) };
            return await Task.Run(() =>
            {
                CopyFolder(Template.Value.Cli.Node, cli.Node);
                return Play(File.ReadAllLines(path), cli);
            });
        }
        finally
        {
            Slots.Release();
        }
    }

    private static string Play(string[] lines, CommandProcess cli)
    {
        TranscriptNames names = new(cli.Home, Template.Value.Author);
        StringBuilder played = new();
        NodeProcess? node = null;
        try
        {
            for (int i = 0; i < lines.Length; i++)
            {
                string line = lines[i];
                if (line.StartsWith("$ ", StringComparison.Ordinal))
                {
                    played.Append(line).Append('\n').Append(Answer(names, cli.Run(Words(names, line[2..]))));
                }
                else if (line.StartsWith("-- ", StringComparison.Ordinal))
                {
                    int end = Array.IndexOf(lines, "--", i + 1);
                    cli.Write(line[3..], string.Join('\n', lines[(i + 1)..end].Select(names.Real)) + "\n");
                    played.AppendJoin('\n', lines[i..(end + 1)]).Append('\n');
                    i = end;
                }
                else if (line.StartsWith("= locale ", StringComparison.Ordinal))
                {
                    cli.Locale = line["= locale ".Length..];
                    played.Append(line).Append('\n');
                }
                else if (line == NextSecond)
                {
                    Thread.Sleep(1000 - DateTime.UtcNow.Millisecond);
                    played.Append(line).Append('\n');
                }
                else if (IsStep(line))
                {
                    node?.Dispose();
                    node = line == "= node" ? new NodeProcess(cli) : null;
                    if (line == "= no node folder")
                    {
                        Directory.Delete(cli.Node, recursive: true);
                    }

                    played.Append(line).Append('\n');
                }
                else if ((line.StartsWith('#') && i == 0) || (line.Length == 0 && !InAnswer(lines, i)))
                {
                    played.Append(line).Append('\n');
                }
            }
        }
        finally
        {
            node?.Dispose();
        }

        return played.ToString();
    }

    private static bool IsStep(string line) =>
        line is "= node" or "= stop" or "= no node folder" or NextSecond
        || line.StartsWith("= locale ", StringComparison.Ordinal);

    // An empty line before the next command, comment or end parts two commands; any other one was printed.
    private static bool InAnswer(string[] lines, int at) =>
        at + 1 < lines.Length && !lines[at + 1].StartsWith("$ ", StringComparison.Ordinal)
        && !IsStep(lines[at + 1])
        && !lines[at + 1].StartsWith("-- ", StringComparison.Ordinal);

    private static string Answer(TranscriptNames names, CommandResult result)
    {
        StringBuilder answer = new();
        answer.Append(Printed(names.Hide(result.Out), ""));
        answer.Append(Printed(names.Hide(result.Err), "2> "));
        answer.Append(result.Exit == 0 ? "" : $"[exit {result.Exit}]\n");
        return answer.ToString();
    }

    private static string Printed(string text, string prefix) =>
        string.Concat(text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')
            .Where((line, i) => i > 0 || line.Length > 0)
            .Select(line => (prefix + line).TrimEnd() + "\n"));

    // As a shell splits, with '…' and "…"; the first word is the program.
    private static string[] Words(TranscriptNames names, string line)
    {
        List<string> words = [];
        StringBuilder? word = null;
        char quote = '\0';
        foreach (char c in line)
        {
            if (quote == '\0' && c is '\'' or '"')
            {
                (quote, word) = (c, word ?? new StringBuilder());
            }
            else if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c == ' ')
            {
                words.AddRange(word is null ? [] : [word.ToString()]);
                word = null;
            }
            else
            {
                (word ??= new StringBuilder()).Append(c);
            }
        }

        words.AddRange(word is null ? [] : [word.ToString()]);
        return [.. words.Skip(1).Select(names.Real)];
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string folder in Directory.EnumerateDirectories(from))
        {
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        }

        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}

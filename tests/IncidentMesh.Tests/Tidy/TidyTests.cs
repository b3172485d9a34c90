using System.Text.RegularExpressions;
using Xunit;

namespace IncidentMesh.Tests.Tidy;

/// <summary>The rules of the house that the compiler cannot hold (CONTRIBUTING.md, "Rules of the
/// house").</summary>
public sealed partial class TidyTests
{
    private const int FileLines = 400;
    private const int MethodLines = 70;
    private const int LineColumns = 110;
    private const int BlobBytes = 512 * 1024;

    private static readonly string[] Skipped = ["bin", "obj", "node_modules", ".git", "TestResults"];

    private static readonly string[] NodeJoiners =
        ["Net", "Store", "Embed", "Search", "Mesh", "Serve", "Commands"];

    private static readonly string[] ProtocolOrder = ["Wire", "Identity", "Records", "Gossip", "Sync", "Api"];

    public static IEnumerable<string> Files(string pattern) =>
        Walk(new DirectoryInfo(Repo.Root)).Where(f => Regex.IsMatch(f, pattern));

    private static IEnumerable<string> Walk(DirectoryInfo folder)
    {
        foreach (FileInfo file in folder.EnumerateFiles())
        {
            yield return file.FullName;
        }

        foreach (DirectoryInfo child in folder.EnumerateDirectories().Where(d => !Skipped.Contains(d.Name)))
        {
            foreach (string file in Walk(child))
            {
                yield return file;
            }
        }
    }

    internal static string Name(string file) => Path.GetRelativePath(Repo.Root, file).Replace('\\', '/');

    private static void None(IEnumerable<string> offences)
    {
        string[] found = [.. offences.Take(30)];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    [Fact]
    public void No_file_is_longer_than_400_lines() => None(
        from file in Files(@"\.cs$")
        let lines = File.ReadAllLines(file).Length
        where lines > FileLines
        select $"{Name(file)}: {lines} lines");

    [Fact]
    public void No_line_is_wider_than_110_columns() => None(
        from file in Files(@"\.cs$")
        from line in File.ReadAllLines(file).Select((text, at) => (text, at))
        where line.text.Length > LineColumns
        select $"{Name(file)}:{line.at + 1}: {line.text.Length} columns");

    [Fact]
    public void No_line_ends_with_a_space_or_holds_a_tab() => None(
        from file in Files(@"\.(cs|csproj|props|md|json|yml)$")
        from line in File.ReadAllLines(file).Select((text, at) => (text, at))
        where line.text.EndsWith(' ') || line.text.Contains('\t', StringComparison.Ordinal)
        select $"{Name(file)}:{line.at + 1}");

    [Fact]
    public void No_method_is_longer_than_70_lines() => None(
        from file in Files(@"\.cs$")
        from offence in LongBlocks(File.ReadAllLines(file))
        select $"{Name(file)}:{offence.Line}: {offence.Length} lines");

    [Fact]
    public void No_word_says_unfinished() => None(
        from file in Files(@"\.cs$")
        where !file.EndsWith("TidyTests.cs", StringComparison.Ordinal)
        from line in File.ReadAllLines(file).Select((text, at) => (text, at))
        where Unfinished().IsMatch(line.text)
        select $"{Name(file)}:{line.at + 1}: {line.text.Trim()}");

    [Fact]
    public void No_exception_is_swallowed_in_silence() => None(
        from file in Files(@"\.cs$")
        where !file.EndsWith("TidyTests.cs", StringComparison.Ordinal)
        where EmptyCatch().IsMatch(File.ReadAllText(file))
        select Name(file));

    // But for the editor of texts, which two programs link: neither may see the other.
    [Fact]
    public void A_namespace_is_its_folder() => None(
        from file in Files(@"[/\\](protocol|node|tui|tests)[/\\].*\.cs$")
        where Name(file) != "node/Commands/TextEditor.cs"
        let text = File.ReadAllText(file)
        let declared = Namespace().Match(text)
        where declared.Success && declared.Groups[1].Value != ExpectedNamespace(file)
        select $"{Name(file)}: {declared.Groups[1].Value}, expected {ExpectedNamespace(file)}");

    [Fact]
    public void A_room_of_protocol_sees_only_the_rooms_before_it() => None(
        from file in Files(@"[/\\]protocol[/\\].*\.cs$")
        let room = Name(file).Split('/')[1]
        from used in Using().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value)
        where !MaySee(room, used)
        select $"{Name(file)} sees {used}");

    [Fact]
    public void Net_Store_Embed_and_Search_do_not_know_each_other() => None(
        from file in Files(@"[/\\]node[/\\](Net|Store|Embed)[/\\].*\.cs$")
        let room = Name(file).Split('/')[1]
        from used in NodeUsing().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value)
        where used != room && NodeJoiners.Contains(used)
        select $"{Name(file)} sees {used}");

    [Fact]
    public void The_terminal_ui_never_sees_the_node() => None(
        from file in Files(@"[/\\]tui[/\\].*\.cs$")
        where Name(file).StartsWith("tui/", StringComparison.Ordinal)
        where File.ReadAllText(file).Contains("IncidentMesh.Node", StringComparison.Ordinal)
        select Name(file));

    [Fact]
    public void No_path_of_one_machine_and_no_large_blob() => None(
        from file in Files(@"\.(cs|md|json|csproj|props|mjs|sh|yml|txt)$")
        let name = Name(file)
        where !name.EndsWith("TidyTests.cs", StringComparison.Ordinal)
        let tooLarge = new FileInfo(file).Length > BlobBytes
        let path = !tooLarge && MachinePath().IsMatch(File.ReadAllText(file))
        where tooLarge || path
        select tooLarge ? $"{name}: over {BlobBytes} bytes" : $"{name}: a path of one machine");

    [Fact]
    public void Every_package_has_a_line_in_contributing()
    {
        string contributing = File.ReadAllText(Path.Combine(Repo.Root, "CONTRIBUTING.md"));
        string packages = File.ReadAllText(Path.Combine(Repo.Root, "Directory.Packages.props"));
        None(from package in PackageVersion().Matches(packages)
             where !contributing.Contains($"`{package.Groups[1].Value}` {package.Groups[2].Value}",
                 StringComparison.Ordinal)
             select $"{package.Groups[1].Value} {package.Groups[2].Value}");
    }

    private static string ExpectedNamespace(string file)
    {
        string[] parts = Name(file).Split('/');
        string root = parts[0] switch { "protocol" => "Protocol", "node" => "Node", "tui" => "Tui", _ => "" };
        IEnumerable<string> below = parts[0] == "tests"
            ? [parts[1]["IncidentMesh.".Length..], .. parts[2..^1]]
            : [root, .. parts[1..^1]];
        return "IncidentMesh." + string.Join('.', below);
    }

    private static bool MaySee(string room, string used)
    {
        if (used == room || Array.IndexOf(ProtocolOrder, room) < 0)
        {
            return room != "Libp2p" || used is "Wire" or "Identity" or "Libp2p";
        }

        int at = Math.Min(Array.IndexOf(ProtocolOrder, room), 3);
        int of = Array.IndexOf(ProtocolOrder, used);
        return of >= 0 && of < at;
    }

    private static IEnumerable<(int Line, int Length)> LongBlocks(string[] lines)
    {
        // A member's body starts at a line that is a lone brace, four columns deeper than its type's.
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] is not "    {" || i == 0 || TypeHead().IsMatch(lines[i - 1]))
            {
                continue;
            }

            int end = Array.IndexOf(lines, "    }", i);
            if (end - i - 1 > MethodLines)
            {
                yield return (i + 1, end - i - 1);
            }
        }
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException|Skip *= *""")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"catch\s*(\([^)]*\))?\s*(when\s*\([^{]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using (?:static )?(?:\w+ = )?IncidentMesh\.Protocol\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"^using (?:static )?(?:\w+ = )?IncidentMesh\.Node\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex NodeUsing();

    [GeneratedRegex(@"\b(class|struct|record|interface|enum)\b")]
    private static partial Regex TypeHead();

    [GeneratedRegex(@"(^|[^A-Za-z])/(work|farm|root|tmp/bash)[/ ]")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"<PackageVersion Include=""([^""]+)"" Version=""([^""]+)""")]
    private static partial Regex PackageVersion();
}

using System.Text.RegularExpressions;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tests.Api;
using IncidentMesh.Tui;
using IncidentMesh.Tui.Data;
using IncidentMesh.Tui.Start;
using IncidentMesh.Tui.Views;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>The views in the pseudo-language: longer texts stay in their places, and every word is either
/// from the texts, which shows by its accents, or one of the node's.</summary>
[Collection(LanguageCollection.Name)]
public sealed partial class PseudoScreenTests : IDisposable
{
    // What is never translated: what the node says, keys, labels, units, and the names of fields.
    private static readonly string Data = string.Join(' ',
    [
        .. Directory.EnumerateFiles(Path.Combine(Repo.Root, "tests", "IncidentMesh.Tests", "Tui"), "Fake*.cs")
            .Append(Path.Combine(Repo.Root, "tui", "Text", "Words.cs")).SelectMany(StringsOf),
        .. Directory.EnumerateFiles(Path.Combine(Repo.Root, "protocol", "Records", "Vocabularies"))
            .Select(File.ReadAllText),
        .. ExportFormat.All.Select(f => f.Word), .. KeyMap.All.SelectMany(b => b.Keys.Append(b.Key)),
        FacetsPage.Fields, "TLP UTC MiB IncidentMesh title Frankreich *cox~ SRC",
        "facial recognition country:DE,FR severity>=serious since:7d",
    ]);

    private readonly string before = Texts.Language;

    public PseudoScreenTests() => Texts.Use(Texts.Pseudo);

    public static TheoryData<string, int, int> Views
    {
        get
        {
            string[] views =
            [
                "", "enter", "h", "w", "f", "c P", "4 j", "7", "2 space", "2 tab", "2 tab tab", "e",
                "j j a c d", "l", "/ country:DE|lang:de|Frankreich enter", "?", "? G", "3 j j", "5 j", "5 A",
                "n", "n x tab tab", "c j", "2", "6", "n x esc 6", ": jobs enter", "E", "q",
            ];
            (int Width, int Height)[] sizes = [(80, 24), (120, 40)];
            return [.. from keys in views from size in sizes select (keys, size.Width, size.Height)];
        }
    }

    public void Dispose() => Texts.Use(before);

    [Theory]
    [MemberData(nameof(Views))]
    public void Shows_nothing_but_texts_and_data(string keys, int width, int height)
    {
        using var screen = new TuiScreen(width, height);
        screen.Press([.. keys.Split(' ').Select(k => k.Replace('|', ' '))]);
        string[] lines = screen.Text.Split('\n');
        string[] plain = [.. lines.SelectMany(Words).Where(w => !IsData(w)).Distinct()];
        Assert.True(plain.Length == 0, $"{string.Join(' ', plain)}\n{screen.Text}");
        Assert.All(lines, line => Assert.False(Overlap().IsMatch(line), line));
    }

    [Fact]
    public void First_run_says_nothing_but_texts_and_data()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "runs false(1)");
        NodeAddress address = NodeAddress.Resolve(null, "/nowhere", _ => null, _ => "");
        var output = new StringWriter();
        foreach (string typed in new[] { "3\n2\n\nmesh\n9\n\n\n", "q\n" })
        {
            Assert.Null(new Beginning(
                address, new NodeProgram("false", []), new StringReader(typed), output).Run());
        }

        string[] plain = [.. Words(output.ToString()).Where(w => !IsData(w)).Distinct()
            .Except(["nowhere", "keys", "root", "next", "key", "ip", "tcp"])];
        Assert.True(plain.Length == 0, $"{string.Join(' ', plain)}\n{output}");
    }

    // Ids begin with the one and end in many of the other.
    private static bool IsData(string word) => word.StartsWith("bafyrei", StringComparison.Ordinal)
        || Data.Contains(word.TrimEnd('a'), StringComparison.Ordinal);

    private static IEnumerable<string> StringsOf(string file) => CSharpSyntaxTree
        .ParseText(File.ReadAllText(file)).GetRoot().DescendantNodes().Select(node => node switch
        {
            LiteralExpressionSyntax literal => literal.Token.ValueText,
            InterpolatedStringTextSyntax text => text.TextToken.ValueText,
            _ => "",
        });

    private static IEnumerable<string> Words(string text) =>
        Word().Matches(text).Select(m => m.Value).Where(w => w.Any(PseudoText.HasAccent));

    [GeneratedRegex(@"(?<!\p{L})[A-Za-z]{2,}(?!\p{L})")]
    private static partial Regex Word();

    // A text that ends neither with its bracket nor with an ellipsis before the next begins.
    [GeneratedRegex(@"\[[^\]\[… ]*[à-ž][^\]\[… ]*\[")]
    private static partial Regex Overlap();
}

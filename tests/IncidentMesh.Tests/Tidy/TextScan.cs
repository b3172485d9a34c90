using System.Text.RegularExpressions;
using IncidentMesh.Protocol.Records;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IncidentMesh.Tests.Tidy;

/// <summary>A text that people read, as it stands in the code.</summary>
/// <param name="Name">Its name in the resources (<c>specs/texts.md</c>).</param>
/// <param name="English">What it says.</param>
/// <param name="At">File and line.</param>
internal sealed record FoundText(string Name, string English, string At);

/// <summary>Reads the sources for their texts: what is in <c>T</c> and <c>Plural</c>, and the sentences of
/// files whose words are shown through <c>Texts.Known</c>.</summary>
internal sealed partial class TextScan
{
    // What a node answers, and tables of words.
    private static readonly string[] Known =
    [
        "node/Serve/", "node/Search/ClauseEvaluator.cs", "node/Search/SearchRun.cs",
        "node/Policy/TrustPolicy.cs", "node/Commands/ErrorCodes.cs", "node/Commands/Settings.cs",
        "node/Commands/Doctor.cs", "node/Exchange/Importer.cs", "node/Exchange/RowResult.cs",
        "node/Exchange/Tlp.cs",
        "node/Cluster/PairJudge.cs", "protocol/Api/Query", "protocol/Records/RecordVerification.cs",
        "protocol/Records/FieldRules.cs", "protocol/Records/Schema.cs", "node/Embed/ModelFolder.cs",
    ];

    // What only programs and their authors read.
    private static readonly string[] Unknown = ["node/Serve/OpenApiDocument.cs", "node/Serve/MetricsText.cs"];

    // Their labels are choices of the form.
    private static readonly string[] Vocabularies =
    [
        "oecd-ai-role", "oecd-severity", "oecd-harm-type", "avid-lifecycle", "oecd-action", "oecd-autonomy",
        "mit-intent",
    ];

    private readonly List<FoundText> texts = [];
    private readonly List<string> faults = [];
    private readonly List<(string Text, string At)> strings = [];

    private TextScan()
    {
        foreach (string file in TidyTests.Files(@"[/\\](protocol|node|tui)[/\\].*\.cs$").Order())
        {
            Read(file);
        }

        texts.AddRange(Vocabularies.SelectMany(name => Vocabulary.Get(name).Entries
            .Select(e => new FoundText(e.Label, e.Label, name))));
    }

    /// <summary>The scan of the sources as they are.</summary>
    public static TextScan Sources { get; } = new();

    /// <summary>All texts; one that stands at two places is two.</summary>
    public IReadOnlyList<FoundText> Texts => texts;

    /// <summary>Calls that cannot be translated.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <summary>All strings of the code, <c>{0}</c> for values.</summary>
    public IReadOnlyList<(string Text, string At)> Strings => strings;

    /// <summary>The placeholders of a text, in order.</summary>
    public static string Placeholders(string text) => string.Join(' ', Placeholder()
        .Matches(text.Replace("{{", "", StringComparison.Ordinal)).Select(m => m.Value).Distinct().Order());

    private void Read(string file)
    {
        string name = TidyTests.Name(file);
        SyntaxNode root = CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot();
        bool known = Known.Any(k => name.StartsWith(k, StringComparison.Ordinal))
            && !Unknown.Contains(name);
        foreach (ExpressionSyntax node in root.DescendantNodes().OfType<ExpressionSyntax>())
        {
            string at = $"{name}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";
            if (node is InvocationExpressionSyntax call)
            {
                Call(call, at);
            }
            else if (node.Parent is not BinaryExpressionSyntax && Name(node) is { } text)
            {
                strings.Add((text, at));
                if (known && IsSentence(node, text))
                {
                    texts.Add(new FoundText(text, text, at));
                }
            }
        }
    }

    private void Call(InvocationExpressionSyntax call, string at)
    {
        ExpressionSyntax[] given = [.. call.ArgumentList.Arguments.Select(a => a.Expression)];
        switch (Method(call))
        {
            case "T" when given is [var text]:
                foreach (ExpressionSyntax one in Alternatives(text))
                {
                    Add(one, at);
                }

                break;
            case "Plural" when given is [_, var one, var other]:
                if (Name(one) is { } single && Name(other) is { } many
                    && Placeholders(single) == Placeholders(many))
                {
                    texts.Add(new FoundText(many + "_one", single, at));
                    texts.Add(new FoundText(many + "_other", many, at));
                }
                else
                {
                    faults.Add($"{at}: not two constants with the same values: {call}");
                }

                break;
        }
    }

    private void Add(ExpressionSyntax text, string at)
    {
        if (Name(text) is { } name)
        {
            texts.Add(new FoundText(name, name, at));
        }
        else
        {
            faults.Add($"{at}: not a constant: {text}");
        }
    }

    private static string? Method(InvocationExpressionSyntax call) => call.Expression switch
    {
        IdentifierNameSyntax name => name.Identifier.Text,
        MemberAccessExpressionSyntax member when member.Expression.ToString() == "Texts" =>
            member.Name.Identifier.Text,
        _ => null,
    };

    private static IEnumerable<ExpressionSyntax> Alternatives(ExpressionSyntax text) => text switch
    {
        ConditionalExpressionSyntax either when Name(either.WhenTrue) is { } name && !name.Contains('{') =>
            [either.WhenTrue, either.WhenFalse],
        _ => [text],
    };

    // The name under which Texts looks a text up, or null where it is no constant. Literals and interpolated
    // strings cannot be mixed: the compiler would put the values in before the text is looked up.
    private static string? Name(ExpressionSyntax text)
    {
        ExpressionSyntax[] parts = [.. Parts(text)];
        if (parts.All(p => p.IsKind(SyntaxKind.StringLiteralExpression)))
        {
            return string.Concat(parts.Select(p => ((LiteralExpressionSyntax)p).Token.ValueText));
        }

        if (!parts.All(p => p is InterpolatedStringExpressionSyntax))
        {
            return null;
        }

        int values = 0;
        string name = string.Concat(parts.Cast<InterpolatedStringExpressionSyntax>()
            .SelectMany(p => p.Contents).Select(content => content is InterpolationSyntax value
                ? $"{{{values++}{value.FormatClause}}}"
                : ((InterpolatedStringTextSyntax)content).TextToken.ValueText));
        return values == 0 ? null : name;
    }

    private static IEnumerable<ExpressionSyntax> Parts(ExpressionSyntax text) =>
        text is BinaryExpressionSyntax sum && sum.IsKind(SyntaxKind.AddExpression)
            ? Parts(sum.Left).Concat(Parts(sum.Right)) : [text];

    private static bool IsSentence(ExpressionSyntax node, string text) =>
        Sentence().IsMatch(text)
        && !Example().IsMatch(text) && !CommandNames.IsCommandLine(text)
        && !node.Ancestors().Any(a => a is InterpolationSyntax or AttributeSyntax
            || (a is InvocationExpressionSyntax call && NotShown().IsMatch(call.Expression.ToString()))
            || (a is ObjectCreationExpressionSyntax made && NotShown().IsMatch(made.Type.ToString())));

    [GeneratedRegex(@"\{\d+(:[^}]*)?\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"[a-z,;.)] [a-z(]")]
    private static partial Regex Sentence();

    // Lines of the query language, and content types.
    [GeneratedRegex(@"^-?[a-z-]+(:|[<>]=?)\S|; charset=")]
    private static partial Regex Example();

    [GeneratedRegex(@"(^|\.)(T|Plural|Log[A-Z]\w*|WriteAsync|\w*(Operation|Data|Argument)Exception)$")]
    private static partial Regex NotShown();
}

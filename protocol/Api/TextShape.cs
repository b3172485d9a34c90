using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace IncidentMesh.Protocol.Api;

/// <summary>Finds the text with values that an English sentence was made of: a node answers with the sentence
/// alone, which its client puts into the reader's language (<c>specs/texts.md</c>).</summary>
internal static partial class TextShape
{
    // A shape of fewer letters is that of too many sentences.
    private const int FewestLetters = 5;

    private static readonly ConcurrentDictionary<string, Regex?> Shapes = new();

    /// <summary>The name whose shape <paramref name="english"/> has, that with most letters of its own where
    /// it has several, and its values; null for none. A value that is itself a text and is not quoted is in
    /// the reader's language.</summary>
    public static (string Name, object[] Values)? Find(IEnumerable<string> names, string english)
    {
        (string Name, Match Match)? best = null;
        foreach (string name in names)
        {
            int first = name.IndexOf('{', StringComparison.Ordinal);
            if (first >= 0 && english.AsSpan().StartsWith(name.AsSpan(0, first))
                && (best is null || name.Length > best.Value.Name.Length)
                && Shapes.GetOrAdd(name, ShapeOf) is { } shape
                && shape.Match(english) is { Success: true } found)
            {
                best = (name, found);
            }
        }

        return best is not { } one ? null
            : (one.Name, [.. one.Match.Groups.Values.Skip(1).Select(g => Value(one.Name, g))]);
    }

    private static string Value(string name, Group value) =>
        name.Contains($"\"{{{value.Name[1..]}", StringComparison.Ordinal) ? value.Value
            : Texts.Known(value.Value);

    private static Regex? ShapeOf(string name)
    {
        string[] literals = Placeholder().Split(name);
        if (literals.Sum(l => l.Count(char.IsLetter)) < FewestLetters)
        {
            return null;
        }

        int value = 0;
        return new Regex(
            "^" + string.Join("", literals.Select((l, i) =>
                (i == 0 ? "" : $"(?<v{value++}>.+?)") + Regex.Escape(l))) + "\\z",
            RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    [GeneratedRegex(@"\{\d+(?::[^}]*)?\}")]
    private static partial Regex Placeholder();
}

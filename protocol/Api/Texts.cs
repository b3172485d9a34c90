using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace IncidentMesh.Protocol.Api;

/// <summary>The words of command line and terminal UI in the reader's language. The English text stands in
/// the code and is the name that the other languages are found by (as with gettext), in
/// <c>Texts/*.json</c>; a text that a language lacks is shown in English. <c>specs/texts.md</c>.
/// </summary>
public static class Texts
{
    /// <summary>The pseudo-language: every text longer and with accents, which shows what is cut and what was
    /// missed.</summary>
    public const string Pseudo = "qps-ploc";

    /// <summary>The languages that texts exist in, the pseudo-language left out.</summary>
    public static readonly IReadOnlyList<string> Languages = ["en", "de", "fr", "es"];

    private static readonly ConcurrentDictionary<string, Dictionary<string, string>> Read = new();

    private static Dictionary<string, string>? words;

    /// <summary>The language of the texts: of <see cref="Languages"/>, or <see cref="Pseudo"/>.</summary>
    public static string Language { get; private set; } = "en";

    /// <summary>Chooses the language, for the whole process.</summary>
    /// <param name="tag">A BCP 47 tag or a POSIX locale (<c>de-AT</c>, <c>fr_FR.UTF-8</c>); English for one
    /// that has no texts, and for none.</param>
    public static void Use(string? tag)
    {
        string primary = Primary(tag ?? "");
        Language = tag == Pseudo ? Pseudo : Languages.Contains(primary) ? primary : "en";
        words = Language is "en" or Pseudo ? null : Translated(Language);
    }

    /// <summary>Whether there are texts for a tag, as <see cref="Use"/> takes it.</summary>
    public static bool Has(string tag) => tag == Pseudo || Languages.Contains(Primary(tag));

    /// <summary>Chooses the language of the locale: <c>LC_ALL</c>, else <c>LC_MESSAGES</c>, else <c>LANG</c>
    /// (POSIX, section 8.2).</summary>
    /// <param name="variable">The environment.</param>
    public static void UseLocale(Func<string, string?> variable) => Use(
        new[] { "LC_ALL", "LC_MESSAGES", "LANG" }.Select(variable).FirstOrDefault(l => l is { Length: > 0 }));

    /// <summary>A text in the reader's language.</summary>
    /// <param name="english">The English text, a constant.</param>
    public static string T(string english) => Of(english) ?? english;

    /// <summary>A text with values in it, which stand in the resources as <c>{0}</c>, <c>{1}</c>.</summary>
    public static string T(TextTemplate english) => english.Fill(Of(english.Name) ?? english.Name);

    /// <summary>A text that is no constant here: one of a node's answers. One with values in it is known by
    /// its shape.</summary>
    /// <returns>It in the reader's language, or as it is where it has no name in the resources.</returns>
    public static string Known(string english)
    {
        if (Language == "en")
        {
            return english;
        }

        Dictionary<string, string> names = words ?? Translated(Languages[1]);
        return names.ContainsKey(english) ? Of(english)!
            : TextShape.Find(names.Keys, english) is var (name, values)
                ? string.Format(CultureInfo.InvariantCulture, Of(name)!, [.. values])
            : english;
    }

    /// <summary>The form of a text for a count; the resources have one name for each of the language's forms,
    /// the text for many with <c>_one</c> or <c>_other</c> after it (CLDR, plural rules).</summary>
    /// <param name="count">The count that chooses; it is shown only where the texts have it.</param>
    /// <param name="one">English for one.</param>
    /// <param name="other">English for any other number.</param>
    public static string Plural(long count, TextTemplate one, TextTemplate other)
    {
        // French counts nothing as one; the other three languages have one for 1 alone.
        bool single = count == 1 || (count == 0 && Language == "fr");
        TextTemplate english = count == 1 ? one : other;
        string? text = words?.GetValueOrDefault(other.Name + (single ? "_one" : "_other"));
        return english.Fill(text ?? Of(english.Name) ?? english.Name);
    }

    private static string Primary(string tag) => tag.Split('-', '_', '.', '@')[0].ToLowerInvariant();

    private static Dictionary<string, string> Translated(string language)
    {
        if (!Read.TryGetValue(language, out Dictionary<string, string>? texts))
        {
            using Stream file = typeof(Texts).Assembly.GetManifestResourceStream($"texts.{language}.json")!;
            using JsonDocument document = JsonDocument.Parse(file);
            texts = document.RootElement.EnumerateObject().ToDictionary(
                text => text.Name, text => text.Value.GetString()!, StringComparer.Ordinal);
            Read[language] = texts;
        }

        return texts;
    }

    private static string? Of(string name) =>
        Language == Pseudo ? PseudoText.Of(name) : words?.GetValueOrDefault(name);
}

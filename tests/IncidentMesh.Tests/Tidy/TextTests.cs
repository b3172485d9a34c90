using System.Text.Encodings.Web;
using System.Text.Json;
using Xunit;

namespace IncidentMesh.Tests.Tidy;

/// <summary>Every text that people read is one that the other languages can have
/// (<c>specs/texts.md</c>). <c>INCIDENTMESH_TEXTS=FILE</c> writes all of them, a line of JSON each: name,
/// place, English.</summary>
public sealed class TextTests
{
    private const string List = "INCIDENTMESH_TEXTS";

    // Lines for a shell, with flags of other programs.
    private static readonly string[] Scripts = ["CompletionCommand.cs", "tui/Options.cs", "  dotnet run "];

    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Languages => [.. Protocol.Api.Texts.Languages.Skip(1)];

    [Fact]
    public void Every_text_is_a_constant()
    {
        if (Environment.GetEnvironmentVariable(List) is { Length: > 0 } file)
        {
            File.WriteAllLines(file, TextScan.Sources.Texts.DistinctBy(t => t.Name)
                .Select(t => JsonSerializer.Serialize(new[] { t.Name, t.At, t.English }, Plain)));
        }

        Assert.NotEmpty(TextScan.Sources.Texts);
        None(TextScan.Sources.Faults);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void A_translation_is_of_a_text_that_there_is(string language)
    {
        HashSet<string> names = [.. TextScan.Sources.Texts.Select(t => t.Name)];
        None(Translations(language).Keys.Where(name => !names.Contains(name)));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void No_translation_is_missing(string language)
    {
        Dictionary<string, string> translations = Translations(language);
        None(from text in TextScan.Sources.Texts
             where !translations.ContainsKey(text.Name)
             select text.Name);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void A_translation_has_the_values_of_its_text(string language)
    {
        Dictionary<string, string> translations = Translations(language);
        None(from text in TextScan.Sources.Texts
             let translation = translations.GetValueOrDefault(text.Name)
             where translation is not null
             where TextScan.Placeholders(translation) != TextScan.Placeholders(text.English)
             select $"{text.At}: {text.English} | {translation}");
    }

    [Fact]
    public void A_command_or_flag_that_is_named_exists() => None(
        from text in TextScan.Sources.Strings
        where !Scripts.Any(s => $"{text.At}{text.Text}".Contains(s, StringComparison.Ordinal))
        from missing in CommandNames.Missing(text.Text)
        select $"{text.At}: {missing}");

    private static Dictionary<string, string> Translations(string language) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(
            Path.Combine(Repo.Root, "protocol", "Api", "Texts", $"{language}.json")))!;

    private static void None(IEnumerable<string> offences)
    {
        string[] found = [.. offences.Distinct()];
        Assert.True(found.Length == 0, $"{found.Length}\n" + string.Join('\n', found.Take(40)));
    }
}

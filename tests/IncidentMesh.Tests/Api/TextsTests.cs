using IncidentMesh.Protocol.Api;
using Xunit;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tests.Api;

/// <summary>Texts in the reader's language.</summary>
[Collection(LanguageCollection.Name)]
public sealed class TextsTests : IDisposable
{
    public void Dispose() => Use("en");

    [Theory]
    [InlineData(null, "en")]
    [InlineData("", "en")]
    [InlineData("C", "en")]
    [InlineData("de_AT.UTF-8", "de")]
    [InlineData("fr-CA", "fr")]
    [InlineData("es", "es")]
    [InlineData("tlh", "en")]
    [InlineData("qps-ploc", "qps-ploc")]
    public void Takes_a_tag_or_a_locale(string? tag, string language)
    {
        Use(tag);
        Assert.Equal(language, Language);
    }

    [Fact]
    public void Speaks_the_chosen_language_and_English_where_it_has_no_word()
    {
        Use("de");
        Assert.Equal("nichts gefunden", T("nothing found"));
        Assert.Equal("nobody translates this", T("nobody translates this"));
    }

    [Theory]
    [InlineData("en", 1, "1 independent source")]
    [InlineData("en", 0, "0 independent sources")]
    [InlineData("de", 1, "1 unabhängige Quelle")]
    [InlineData("de", 2, "2 unabhängige Quellen")]
    [InlineData("fr", 0, "0 source indépendante")]
    public void Counts(string language, int count, string text)
    {
        Use(language);
        Assert.Equal(text, Plural(count, $"{count} independent source", $"{count} independent sources"));
    }

    [Fact]
    public void Translates_what_a_node_said_where_it_is_known()
    {
        Use("de");
        Assert.Equal("nichts gefunden", Known("nothing found"));
        Assert.Equal("no such thing 7q3k", Known("no such thing 7q3k"));
        Use(Pseudo);
        Assert.Equal("no such thing 7q3k", Known("no such thing 7q3k"));
        Assert.StartsWith("[ñ", Known("nothing found"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no report \"nothing found\"", "keine Meldung \"nothing found\"")]
    [InlineData("unknown field \"x\" at column 7", "unbekanntes Feld \"x\" in Spalte 7")]
    [InlineData("the draft has 2,000 bytes; 1,000 are kept",
        "der Entwurf hat 2,000 Bytes; 1,000 werden behalten")]
    [InlineData("no report \"a\nb {0}\"", "keine Meldung \"a\nb {0}\"")]
    [InlineData("5 days apart", "5 Tage auseinander")]
    [InlineData("days apart", "days apart")]
    public void Translates_what_a_node_said_with_values_in_it(string said, string text)
    {
        Use("de");
        Assert.Equal(text, Known(said));
        Use("en");
        Assert.Equal(said, Known(said));
    }

    [Fact]
    public void Takes_the_locale_as_POSIX_orders_its_variables()
    {
        Dictionary<string, string> environment = new() { ["LANG"] = "fr_FR", ["LC_MESSAGES"] = "es_ES" };
        UseLocale(environment.GetValueOrDefault);
        Assert.Equal("es", Language);
        environment["LC_ALL"] = "";
        environment["LC_MESSAGES"] = "C";
        UseLocale(environment.GetValueOrDefault);
        Assert.Equal("en", Language);
    }

    [Fact]
    public void Pseudo_marks_the_text_and_leaves_the_values()
    {
        Use(Pseudo);
        Assert.Equal("[ţéšţ·]", T("test"));
        string peer = "peer";
        Assert.Equal("[šéñţ ţö peer····]", T($"sent to {peer}"));
    }
}

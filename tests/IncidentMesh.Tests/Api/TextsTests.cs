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
        Assert.Equal("kein Entwurf", T("no draft"));
        Assert.Equal("nobody translates this", T("nobody translates this"));
    }

    [Theory]
    [InlineData("en", 1, "1 report")]
    [InlineData("en", 0, "0 reports")]
    [InlineData("de", 1, "1 Bericht")]
    [InlineData("de", 2, "2 Berichte")]
    public void Counts(string language, int count, string text)
    {
        Use(language);
        Assert.Equal(text, Plural(count, $"{count} report", $"{count} reports"));
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

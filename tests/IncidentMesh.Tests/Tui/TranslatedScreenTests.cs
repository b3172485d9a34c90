using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Tests.Api;
using IncidentMesh.Tui;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>Views in the other languages, at 80 columns.</summary>
[Collection(LanguageCollection.Name)]
public sealed class TranslatedScreenTests : IDisposable
{
    private readonly string before = Texts.Language;

    public void Dispose() => Texts.Use(before);

    [Theory]
    [InlineData("de")]
    [InlineData("fr")]
    [InlineData("es")]
    public void Help_is_neither_cut_nor_pushed_aside(string language)
    {
        Texts.Use(language);
        using var screen = new TuiScreen(80, 120);
        string[] lines = screen.Press("?").Text.Split('\n');
        string together = string.Join(
            ' ', screen.Text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.All(KeyMap.All, b => Assert.Contains(b.Help, screen.Text, StringComparison.Ordinal));
        Assert.Contains(
            Texts.T("3 independent sources among 5 reports of the same event"), together,
            StringComparison.Ordinal);
        int second = lines[2].IndexOf(KeyMap.Heading("ON A REPORT"), StringComparison.Ordinal);
        Assert.All(lines[3..12], line => Assert.Equal(' ', line[second - 1]));
    }

    [Theory]
    [InlineData("de", "1( ) Direkte Ursache", "( ) Schwerer Vorfall", "nach Monat, Schwere")]
    [InlineData("fr", "1( ) Cause directe", "( ) Incident grave", "par mois, gravité")]
    [InlineData("es", "1( ) Causa directa", "( ) Incidente grave", "por mes, gravedad")]
    public void What_there_is_to_choose_and_to_count_is_translated(
        string language, string role, string severity, string axes)
    {
        Texts.Use(language);
        using var screen = new TuiScreen(120, 40);
        screen.Press("n", "x", "tab", "tab");
        Assert.Contains(role, screen.Text, StringComparison.Ordinal);
        screen.Press("1", "tab", "1");
        Assert.Contains(severity, screen.Text, StringComparison.Ordinal);
        Assert.Contains(axes, screen.Press("esc", "5").Line(1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_whose_value_is_the_same_in_every_language_is_translated()
    {
        Texts.Use("de");
        using var screen = new TuiScreen(80, 24);
        screen.Press("j", "j", "a", "d", "f", "ask a@b.org", "enter");
        Assert.Equal("private Daten? publish anyway eintippen:", screen.Line(23));
        Assert.Contains("! reason Zeile 1: E-Mail-Adresse: a@b.org", screen.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("de")]
    [InlineData("fr")]
    [InlineData("es")]
    public void No_label_and_no_key_of_the_form_is_cut(string language)
    {
        Texts.Use(language);
        using var screen = new TuiScreen(80, 80);
        screen.Press("n", "Un texto.", "tab", "tab", "tab", "tab", "tab", "tab", "tab", "tab", "enter");
        Assert.All(
            SubmissionSteps.All.Where(
                s => s.Id is not (SubmissionSteps.SourceName or SubmissionSteps.Severity)),
            s => Assert.Contains($" {s.Label} ", screen.Text, StringComparison.Ordinal));
        Assert.DoesNotContain("…", screen.Line(79), StringComparison.Ordinal);
    }
}

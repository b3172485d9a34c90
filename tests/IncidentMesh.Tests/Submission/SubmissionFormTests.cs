using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Submission;

/// <summary>Answers become a body that the rules of records take, and a body becomes answers again.</summary>
public sealed class SubmissionFormTests
{
    [Fact]
    public void The_steps_are_the_criteria_of_the_OECD()
    {
        Assert.Equal(Enumerable.Range(1, 7), SubmissionSteps.Main.Where(s => s.Needed).Select(s => s.Number));
        int[] needed = [.. SubmissionSteps.Main.Select(s => s.Oecd).Where(o => o > 0).Distinct()];
        Assert.Equal([1, 2, 3, 4, 7, 10, 11], needed.Order());
        Assert.Equal(22, SubmissionSteps.MoreCriteria);
        Assert.Equal(
            Enumerable.Range(1, 29),
            SubmissionSteps.All.Select(s => s.Oecd).Where(o => o > 0).Distinct().Order());
        Schema schema = Schema.Of("incident")!;
        Assert.All(
            SubmissionSteps.All
                .Where(s => s.Id is not (SubmissionSteps.HarmDone or SubmissionSteps.Language)),
            s => Assert.True(schema.Find(s.Id.Split('.')[0])?.Oecd == s.Oecd || s.Oecd == 0, s.Id));
    }

    [Fact]
    public void Every_answer_comes_back_from_the_body()
    {
        SubmissionForm form = Full();
        JsonElement body = JsonSerializer.SerializeToElement(form.Body());
        Assert.True(
            BodyJson.TryRead("incident", body, out IpldMap? map, out FieldProblem? problem), $"{problem}");
        Assert.Empty(Schema.Of("incident")!.Check(map));
        Assert.Empty(Schema.Of("incident")!.MissingMandatory(map));
        SubmissionForm again = SubmissionForm.Of(body, "de");
        foreach (SubmissionStep step in SubmissionSteps.All)
        {
            Assert.Equal(form.Values(step.Id), again.Values(step.Id));
            Assert.True(form.Answered(step) && again.Answered(step), step.Id);
        }

        Assert.Equal(body.GetRawText(), JsonSerializer.SerializeToElement(again.Body()).GetRawText());
    }

    [Fact]
    public void Severity_is_asked_in_two_questions()
    {
        SubmissionForm form = new();
        SubmissionStep severity = SubmissionSteps.Main.Single(s => s.Id == SubmissionSteps.Severity);
        Assert.False(form.Asks(severity));
        form.Answer(SubmissionSteps.HarmDone, SubmissionSteps.Yes);
        Assert.Equal(
            ["incident", "serious-incident", "disaster"], form.Choices(severity).Select(c => c.Value));
        form.Answer(SubmissionSteps.Severity, "disaster");
        form.Answer(SubmissionSteps.HarmDone, SubmissionSteps.NotYet);
        Assert.False(form.Answered(severity));
        Assert.Equal(["hazard", "serious-hazard"], form.Choices(severity).Select(c => c.Value));
    }

    [Fact]
    public void The_name_of_a_file_of_an_anonymous_source_is_replaced()
    {
        SubmissionForm form = new();
        form.Add(new JsonObject { ["sha256"] = new string('a', 64), ["name"] = "Lena.cut.jpg" });
        Assert.Equal("Lena.cut.jpg", (string?)form.Body()["evidence"]![0]!["name"]);
        form.Answer(SubmissionSteps.Source, "anonymous");
        Assert.Equal("file-1.jpg", (string?)form.Body()["evidence"]![0]!["name"]);
    }

    [Theory]
    [InlineData("Der Bot nannte am 12. November z. B. eine falsche Frist. Mehr.",
        "Der Bot nannte am 12. November z. B. eine falsche Frist")]
    [InlineData("GPT-4.1 failed! Then more", "GPT-4.1 failed")]
    [InlineData("顔認証で誤って逮捕。市が謝罪", "顔認証で誤って逮捕")]
    [InlineData("one line\nmore", "one line")]
    [InlineData("", "")]
    public void The_first_sentence_is_the_title(string told, string title) =>
        Assert.Equal(title, SubmissionForm.Proposed(told));

    [Fact]
    public void A_body_of_another_shape_is_read_as_far_as_it_goes()
    {
        using JsonDocument body = JsonDocument.Parse(
            """
            {"title":7,"severity":"bad","occurred":[],"systems":{"name":1},"evidence":[1,{"url":"x"}],
             "harm_quantity":{"persons":"many","loss":true},"misuse":"maybe","countries":[3,"DE"]}
            """);
        SubmissionForm form = SubmissionForm.Of(body.RootElement);
        Assert.Equal("DE", form["countries"]);
        Assert.Single(form.Evidence);
        Assert.Equal("", form.Title);
    }

    [Theory]
    [InlineData("The chatbot of the city was wrong.", "en")]
    [InlineData("Der Chatbot der Stadt nannte eine falsche Frist.", "de")]
    [InlineData("Le chatbot de la ville a donné une date fausse pour les aides.", "fr")]
    [InlineData("El chatbot de la ciudad dio una fecha falsa para la ayuda.", "es")]
    [InlineData("Il chatbot della città è stato sbagliato per una data.", "it")]
    [InlineData("De chatbot van de gemeente gaf een verkeerde datum.", "nl")]
    [InlineData("Чат-бот города назвал неверный срок, и это было не для всех.", "ru")]
    [InlineData("市のチャットボットが誤った期限を案内した。", "ja")]
    [InlineData("城市聊天机器人给出了错误的期限。", "zh")]
    [InlineData("चैटबॉट की गलती से खाते बंद", "hi")]
    [InlineData("Chatbot", null)]
    [InlineData("", null)]
    public void A_language_is_guessed(string text, string? tag) => Assert.Equal(tag, LanguageGuess.Of(text));

    [Fact]
    public void The_title_tells_the_language_too()
    {
        SubmissionForm form = new();
        form.Answer(SubmissionSteps.Title, "Der Bot nennt eine falsche Frist");
        Assert.Equal("de", form.Language);
    }

    [Theory]
    [InlineData("Am 19. November 2026 in Germany sagte ChatGPT", "2026-11-19", "DE", "ChatGPT")]
    [InlineData("on November 9, 2026, GPT-4o and Claude 3.5 said", "2026-11-09", "", "GPT-4o; Claude 3.5")]
    [InlineData("le 3 août 2025, 30.02.2026", "2025-08-03", "", "")]
    [InlineData("12.11.2026", "2026-11-12", "", "")]
    [InlineData("In May 2025 nothing, in France and Italy", "2025-05", "FR, IT", "")]
    [InlineData("It failed 2026 times", "", "", "")]
    public void Dates_countries_and_models_are_offered(string text, string when, string where, string what)
    {
        IReadOnlyDictionary<string, string> hints = SubmissionHints.Of(text);
        Assert.Equal(when, hints.GetValueOrDefault("occurred", ""));
        Assert.Equal(where, hints.GetValueOrDefault("countries", ""));
        Assert.Equal(what, hints.GetValueOrDefault("systems", ""));
    }

    private static SubmissionForm Full()
    {
        SubmissionForm form = new();
        foreach (SubmissionStep step in SubmissionSteps.All.Where(s => s.Kind != StepKind.Evidence))
        {
            form.Answer(step.Id, step.Kind switch
            {
                StepKind.One or StepKind.YesNo when step.Id != SubmissionSteps.Source =>
                    [form.Choices(step)[0].Value],
                StepKind.One => ["organisation"],
                StepKind.Several => [step.Choices[0].Value, step.Choices[1].Value],
                StepKind.Count => ["9"],
                StepKind.Money => ["5000.50 EUR"],
                StepKind.Time => ["2026-11-19..2026-11-20"],
                StepKind.Countries => ["DE", "FR"],
                StepKind.Lines or StepKind.Names => ["one", "two"],
                StepKind.Line when step.Id.EndsWith("_url", StringComparison.Ordinal) =>
                    ["https://x.example/"],
                StepKind.Line when step.Id == SubmissionSteps.Language => ["de"],
                _ => [$"{step.Id} in words"],
            });
        }

        form.Add(EvidenceFile.Withheld());
        return form;
    }
}

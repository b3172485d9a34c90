using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Protocol.Records;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>Asks for a report line by line, in the order of <see cref="SubmissionSteps"/>.</summary>
internal static class Questions
{
    private const int LabelWidth = 12;

    /// <summary>Asks for what <paramref name="given"/> lacks.</summary>
    /// <param name="given">What is there already.</param>
    /// <param name="similar">Asks whether it is known already, or null.</param>
    /// <param name="kept">Keeps it after each answer.</param>
    /// <param name="stop">Ends the questions.</param>
    /// <returns>The whole report, and the label of those who may read it.</returns>
    public static async Task<DraftContent> AskAsync(
        DraftContent given, SimilarQuestion? similar, KeptDraft kept, CancellationToken stop)
    {
        Console.Error.WriteLine(
            T("New report. An empty line skips a question; what is answered is kept as a draft."));
        SubmissionForm form = SubmissionForm.Of(given.Body, given.Lang);
        DraftContent Written() => given with
        {
            Lang = form.Language, Body = Whole(form, given.Body), SameAs = similar?.SameAs ?? [],
        };
        async Task AnswerAsync(SubmissionStep step, string proposal)
        {
            await AskAsync(form, step, proposal, stop);
            await kept.SaveAsync(Written(), stop);
        }

        foreach (SubmissionStep step in SubmissionSteps.Main)
        {
            bool told = step.Kind == StepKind.Evidence ? form.Evidence.Count > 0
                : form.Values(step.Id).Count > 0;
            if (form.Asks(step) && (step.Id == SubmissionSteps.Language || !told))
            {
                await AnswerAsync(step, Proposal(form, step));
            }

            if (step.Id == SubmissionSteps.Title && similar is not null
                && form.Told.Length >= SubmissionForm.SimilarFrom)
            {
                await similar.AskAsync(Written(), stop);
                if (similar.Over)
                {
                    return Written();
                }
            }
        }

        await AskMoreAsync(form, AnswerAsync);
        DraftContent written = Written() with { Tlp = AskLabel(given.Tlp, form.Anonymous) };
        await kept.SaveAsync(written, stop);
        return written;
    }

    /// <summary>Asks whether to go on.</summary>
    /// <exception cref="ApiException">No (130).</exception>
    public static void Confirm()
    {
        string answer = (Terminal.Ask(T("Sign and store it? [y/N] ")) ?? "").Trim();
        if (!answer.StartsWith('y') && !answer.StartsWith('Y'))
        {
            throw new ApiException("stopped", T("nothing was signed"), null, ExitCode.Interrupted);
        }
    }

    // With what no question asks for.
    private static JsonElement Whole(SubmissionForm form, JsonElement given)
    {
        JsonObject body = form.Body();
        foreach (JsonProperty field in given.EnumerateObject())
        {
            body[field.Name] ??= JsonSerializer.SerializeToNode(field.Value);
        }

        return JsonSerializer.SerializeToElement(body);
    }

    private static string Proposal(SubmissionForm form, SubmissionStep step) => step.Id switch
    {
        SubmissionSteps.Title => form.Title,
        SubmissionSteps.Source => "own",
        SubmissionSteps.Language => form.Language ?? "",
        _ => "",
    };

    // What the text hints at is asked; the rest only where it is wanted.
    private static async Task AskMoreAsync(
        SubmissionForm form, Func<SubmissionStep, string, Task> answerAsync)
    {
        IReadOnlyDictionary<string, string> hints = SubmissionHints.Of(form.Told);
        string groups = string.Join(", ", SubmissionSteps.More.Select(s => s.Group).Distinct());
        string more = Terminal.Ask(
            T($"{SubmissionSteps.MoreCriteria} more, all optional: {groups} [y/N] ")) ?? "";
        bool all = more.TrimStart().StartsWith("y", StringComparison.OrdinalIgnoreCase);
        string group = "";
        foreach (SubmissionStep step in SubmissionSteps.More)
        {
            if (form.Values(step.Id).Count > 0 || (!all && !hints.ContainsKey(step.Id)))
            {
                continue;
            }

            if (all && step.Group != group)
            {
                group = step.Group;
                Console.Error.WriteLine(group);
            }

            await answerAsync(step, hints.GetValueOrDefault(step.Id, ""));
        }
    }

    private static async Task AskAsync(
        SubmissionForm form, SubmissionStep step, string proposal, CancellationToken stop)
    {
        string number = step.Number > 0 ? step.Number.ToString(CultureInfo.InvariantCulture) : " ";
        string label = $"{number} {step.Label}".PadRight(LabelWidth);
        string offered = proposal.Length > 0 ? $" [{SafeText.Show(proposal)}]" : "";
        switch (step.Kind)
        {
            case StepKind.Text:
                form.Answer(step.Id, AskText($"{label}{step.Help}"));
                break;
            case StepKind.Evidence:
                await AskEvidenceAsync(form, $"{label}{step.Help}", stop);
                break;
            case StepKind.One or StepKind.Several or StepKind.YesNo:
                form.Answer(step.Id, Choose($"{label}{step.Help}{offered}", form, step, proposal));
                break;
            default:
                string given = (Terminal.Ask($"{label}{step.Help}{offered}: ") ?? "").Trim();
                form.Answer(step.Id, given.Length > 0 || step.Id == SubmissionSteps.Title ? given : proposal);
                break;
        }
    }

    private static string AskText(string question)
    {
        Console.Error.WriteLine(T($"{question} End with an empty line."));
        StringBuilder text = new();
        while (Terminal.Ask("> ") is { } line && (line.Length > 0 || text.Length == 0))
        {
            text.AppendLine(line);
        }

        string told = text.ToString().Trim();
        return told.Length > 0 ? told
            : throw ApiException.Usage(T("nothing was told"), T("--text=@FILE reads a file"));
    }

    private static async Task AskEvidenceAsync(SubmissionForm form, string question, CancellationToken stop)
    {
        Console.Error.WriteLine(T($"{question}; \"{EvidenceFiles.Kept}\" for the last, empty when done"));
        while ((Terminal.Ask("> ") ?? "").Trim() is { Length: > 0 } given)
        {
            try
            {
                form.Add(await EvidenceFiles.TakeAsync(given, stop));
            }
            catch (ApiException e)
            {
                Console.Error.WriteLine($"  {SafeText.Show(e.Message)}");
            }
        }
    }

    private static string[] Choose(
        string question, SubmissionForm form, SubmissionStep step, string proposal)
    {
        IReadOnlyList<StepChoice> choices = form.Choices(step);
        bool several = step.Kind == StepKind.Several;
        Console.Error.WriteLine(question);
        for (int i = 0; i < choices.Count; i++)
        {
            Console.Error.WriteLine($"  {i + 1} {choices[i].Label}");
        }

        while (true)
        {
            string[] given = (Terminal.Ask("> ") ?? "").Split(
                [',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (given.Length == 0)
            {
                return proposal.Length > 0 ? [proposal] : [];
            }

            string?[] chosen = [.. given.Select(g => ValueOf(choices, g))];
            if (chosen.All(c => c is not null) && (several || chosen.Length == 1))
            {
                return [.. chosen.OfType<string>()];
            }

            Console.Error.WriteLine(several
                ? T($"  numbers from 1 to {choices.Count}, or an empty line")
                : T($"  a number from 1 to {choices.Count}, or an empty line"));
        }
    }

    private static string? ValueOf(IReadOnlyList<StepChoice> choices, string given) =>
        int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        ? (number >= 1 && number <= choices.Count ? choices[number - 1].Value : null)
        : choices.FirstOrDefault(c => c.Value == given)?.Value;

    /// <summary>Asks who may read it. A source who stays anonymous is better read by few until a person has
    /// chosen otherwise.</summary>
    public static string AskLabel(string? tlp, bool anonymous)
    {
        string proposal = (tlp ?? (anonymous ? "amber" : "clear")).ToUpperInvariant();
        Console.Error.WriteLine(T("Readers     TLP; it can be loosened later, never tightened"));
        foreach (VocabularyEntry entry in Vocabulary.Get("tlp").Entries)
        {
            Console.Error.WriteLine($"  {entry.Value.ToUpperInvariant(),-13}{TlpWords.Of(entry.Value)}");
        }

        while (true)
        {
            string given = (Terminal.Ask($"> [{proposal}] ") ?? "").Trim().ToUpperInvariant();
            if (given.Length == 0 || Vocabulary.Get("tlp").Contains(given.ToLowerInvariant()))
            {
                return given.Length == 0 ? proposal : given;
            }
        }
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <content>Line by line: one question after the other, in the order and words of
/// <see cref="SubmissionSteps"/>, as <c>submit</c> asks them.</content>
internal sealed partial class ComposePage
{
    private bool asksAll = true;
    private bool filled;
    private bool atEnd;

    public override IReadOnlyList<string>? Question =>
        !Desk.IsPlain ? null : [.. Notes(), .. atEnd ? End() : OnMore ? [MoreQuestion] : [Ask(Asked[at])]];

    private static string MoreQuestion => T($"{SubmissionSteps.MoreCriteria} more, all optional: {Groups}")
        + "; " + T("y asks them, an empty line goes on");

    private static string Groups => string.Join(", ", SubmissionSteps.More.Select(s => s.Group).Distinct());

    public override void Answer(string line)
    {
        if (atEnd)
        {
            Finish(line.Trim());
        }
        else if (OnMore)
        {
            if (line.TrimStart().StartsWith("y", StringComparison.OrdinalIgnoreCase))
            {
                AskMore();
            }

            atEnd = Here is null;
        }
        else if (Take(Asked[at], line.Trim()))
        {
            Go();
        }

        Changed();
    }

    // A draft goes on at what it lacks.
    private void Begin()
    {
        at = Math.Max(0, Asked.ToList().FindIndex(f => f.Step.Needed && !form.Answered(f.Step)));
        atEnd = Answered == Needed.Length;
        filled = form.Told.Length > 0;
    }

    private void Go()
    {
        int number = Asked[at].Step.Number;
        at++;

        // Asked again, a question brings those with it that hang on it.
        bool hangs = at < Asked.Count
            && (Asked[at].Step.Number == number || Asked[at].Step.Id == SubmissionSteps.SourceName);
        if (!asksAll && hangs)
        {
            return;
        }

        atEnd = !asksAll || (more && at >= Asked.Count);
        asksAll = true;
        at = Math.Min(at, more ? Asked.Count - 1 : Asked.Count);
    }

    // Each is told when it appears, and again where all is looked over.
    private IEnumerable<string> Notes()
    {
        foreach ((ComposeField field, string text, PrivateFinding found) in warnings)
        {
            yield return "! " + field.Step.Label + " "
                + T($"line {found.Line}: {SafeText.Show(PrivateData.Describe(text, found))}");
        }

        if (similar.Count > 0)
        {
            yield return Plural(similar.Count, $"{similar.Count} report may tell of the same event",
                $"{similar.Count} reports may tell of the same event") + "; " + T(":ctrl-o reads them");
        }
    }

    private IEnumerable<string> End()
    {
        string[] missing = [.. Needed.Where(s => !form.Answered(s)).Select(s => $"{s.Number} {s.Label}")];
        yield return SafeText.Show(form.Title) + "  " + Aside(Desk.WideColumns);
        if (missing.Length > 0)
        {
            yield return T($"needed too: {string.Join(", ", missing)}");
        }

        yield return State!.Value.Text;
        yield return T("s sends, t chooses readers, r takes out what the first warning names,")
            + " " + T("a number asks that question again, q keeps the draft");
    }

    private void Finish(string line)
    {
        switch (line)
        {
            case "s":
                Send();
                break;
            case "t":
                ChooseLabel();
                break;
            case "r" when warnings.Count > 0:
                Desk.Say(T("it was taken out"));
                RemoveFirst();
                break;
            case "q":
                Leave();
                break;
            default:
                int found = Asked.ToList().FindIndex(f => f.Step.Number > 0
                    && f.Step.Number.ToString(CultureInfo.InvariantCulture) == line);
                if (found < 0)
                {
                    Desk.Say(T($"{SafeText.Show(line)} is none of the answers"));
                    break;
                }

                (at, atEnd, asksAll, filled) = (found, false, false, true);
                break;
        }
    }

    private string Ask(ComposeField field)
    {
        SubmissionStep step = field.Step;
        string label = step.Number > 0 ? $"{step.Number} {step.Label}: " : $"{step.Label}: ";
        string now = field is TextField { Text.Length: > 0 } text && step.Kind != StepKind.Text
            ? text.Text : Proposal(step);
        string offered = now.Length > 0 ? $" [{SafeText.Show(now)}]" : "";
        string end = offered.Length == 0 && step.Help[^1] is '.' or '?' or '。' ? " " : ". ";
        return label + step.Help + offered + end + step.Kind switch
        {
            StepKind.Text => filled ? T("Lines are added, - begins anew, an empty line ends")
                : T("End with an empty line."),
            StepKind.Evidence => T("One a line, \"kept\" for the last, empty when done"),
            StepKind.One or StepKind.YesNo => Choices(step) + "; " + T("an empty line skips"),
            StepKind.Several => Choices(step) + "; " + T("several with commas"),
            _ => offered.Length > 0 ? T("An empty line takes it") : T("An empty line skips"),
        };
    }

    private string Choices(SubmissionStep step) => string.Join(", ", form.Choices(step).Select((c, i) =>
        $"{i + 1} {c.Label}" + (form.Values(step.Id).Contains(c.Value) ? " (*)" : "")));

    private string Proposal(SubmissionStep step) => step.Id switch
    {
        SubmissionSteps.Title => form.Title,
        SubmissionSteps.Language => form.Language ?? "",
        _ => SubmissionHints.Of(form.Told).GetValueOrDefault(step.Id, ""),
    };

    // True where the question is answered.
    private bool Take(ComposeField field, string line)
    {
        switch (field)
        {
            case TextField { Step.Kind: StepKind.Text } told:
                if (line is "-" or "")
                {
                    told.Set(line == "-" ? "" : told.Text.Trim());
                    return line.Length == 0;
                }

                told.Set(told.Text.Length == 0 ? line : $"{told.Text}\n{line}");
                return false;
            case TextField text:
                if (line.Length > 0)
                {
                    text.Set(line);
                    Look();
                    if (SaysWrong(field.Step))
                    {
                        text.Set("");
                        return false;
                    }
                }
                else if (SubmissionHints.Of(form.Told).TryGetValue(field.Step.Id, out string? hint)
                    && text.Text.Length == 0)
                {
                    text.Set(hint);
                }

                return true;
            case EvidenceField:
                return TakeEvidence(line);
            default:
                return Choose(field.Step, line);
        }
    }

    private bool TakeEvidence(string line)
    {
        switch (line)
        {
            case "":
                return true;
            case "kept":
                form.Add(EvidenceFile.Withheld());
                return true;
            case var _ when Protocol.Records.Forms.IsUrl(line):
                form.Add(new JsonObject { ["url"] = line });
                return false;
            default:
                TakeFile(line);
                return false;
        }
    }

    private bool Choose(SubmissionStep step, string line)
    {
        IReadOnlyList<StepChoice> choices = form.Choices(step);
        bool several = step.Kind == StepKind.Several;
        string?[] chosen = [.. line.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(given =>
            int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= 1 && number <= choices.Count ? choices[number - 1].Value
                : choices.FirstOrDefault(c => c.Value == given)?.Value)];
        if (chosen.Any(c => c is null) || (chosen.Length > 1 && !several))
        {
            Desk.Say(several ? T($"numbers from 1 to {choices.Count}, or an empty line")
                : T($"a number from 1 to {choices.Count}, or an empty line"));
            return false;
        }

        if (chosen.Length > 0)
        {
            form.Answer(step.Id, [.. chosen.OfType<string>()]);
        }

        return true;
    }
}

using IncidentMesh.Protocol.Records;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Protocol.Api.Submission;

/// <summary>The questions of a report in their order: what was told first, because that is what a person has;
/// then the rest of OECD's mandatory criteria; then the optional ones by group. Command line and terminal UI
/// ask from this one list. <c>specs/submission.md</c>, "Steps".</summary>
public static class SubmissionSteps
{
    /// <summary>The question before severity: has harm been done?</summary>
    public const string HarmDone = "harm_done";

    /// <summary>How bad: its choices depend on <see cref="HarmDone"/>.</summary>
    public const string Severity = "severity";

    /// <summary>What was told.</summary>
    public const string Told = "description";

    /// <summary>The title.</summary>
    public const string Title = "title";

    /// <summary>Whose account it is.</summary>
    public const string Source = "source.kind";

    /// <summary>The organisation whose account it is.</summary>
    public const string SourceName = "source.name";

    /// <summary>The language.</summary>
    public const string Language = "lang";

    /// <summary>The evidence.</summary>
    public const string Evidence = "evidence";

    /// <summary>Answer to <see cref="Source"/> of a source whom nobody shall find.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>Answer to <see cref="HarmDone"/>.</summary>
    public const string Yes = "yes";

    /// <summary>Answer to <see cref="HarmDone"/>.</summary>
    public const string NotYet = "not-yet";

    /// <summary>The mandatory ones, with the language after them.</summary>
    public static IReadOnlyList<SubmissionStep> Main =>
    [
        new(Told, T("Told"), T("Paste or type. Leave out the source's name: nothing here asks for it."),
            StepKind.Text) { Number = 1, Oecd = 2 },
        new(Title, T("Title"), T("One line; empty takes the first sentence"), StepKind.Line)
            { Number = 2, Oecd = 1 },
        new("ai_role", T("AI role"), T("What the AI system had to do with it"), StepKind.One)
            { Number = 3, Oecd = 3, Choices = Roles() },
        new(HarmDone, T("Harm done"), T("Has harm been done?"), StepKind.One)
            { Number = 4, Oecd = 10, Choices = [new(Yes, T("yes")), new(NotYet, T("not yet"))] },
        new(Severity, T("Severity"), T("How bad it was, or how bad it could be"), StepKind.One)
            { Number = 4, Oecd = 10, Choices = Of("oecd-severity") },
        new("harm_types", T("Harm"), T("Kinds of harm, several"), StepKind.Several)
            { Number = 5, Oecd = 11, Choices = Of("oecd-harm-type") },
        new(Evidence, T("Evidence"), T("A link, a file (its hash; it stays here), or kept by us, not shared"),
            StepKind.Evidence) { Number = 6, Oecd = 7 },
        new(Source, T("From"), T("Whose account it is"), StepKind.One)
        {
            Number = 7, Oecd = 4,
            Choices =
            [
                new("own", T("our own")), new(Anonymous, T("a source who stays anonymous")),
                new("organisation", T("another organisation")),
            ],
        },
        new(SourceName, T("Its name"), T("The organisation whose account it is"), StepKind.Line),
        new(Language, T("Language"), T("Language tag of the text, e.g. de"), StepKind.Line),
    ];

    /// <summary>The 22 criteria that are optional.</summary>
    public static IReadOnlyList<SubmissionStep> More =>
    [
        .. Grouped(T("when and where"),
            new("occurred", T("When"), T("2026-11-19, 2026-11, or two with .. between"), StepKind.Time)
                { Oecd = 5 },
            new("countries", T("Country"), T("Codes: DE, FR"), StepKind.Countries) { Oecd = 6 },
            new("places", T("Place"), T("In words; several with ;"), StepKind.Lines) { Oecd = 6 }),
        .. Grouped(T("system and model"), System()),
        .. Grouped(T("who"),
            new("developers", T("Developer"), T("Who made it; several with ;"), StepKind.Names) { Oecd = 9 },
            new("deployers", T("Deployer"), T("Who used it; several with ;"), StepKind.Names) { Oecd = 9 },
            new("harmed_parties", T("Harmed"), T("Groups, not names: tenants; pupils"), StepKind.Names)
                { Oecd = 14 }),
        .. Grouped(T("consequences"), Consequences()),
        .. Grouped(T("what was done"),
            new("actions_taken", T("Actions"), T("What was done about it, several"), StepKind.Several)
                { Oecd = 27, Choices = Of("oecd-action") },
            new("steps_to_reproduce", T("See again"), T("How to see it again"), StepKind.Line) { Oecd = 28 },
            new("root_cause", T("Cause"), T("Why it happened"), StepKind.Line) { Oecd = 29 },
            new("risk_assessment_reviewed", T("Risk review"), T("Was the risk assessment reviewed?"),
                StepKind.YesNo) { Oecd = 29 }),
    ];

    /// <summary>Answers to a question of yes and no.</summary>
    public static IReadOnlyList<StepChoice> YesNo => [new(Yes, T("yes")), new("no", T("no"))];

    /// <summary>All questions.</summary>
    public static IReadOnlyList<SubmissionStep> All => [.. Main, .. More];

    /// <summary>How many optional criteria there are; some have two questions.</summary>
    public static int MoreCriteria => More.Select(s => s.Oecd).Distinct().Count();

    private static SubmissionStep[] System() =>
    [
        new("systems", T("System"), T("Its name and version; several with ;"), StepKind.Names) { Oecd = 8 },
        new("sectors", T("Sector"), T("Where it is used: housing; health"), StepKind.Lines) { Oecd = 17 },
        new("business_functions", T("Function"), T("What it does there: customer service"), StepKind.Lines)
            { Oecd = 18 },
        new("critical_infrastructure", T("Critical"), T("Was critical infrastructure touched?"),
            StepKind.YesNo) { Oecd = 19 },
        new("deployment_breadth", T("Breadth"), T("How widely it is used: one city"), StepKind.Line)
            { Oecd = 20 },
        new("lifecycle_phase", T("Phase"), T("Stage of its life cycle"), StepKind.One)
            { Oecd = 20, Choices = Of("avid-lifecycle") },
        new("training_data_url", T("Training data"), T("Link to the training data"), StepKind.Line)
            { Oecd = 21 },
        new("model_url", T("Model"), T("Link to the model"), StepKind.Line) { Oecd = 22 },
        new("model_license", T("Licence"), T("Licence of the model"), StepKind.Line) { Oecd = 23 },
        new("multi_system", T("Several"), T("Did several AI systems act together?"), StepKind.YesNo)
            { Oecd = 24 },
        new("tasks", T("Task"), T("What it was to do: recognise faces"), StepKind.Lines) { Oecd = 25 },
        new("autonomy", T("Autonomy"), T("How far it acts on its own"), StepKind.One)
            { Oecd = 26, Choices = Of("oecd-autonomy") },
    ];

    private static SubmissionStep[] Consequences() =>
    [
        new("harm_quantity.deaths", T("Deaths"), T("How many people died"), StepKind.Count) { Oecd = 12 },
        new("harm_quantity.injuries", T("Injured"), T("How many people were injured"), StepKind.Count)
            { Oecd = 12 },
        new("harm_quantity.persons", T("Affected"), T("How many people in all"), StepKind.Count)
            { Oecd = 12 },
        new("harm_quantity.loss", T("Money lost"), T("Amount and currency: 5000 EUR"), StepKind.Money)
            { Oecd = 12 },
        new("intent", T("Intent"), T("Intended or not"), StepKind.One)
            { Oecd = 13, Choices = Of("mit-intent") },
        new("misuse", T("Misuse"), T("Was the system misused?"), StepKind.YesNo) { Oecd = 13 },
        new("rights_affected", T("Rights"), T("Which rights: privacy; equal treatment"), StepKind.Lines)
            { Oecd = 15 },
        new("principles", T("Principles"), T("Which AI principles: transparency"), StepKind.Lines)
            { Oecd = 16 },
    ];

    private static IEnumerable<SubmissionStep> Grouped(string group, params SubmissionStep[] steps) =>
        steps.Select(s => s with { Group = group });

    private static StepChoice[] Of(string vocabulary) =>
        [.. Vocabulary.Get(vocabulary).Entries.Select(e => new StepChoice(e.Value, Known(e.Label)))];

    // A witness who is unsure must not have to guess.
    private static StepChoice[] Roles() =>
        [.. Of("oecd-ai-role").Select(c => c.Value == "unknown" ? c with { Label = T("unsure") } : c)];
}

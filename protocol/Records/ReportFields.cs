using static IncidentMesh.Protocol.Records.PartRules;

namespace IncidentMesh.Protocol.Records;

/// <summary>The fields of reports, with the number of the OECD criterion that each answers.
/// <c>specs/records.md</c>, "Incident" and "Model risk".</summary>
internal static class ReportFields
{
    private const int Most = Limits.Records.ListEntries;

    internal static Field[] Common { get; } =
        [.. Told, .. WhenAndWhere, .. SystemAndModel, .. Consequences, .. Done, .. Names];

    private static Field[] Told =>
    [
        new("title", ShortText, "One line that tells what happened or could happen.", true, 1),
        new("description", LongText, "What is known, as text or Markdown.", false, 2),
        new("ai_role", new VocabularyRule("oecd-ai-role"), "What the AI system had to do with it.", false, 3),
        new("source", Source, "Whose account it is.", false, 4),
        new("evidence", EvidenceList, "What supports the report.", false, 7),
        new("severity", PartRules.Severity, "How bad.", false, 10),
        new("harm_types", List("oecd-harm-type"), "Kinds of harm.", false, 11),
    ];

    private static Field[] WhenAndWhere =>
    [
        new("occurred", Occurred, "When it happened.", false, 5),
        new("clocks", Clocks, "The times of the duty to report, as claimed."),
        new("countries", new ListRule(Country, Most), "Where: country codes.", false, 6),
        new("places", ShortTexts, "Where, in words.", false, 6),
    ];

    private static Field[] SystemAndModel =>
    [
        new("systems", Systems, "The AI systems concerned.", false, 8),
        new("developers", Parties, "Who developed them.", false, 9),
        new("deployers", Parties, "Who deployed them.", false, 9),
        new("sectors", ShortTexts, "Sectors of deployment.", false, 17),
        new("business_functions", ShortTexts, "Business functions.", false, 18),
        new("critical_infrastructure", YesNo, "Whether critical infrastructure was touched.", false, 19),
        new("deployment_breadth", ShortText, "How widely it is deployed.", false, 20),
        new("lifecycle_phase", new VocabularyRule("avid-lifecycle"), "Stage of the life cycle.", false, 20),
        new("training_data_url", Url, "Link to the training data.", false, 21),
        new("model_url", Url, "Link to the model.", false, 22),
        new("model_license", ShortText, "Licence of the model.", false, 23),
        new("multi_system", YesNo, "Whether several AI systems acted together.", false, 24),
        new("tasks", ShortTexts, "Tasks of the system.", false, 25),
        new("autonomy", new VocabularyRule("oecd-autonomy"), "Level of autonomy.", false, 26),
    ];

    private static Field[] Consequences =>
    [
        new("harm_quantity", HarmQuantity, "How much harm.", false, 12),
        new("intent", new VocabularyRule("mit-intent"), "Intended or not.", false, 13),
        new("misuse", YesNo, "Whether the system was misused.", false, 13),
        new("harmed_parties", Parties, "Who was harmed.", false, 14),
        new("rights_affected", ShortTexts, "Rights that were affected.", false, 15),
        new("principles", ShortTexts, "AI principles that were affected.", false, 16),
        new("eu_serious_incident", List("eu-serious-incident"), "Points of Article 3(49) of the AI Act."),
    ];

    private static Field[] Done =>
    [
        new("actions_taken", Maps(Most, null,
            new("kind", new VocabularyRule("oecd-action"), "Kind of action.", Required: true),
            new("description", LongText, "In words.")), "What was done about it.", false, 27),
        new("steps_to_reproduce", LongText, "How to see it again.", false, 28),
        new("root_cause", LongText, "Why it happened.", false, 29),
        new("risk_assessment_reviewed", YesNo, "Whether the risk assessment was reviewed.", false, 29),
        new("other_regimes_notified", ShortTexts, "Other regimes under which it was reported."),
    ];

    private static Field[] Names =>
    [
        new("techniques", Techniques, "Steps of the attack, in order."),
        new("tags", Tags, "Labels of other taxonomies."),
        new("external_ids", ExternalIds, "What other systems call it."),
        new("credits", ShortTexts, "Who is credited."),
        new("text_license", ShortText, "Licence of this text, where it was taken over."),
        new("attribution", ShortText, "Whom that licence asks to name."),
    ];

    internal static Field[] ModelRisk { get; } =
    [
        new("risk_class", new VocabularyRule("risk-class"), "What kind of report."),
        new("models", Models, "The models that the finding is about.", false, 8),
        new("datasets", Maps(Most, null,
            new("name", ShortText, "Name.", Required: true),
            new("id", ShortText, "Id on a hub."),
            new("url", Url, "Its page.")), "The data sets concerned.", false, 21),
        new("evals", Evals, "Results of evaluations."),
        new("risk_domains", List("avid-risk-domain"), "AVID risk domains."),
        new("sep_view", List("avid-sep"), "AVID security, ethics, performance."),
        new("mit_domains", List("mit-domain"), "MIT risk domains."),
        new("cvss_vector", ShortText, "CVSS vector string."),
        new("cwes", new ListRule(new FormRule("a CWE id (CWE-79)", IsCwe), Most), "Weaknesses."),
        new("maturity", new VocabularyRule("atlas-maturity"), "How far it has come."),
        new("prompts", Maps(Most, null,
            new("sha256", Sha256, "Hash of the text.", Required: true),
            new("role", ShortText, "Who says it.")), "Prompts that show it, by hash.", false, 28),
        new("mitigation", LongText, "What helps against it.", false, 27),
        new("vendor_status", ShortText, "What the vendor says or does."),
        new("disclosure_date", Time, "When it was or will be disclosed."),
    ];

    private static BooleanRule YesNo => new();

    private static FieldRule Source => Map(null,
        new("kind", new VocabularyRule("source-kind"), "Whose account.", Required: true),
        new("name", ShortText, "The organisation."));

    private static FieldRule Occurred => Map(null,
        new("start", Time, "Beginning, or only moment.", Required: true),
        new("end", Time, "End."),
        new("precision", new VocabularyRule("precision"), "How exactly it is known."));

    private static FieldRule Clocks => Map(null,
        new("detected_at", Time, "When it was detected."),
        new("aware_at", Time, "When the provider or deployer became aware."),
        new("next_report_due", Time, "When the next report is due."),
        new("stage", new VocabularyRule("report-stage"), "Stage of the report."));

    private static FieldRule HarmQuantity => Map(null,
        new("deaths", Count, "People who died."),
        new("injuries", Count, "People who were injured."),
        new("persons", Count, "People affected in all."),
        new("loss", PartRules.Decimal, "Money lost."),
        new("currency", new FormRule("an ISO 4217 code", IsCurrency), "Currency."));

    private static ListRule List(string vocabulary) =>
        new(new VocabularyRule(vocabulary), Most);

    private static bool IsCurrency(string text) => text.Length == 3 && text.All(char.IsAsciiLetterUpper);

    private static bool IsCwe(string text) =>
        text.StartsWith("CWE-", StringComparison.Ordinal) && text.Length is > 4 and <= 10
        && !text.AsSpan(4).ContainsAnyExceptInRange('0', '9');
}

using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>What an incident and a model-risk report have in common. Names and numbers follow the OECD common
/// reporting framework (29 criteria); <c>specs/records.md</c>, "Incident".</summary>
public abstract class ReportBody : TypedBody
{
    private protected ReportBody(string type, IpldMap map)
        : base(type, map)
    {
    }

    /// <summary>One line that tells what happened or could happen (OECD 1).</summary>
    public string? Title
    {
        get => GetText("title");
        set => SetText("title", value);
    }

    /// <summary>What is known, as text or Markdown (OECD 2).</summary>
    public string? Description
    {
        get => GetText("description");
        set => SetText("description", value);
    }

    /// <summary>What the AI system had to do with it (OECD 3): a value of <c>oecd-ai-role</c>.</summary>
    public string? AiRole
    {
        get => GetText("ai_role");
        set => SetText("ai_role", value);
    }

    /// <summary>When it happened (OECD 5).</summary>
    public Occurrence? Occurred
    {
        get => GetPart("occurred", Records.Occurrence.Read);
        set => SetPart("occurred", value, v => v.ToMap());
    }

    /// <summary>The times of the duty to report (AI Act, Article 73), as claimed.</summary>
    public Clocks? Clocks
    {
        get => GetPart("clocks", Records.Clocks.Read);
        set => SetPart("clocks", value, v => v.ToMap());
    }

    /// <summary>Where (OECD 6): ISO 3166-1 alpha-2 codes.</summary>
    public IReadOnlyList<string> Countries
    {
        get => GetTexts("countries");
        set => SetTexts("countries", value);
    }

    /// <summary>Where, in words.</summary>
    public IReadOnlyList<string> Places
    {
        get => GetTexts("places");
        set => SetTexts("places", value);
    }

    /// <summary>What supports the report (OECD 7).</summary>
    public IReadOnlyList<Evidence> Evidence
    {
        get => GetParts("evidence", Records.Evidence.Read);
        set => SetParts("evidence", value, v => v.ToMap());
    }

    /// <summary>The AI systems concerned (OECD 8).</summary>
    public IReadOnlyList<AiSystem> Systems
    {
        get => GetParts("systems", Records.AiSystem.Read);
        set => SetParts("systems", value, v => v.ToMap());
    }

    /// <summary>Who developed them (OECD 9).</summary>
    public IReadOnlyList<Party> Developers
    {
        get => GetParts("developers", Records.Party.Read);
        set => SetParts("developers", value, v => v.ToMap());
    }

    /// <summary>Who deployed them (OECD 9).</summary>
    public IReadOnlyList<Party> Deployers
    {
        get => GetParts("deployers", Records.Party.Read);
        set => SetParts("deployers", value, v => v.ToMap());
    }

    /// <summary>How bad (OECD 10).</summary>
    public Severity? Severity
    {
        get => GetPart("severity", Records.Severity.Read);
        set => SetPart("severity", value, v => v.ToMap());
    }

    /// <summary>Kinds of harm (OECD 11): values of <c>oecd-harm-type</c>.</summary>
    public IReadOnlyList<string> HarmTypes
    {
        get => GetTexts("harm_types");
        set => SetTexts("harm_types", value);
    }

    /// <summary>How much harm (OECD 12).</summary>
    public HarmQuantity? HarmQuantity
    {
        get => GetPart("harm_quantity", Records.HarmQuantity.Read);
        set => SetPart("harm_quantity", value, v => v.ToMap());
    }

    /// <summary>Intended or not (OECD 13): a value of <c>mit-intent</c>.</summary>
    public string? Intent
    {
        get => GetText("intent");
        set => SetText("intent", value);
    }

    /// <summary>True where the system was misused (OECD 13).</summary>
    public bool? Misuse
    {
        get => GetBoolean("misuse");
        set => SetBoolean("misuse", value);
    }

    /// <summary>Who was harmed (OECD 14).</summary>
    public IReadOnlyList<Party> HarmedParties
    {
        get => GetParts("harmed_parties", Records.Party.Read);
        set => SetParts("harmed_parties", value, v => v.ToMap());
    }

    /// <summary>Rights that were affected (OECD 15).</summary>
    public IReadOnlyList<string> RightsAffected
    {
        get => GetTexts("rights_affected");
        set => SetTexts("rights_affected", value);
    }

    /// <summary>AI principles that were affected (OECD 16).</summary>
    public IReadOnlyList<string> Principles
    {
        get => GetTexts("principles");
        set => SetTexts("principles", value);
    }

    /// <summary>Sectors of deployment (OECD 17).</summary>
    public IReadOnlyList<string> Sectors
    {
        get => GetTexts("sectors");
        set => SetTexts("sectors", value);
    }

    /// <summary>Business functions (OECD 18).</summary>
    public IReadOnlyList<string> BusinessFunctions
    {
        get => GetTexts("business_functions");
        set => SetTexts("business_functions", value);
    }

    /// <summary>True where critical infrastructure was touched (OECD 19).</summary>
    public bool? CriticalInfrastructure
    {
        get => GetBoolean("critical_infrastructure");
        set => SetBoolean("critical_infrastructure", value);
    }

    /// <summary>How widely it is deployed (OECD 20).</summary>
    public string? DeploymentBreadth
    {
        get => GetText("deployment_breadth");
        set => SetText("deployment_breadth", value);
    }

    /// <summary>Stage of the life cycle: a value of <c>avid-lifecycle</c>.</summary>
    public string? LifecyclePhase
    {
        get => GetText("lifecycle_phase");
        set => SetText("lifecycle_phase", value);
    }

    /// <summary>Link to the training data (OECD 21).</summary>
    public string? TrainingDataUrl
    {
        get => GetText("training_data_url");
        set => SetText("training_data_url", value);
    }

    /// <summary>Link to the model (OECD 22).</summary>
    public string? ModelUrl
    {
        get => GetText("model_url");
        set => SetText("model_url", value);
    }

    /// <summary>Licence of the model (OECD 23).</summary>
    public string? ModelLicense
    {
        get => GetText("model_license");
        set => SetText("model_license", value);
    }

    /// <summary>True where several AI systems acted together (OECD 24).</summary>
    public bool? MultiSystem
    {
        get => GetBoolean("multi_system");
        set => SetBoolean("multi_system", value);
    }

    /// <summary>Tasks of the system (OECD 25).</summary>
    public IReadOnlyList<string> Tasks
    {
        get => GetTexts("tasks");
        set => SetTexts("tasks", value);
    }

    /// <summary>Level of autonomy (OECD 26): a value of <c>oecd-autonomy</c>.</summary>
    public string? Autonomy
    {
        get => GetText("autonomy");
        set => SetText("autonomy", value);
    }

    /// <summary>What was done about it (OECD 27).</summary>
    public IReadOnlyList<ActionTaken> ActionsTaken
    {
        get => GetParts("actions_taken", Records.ActionTaken.Read);
        set => SetParts("actions_taken", value, v => v.ToMap());
    }

    /// <summary>How to see it again (OECD 28).</summary>
    public string? StepsToReproduce
    {
        get => GetText("steps_to_reproduce");
        set => SetText("steps_to_reproduce", value);
    }

    /// <summary>Why it happened (OECD 29).</summary>
    public string? RootCause
    {
        get => GetText("root_cause");
        set => SetText("root_cause", value);
    }

    /// <summary>True where the risk assessment was looked at again (OECD 29).</summary>
    public bool? RiskAssessmentReviewed
    {
        get => GetBoolean("risk_assessment_reviewed");
        set => SetBoolean("risk_assessment_reviewed", value);
    }

    /// <summary>Other regimes under which it was reported.</summary>
    public IReadOnlyList<string> OtherRegimesNotified
    {
        get => GetTexts("other_regimes_notified");
        set => SetTexts("other_regimes_notified", value);
    }

    /// <summary>Points of Article 3(49): values of <c>eu-serious-incident</c>.</summary>
    public IReadOnlyList<string> EuSeriousIncident
    {
        get => GetTexts("eu_serious_incident");
        set => SetTexts("eu_serious_incident", value);
    }

    /// <summary>Steps of the attack, in order: ATLAS or ATT&amp;CK ids.</summary>
    public IReadOnlyList<Technique> Techniques
    {
        get => GetParts("techniques", Records.Technique.Read);
        set => SetParts("techniques", value, v => v.ToMap());
    }

    /// <summary>Labels of other taxonomies.</summary>
    public IReadOnlyList<Tag> Tags
    {
        get => GetParts("tags", Records.Tag.Read);
        set => SetParts("tags", value, v => v.ToMap());
    }

    /// <summary>What other systems call it, e.g. AIID:14.</summary>
    public IReadOnlyList<ExternalId> ExternalIds
    {
        get => GetParts("external_ids", Records.ExternalId.Read);
        set => SetParts("external_ids", value, v => v.ToMap());
    }

    /// <summary>Whose account it is (OECD 4).</summary>
    public Source? Source
    {
        get => GetPart("source", Records.Source.Read);
        set => SetPart("source", value, v => v.ToMap());
    }

    /// <summary>Who is credited, in words.</summary>
    public IReadOnlyList<string> Credits
    {
        get => GetTexts("credits");
        set => SetTexts("credits", value);
    }

    /// <summary>Licence of this text, where it was taken over from elsewhere.</summary>
    public string? TextLicense
    {
        get => GetText("text_license");
        set => SetText("text_license", value);
    }

    /// <summary>Whom that licence asks to name.</summary>
    public string? Attribution
    {
        get => GetText("attribution");
        set => SetText("attribution", value);
    }

    /// <summary>OECD's seven mandatory criteria that this body leaves open, as field names. The author's
    /// identity answers the fourth.</summary>
    public IReadOnlyList<string> MissingMandatory() => Schema.Of(Type)!.MissingMandatory(ToMap());
}

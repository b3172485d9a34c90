using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>The fields of each type of record. <c>specs/records.md</c>, "Bodies".</summary>
internal static class Schemas
{
    internal static IReadOnlyDictionary<string, Schema> ByType { get; } = Build();

    private static Dictionary<string, Schema> Build()
    {
        Field salt = new(
            RecordBody.Salt, new BytesRule(Limits.Records.SaltBytes), "Hides the content from its hash.");
        Dictionary<string, Schema> byType = new(StringComparer.Ordinal)
        {
            [RecordTypes.Incident] = new([.. ReportFields.Common, salt]),
            [RecordTypes.ModelRisk] = new(
                [.. ReportFields.Common, .. ReportFields.ModelRisk, salt], CheckEvals),
            [RecordTypes.Attestation] = new([.. Attestation, salt], CheckAttestation),
            [RecordTypes.Retraction] = new([Reason, salt]),
            [RecordTypes.Link] = new([.. Link, salt]),
            [RecordTypes.Profile] = new([.. Profile, salt]),
            [RecordTypes.TrustList] = new([.. TrustList, salt]),
            [RecordTypes.Model] = new([.. Model, salt]),
        };
        byType[RecordTypes.Correction] = new([.. Correction, salt], CheckCorrection);
        return byType;
    }

    private static FormRule RecordType => new("a type of record", Words.IsWord);

    private static Field Reason => new("reason", PartRules.LongText, "Why, in words.");

    private static Field[] Attestation =>
    [
        new("verdict", new VocabularyRule("attestation-verdict"), "What you say of it.", Required: true),
        new("basis", new VocabularyRule("attestation-basis"), "What that rests on."),
        new("confidence", new VocabularyRule("confidence"), "How sure you are."),
        Reason,
        new("evidence", PartRules.EvidenceList, "What supports it."),
        new("model", PartRules.ModelReference, "The model that the verdict is about."),
        new("evals", PartRules.Evals, "Results that support it."),
    ];

    private static Field[] Correction =>
    [
        Reason,
        new("corrects", RecordType, "Type of what is corrected.", Required: true),
        new("content", new MapRule(new Schema([])), "The whole new content.", Required: true),
    ];

    private static Field[] Link =>
    [
        new("kind", new VocabularyRule("link-kind"), "What you claim of the two records.", Required: true),
        new("confidence", new VocabularyRule("confidence"), "How sure you are."),
        Reason,
        new("evidence", PartRules.EvidenceList, "What supports it."),
    ];

    private static Field[] Profile =>
    [
        new("name", PartRules.ShortText, "What you call yourself.", Required: true),
        new("role", new VocabularyRule("author-role"), "Your role."),
        new("country", new VocabularyRule("iso-3166-1"), "Your country."),
        new("url", PartRules.Url, "A page of yours."),
        new("description", PartRules.LongText, "More, in words."),
        new("languages", new ListRule(PartRules.Language, 16), "Languages that you read."),
    ];

    private static Field[] TrustList =>
    [
        new("name", PartRules.ShortText, "What the list is called."),
        new("description", PartRules.LongText, "What it takes to be on it."),
        new("entries", new ListRule(PartRules.TrustEntry, Limits.Records.TrustEntries), "The identities."),
    ];

    private static Field[] Model =>
    [
        new("model", PartRules.Model, "The model.", Required: true),
        Reason,
        new("evidence", PartRules.EvidenceList, "What supports it."),
        new("evals", PartRules.Evals, "Results of evaluations."),
    ];

    private static void CheckEvals(IpldMap map, string path, List<FieldProblem> problems)
    {
        if (!map.TryGet("models", out _) && !map.TryGet("systems", out _))
        {
            problems.Add(
                new(Schema.Join(path, "models"), "is missing: name a model, or a system in \"systems\""));
        }
    }

    private static void CheckAttestation(IpldMap map, string path, List<FieldProblem> problems)
    {
        bool ofModel = map.Text("verdict") is { } verdict
            && Vocabulary.Get("attestation-verdict").Find(verdict) is not null
            && verdict is "affected" or "not-affected" or "mitigated";
        if (ofModel && !map.TryGet("model", out _))
        {
            problems.Add(new(Schema.Join(path, "model"), "is missing: the verdict is about a model"));
        }
    }

    private static void CheckCorrection(IpldMap map, string path, List<FieldProblem> problems)
    {
        if (map.Text("corrects") is not { } type || map.Get<IpldMap>("content") is not { } content)
        {
            return;
        }

        string inner = Schema.Join(path, "content");
        if (type == RecordTypes.Correction)
        {
            problems.Add(new(Schema.Join(path, "corrects"), "a correction cannot hold a correction"));
        }
        else if (content.TryGet(RecordBody.Salt, out _))
        {
            problems.Add(
                new(Schema.Join(inner, RecordBody.Salt), "the salt stands in the body, not in the content"));
        }
        else
        {
            Schema.Of(type)?.Check(content, inner, problems);
        }
    }
}

using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Rules of the maps within bodies. <c>specs/records.md</c>, "Parts".</summary>
internal static class PartRules
{
    internal static TextRule ShortText { get; } = new(Limits.Records.ShortTextBytes);

    internal static TextRule LongText { get; } = new(Limits.Records.LongTextBytes);

    internal static FormRule Url { get; } = new("an http or https URL", Forms.IsUrl);

    internal static FormRule Time { get; } =
        new("a time (2026, 2026-11, 2026-11-19, 2026-11-19T14:05:00Z)", Forms.IsTime);

    internal static FormRule Decimal { get; } = new(
        "a decimal number as text, e.g. \"0.182\"", Forms.IsDecimal);

    internal static FormRule Purl { get; } = new("a package URL (pkg:type/…)", Forms.IsPurl);

    internal static FormRule Language { get; } = new("a BCP 47 language tag", LanguageTag.IsWellFormed);

    internal static BytesRule Sha256 { get; } = new(Digest.ByteLength);

    internal static IntegerRule Count { get; } = new(0, Limits.Wire.CborInteger);

    internal static VocabularyRule Country { get; } = new("iso-3166-1");

    private static VocabularyRule Confidence { get; } = new("confidence");

    internal static ListRule ShortTexts { get; } = new(ShortText, Limits.Records.ListEntries);

    internal static FieldRule EvidenceList { get; } = Maps(Limits.Records.ListEntries, CheckEvidence,
        new("url", Url, "Where it is."),
        new("archive_url", Url, "Where a copy was archived."),
        new("sha256", Sha256, "Hash of the file."),
        new("size", Count, "Bytes of the file."),
        new("mime", new FormRule("a media type", Forms.IsMime), "Media type."),
        new("name", ShortText, "What it is called."),
        new("withheld", new BooleanRule(), "True where you keep it and do not share it."));

    internal static FieldRule Parties { get; } = Maps(Limits.Records.ListEntries, null,
        new("name", ShortText, "The name.", Required: true),
        new("id", ShortText, "Id in a register."),
        new("country", Country, "Country."));

    internal static FieldRule ModelReference { get; } = Map(CheckReference, ReferenceFields());

    internal static FieldRule Model { get; } = Map(null,
        new("name", ShortText, "The name.", Required: true),
        new("version", ShortText, "The version."),
        new("provider", ShortText, "Who provides it."),
        new("purl", Purl, "Package URL."),
        new("files", Maps(Limits.Records.ModelFiles, null,
            new("sha256", Sha256, "Hash.", Required: true),
            new("size", Count, "Bytes."),
            new("format", ShortText, "gguf, safetensors, onnx, …")), "Its files."),
        new("w1", Sha256, "Digest of the weights without their header."),
        new("arch", ShortText, "Architecture."),
        new("quant", ShortText, "Quantisation."),
        new("license", ShortText, "Licence."),
        new("lineage", Maps(Limits.Records.LineageEdges, null,
            new("how", new VocabularyRule("lineage-how"), "How it comes from the other.", Required: true),
            new("to", ModelReference, "The other model.", Required: true),
            new("from", ShortText, "Where that is written.")), "What it comes from."));

    internal static FieldRule Models { get; } = new ListRule(Model, Limits.Records.Models);

    internal static FieldRule Systems { get; } = Maps(Limits.Records.ListEntries, null,
        new("name", ShortText, "The name.", Required: true),
        new("version", ShortText, "The version."),
        new("registry_id", ShortText, "Id in a register, e.g. the EU database."),
        new("purl", Purl, "Package URL."),
        new("models", Models, "The models in it."));

    internal static FieldRule Severity { get; } = Map(CheckSeverity,
        new("value", ShortText, "The value.", Required: true),
        new("scheme", ShortText, "The scale, e.g. oecd-severity.", Required: true),
        new("raw", ShortText, "The value as the source had it."),
        new("raw_scheme", ShortText, "The scale of the source."),
        new("mapping", new VocabularyRule("mapping"), "How well the one maps to the other."));

    internal static FieldRule Techniques { get; } = Maps(Limits.Records.ListEntries, null,
        new("id", ShortText, "Id, e.g. AML.T0051.", Required: true),
        new("tactic", ShortText, "Tactic."),
        new("name", ShortText, "Name."),
        new("description", LongText, "What was done."));

    internal static FieldRule Tags { get; } = Maps(Limits.Records.ListEntries, CheckTag,
        new("ns", ShortText, "The taxonomy.", Required: true),
        new("value", ShortText, "The label.", Required: true),
        new("version", ShortText, "Version of the taxonomy."),
        new("confidence", Confidence, "How sure you are."));

    internal static FieldRule ExternalIds { get; } = Maps(Limits.Records.ListEntries, null,
        new("scheme", ShortText, "The system: AIID, AVID, CVE, …", Required: true),
        new("id", ShortText, "The id there.", Required: true),
        new("url", Url, "Its page there."));

    internal static FieldRule TrustEntry { get; } = Map(null,
        new("author", new LinkRule(), "Id of the identity.", Required: true),
        new("name", ShortText, "What you call it."),
        new("note", ShortText, "Why it is here."));

    internal static FieldRule Evals { get; } = new ListRule(EvalRules.Eval, Limits.Records.Evals);

    internal static FieldRule Map(Action<IpldMap, string, List<FieldProblem>>? more, params Field[] fields) =>
        new MapRule(new Schema(fields, more));

    internal static FieldRule Maps(
        int most, Action<IpldMap, string, List<FieldProblem>>? more, params Field[] fields) =>
        new ListRule(Map(more, fields), most);

    private static Field[] ReferenceFields() =>
    [
        new("purl", Purl, "Package URL."),
        new("sha256", Sha256, "Hash of a file, or w1."),
        new("name", ShortText, "Name."),
    ];

    private static void CheckReference(IpldMap map, string path, List<FieldProblem> problems)
    {
        if (!map.TryGet("purl", out _) && !map.TryGet("sha256", out _) && !map.TryGet("name", out _))
        {
            problems.Add(new(path, "needs purl, sha256 or name"));
        }
    }

    private static void CheckEvidence(IpldMap map, string path, List<FieldProblem> problems)
    {
        bool named = map.TryGet("url", out _) || map.TryGet("archive_url", out _)
            || map.TryGet("sha256", out _);
        if (!named && map.Boolean("withheld") != true)
        {
            problems.Add(new(path, "needs url, archive_url or sha256, or withheld: true"));
        }
    }

    private static void CheckSeverity(IpldMap map, string path, List<FieldProblem> problems)
    {
        if (map.Text("scheme") is { } scheme && map.Text("value") is { } value
            && Vocabulary.TryGet(scheme, out Vocabulary? vocabulary))
        {
            VocabularyRule.CheckValue(vocabulary, value, Schema.Join(path, "value"), problems);
        }
    }

    private static void CheckTag(IpldMap map, string path, List<FieldProblem> problems)
    {
        if (map.Text("ns") is { } ns && map.Text("value") is { } value
            && Vocabulary.TryGet(ns, out Vocabulary? vocabulary))
        {
            VocabularyRule.CheckValue(vocabulary, value, Schema.Join(path, "value"), problems);
        }
    }
}

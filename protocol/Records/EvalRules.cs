namespace IncidentMesh.Protocol.Records;

/// <summary>Rules of a result of an evaluation. <c>specs/records.md</c>, "Evaluations".</summary>
internal static class EvalRules
{
    internal static FieldRule Eval { get; } = PartRules.Map(null,
        new("metric", PartRules.ShortText, "The metric with its namespace.", Required: true),
        new("value", PartRules.Decimal, "The value.", Required: true),
        new("unit", PartRules.ShortText, "Its unit."),
        new("better", OneOf("lower", "higher", "zero", "one"), "Which way is better."),
        new("group", Group, "The group it was measured for."),
        new("interval", Interval, "How sure the value is."),
        new("n", PartRules.Count, "Samples."),
        new("dataset", Dataset, "What it was measured on."),
        new("threshold", Threshold, "The value that it had to reach."),
        new("lang", PartRules.Language, "Language."),
        new("task", PartRules.ShortText, "Task."),
        new("method", Method, "How it was measured."),
        new("date", PartRules.Time, "When."),
        new("by", OneOf("self", "third-party"), "Who measured."),
        new("log", PartRules.Sha256, "Hash of the log."));

    private static FieldRule Group => PartRules.Map(null,
        new("attribute", PartRules.ShortText, "The attribute.", Required: true),
        new("value", PartRules.ShortText, "The group.", Required: true),
        new("reference", PartRules.ShortText, "The group it is compared with."));

    private static FieldRule Interval => PartRules.Map(null,
        new("low", PartRules.Decimal, "Lower end.", Required: true),
        new("high", PartRules.Decimal, "Upper end.", Required: true),
        new("level", PartRules.Decimal, "Level, e.g. 0.95."),
        new("kind", PartRules.ShortText, "Kind of interval."));

    private static FieldRule Dataset => PartRules.Map(null,
        new("id", PartRules.ShortText, "Id.", Required: true),
        new("config", PartRules.ShortText, "Configuration."),
        new("split", PartRules.ShortText, "Split."),
        new("revision", PartRules.ShortText, "Revision."),
        new("sha256", PartRules.Sha256, "Hash."),
        new("parallel", new BooleanRule(), "True where the same items exist in every language."));

    private static FieldRule Threshold => PartRules.Map(null,
        new("op", OneOf("lt", "le", "gt", "ge"), "How value and threshold compare.", Required: true),
        new("value", PartRules.Decimal, "The threshold.", Required: true),
        new("outcome", OneOf("pass", "fail"), "Whether it was reached."));

    private static FieldRule Method => PartRules.Map(null,
        new("tool", PartRules.ShortText, "The tool.", Required: true),
        new("version", PartRules.ShortText, "Its version."),
        new("seed", PartRules.Count, "Seed."),
        new("shots", PartRules.Count, "Examples in the prompt."),
        new("prompts", PartRules.Sha256, "Hash of the prompts."),
        new("decoding", PartRules.ShortText, "How text was drawn."),
        new("judge", PartRules.ShortText, "Who or what judged."));

    private static FormRule OneOf(params string[] words) =>
        new($"one of {string.Join(", ", words)}", words.Contains);
}

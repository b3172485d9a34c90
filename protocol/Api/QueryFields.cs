using System.Diagnostics.CodeAnalysis;

namespace IncidentMesh.Protocol.Api;

/// <summary>What the values of a field are, and so which operators it takes.</summary>
public enum QueryFieldKind
{
    /// <summary>One of a fixed list of words.</summary>
    Choice,

    /// <summary>A term of a vocabulary that ships as data; any word is taken.</summary>
    Vocabulary,

    /// <summary>The two-branched scale of <see cref="QuerySeverity"/>; takes order.</summary>
    Severity,

    /// <summary>A moment or a period (<see cref="QueryTime"/>); takes order and ranges.</summary>
    Time,

    /// <summary>A whole number, not negative; takes order and ranges.</summary>
    Number,

    /// <summary>A code such as a country, a language or a tag; compared without regard to case.</summary>
    Code,

    /// <summary>A name as people.md prints it: <c>@x</c>, <c>+x</c>, <c>?key4</c>, <c>x:key4</c>, or an
    /// id.</summary>
    Name,

    /// <summary>An id in full, a prefix of at least 4 characters, or an id of another system.</summary>
    Id,

    /// <summary>Words to be found inside the field, without regard to case and diacritics.</summary>
    Text,
}

/// <summary>A field of the query language.</summary>
/// <param name="Name">As typed, lower case.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="Help">One sentence for <c>explain field NAME</c>.</param>
/// <param name="Example">A clause that parses.</param>
/// <param name="Values">The words of a <see cref="QueryFieldKind.Choice"/> or severity field; else
/// empty.</param>
public sealed record QueryField(
    string Name, QueryFieldKind Kind, string Help, string Example, IReadOnlyList<string> Values)
{
    /// <summary>Whether the field is itself a bound (<c>since</c>, <c>until</c>): one value after <c>:</c>,
    /// nothing else.</summary>
    public bool IsBound => Name is "since" or "until";

    /// <summary>Whether <c>&gt;= &lt;= &gt; &lt;</c> may be used.</summary>
    public bool Ordered =>
        !IsBound && Kind is QueryFieldKind.Time or QueryFieldKind.Number or QueryFieldKind.Severity;

    /// <summary>Whether <c>a..b</c> may be used.</summary>
    public bool Ranged => !IsBound && Kind is QueryFieldKind.Time or QueryFieldKind.Number;

    /// <inheritdoc/>
    public bool Equals(QueryField? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The fields of the query language, in the order in which help lists them (<c>specs/query.md</c>,
/// fields).</summary>
public static class QueryFields
{
    private static readonly string[] None = [];

    /// <summary>Every field.</summary>
    public static IReadOnlyList<QueryField> All { get; } =
    [
        Choice("type", "The type of the record.", "type:incident",
            "incident", "model-risk", "attestation", "correction", "retraction", "link", "profile",
                "trust-list",
            "deny-list", "translation", "erasure", "sealed", "audience", "checkpoint"),
        Field("id", QueryFieldKind.Id,
            "The record's id: in full, a prefix of at least 4 characters, or an id of "
            + "another database such as AIID:14, AVID-2025-R0001, CVE-2024-1234.", "id:7q3kx2m4"),
        Field("author", QueryFieldKind.Name, "Who signed it: @name, +name, ?key4, name:key4, or an id.",
            "author:@bnetza"),
        Choice("standing", "What this node thinks of the author.", "standing:trusted,introduced",
            "own", "trusted", "introduced", "unknown", "denied"),
        Choice("role", "What the author's profile says that the author is.", "role:regulator",
            "regulator", "lab", "civil-society", "research"),
        Field("country", QueryFieldKind.Code, "Where it happened: ISO 3166 two-letter codes.",
            "country:DE,FR"),
        new("severity", QueryFieldKind.Severity,
            "How bad: hazard < serious-hazard, and incident < serious-incident "
            + "< disaster; serious is the top of both.", "severity>=serious", QuerySeverity.Words),
        Field("harm", QueryFieldKind.Vocabulary, "The type of harm, from the harm vocabulary.",
            "harm:rights"),
        Field("ai-role", QueryFieldKind.Vocabulary, "What part the AI system played.",
            "ai-role:direct-cause"),
        Field("lang", QueryFieldKind.Code, "The language of the report: BCP 47; lang:* is any that is named.",
            "lang:de"),
        Field("since", QueryFieldKind.Time, "Created at or after the start of this time.", "since:mon"),
        Field("until", QueryFieldKind.Time, "Created before the end of this time.", "until:2026-01"),
        Field("occurred", QueryFieldKind.Time, "When it happened, as the report says.",
            "occurred:2025..2026-03"),
        Field("received", QueryFieldKind.Time, "When this node got it.", "received:yesterday"),
        Choice("stage", "The stage of a report under Article 73 of the EU AI Act.", "stage:initial",
            "initial", "follow-up", "combined", "final-reportable", "final-non-reportable"),
        Field("due", QueryFieldKind.Time, "When the next report is due by the Article 73 clock, as claimed; "
            + "durations count from now forwards.", "due<=7d"),
        Choice("tlp", "The TLP 2.0 label.", "tlp:clear", "clear", "green", "amber", "amber+strict", "red"),
        Choice("state",
            "Corrected, retracted, and those that a search leaves out unless asked: superseded versions "
            + "and quarantined records; state:* is all.", "-state:retracted",
            "current", "corrected", "superseded", "retracted", "quarantined", "erased"),
        Field("system", QueryFieldKind.Text, "The AI system's name or version.", "system:FaceSure"),
        Field("developer", QueryFieldKind.Text, "Who developed the system.", "developer:\"Novara GmbH\""),
        Field("deployer", QueryFieldKind.Text, "Who deployed the system.", "deployer:polizei"),
        Field("sector", QueryFieldKind.Vocabulary, "The sector in which it was deployed.",
            "sector:education"),
        Field("model", QueryFieldKind.Text, "A model's name or package URL.",
            "model:pkg:huggingface/novara/facesure"),
        Field("lineage", QueryFieldKind.Text, "A model, or any model derived from it.",
            "lineage:bert-base-uncased"),
        Field("tag", QueryFieldKind.Code, "A taxonomy tag: its value, or namespace:value.", "tag:avid:E0101"),
        Choice("has", "What comes with it: evidence, a translation, or a gap in its author's chain.",
            "has:evidence",
            "evidence", "translation", "gap"),
        Choice("is", "What you did with it, or others: read by you, written by you, bookmarked, disputed.",
            "is:unread",
            "unread", "mine", "bookmarked", "disputed"),
        Choice("basis", "The basis of an attestation about it.", "basis:first-hand",
            "first-hand", "document", "replication"),
        Field("sources", QueryFieldKind.Number, "How many independent sources tell of the event.",
            "sources>=3"),
        Field("cluster", QueryFieldKind.Id, "Reports of the same event as this one.", "cluster:7q3kx2m4"),
        Field("similar", QueryFieldKind.Id, "Reports whose text is near to this one's.", "similar:7q3kx2m4"),
        Field("about", QueryFieldKind.Text, "Near in meaning, in any language; the words need not occur.",
            "about:\"wrongful arrest\""),
        Field("url", QueryFieldKind.Text, "An address among its evidence; a host or a part of it is enough.",
            "url:example.org"),
        Field("saved", QueryFieldKind.Text, "A query that you saved under this name.", "saved:morning"),
    ];

    /// <summary>What people type for a field; named in the hint, never accepted: one spelling for one
    /// meaning.</summary>
    private static readonly Dictionary<string, string> OtherWords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["language"] = "lang", ["from"] = "author", ["by"] = "author", ["date"] = "occurred",
            ["when"] = "occurred",
        ["after"] = "since", ["before"] = "until", ["created"] = "since", ["label"] = "tlp", ["link"] = "url",
        ["status"] = "state", ["vendor"] = "developer", ["event"] = "cluster", ["deadline"] = "due",
            ["kind"] = "type",
    };

    private static readonly Dictionary<string, QueryField> ByName =
        All.ToDictionary(field => field.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds a field by its name, without regard to case.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out QueryField? field) =>
        ByName.TryGetValue(name, out field);

    /// <summary>The field whose name is nearest to <paramref name="name"/>, or null when none is
    /// near.</summary>
    public static string? Nearest(string name) =>
        OtherWords.TryGetValue(name, out string? field) ? field
        : QuerySuggestion.Nearest(name, All.Select(field => field.Name));

    private static QueryField Field(string name, QueryFieldKind kind, string help, string example) =>
        new(name, kind, help, example, None);

    private static QueryField Choice(string name, string help, string example, params string[] values) =>
        new(name, QueryFieldKind.Choice, help, example, values);
}

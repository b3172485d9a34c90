namespace IncidentMesh.Protocol.Records;

/// <summary>The types of records. A type that is not here is stored and relayed, not understood.
/// <c>specs/records.md</c>, "Types".</summary>
public static class RecordTypes
{
    /// <summary>Something happened.</summary>
    public const string Incident = "incident";

    /// <summary>Something could happen.</summary>
    public const string ModelRisk = "model-risk";

    /// <summary>What the author says of another's record, or of a model.</summary>
    public const string Attestation = "attestation";

    /// <summary>A new version of an own record.</summary>
    public const string Correction = "correction";

    /// <summary>An own record is taken back.</summary>
    public const string Retraction = "retraction";

    /// <summary>A claim about two records.</summary>
    public const string Link = "link";

    /// <summary>What an author calls itself.</summary>
    public const string Profile = "profile";

    /// <summary>Whom an author vouches for.</summary>
    public const string TrustList = "trust-list";

    /// <summary>A statement about a model and its lineage.</summary>
    public const string Model = "model";

    /// <summary>An encrypted record: its body is not DAG-CBOR.</summary>
    public const string Sealed = "sealed";

    /// <summary>Types whose bodies this version reads and writes.</summary>
    public static IReadOnlyList<string> Understood { get; } =
        [Incident, ModelRisk, Attestation, Correction, Retraction, Link, Profile, TrustList, Model];

    /// <summary>Types that a later version gives a meaning; nobody may use them for another.</summary>
    public static IReadOnlyList<string> Reserved { get; } =
        ["deny-list", "translation", "erasure", Sealed, "audience", "checkpoint"];

    /// <summary>True for the two types that tell of an event or a risk.</summary>
    public static bool IsReport(string type) => type is Incident or ModelRisk;
}

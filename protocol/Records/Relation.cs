using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>How a record refers to another. It stands in the header, so that the reference outlives an erased
/// body. <c>specs/records.md</c>, "Relations".</summary>
/// <param name="How">A word of the vocabulary <c>relation</c>, or one that a later version adds.</param>
/// <param name="To">The id of the other record.</param>
public readonly record struct Relation(string How, Cid To)
{
    /// <summary>A correction names the version that it replaces.</summary>
    public const string Supersedes = "supersedes";

    /// <summary>A retraction names what it takes back.</summary>
    public const string Retracts = "retracts";

    /// <summary>An attestation names what it speaks of.</summary>
    public const string Attests = "attests";

    /// <summary>A link names the two records that it compares.</summary>
    public const string Links = "links";

    /// <summary>Any record may name others as related.</summary>
    public const string Related = "related";
}

using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>The signed part of a record that is never erased. <c>specs/records.md</c>, "Header".</summary>
/// <remarks><c>header = { v, type, author, key, auth, seq, prev: [CID], created, body: CID, size, lang?,
/// rel?: [{how, to}], must? }</c></remarks>
public sealed class RecordHeader
{
    /// <summary>The version that this code reads and writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Version of the header's form.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>What the body is: a word of <see cref="RecordTypes"/>, or one that this version does not
    /// know.</summary>
    public required string Type { get; init; }

    /// <summary>Id of the author's inception event.</summary>
    public required Cid Author { get; init; }

    /// <summary>The device key that signed.</summary>
    public required PublicKey Key { get; init; }

    /// <summary>The identity event under which <see cref="Key"/> is active.</summary>
    public required Cid Auth { get; init; }

    /// <summary>1 + the greatest number among <see cref="Previous"/>; for audit, never a condition of
    /// validity.</summary>
    public required long Seq { get; init; }

    /// <summary>All heads of this key when the record was made, in byte order; empty for its first
    /// record.</summary>
    public IReadOnlyList<Cid> Previous { get; init; } = [];

    /// <summary>When, in Unix seconds, as the author claims.</summary>
    public required long Created { get; init; }

    /// <summary>Names the body by its hash.</summary>
    public required Cid Body { get; init; }

    /// <summary>Bytes of the body.</summary>
    public required int Size { get; init; }

    /// <summary>BCP 47 tag of the body's language, where it has one.</summary>
    public string? Language { get; init; }

    /// <summary>References to other records, in the author's order, none twice.</summary>
    public IReadOnlyList<Relation> Relations { get; init; } = [];

    /// <summary>Keys of the header or body without which a reader may not show the record, in canonical
    /// order.</summary>
    public IReadOnlyList<string> Must { get; init; } = [];

    /// <summary>True where the body is encrypted bytes, not DAG-CBOR.</summary>
    public bool IsSealed => Type == RecordTypes.Sealed;

    /// <summary>The ids that stand under <paramref name="how"/>.</summary>
    public IEnumerable<Cid> RelatedBy(string how)
    {
        foreach (Relation relation in Relations)
        {
            if (relation.How == how)
            {
                yield return relation.To;
            }
        }
    }
}

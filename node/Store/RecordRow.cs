using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Store;

/// <summary>A row of the columns, put together.</summary>
/// <param name="Row">Its number; never changes while the columns live.</param>
/// <param name="Id">Digest of the record's id.</param>
/// <param name="Author">Digest of the author's id.</param>
/// <param name="Key">The device key that signed.</param>
/// <param name="Type">Type of the record.</param>
/// <param name="Created">Unix seconds, as claimed.</param>
/// <param name="Received">When this node first had it.</param>
/// <param name="Position">Where its frame stands.</param>
/// <param name="Seq">Number in the chain of its key.</param>
/// <param name="ContentHash">Hash of its content without salt, 0 where unknown.</param>
/// <param name="Severity">Mapped severity, or null.</param>
/// <param name="Verdict">What an attestation or link says, or null.</param>
/// <param name="Language">BCP 47 tag, or null.</param>
/// <param name="Countries">ISO 3166 codes.</param>
/// <param name="Flags">What stands of it.</param>
public readonly record struct RecordRow(
    int Row, Digest Id, Digest Author, PublicKey Key, string Type, long Created, Instant Received,
    LogPosition Position, long Seq, ulong ContentHash, string? Severity, string? Verdict, string? Language,
    IReadOnlyList<string> Countries, RowFlags Flags);

/// <summary>Which rows are asked for; what is null or zero asks for nothing.</summary>
public sealed record RowFilter
{
    /// <summary>Any of these types.</summary>
    public IReadOnlyCollection<string>? Types { get; init; }

    /// <summary>Any of these severities.</summary>
    public IReadOnlyCollection<string>? Severities { get; init; }

    /// <summary>Any of these countries among the record's.</summary>
    public IReadOnlyCollection<string>? Countries { get; init; }

    /// <summary>Any of these languages.</summary>
    public IReadOnlyCollection<string>? Languages { get; init; }

    /// <summary>Any of these authors.</summary>
    public IReadOnlyCollection<Digest>? Authors { get; init; }

    /// <summary>Created at this Unix second or later.</summary>
    public long Since { get; init; } = long.MinValue;

    /// <summary>Created before this Unix second.</summary>
    public long Before { get; init; } = long.MaxValue;

    /// <summary>All of these flags.</summary>
    public RowFlags With { get; init; }

    /// <summary>None of these flags; a dropped row is never found.</summary>
    public RowFlags Without { get; init; }
}

/// <summary>A column that can be counted by.</summary>
public enum RowColumn
{
    /// <summary>Type of the record.</summary>
    Type,

    /// <summary>Mapped severity.</summary>
    Severity,

    /// <summary>Each country of a record.</summary>
    Country,

    /// <summary>Language.</summary>
    Language,
}

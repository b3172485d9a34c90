using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Store;

/// <summary>What stands or stood of a record; bits of one number a row.</summary>
[Flags]
public enum RowFlags
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>Its author is not admitted here, or its key may sign no longer: not relayed, served or
    /// reconciled, and what it says of other records does not count.</summary>
    Quarantined = 1,

    /// <summary>The body was erased; the header counts on.</summary>
    Erased = 2,

    /// <summary>The body is not held: lost to damage, or not fetched yet.</summary>
    BodyMissing = 4,

    /// <summary>Its author signed a newer version. Kept by the columns.</summary>
    Superseded = 8,

    /// <summary>It is a newer version of a record of the same author. Kept by the columns.</summary>
    Corrects = 16,

    /// <summary>Its author took it back. Kept by the columns.</summary>
    Retracted = 32,

    /// <summary>A record that is no retraction of its own disputes it. Kept by the columns.</summary>
    Disputed = 64,

    /// <summary>A later record of the same key names it: it is no head. Kept by the columns.</summary>
    Followed = 128,

    /// <summary>Dropped from what this node holds; its row stays empty.</summary>
    Dropped = 256,

    /// <summary>Read by the operator.</summary>
    Read = 512,

    /// <summary>Bookmarked by the operator.</summary>
    Bookmarked = 1024,

    /// <summary>Marked unread by the operator: what this node's own author signed is read
    /// otherwise.</summary>
    Unread = 2048,
}

/// <summary>A reference of one record to another, as the columns keep it.</summary>
/// <param name="How">The relation's word, or <see cref="Previous"/>.</param>
/// <param name="To">Digest of the other record's id.</param>
public readonly record struct RowLink(string How, Digest To)
{
    /// <summary>The word under which the <c>prev</c> of a header stands; no relation has it.</summary>
    public const string Previous = "prev";
}

/// <summary>What the columns keep of a record. Whoever knows the forms of bodies fills it, so that the
/// store parses none (<see cref="RowReader"/>).</summary>
public readonly record struct RowFields
{
    /// <summary>Digest of the record's id.</summary>
    public required Digest Id { get; init; }

    /// <summary>Digest of the author's id.</summary>
    public required Digest Author { get; init; }

    /// <summary>The device key that signed.</summary>
    public required PublicKey Key { get; init; }

    /// <summary>Type of the record.</summary>
    public required string Type { get; init; }

    /// <summary>When the author says that it was made; Unix seconds.</summary>
    public required long Created { get; init; }

    /// <summary>When this node first had it.</summary>
    public required Instant Received { get; init; }

    /// <summary>Where its frame stands.</summary>
    public required LogPosition Position { get; init; }

    /// <summary>Number in the chain of its key.</summary>
    public long Seq { get; init; }

    /// <summary>First 8 bytes of the hash of its content without salt, 0 where unknown.</summary>
    public ulong ContentHash { get; init; }

    /// <summary>Mapped severity.</summary>
    public string? Severity { get; init; }

    /// <summary>What an attestation or a link says, e.g. <c>dispute</c>.</summary>
    public string? Verdict { get; init; }

    /// <summary>BCP 47 tag.</summary>
    public string? Language { get; init; }

    /// <summary>ISO 3166 codes.</summary>
    public IReadOnlyList<string>? Countries { get; init; }

    /// <summary>Its <c>prev</c> and its relations.</summary>
    public IReadOnlyList<RowLink>? Links { get; init; }

    /// <summary>What is known of it besides; bits that the columns keep themselves are ignored.</summary>
    public RowFlags Flags { get; init; }
}

/// <summary>Reads the fields of a record's frame; false if the frame is none that belongs into the
/// columns.</summary>
public delegate bool RowReader(LogFrame frame, out RowFields fields);

using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Search;

/// <summary>What became of a record. A search leaves out <see cref="Superseded"/> and
/// <see cref="Quarantined"/> unless asked.</summary>
public enum ReportState : byte
{
    /// <summary>The only version, and it stands.</summary>
    Current,

    /// <summary>The newest version of a report that was corrected.</summary>
    Corrected,

    /// <summary>An older version of a report.</summary>
    Superseded,

    /// <summary>Taken back by its author.</summary>
    Retracted,

    /// <summary>From an author whom nobody trusted here knows.</summary>
    Quarantined,

    /// <summary>Its body was erased; the header stays.</summary>
    Erased,
}

/// <summary>What people did with a record, here or elsewhere.</summary>
[Flags]
public enum ReportMarks : short
{
    /// <summary>Nothing: unread.</summary>
    None = 0,

    /// <summary>Read on this node.</summary>
    Read = 1,

    /// <summary>Signed by this node's identity.</summary>
    Mine = 2,

    /// <summary>Bookmarked on this node.</summary>
    Bookmarked = 4,

    /// <summary>An attestation that counts here disputes it.</summary>
    Disputed = 8,

    /// <summary>A first-hand attestation is about it.</summary>
    FirstHand = 16,

    /// <summary>An attestation from a document is about it.</summary>
    Document = 32,

    /// <summary>An attestation by replication is about it.</summary>
    Replication = 64,

    /// <summary>A translation of it is known.</summary>
    Translation = 128,

    /// <summary>Its author's chain has a gap.</summary>
    Gap = 256,
}

/// <summary>What this node holds of a record beyond what the record says; pushed by whoever learns
/// it.</summary>
/// <param name="State">What became of it.</param>
/// <param name="Marks">What people did with it.</param>
/// <param name="Sources">Independent sources of its event, itself included.</param>
/// <param name="Cluster">The cluster that it belongs to, or null when it stands alone.</param>
public readonly record struct ReportStatus(
    ReportState State = ReportState.Current, ReportMarks Marks = ReportMarks.None, int Sources = 1,
        Digest? Cluster = null);

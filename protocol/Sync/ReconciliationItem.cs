using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Sync;

/// <summary>One member of a reconciled set: ordered by time, then by id. A bound of a range has the same
/// form, with the bytes that its prefix leaves out as zeros. Source: negentropy v1, "Bound";
/// <c>specs/sync.md</c>, section 2.</summary>
/// <param name="Created">Seconds since the Unix epoch; <see cref="ulong.MaxValue"/> stands for
/// infinity.</param>
/// <param name="Id">SHA-256 digest of the record's CID.</param>
public readonly record struct ReconciliationItem(ulong Created, Digest Id) : IComparable<ReconciliationItem>
{
    /// <summary>The bound behind every item.</summary>
    public static ReconciliationItem Infinity => new(ulong.MaxValue, default);

    /// <inheritdoc/>
    public int CompareTo(ReconciliationItem other)
    {
        int order = Created.CompareTo(other.Created);
        return order != 0 ? order : Id.CompareTo(other.Id);
    }

    /// <summary>Before in set order.</summary>
    public static bool operator <(ReconciliationItem left, ReconciliationItem right) =>
        left.CompareTo(right) < 0;

    /// <summary>After in set order.</summary>
    public static bool operator >(ReconciliationItem left, ReconciliationItem right) =>
        left.CompareTo(right) > 0;

    /// <summary>Before in set order, or equal.</summary>
    public static bool operator <=(ReconciliationItem left, ReconciliationItem right) =>
        left.CompareTo(right) <= 0;

    /// <summary>After in set order, or equal.</summary>
    public static bool operator >=(ReconciliationItem left, ReconciliationItem right) =>
        left.CompareTo(right) >= 0;
}

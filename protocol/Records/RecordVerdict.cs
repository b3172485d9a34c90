using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Codes of faults that a reader of records must tell apart.</summary>
public static class RecordFaults
{
    /// <summary>The header has a version that this code does not read: ignored, since a later one may read
    /// it.</summary>
    public const string UnknownVersion = "unknown-version";

    /// <summary>The signature is not one of the key that the header or the chain names.</summary>
    public const string BadSignature = "bad-signature";
}

/// <summary>What to do with a record or identity event that a peer sent. Rejecting costs the peer and is kept
/// for what every node sees as wrong for ever; what depends on clock, policy or knowledge is ignored.
/// <c>specs/records.md</c>, "Accept, reject, ignore".</summary>
public abstract record RecordVerdict
{
    private RecordVerdict()
    {
    }

    /// <summary>Valid: store it, relay it.</summary>
    public sealed record Accept : RecordVerdict
    {
        /// <summary>The only value.</summary>
        public static Accept Instance { get; } = new();
    }

    /// <summary>Wrong for ever, on every node: counts against the peer.</summary>
    /// <param name="Fault">What is wrong.</param>
    public sealed record Reject(Fault Fault) : RecordVerdict;

    /// <summary>Not taken, and nobody's fault.</summary>
    /// <param name="Reason">Why, in words for the operator.</param>
    public sealed record Ignore(string Reason) : RecordVerdict;

    /// <summary>Cannot be judged before another block is there.</summary>
    /// <param name="Missing">The identity event to ask the sender for.</param>
    public sealed record Pending(Cid Missing) : RecordVerdict;

    /// <summary>The verdict on bytes that gave <paramref name="fault"/>.</summary>
    public static RecordVerdict Of(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault.Code == RecordFaults.UnknownVersion ? new Ignore(fault.Detail) : new Reject(fault);
    }
}

using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Identity;

/// <summary>Codes of faults that a reader of identity events must tell apart.</summary>
public static class IdentityFaults
{
    /// <summary>An event of a version that this code does not read: ignored, since a later one may read
    /// it.</summary>
    public const string UnknownVersion = "unknown-version";

    /// <summary>The event is not signed by the root key of its log.</summary>
    public const string BadSignature = "bad-signature";

    /// <summary>A rotation to a key that the log did not commit to.</summary>
    public const string BadCommitment = "bad-commitment";

    /// <summary>The number, or the author, does not fit the event that it follows.</summary>
    public const string BadPlace = "identity-place";
}

/// <summary>What became of an event that was applied to an <see cref="IdentityBook"/>.</summary>
public abstract record IdentityOutcome
{
    private IdentityOutcome()
    {
    }

    /// <summary>The event is in the book, and with it others that had waited for it.</summary>
    /// <param name="Events">All that were added, in an order in which they can be stored and relayed.</param>
    /// <param name="Withdraws">True where keys that were authorised may no longer be: ask again for every
    /// record of the author.</param>
    public sealed record Added(IReadOnlyList<IdentityEvent> Events, bool Withdraws) : IdentityOutcome;

    /// <summary>The event was in the book already.</summary>
    public sealed record Known : IdentityOutcome
    {
        /// <summary>The only value.</summary>
        public static Known Instance { get; } = new();
    }

    /// <summary>The event waits for the one before it.</summary>
    /// <param name="Missing">What to ask the sender for.</param>
    public sealed record Pending(Cid Missing) : IdentityOutcome;

    /// <summary>The event is wrong for ever: it counts against the sender.</summary>
    /// <param name="Fault">What is wrong.</param>
    public sealed record Refused(Fault Fault) : IdentityOutcome;

    /// <summary>The event is not taken, and nobody's fault.</summary>
    /// <param name="Reason">Why, in words for the operator.</param>
    public sealed record Ignored(string Reason) : IdentityOutcome;
}

/// <summary>Whether a key may sign for an author.</summary>
public abstract record AuthOutcome
{
    private AuthOutcome()
    {
    }

    /// <summary>It may.</summary>
    public sealed record Yes : AuthOutcome
    {
        /// <summary>The only value.</summary>
        public static Yes Instance { get; } = new();
    }

    /// <summary>Not known before another event is there.</summary>
    /// <param name="Missing">What to ask the sender for.</param>
    public sealed record Pending(Cid Missing) : AuthOutcome;

    /// <summary>It may not, by the events that are known now: the record is ignored, not refused.</summary>
    /// <param name="Reason">Why, in words for the operator.</param>
    public sealed record No(string Reason) : AuthOutcome;
}

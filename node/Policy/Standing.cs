namespace IncidentMesh.Node.Policy;

/// <summary>How a node stands to an author. <c>specs/policy.md</c>, section 2.</summary>
public enum Standing
{
    /// <summary>Nobody that the node trusts vouches for her: quarantine.</summary>
    Unknown,

    /// <summary>On the operator's deny list: neither stored nor relayed.</summary>
    Denied,

    /// <summary>On the trust list of a trusted identity: stored and relayed within a quota.</summary>
    Introduced,

    /// <summary>On the node's own list, or on a list that it follows: stored and relayed.</summary>
    Trusted,
}

/// <summary>What becomes of a valid record.</summary>
public enum Disposition
{
    /// <summary>Stored, relayed, reconciled.</summary>
    Store,

    /// <summary>Held back for the operator to look at; never relayed, served or reconciled.</summary>
    Quarantine,

    /// <summary>Not taken; only the id is remembered.</summary>
    Decline,
}

/// <summary>What the policy says about one record, with the reason in words for the operator.</summary>
/// <param name="Disposition">What becomes of it.</param>
/// <param name="Reason">Why.</param>
public readonly record struct PolicyDecision(Disposition Disposition, string Reason);

namespace IncidentMesh.Protocol.Api;

/// <summary>A node's state at a glance (<c>incidentmesh status</c>).</summary>
public sealed record StatusView
{
    /// <summary>Always <c>incidentmesh/1</c>.</summary>
    public string Schema { get; init; } = ApiSchema.Name;

    /// <summary>CID of the node's identity.</summary>
    public required string Identity { get; init; }

    /// <summary>The operator's name for it.</summary>
    public required string Name { get; init; }

    /// <summary>libp2p peer id.</summary>
    public required string PeerId { get; init; }

    /// <summary>Listening addresses with the peer id.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Connected peers.</summary>
    public int Peers { get; init; }

    /// <summary>Records in the reconciled set.</summary>
    public int Records { get; init; }

    /// <summary>The same by type.</summary>
    public IReadOnlyDictionary<string, int> ByType { get; init; } = new Dictionary<string, int>();

    /// <summary>SHA-256 over the reconciled set, hex (<c>specs/policy.md</c>).</summary>
    public required string RecordDigest { get; init; }

    /// <summary>Clusters of two reports or more.</summary>
    public int Clusters { get; init; }

    /// <summary>SHA-256 over the clusters, hex.</summary>
    public required string ClusterDigest { get; init; }

    /// <summary>Reports that wait for the model or for their clusters.</summary>
    public int EmbedBacklog { get; init; }

    /// <summary>Reports that the model has embedded since the start.</summary>
    public int Embedded { get; init; }

    /// <summary>SHA-256 of the model graph, hex, or null without a model.</summary>
    public string? Graph { get; init; }

    /// <summary>Device that runs the model, e.g. <c>cpu</c>.</summary>
    public string? Device { get; init; }

    /// <summary>Execution provider.</summary>
    public string? Provider { get; init; }

    /// <summary>Why the model does not run, or not on the device that was wanted; null when all is
    /// well.</summary>
    public string? ModelNote { get; init; }

    /// <summary>Records that wait for an identity event.</summary>
    public int Pending { get; init; }

    /// <summary>Records in quarantine.</summary>
    public int Quarantine { get; init; }

    /// <summary>Reports of anonymous sources that are signed later.</summary>
    public int Held { get; init; }

    /// <summary>Seconds since the last finished sync with any peer, or null.</summary>
    public double? SyncedSecondsAgo { get; init; }

    /// <summary>Folder that holds everything.</summary>
    public required string Home { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>What recovery found at the last start, in words; empty when all was well.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>One peer.</summary>
public sealed record PeerView
{
    /// <summary>libp2p peer id.</summary>
    public required string PeerId { get; init; }

    /// <summary>Address it was reached at, or null.</summary>
    public string? Address { get; init; }

    /// <summary><c>equal syncing behind connected refused offline banned</c>.</summary>
    public required string State { get; init; }

    /// <summary><c>in</c>, <c>out</c> or null when not connected.</summary>
    public string? Direction { get; init; }

    /// <summary>What the peer's software calls itself.</summary>
    public string? Agent { get; init; }

    /// <summary>Records that the last sync brought.</summary>
    public int Received { get; init; }

    /// <summary>Rounds of the last sync.</summary>
    public int Rounds { get; init; }

    /// <summary>Bytes of reconciliation of the last sync, both ways.</summary>
    public long ReconciliationBytes { get; init; }

    /// <summary>Seconds since the last finished sync, or null.</summary>
    public double? SyncedSecondsAgo { get; init; }

    /// <summary>Round trip of the last ping in milliseconds, or null.</summary>
    public double? LagMilliseconds { get; init; }

    /// <summary>Why it is refused, or what it last did wrong; null when all is well.</summary>
    public string? Note { get; init; }
}

/// <summary>All peers.</summary>
/// <param name="Schema">Always <c>incidentmesh/1</c>.</param>
/// <param name="Items">Connected ones first.</param>
public sealed record PeerListView(string Schema, IReadOnlyList<PeerView> Items);

/// <summary>One author and the standing that this node gives them.</summary>
/// <param name="Author">The author.</param>
/// <param name="VouchedBy">Name or id of who names them, or <c>you</c>, or null.</param>
/// <param name="Reports">Records held.</param>
/// <param name="Missing">Records known to be missing.</param>
/// <param name="Since">When the standing began, or null.</param>
public sealed record TrustItem(
    AuthorView Author, string? VouchedBy, int Reports, int Missing, DateTimeOffset? Since)
{
    /// <summary>Why some of their records are not taken, or null.</summary>
    public string? Declined { get; init; }
}

/// <summary>All authors.</summary>
/// <param name="Schema">Always <c>incidentmesh/1</c>.</param>
/// <param name="Items">Trusted first, then introduced, unknown, denied.</param>
/// <param name="Follows">Identities whose trust lists this node follows.</param>
public sealed record TrustListView(
    string Schema, IReadOnlyList<TrustItem> Items, IReadOnlyList<string> Follows);

/// <summary>One check of <c>doctor</c>.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Ok">Whether it is well.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Hint">What to do, or null.</param>
public sealed record DoctorCheck(string Name, bool Ok, string Detail, string? Hint);

/// <summary>What <c>doctor</c> found.</summary>
/// <param name="Schema">Always <c>incidentmesh/1</c>.</param>
/// <param name="Ok">All checks hold.</param>
/// <param name="Checks">The checks.</param>
public sealed record DoctorView(string Schema, bool Ok, IReadOnlyList<DoctorCheck> Checks);

/// <summary>One event of <c>GET /v1/events</c>.</summary>
/// <param name="Id">Number that a reader sends as <c>Last-Event-ID</c> to carry on.</param>
/// <param name="Kind"><c>record</c>, <c>peer</c> or <c>status</c>; <c>start</c> where an id is told
/// alone.</param>
/// <param name="Item">The record, for <c>record</c>.</param>
public sealed record EventView(long Id, string Kind, ReportItem? Item);

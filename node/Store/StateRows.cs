using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Store;

/// <summary>A peer and what it was like.</summary>
/// <param name="Peer">Its peer id as text.</param>
/// <param name="Addresses">Where it was reached, the last one that worked first.</param>
/// <param name="FirstSeen">When it was first connected.</param>
/// <param name="LastSeen">When it was last connected.</param>
/// <param name="LastSync">When a sync with it last came to its end, or null.</param>
/// <param name="Failures">Dials that failed since the last that did not.</param>
/// <param name="LastFault">What it last did wrong, or null.</param>
public sealed record PeerRow(
    string Peer, IReadOnlyList<string> Addresses, Instant FirstSeen, Instant LastSeen, Instant? LastSync,
    int Failures, string? LastFault);

/// <summary>An author and what this node has made of her.</summary>
/// <param name="Author">Id as text.</param>
/// <param name="Standing">trusted, introduced, unknown, denied.</param>
/// <param name="Voucher">Who introduced her, or null.</param>
/// <param name="Day">Unix day that <paramref name="Today"/> counts.</param>
/// <param name="Today">Records of that day.</param>
/// <param name="Bytes">Bytes of hers in all.</param>
public sealed record AuthorRow(
    string Author, string Standing, string? Voucher, long Day, int Today, long Bytes);

/// <summary>A record in quarantine.</summary>
/// <param name="Record">Id as text.</param>
/// <param name="Author">Her id as text.</param>
/// <param name="Peer">Who delivered it.</param>
/// <param name="Since">When it came.</param>
/// <param name="Bytes">Envelope and body.</param>
public sealed record QuarantineRow(string Record, string Author, string Peer, Instant Since, int Bytes);

/// <summary>What the machine and people decided of a pair or a cluster.</summary>
/// <param name="Cluster">Id of the cluster as text.</param>
/// <param name="Members">Ids as text.</param>
/// <param name="Decided">When.</param>
/// <param name="By">machine or people.</param>
public sealed record ClusterRow(string Cluster, IReadOnlyList<string> Members, Instant Decided, string By);

/// <summary>How far an alert has told.</summary>
/// <param name="Search">Name of the saved query.</param>
/// <param name="Told">Received times up to this one were told.</param>
/// <param name="Unseen">Hits that nobody has looked at.</param>
public sealed record AlertRow(string Search, Instant Told, int Unseen);

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

/// <summary>How far an alert has told.</summary>
/// <param name="Search">Name of the saved query.</param>
/// <param name="Told">Received times up to this one were told.</param>
/// <param name="Unseen">Hits that nobody has looked at.</param>
public sealed record AlertRow(string Search, Instant Told, int Unseen);

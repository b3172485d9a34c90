using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Net;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Node.Serve;

/// <summary>Peers as the API shows them.</summary>
internal static class PeerViews
{
    /// <summary>A connected peer.</summary>
    public static PeerView Connected(PeerInfo peer, PeerSyncState? sync, Instant now) => new()
    {
        PeerId = peer.Id.ToString(),
        Address = peer.RemoteAddress.ToString(),
        State = StateOf(sync),
        Direction = peer.Outbound ? "out" : "in",
        Agent = peer.Identity.AgentVersion,
        Received = sync?.Statistics?.Envelopes ?? 0,
        Rounds = sync?.Statistics?.Rounds ?? 0,
        ReconciliationBytes = (sync?.Statistics?.BytesSent ?? 0) + (sync?.Statistics?.BytesReceived ?? 0),
        SyncedSecondsAgo = sync?.LastSynced is { } at ? (now - at).TotalSeconds : null,
        Note = sync?.LastFault?.ToString(),
    };

    /// <summary>A peer that is dialled and not there.</summary>
    public static PeerView Offline(Multiaddr address, string? why) => new()
    {
        PeerId = address.Peer.ToString()!,
        Address = address.ToString(),
        State = "offline",
        Note = why,
    };

    /// <summary>A peer that was met before.</summary>
    public static PeerView Known(PeerRow row, Instant now) => new()
    {
        SyncedSecondsAgo = row.LastSync is { } at ? Math.Max(0, (now - at).TotalSeconds) : null,
        PeerId = row.Peer,
        Address = row.Addresses.Count > 0 ? row.Addresses[0] : null,
        State = "offline",
        Note = "seen " + DateTimeOffset.FromUnixTimeMilliseconds(row.LastSeen.Milliseconds)
            .ToString("yyyy-MM-dd HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture),
    };

    private static string StateOf(PeerSyncState? sync) => sync switch
    {
        null or { Syncs: false } => "connected",
        { Running: true } => "syncing",
        { LastSynced: not null, Statistics.Envelopes: 0 } => "equal",
        { LastSynced: not null } => "connected",
        { LastFault: not null } => "refused",
        _ => "connected",
    };
}

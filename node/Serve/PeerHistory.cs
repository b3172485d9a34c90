using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Net;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Node.Serve;

/// <summary>Which peers this node has met, where, and how it went: an index in LiteDB, rebuilt from the
/// operator's own
/// decisions where it is missing or damaged.</summary>
internal sealed class PeerHistory(StateDb state)
{
    /// <summary>Fills an empty index with the peers that the operator named.</summary>
    public static void Rebuild(StateTables tables, LocalState local, Instant now)
    {
        foreach ((string peer, IReadOnlyList<string> addresses) in local.Peers)
        {
            tables.Put(new PeerRow(peer, addresses, now, now, null, 0, null));
        }
    }

    /// <summary>Notes the peers that are connected, and how sync stands with each.</summary>
    public Task NoteAsync(
        IReadOnlyList<PeerInfo> connected, IReadOnlyList<PeerSyncState> states, Instant now) =>
        state.WriteAsync(tables =>
        {
            foreach (PeerInfo peer in connected)
            {
                PeerSyncState? sync = states.FirstOrDefault(s => s.Peer == peer.Id);
                tables.Put(Row(tables.Peer(peer.Id.ToString()), peer, sync, now));
            }
        });

    /// <summary>All peers that were met, or that the operator named.</summary>
    public Task<IReadOnlyList<PeerRow>> AllAsync() => state.ReadAsync(tables => tables.Peers());

    /// <summary>Forgets a peer.</summary>
    public Task ForgetAsync(PeerId peer) => state.WriteAsync(tables => tables.RemovePeer(peer.ToString()));

    private static PeerRow Row(PeerRow? known, PeerInfo peer, PeerSyncState? sync, Instant now)
    {
        // An address that the peer dialled from is no address to dial it at.
        string[] addresses = peer.Outbound
            ? [peer.RemoteAddress.WithPeer(peer.Id).ToString()]
            : [.. peer.Identity.ListenAddresses.Take(1).Select(a => a.WithPeer(peer.Id).ToString())];
        return new PeerRow(
            peer.Id.ToString(),
            addresses.Length > 0 ? addresses : known?.Addresses ?? [],
            known?.FirstSeen ?? now,
            now,
            sync?.LastSynced ?? known?.LastSync,
            0,
            sync?.LastFault?.ToString());
    }
}

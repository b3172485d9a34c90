using IncidentMesh.Node.Mesh;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Tests.Sync;
using Xunit;

namespace IncidentMesh.Tests.Mesh;

public sealed class DeclinedOverlaysTests
{
    [Fact]
    public void A_peer_has_131072_items_remembered_and_not_one_more()
    {
        var overlays = new DeclinedOverlays();
        PeerId peer = PendingPoolTests.Peer(0);
        for (int n = 0; n < Limits.Sync.OverlayItems; n++)
        {
            Assert.True(overlays.Add(peer, SyncSet.Records, NegentropyVectorTests.Item(n), default));
        }

        Assert.True(overlays.IsFull(peer));
        Assert.False(overlays.Add(peer, SyncSet.Identities, NegentropyVectorTests.Item(-1), default));
        Assert.Equal(Limits.Sync.OverlayItems, overlays.CountOf(peer));
    }

    [Fact]
    public void Thirty_two_peers_are_remembered_and_the_33rd_takes_the_place_of_the_one_met_first()
    {
        var overlays = new DeclinedOverlays();
        for (int n = 0; n <= Limits.Sync.OverlayPeers; n++)
        {
            overlays.Add(
                PendingPoolTests.Peer(n), SyncSet.Records, NegentropyVectorTests.Item(n), new Instant(n));
        }

        Assert.Equal(0, overlays.CountOf(PendingPoolTests.Peer(0)));
        Assert.Equal(1, overlays.CountOf(PendingPoolTests.Peer(1)));
        Assert.Equal(1, overlays.CountOf(PendingPoolTests.Peer(Limits.Sync.OverlayPeers)));
    }

    [Fact]
    public void An_item_that_is_admitted_leaves_all_overlays()
    {
        var overlays = new DeclinedOverlays();
        overlays.Add(PendingPoolTests.Peer(0), SyncSet.Records, NegentropyVectorTests.Item(1), default);
        overlays.Add(PendingPoolTests.Peer(1), SyncSet.Records, NegentropyVectorTests.Item(1), default);
        overlays.Remove(SyncSet.Records, NegentropyVectorTests.Item(1));
        Assert.Equal(0, overlays.CountOf(PendingPoolTests.Peer(0)));
        Assert.Equal(0, overlays.CountOf(PendingPoolTests.Peer(1)));
    }
}

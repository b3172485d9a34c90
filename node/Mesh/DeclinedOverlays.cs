using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Sync;

namespace IncidentMesh.Node.Mesh;

/// <summary>For each peer, the items that it offered and this node declined after it had checked them: both
/// sides then reconcile over equal sets, whatever their policies. In memory, for the peers met last.
/// <c>specs/sync.md</c>, section 6.</summary>
internal sealed class DeclinedOverlays
{
    private readonly Dictionary<PeerId, Overlay> _overlays = [];

    /// <summary>The overlay of a peer for one set.</summary>
    public ReconciliationSet Of(PeerId peer, SyncSet set, Instant now)
    {
        if (!_overlays.TryGetValue(peer, out Overlay? overlay))
        {
            if (_overlays.Count >= Limits.Sync.OverlayPeers)
            {
                _overlays.Remove(_overlays.MinBy(pair => pair.Value.Used).Key);
            }

            _overlays.Add(peer, overlay = new Overlay());
        }

        overlay.Used = now;
        return set == SyncSet.Identities ? overlay.Identities : overlay.Records;
    }

    /// <summary>Remembers an item; false when the peer's overlay is full.</summary>
    public bool Add(PeerId peer, SyncSet set, ReconciliationItem item, Instant now)
    {
        ReconciliationSet items = Of(peer, set, now);
        if (IsFull(peer))
        {
            return false;
        }

        items.Add(item);
        return true;
    }

    /// <summary>Whether a peer offers more that is declined than is remembered.</summary>
    public bool IsFull(PeerId peer) => _overlays.TryGetValue(peer, out Overlay? overlay)
        && overlay.Identities.Count + overlay.Records.Count >= Limits.Sync.OverlayItems;

    /// <summary>How much is remembered of a peer.</summary>
    public int CountOf(PeerId peer) =>
        _overlays.TryGetValue(peer, out Overlay? overlay) ? overlay.Identities.Count + overlay.Records.Count
            : 0;

    /// <summary>An item was admitted after all: it must not stand in both sets.</summary>
    public void Remove(SyncSet set, ReconciliationItem item)
    {
        foreach (Overlay overlay in _overlays.Values)
        {
            ReconciliationSet items = set == SyncSet.Identities ? overlay.Identities : overlay.Records;
            if (items.Count > 0)
            {
                items.Remove(item);
            }
        }
    }

    /// <summary>The reasons to decline have changed: everything is offered again.</summary>
    public void Clear()
    {
        foreach (Overlay overlay in _overlays.Values)
        {
            overlay.Identities.Clear();
            overlay.Records.Clear();
        }
    }

    /// <summary>Forgets what one peer offered.</summary>
    public void Clear(PeerId peer)
    {
        if (_overlays.TryGetValue(peer, out Overlay? overlay))
        {
            overlay.Identities.Clear();
            overlay.Records.Clear();
        }
    }

    private sealed class Overlay
    {
        public ReconciliationSet Identities { get; } = new();

        public ReconciliationSet Records { get; } = new();

        public Instant Used { get; set; }
    }
}

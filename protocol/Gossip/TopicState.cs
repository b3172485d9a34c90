using System.Text;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Gossip;

/// <summary>What the router knows of one topic that its owner subscribed or published to.</summary>
internal sealed class TopicState(string name, IEqualityComparer<Digest> comparer)
{
    public string Name { get; } = name;

    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(name);

    public bool Subscribed { get; set; }

    /// <summary>Connected peers that subscribed.</summary>
    public List<PeerState> Peers { get; } = [];

    /// <summary>Peers that exchange every message at once. Empty without subscription.</summary>
    public List<PeerState> Mesh { get; } = [];

    /// <summary>Peers that get own messages of a topic without subscription.</summary>
    public List<PeerState> Fanout { get; } = [];

    public Instant FanoutUntil { get; set; }

    public BackoffTable Backoffs { get; } = new();

    /// <summary>Seen ids. Kept for each topic apart: who sends an identity event under the records' topic
    /// must not hide it from where it belongs.</summary>
    public AgingSet Seen { get; } = new(Limits.Gossip.SeenIds, comparer);

    public void Forget(PeerState peer)
    {
        Peers.Remove(peer);
        Mesh.Remove(peer);
        Fanout.Remove(peer);
    }
}

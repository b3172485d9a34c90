using System.Security.Cryptography;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;

namespace IncidentMesh.Node.Mesh;

/// <summary>How a <see cref="Replica"/> behaves.</summary>
public sealed record ReplicaOptions
{
    /// <summary>The protocol of sync streams.</summary>
    public const string SyncProtocol = "/incidentmesh/sync/1.0.0";

    /// <summary>Random bytes: salts, and the seed of every choice that need not be secret.</summary>
    public Func<int, byte[]> Entropy { get; init; } = RandomNumberGenerator.GetBytes;

    /// <summary>The numbers of the gossip router.</summary>
    public GossipParameters Gossip { get; init; } = new();

    /// <summary>Time between two sessions with a random peer, 20 % more or less.</summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromMilliseconds(Limits.Mesh.SyncMilliseconds);

    /// <summary>Time between two salted sessions with one peer.</summary>
    public TimeSpan SaltedInterval { get; init; } = TimeSpan.FromDays(1);
}

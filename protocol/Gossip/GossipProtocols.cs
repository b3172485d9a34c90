namespace IncidentMesh.Protocol.Gossip;

/// <summary>The stream protocols that carry gossip, and the topics. <c>specs/gossip.md</c>,
/// "Names".</summary>
public static class GossipProtocols
{
    /// <summary>GossipSub 1.2: 1.1 with IDONTWANT.</summary>
    public const string Meshsub12 = "/meshsub/1.2.0";

    /// <summary>GossipSub 1.1: prune carries a backoff.</summary>
    public const string Meshsub11 = "/meshsub/1.1.0";

    /// <summary>GossipSub 1.0.</summary>
    public const string Meshsub10 = "/meshsub/1.0.0";

    /// <summary>FloodSub: no mesh, every message to every subscriber.</summary>
    public const string Floodsub = "/floodsub/1.0.0";

    /// <summary>All of them, the one to propose first at the front.</summary>
    public static IReadOnlyList<string> All { get; } = [Meshsub12, Meshsub11, Meshsub10, Floodsub];
}

/// <summary>Names of the topics. <c>specs/gossip.md</c>, "Names".</summary>
public static class GossipTopics
{
    /// <summary>Records: <c>data = envelope || body</c>.</summary>
    public const string Records = "incidentmesh/1/records";

    /// <summary>Identity events: <c>data = envelope</c>.</summary>
    public const string Identity = "incidentmesh/1/identity";
}

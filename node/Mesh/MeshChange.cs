using IncidentMesh.Node.Policy;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Mesh;

/// <summary>A change to what a node holds, told in the order in which it became durable.</summary>
public abstract record MeshChange
{
    private MeshChange()
    {
    }

    /// <summary>A record counts.</summary>
    public sealed record Admitted(Record Record, ReadOnlyMemory<byte> Body, Standing Standing) : MeshChange;

    /// <summary>A record is held back.</summary>
    public sealed record Quarantined(Record Record, ReadOnlyMemory<byte> Body) : MeshChange;

    /// <summary>Records of an author count no longer.</summary>
    public sealed record Withdrawn(Cid Author, IReadOnlyList<Digest> Ids) : MeshChange;

    /// <summary>A peer came, went or changed.</summary>
    public sealed record Peers : MeshChange;
}

/// <summary>A record of this node's own was not taken.</summary>
public sealed class RefusedException(Fault fault) : Exception(fault.ToString())
{
    /// <summary>Why.</summary>
    public Fault Fault { get; } = fault;
}

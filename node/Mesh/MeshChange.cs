using IncidentMesh.Node.Store;
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
    /// <summary>Code of a disk that is full.</summary>
    public const string NoRoom = "no-room";

    /// <summary>Code of a disk that fails.</summary>
    public const string Disk = "disk";

    /// <summary>Why.</summary>
    public Fault Fault { get; } = fault;

    /// <summary>Whether the disk is to blame, and not the record.</summary>
    public bool IsOfDisk => Fault.Code is NoRoom or Disk;

    /// <summary>The fault of a store that could not.</summary>
    public static Fault Of(StoreException e) =>
        Fault.Message(e.Error == StoreError.NoRoom ? NoRoom : Disk, e.Message);
}

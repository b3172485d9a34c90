using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Mesh;

/// <summary>Bytes of what a node has stored, by record id. Asked only for what was persisted before; answers
/// from any place, the log or memory. Used from the replica's owner alone.</summary>
public interface IRecordSource
{
    /// <summary>The envelope of a record.</summary>
    bool TryReadEnvelope(Digest id, out ReadOnlyMemory<byte> envelope);

    /// <summary>The body of a record; false where it was erased or is damaged.</summary>
    bool TryReadBody(Digest id, out ReadOnlyMemory<byte> body);
}

using IncidentMesh.Node.Cluster;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

// Attestations count as sources of the event that they are about.
internal sealed partial class ReportIndex
{
    private void AttestAll()
    {
        foreach (RecordRow row in Rows(r => r.Type == RecordTypes.Attestation))
        {
            if (Read(row.Id) is { } stored
                && TypedBody.Read(row.Type, stored.Map) is AttestationBody attestation)
            {
                AddAttestation(stored.Record, attestation);
            }
        }
    }

    private void AddAttestation(Record record, AttestationBody body)
    {
        if (!_authors.Admits(record.Header.Author.Digest))
        {
            return;
        }

        foreach (Relation relation in record.Header.Relations.Where(r => r.How == Relation.Attests))
        {
            if (ReportReader.Testimony(record, body, relation.To.Digest) is { } testimony)
            {
                Digest current = _mesh.Columns.CurrentOf(relation.To.Digest);
                lock (_clusterGate)
                {
                    _clusters?.AddAttestation(current, testimony);
                }

                MarkCluster(current);
            }
        }
    }

    private void RemoveAttestation(Digest id)
    {
        if (WithClusters(c => c.RemoveAttestation(id)) is Digest report)
        {
            MarkCluster(report);
        }
    }

    private void MarkCluster(Digest report)
    {
        foreach (Digest member in WithClusters(c => c.Members(report)) ?? [])
        {
            Mark(member);
        }
    }
}

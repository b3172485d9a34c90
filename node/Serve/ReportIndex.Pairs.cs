using IncidentMesh.Node.Cluster;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace IncidentMesh.Node.Serve;

// The pairs of reports that were compared, kept between starts.
internal sealed partial class ReportIndex
{
    private string PairsFile => Path.Combine(_folder, "pairs");

    // What was compared before the last stop is not compared again.
    private void RecallPairs()
    {
        if (!File.Exists(PairsFile) || !_clusters!.TryRecall(File.ReadAllBytes(PairsFile)))
        {
            return;
        }

        foreach (RecordRow row in Rows(r => RecordTypes.IsReport(r.Type) || r.Type == RecordTypes.Correction))
        {
            if (_vectors!.Get(row.Id) is { } vector && Read(row.Id) is { } stored
                && ReportReader.ReportOf(row.Type, stored.Map) is { } report)
            {
                ClusterItem item = ItemOf(stored.Record, stored.Map, report, vector);
                WithClusters(c => c.Place(item));
            }
        }

        WithClusters(c =>
        {
            c.EndRecall();
            return c.Count;
        });
        foreach (Digest id in WithClusters(c => c.Clusters().SelectMany(m => m).ToArray()) ?? [])
        {
            Mark(id);
        }
    }

    private void SavePairs()
    {
        if (_unsaved == 0 || WithClusters(c => c.SavePairs()) is not { } bytes)
        {
            return;
        }

        _unsaved = 0;
        try
        {
            Files.WriteAtomic(PairsFile, bytes);
        }
        catch (StoreException e)
        {
            // The next start compares again.
            _log.LogWarning("the pairs were not saved: {Reason}", e.Message);
        }
    }

    private static ClusterItem ItemOf(Record record, IpldMap map, ReportBody report, float[] vector) =>
        ReportReader.Item(
            record.Id.Digest, record.Header.Author, record.Header.Language, report,
            RecordBody.ContentHash(map)) with
        { Vector = vector };
}

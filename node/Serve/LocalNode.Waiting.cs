using IncidentMesh.Node.Policy;
using IncidentMesh.Node.Search;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

// A query for what waits in quarantine. It is answered from an index of its own that is made for it: what
// strangers send must not weigh in any other answer, and is 4,096 records at most.
internal sealed partial class LocalNode
{
    private static readonly ReportStatus Waits = new(ReportState.Quarantined);

    private static bool AsksForWaiting(Query query) => query.Terms.Any(term =>
        term is QueryClause { Field.Name: "state" } state
        && FieldColumns.Values(state.Value) is ["quarantined"]);

    private async Task<TextIndex> WaitingAsync(CancellationToken stop)
    {
        HeldBack held = await HeldBackAsync();
        return await Task.Run(() => IndexOf(held, stop), stop);
    }

    private TextIndex IndexOf(HeldBack held, CancellationToken stop)
    {
        TextIndex index = TextIndex.InMemory();
        foreach (QuarantineEntry entry in held.Entries.Where(e => IsWaiting(e.Id)))
        {
            stop.ThrowIfCancellationRequested();
            if (_views.Read(entry.Id) is { Map: { } map, Report: not null } stored)
            {
                index.Put(ReportDocument.Of(stored.Record, map, entry.Since.Milliseconds));
                index.Mark(entry.Id, Waits);
            }
        }

        index.Refresh();
        return index;
    }
}

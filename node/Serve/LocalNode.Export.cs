using System.Runtime.CompilerServices;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

// Our JSON lines.
internal sealed partial class LocalNode
{
    public async IAsyncEnumerable<string> ExportAsync(
        string query, bool answers, [EnumeratorCancellation] CancellationToken stop)
    {
        string? cursor = null;
        HashSet<Digest> written = [];
        do
        {
            SearchView page = await SearchAsync(
                new SearchRequest(query, ApiLimits.PageItems, cursor, query.Length == 0 ? "new" : null),
                    stop);
            foreach (ReportItem item in page.Items)
            {
                ReportViews.Stored stored = Find(item.Id);
                IEnumerable<ReportViews.Stored> all = answers ? WithAnswers(stored.Row.Id) : [stored];
                foreach (ReportViews.Stored one in all.Where(one => written.Add(one.Row.Id)))
                {
                    yield return ExportLine.Write(
                        one.Record, one.Frame.Body, await EventsOfAsync(one.Record.Header.Author));
                }
            }

            cursor = page.Cursor;
        }
        while (cursor is not null);
    }

    // A record, what it names (the versions before it), and what names any of these.
    private IEnumerable<ReportViews.Stored> WithAnswers(Digest id)
    {
        HashSet<Digest> seen = [];
        Queue<Digest> open = new([id]);
        while (open.TryDequeue(out Digest next))
        {
            if (!seen.Add(next) || _views.Read(next) is not { } stored
                || stored.Row.Flags.HasFlag(RowFlags.Quarantined))
            {
                continue;
            }

            yield return stored;
            IEnumerable<Digest> related = stored.Record.Header.Relations
                .Where(relation => relation.How is Relation.Supersedes or Relation.Retracts)
                .Select(relation => relation.To.Digest);
            // A record also names the one before it in its key's chain; that says nothing of it.
            IEnumerable<Digest> answers = _mesh.Columns.Naming(next).Select(row => _views.Read(row.Id))
                .OfType<ReportViews.Stored>()
                .Where(one => one.Record.Header.Relations.Any(relation => relation.To.Digest == next))
                .Select(one => one.Row.Id);
            foreach (Digest other in related.Concat(answers))
            {
                open.Enqueue(other);
            }
        }
    }
}

using System.Runtime.CompilerServices;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

// Our JSON lines, and the formats of other systems.
internal sealed partial class LocalNode
{
    public IAsyncEnumerable<ExportView> ExportAsync(
        string query, string format, CancellationToken stop) => format switch
        {
            ExportFormat.Lines => ExportLinesAsync(query, answers: false, stop),
            ExportFormat.Bundle => ExportLinesAsync(query, answers: true, stop),
            _ => Exporter.TryMake(format, out Exporter? exporter) ? ConvertAsync(query, exporter, stop)
                : throw ApiException.Usage(
                    $"unknown format \"{format}\"", string.Join(", ", ExportFormat.All.Select(f => f.Name))),
        };

    private async IAsyncEnumerable<ExportView> ExportLinesAsync(
        string query, bool answers, [EnumeratorCancellation] CancellationToken stop)
    {
        HashSet<Digest> written = [];
        long reports = 0;
        long total = 0;
        await foreach ((ReportItem item, int found) in FoundAsync(query, stop))
        {
            total = found;
            ReportViews.Stored stored = Find(item.Id);
            IEnumerable<ReportViews.Stored> all = answers ? WithAnswers(stored.Row.Id)
                : item.State == ExportItem.Retracted ? [stored, .. RetractionsOf(stored)] : [stored];
            string text = "";
            foreach (ReportViews.Stored one in all.Where(one => written.Add(one.Row.Id)))
            {
                text += ExportLine.Write(
                    one.Record, one.Frame.Body, await EventsOfAsync(one.Record.Header.Author)) + "\n";
            }

            yield return new ExportView(++reports, total, text);
        }

        yield return new ExportView(reports, total, "", Done: true);
    }

    private async IAsyncEnumerable<ExportView> ConvertAsync(
        string query, Exporter exporter, [EnumeratorCancellation] CancellationToken stop)
    {
        using StringWriter to = new();
        exporter.Begin(to);
        long written = 0;
        long retracted = 0;
        long superseded = 0;
        long total = 0;
        IAsyncEnumerable<(ReportItem, int)> reports =
            exporter.IsCaseFile ? FoundOneAsync(query, stop) : FoundAsync(query, stop);
        await foreach ((ReportItem item, int found) in reports)
        {
            total = found;
            string? leftOut = null;
            if (!exporter.Says(item.State))
            {
                retracted += item.State == ExportItem.Retracted ? 1 : 0;
                superseded += item.State == ExportItem.Superseded ? 1 : 0;
            }
            else if (ExportItem.Of(await ShowAsync(item.Id, exporter.IsCaseFile, stop)) is { } report)
            {
                exporter.Write(to, report);
                written++;
            }
            else
            {
                leftOut = item.Short;
            }

            yield return new ExportView(written, total, Taken(to), leftOut, Retracted: retracted,
                Superseded: superseded);
        }

        exporter.End(to);
        yield return new ExportView(
            written, total, Taken(to), null, exporter.Loss.View(), Done: true, retracted,
            superseded);
    }

    private static string Taken(StringWriter from)
    {
        string text = from.ToString();
        from.GetStringBuilder().Clear();
        return text;
    }

    // A shorter word may be the beginning of an id by chance.
    private const int LeastOfId = 8;

    private async IAsyncEnumerable<(ReportItem Item, int Total)> FoundAsync(
        string query, [EnumeratorCancellation] CancellationToken stop)
    {
        if (query.Length >= LeastOfId && query.All(char.IsAsciiLetterOrDigit)
            && await ReportOfIdAsync(query, stop) is { } named)
        {
            yield return (named, 1);
            yield break;
        }

        string? cursor = null;
        do
        {
            SearchView page = await SearchAsync(
                new SearchRequest(query, ApiLimits.PageItems, cursor, query.Length == 0 ? "new" : null),
                stop);
            foreach (ReportItem item in page.Items)
            {
                yield return (item, page.Total);
            }

            cursor = page.Cursor;
        }
        while (cursor is not null);
    }

    // A case file is of one report: an id, or a query that finds one.
    private async IAsyncEnumerable<(ReportItem Item, int Total)> FoundOneAsync(
        string query, [EnumeratorCancellation] CancellationToken stop)
    {
        if (query.Length == 0)
        {
            throw ApiException.Usage(
                "a case file is of one report", "incidentmesh export ID --format=html --out=case.html");
        }

        if (await ReportOfIdAsync(query, stop) is { } named)
        {
            yield return (named, 1);
            yield break;
        }

        SearchView found = await SearchAsync(new SearchRequest(query, 2), stop);
        if (found.Items.Count != 1)
        {
            throw found.Items.Count == 0 ? ApiException.NotFound($"no report \"{query}\"")
                : ApiException.Usage(
                    $"a case file is of one report, {found.Total:N0} were found", "give the id of one");
        }

        yield return (found.Items[0], 1);
    }

    private async Task<ReportItem?> ReportOfIdAsync(string id, CancellationToken stop)
    {
        try
        {
            return (await ShowAsync(id, false, stop)).Report;
        }
        catch (ApiException e) when (e.Error.Exit == ExitCode.NotFound)
        {
            // Then it is a query.
            return null;
        }
    }

    // Without them a retracted report would come back as a live one.
    private IEnumerable<ReportViews.Stored> RetractionsOf(ReportViews.Stored report) =>
        _mesh.Columns.Naming(report.Row.Id).Select(row => _views.Read(row.Id)).OfType<ReportViews.Stored>()
            .Where(one => one.Record.Header.Author.Equals(report.Record.Header.Author)
                && one.Record.Header.Relations.Any(relation => relation.How == Relation.Retracts
                    && relation.To.Digest == report.Row.Id));

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

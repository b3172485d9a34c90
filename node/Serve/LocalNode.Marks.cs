using System.Text.RegularExpressions;
using IncidentMesh.Node.Search;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

// Marks and saved queries: the operator's own, in the log, never sent.
internal sealed partial class LocalNode
{
    [GeneratedRegex("^[\\p{L}\\p{Nd}_-]{1,64}$")]
    private static partial Regex SearchName { get; }

    public async Task<MarkListView> MarkAsync(MarkRequest request, CancellationToken stop)
    {
        ReportViews.Stored[] records = [.. request.Ids.Select(Find)];
        List<MarkItem> items = [];
        foreach (ReportViews.Stored record in records)
        {
            string id = record.Record.Id.ToString();
            if (request.Read is not null || request.Bookmarked is not null)
            {
                await DecideAsync(new LocalEntry.MarkRecord(id, request.Read, request.Bookmarked));
            }

            if (request.Note is not null)
            {
                await DecideAsync(new LocalEntry.WriteNote(id, request.Note));
            }

            Digest digest = record.Record.Id.Digest;
            _mesh.Columns.Mark(
                digest, Flags(request, marked: true), Flags(request, marked: false));
            _index.MarkAgain(digest);
            lock (_local)
            {
                items.Add(new MarkItem(
                    id, _mesh.Columns.TryFind(digest, out RecordRow row) && _authors.HasRead(row),
                    _local.Bookmarked.Contains(id), _local.Notes.GetValueOrDefault(id)));
            }
        }

        await _index.SettleAsync().WaitAsync(stop);
        return new MarkListView(ApiSchema.Name, items);
    }

    public async Task<SavedListView> SearchesAsync(SavedRequest? change, CancellationToken stop)
    {
        if (change is not null)
        {
            await ChangeSearchAsync(change);
        }

        LocalEntry.SaveSearch[] searches;
        lock (_local)
        {
            searches = [.. _local.Searches.Values.OrderBy(s => s.Name, StringComparer.Ordinal)];
        }

        List<SavedSearch> items = [];
        foreach (LocalEntry.SaveSearch search in searches)
        {
            AlertRow? alert = search.Alert ? await AlertAsync(search, stop) : null;
            items.Add(new SavedSearch(
                search.Name, search.Query, search.Alert, alert?.Unseen ?? 0,
                alert is null ? null : Time(alert.Told)));
        }

        return new SavedListView(ApiSchema.Name, items);
    }

    private static RowFlags Flags(MarkRequest request, bool marked) =>
        (request.Read == marked ? RowFlags.Read : RowFlags.None)
        | (request.Read == !marked ? RowFlags.Unread : RowFlags.None)
        | (request.Bookmarked == marked ? RowFlags.Bookmarked : RowFlags.None);

    private async Task ChangeSearchAsync(SavedRequest change)
    {
        bool known;
        lock (_local)
        {
            known = _local.Searches.ContainsKey(change.Name);
        }

        if (!known && change.Action is "drop" or "seen" && !known)
        {
            throw ApiException.NotFound(
                $"no saved query \"{change.Name}\"", "incidentmesh alert list shows those that there are");
        }

        switch (change.Action)
        {
            case "save":
                await SaveSearchAsync(change);
                break;
            case "drop":
                await DecideAsync(new LocalEntry.DropSearch(change.Name));
                await _state.WriteAsync(tables => tables.RemoveAlert(change.Name));
                _authors.SetSaved(change.Name, null);
                break;
            case "seen":
                await _state.WriteAsync(t => t.Put(new AlertRow(change.Name, _mesh.Now, 0)));
                break;
            default:
                throw ApiException.Usage($"unknown action \"{change.Action}\"", "save, drop or seen");
        }
    }

    private async Task SaveSearchAsync(SavedRequest change)
    {
        if (!SearchName.IsMatch(change.Name))
        {
            throw ApiException.Usage(
                $"\"{change.Name}\" is no name for a saved query", "letters, digits, - and _, 64 at most");
        }

        Query query = Parse(change.Query ?? "");
        CheckSaved(query, [change.Name]);
        await DecideAsync(new LocalEntry.SaveSearch(change.Name, query.ToString(), change.Alert));
        _authors.SetSaved(change.Name, query.ToString());
        if (change.Alert)
        {
            await _state.WriteAsync(t => t.Put(new AlertRow(change.Name, _mesh.Now, 0)));
        }
    }

    // What came since an alert was last looked at. The time of looking is an index alone: where it was lost,
    // the alert starts anew.
    private async Task<AlertRow> AlertAsync(LocalEntry.SaveSearch search, CancellationToken stop)
    {
        AlertRow? known = await _state.ReadAsync(tables => tables.Alert(search.Name));
        if (known is null)
        {
            known = new AlertRow(search.Name, _mesh.Now, 0);
            await _state.WriteAsync(tables => tables.Put(known));
        }

        Search.SearchRequest asked = await AskedAsync(Parse(search.Query), stop);
        return _index.Searcher.TryFindArrived(asked, known.Told, out IReadOnlyList<Digest>? ids, out _)
            ? known with { Unseen = ids.Count } : known;
    }
}

using System.Diagnostics;
using IncidentMesh.Node.Cluster;
using IncidentMesh.Node.Search;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

// What is asked.
internal sealed partial class LocalNode
{
    private const int NearMisses = 3;
    private const int Ambiguous = 2;

    public async Task<SearchView> SearchAsync(SearchRequest request, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        Query query = Parse(request.Query);
        Search.SearchRequest asked = (await AskedAsync(query, stop)) with
        {
            Limit = request.Limit,
            Cursor = request.Cursor,
            Sort = SortOf(request.Sort),
            Facets = request.Facets ?? [],
        };
        using TextIndex? waiting = AsksForWaiting(query) ? await WaitingAsync(stop) : null;
        Searcher searcher = waiting is null ? _index.Searcher : new Searcher(waiting, _authors, null);
        if (!searcher.TrySearch(asked, out SearchResult? result, out SearchProblem? problem))
        {
            throw ApiException.Usage(problem.Message, problem.Hint);
        }

        List<ReportItem> items = [];
        foreach (SearchHit hit in result.Hits)
        {
            if (_views.Read(hit.Id) is { } stored)
            {
                items.Add(_views.Item(stored, hit.Score > 0 ? Math.Min(1, Math.Round(hit.Score, 4)) : null));
            }
        }

        Dictionary<string, IReadOnlyDictionary<string, int>> facets = result.Facets.ToDictionary(
            f => f.Key,
            f => (IReadOnlyDictionary<string, int>)f.Value.ToDictionary(v => v.Value, v => v.Count));
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return new SearchView(
            ApiSchema.Name, query.ToString(), result.Total, result.Cursor, items, facets,
            result.Meaning != MeaningUse.Unavailable, Math.Round(milliseconds, 2));
    }

    private static Query Parse(string text) => Query.TryParse(text, out Query? query, out QueryError? error)
        ? query
        : throw ApiException.Usage($"{error.Message} at column {error.Column}", error.Hint);

    // Ready to be run: the indexes are up and have what was written before, and saved queries at the top
    // stand written out, so that their words are compared by meaning too.
    private async Task<Search.SearchRequest> AskedAsync(Query query, CancellationToken stop)
    {
        QueryNode[] terms = [.. query.Terms.SelectMany(WrittenOut)];
        Query written = Query.Of(terms.Length switch { 0 => null, 1 => terms[0], _ => new QueryAnd(terms) });
        await _index.VisibleAsync(stop);
        if (!Running)
        {
            await (written.Nodes().Any(n => n is QueryWord or QueryPhrase) ? _index.ReadyAsync(stop)
                : _index.SettleAsync().WaitAsync(stop));
        }

        return new(written, new Instant(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
    }

    private IReadOnlyList<QueryNode> WrittenOut(QueryNode term) =>
        term is QueryClause { Field.Name: "saved", Value: QueryText name }
        && _authors.Saved(name.Text) is { } text && Query.TryParse(text, out Query? saved, out _)
            ? saved.Terms : [term];

    public async Task<ReportView> ShowAsync(string id, bool raw, CancellationToken stop)
    {
        ReportView view = await _views.ViewAsync(await FindAsync(id), raw);
        lock (_local)
        {
            return view with { Note = _local.Notes.GetValueOrDefault(view.Report.Id) };
        }
    }

    // What waits in quarantine is in no index, and is looked for last.
    private async Task<ReportViews.Stored> FindAsync(string id)
    {
        try
        {
            return Find(id);
        }
        catch (ApiException) when (id.Length >= 4)
        {
            Digest[] held = await _mesh.AskAsync(r =>
                r.Quarantine.Entries.Select(e => e.Id).Where(d => Names(id, d)).Take(Ambiguous).ToArray());
            if (held.Length == 1 && _views.Read(held[0]) is { } stored)
            {
                return stored;
            }

            throw;
        }
    }

    public async Task<ClusterView> ClusterOfAsync(string id, CancellationToken stop)
    {
        ReportViews.Stored asked = Find(id);
        await (Running ? _index.SettleAsync().WaitAsync(stop) : _index.ReadyAsync(stop));
        asked = _views.Read(_mesh.Columns.CurrentOf(asked.Row.Id)) ?? asked;
        Digest of = asked.Row.Id;
        var cluster = _index.WithClusters(c => !c.Contains(of) ? null : new
        {
            Id = c.ClusterOf(of)!.Value,
            Members = c.Members(of),
            Described = c.Describe(of),
            Near = c.Similar(of, NearMisses + c.Members(of).Count),
            Claims = c.Claims(of),
            Independent = c.Independent(of),
            c.Graph,
        });
        if (cluster is null)
        {
            bool retracted = asked.Row.Flags.HasFlag(RowFlags.Retracted);
            string why = retracted ? "was retracted" : "waits for the model";
            ClusterMemberView alone = new(_views.Item(asked), null, "this", [why], "machine", true);
            return new ClusterView(
                ApiSchema.Name, asked.Record.Id.ToString(), 1, [alone], 1, [], [],
                [.. _index.Claims(of).Select(_views.Claim)],
                _index.WithClusters(c => c.Graph.ToString()[..6]));
        }

        List<ClusterMemberView> members = [new(_views.Item(asked), null, "this", [], "machine", true)];
        members.AddRange(cluster.Described.Select(m => Member(m, inCluster: true)).OfType<ClusterMemberView>()
            .OrderByDescending(m => m.Probability));
        members.AddRange(cluster.Near.Where(n => !cluster.Members.Contains(n.Id)).Take(NearMisses)
            .Select(m => Member(m, inCluster: false)).OfType<ClusterMemberView>());
        ReportItem[] inside = [.. members.Where(m => m.InCluster).Select(m => m.Report)];
        return new ClusterView(
            ApiSchema.Name,
            ReportViews.Text(cluster.Id),
            inside.Length,
            members,
            cluster.Independent,
            [.. inside.SelectMany(r => r.Countries).Distinct().Order(StringComparer.Ordinal)],
            [.. inside.Select(r => r.Lang).OfType<string>().Distinct().Order(StringComparer.Ordinal)],
            [.. cluster.Claims.Select(_views.Claim)],
            cluster.Graph.ToString()[..6])
        {
            Corroboration = _views.CorroborationOf(of),
        };
    }

    public async Task<ClusterListView> ClustersAsync(string query, int limit, CancellationToken stop)
    {
        await (Running ? _index.SettleAsync().WaitAsync(stop) : _index.ReadyAsync(stop));
        IReadOnlySet<Digest>? found =
            query.Length == 0 ? null : await ArrivedAsync(query, new Instant(0), stop);
        (IReadOnlyList<Digest> Members, int Independent)[] clusters = _index.WithClusters(c =>
            c.Clusters().Where(m => found is null || m.Any(found.Contains))
                .Select(m => (m, c.Independent(m[0]))).ToArray()) ?? [];
        Protocol.Api.ClusterItem[] items =
        [
            .. clusters.OrderByDescending(c => c.Members.Count).ThenBy(c => c.Members[0]).Take(limit)
                .Select(c => ItemOf(c.Members, c.Independent)).OfType<Protocol.Api.ClusterItem>(),
        ];
        return new ClusterListView(ApiSchema.Name, clusters.Length, items);
    }

    public async Task<VerifyView> VerifyAsync(IReadOnlyList<string> ids, CancellationToken stop)
    {
        List<VerifyFailure> failed = [];
        List<string> unknown = [];
        int count = 0;
        foreach (ReportViews.Stored stored in ids.Count > 0 ? ids.Select(Find) : All())
        {
            stop.ThrowIfCancellationRequested();
            count++;
            (RecordVerification verification, _) = await _views.VerifyAsync(stored);
            failed.AddRange(verification.Checks.Where(c => c.State == CheckState.Failed)
                .Select(c => new VerifyFailure(stored.Record.Id.ToString(), c.Name, c.Why)));
        }

        if (ids.Count == 0)
        {
            failed.AddRange(
                _mesh.Log.Verify(out _).Select(d => new VerifyFailure("log", "checksum", d.ToString())));
        }

        return new VerifyView(failed.Count == 0, count, failed, unknown);
    }

    public IAsyncEnumerable<EventView> EventsAsync(EventRequest request, CancellationToken stop)
    {
        CheckSaved(Parse(request.Query ?? ""), []);
        return _events.ReadAsync(request, stop);
    }

    // A stream would find out with the first record that comes.
    private void CheckSaved(Query query, IReadOnlyCollection<string> above)
    {
        foreach (string name in query.Nodes().OfType<QueryClause>().Where(c => c.Field.Name == "saved")
            .SelectMany(clause => FieldColumns.Values(clause.Value)))
        {
            if (above.Contains(name))
            {
                throw ApiException.Usage(
                    $"the saved query \"{name}\" leads back to itself", "change one of the saved queries");
            }

            string text = _authors.Saved(name) ?? throw ApiException.Usage(
                $"there is no saved query \"{name}\"", "incidentmesh search … --save=NAME saves one");
            CheckSaved(Parse(text), [.. above, name]);
        }
    }

    private async Task<IReadOnlySet<Digest>> ArrivedAsync(string text, Instant after, CancellationToken stop)
    {
        // What is in the columns may still be on its way into the indexes.
        await _index.SettleAsync().WaitAsync(stop);
        Search.SearchRequest asked = await AskedAsync(Parse(text), stop);
        return _index.Searcher.TryFindArrived(asked, after, out IReadOnlyList<Digest>? ids, out var problem)
            ? ids.ToHashSet()
            : throw ApiException.Usage(problem.Message, problem.Hint);
    }

    /// <summary>The record that an id of any form names.</summary>
    private ReportViews.Stored Find(string id)
    {
        Digest[] found = [.. Candidates(id).Distinct().Take(Ambiguous)];
        if (found.Length > 1)
        {
            throw ApiException.NotFound($"\"{id}\" is ambiguous", "give more characters of the id");
        }

        return found.Length == 1 && _views.Read(found[0]) is { } stored
            ? stored
            : throw ApiException.NotFound(
                $"no record \"{id}\"", "incidentmesh search finds reports by words");
    }

    private IEnumerable<Digest> Candidates(string id)
    {
        if (Cid.TryParse(id, out Cid cid))
        {
            return [cid.Digest];
        }

        IReadOnlyList<Digest> indexed = _index.Searcher.Resolve(id, Ambiguous);
        return indexed.Count > 0 || id.Length < 4 ? indexed : ByPrefix(id);
    }

    // Records that are no reports are in no text index; a walk over the columns finds them.
    private IEnumerable<Digest> ByPrefix(string prefix)
    {
        for (int row = 0; row < _mesh.Columns.Count; row++)
        {
            RecordRow at = _mesh.Columns[row];
            string text = ReportViews.Text(at.Id);
            if (text.AsSpan(Cid.DagCborPrefix.Length).StartsWith(prefix, StringComparison.Ordinal)
                || text.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return at.Id;
            }
        }
    }

    private IEnumerable<ReportViews.Stored> All()
    {
        for (int row = 0; row < _mesh.Columns.Count; row++)
        {
            RecordRow at = _mesh.Columns[row];
            if (!at.Flags.HasFlag(RowFlags.Dropped) && _views.Read(at.Id) is { } stored)
            {
                yield return stored;
            }
        }
    }

    private Protocol.Api.ClusterItem? ItemOf(IReadOnlyList<Digest> members, int independent)
    {
        ReportItem[] reports =
            [.. members.Select(_views.Read).OfType<ReportViews.Stored>().Select(s => _views.Item(s))];
        ReportItem? newest = reports.MaxBy(r => r.Created);
        return newest is null ? null : new Protocol.Api.ClusterItem(
            ReportViews.Text(members[0]), newest.Title, reports.Length, independent,
            [.. reports.Select(r => r.Lang).OfType<string>().Distinct().Order(StringComparer.Ordinal)],
                newest.Created);
    }

    private ClusterMemberView? Member(ClusterMember member, bool inCluster)
    {
        if (_views.Read(member.Id) is not { } stored)
        {
            return null;
        }

        string source = member.Ruling is Ruling.Same or Ruling.Different ? "people" : "machine";
        return new ClusterMemberView(
            _views.Item(stored), Math.Round(member.Verdict.Probability, 3),
            member.Verdict.Label.Replace(' ', '-'), member.Verdict.Reasons, source, inCluster);
    }

    private static SearchSort SortOf(string? sort) => sort switch
    {
        null or "relevance" => SearchSort.Relevance,
        "new" => SearchSort.New,
        "received" => SearchSort.Received,
        "severity" => SearchSort.Severity,
        "sources" => SearchSort.Sources,
        _ => throw ApiException.Usage(
            $"unknown order \"{sort}\"", "relevance, new, received, severity or sources"),
    };
}

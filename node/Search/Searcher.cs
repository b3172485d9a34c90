using System.Diagnostics.CodeAnalysis;
using System.Text;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Wire;
using Lucene.Net.Search;
using Query = IncidentMesh.Protocol.Api.Query;

namespace IncidentMesh.Node.Search;

/// <summary>Answers queries from words, meaning and facts together (<c>specs/search.md</c>). Any number of
/// threads; each query sees one moment of the index.</summary>
/// <param name="index">The words and facts.</param>
/// <param name="names">Authors and saved queries.</param>
/// <param name="meaning">The vectors, or null when the node runs without a model.</param>
public sealed class Searcher(TextIndex index, ISearchNames names, IMeaning? meaning)
{
    private readonly RecentRankings recent = new();

    /// <summary>The fields that can be counted by.</summary>
    public static IReadOnlyList<string> FacetNames => Facets.Names;

    /// <summary>Runs a query. False when a name in it means nothing here, or the cursor is another
    /// query's.</summary>
    /// <exception cref="IOException">The index is damaged: open it again (it starts anew) and feed
    /// it.</exception>
    public bool TrySearch(
        SearchRequest request, [NotNullWhen(true)] out SearchResult? result,
            [NotNullWhen(false)] out SearchProblem? problem)
    {
        ArgumentNullException.ThrowIfNull(request);
        (result, problem) = Run(request, (run, wanted) => run.Answer(wanted));
        return result is not null;
    }

    /// <summary>The records of a query that came to this node after a moment: for alerts and followers, who
    /// ask again and again. Not ranked.</summary>
    public bool TryFindArrived(
        SearchRequest request, Instant after, [NotNullWhen(true)] out IReadOnlyList<Digest>? ids,
            [NotNullWhen(false)] out SearchProblem? problem)
    {
        ArgumentNullException.ThrowIfNull(request);
        (ids, problem) = Run(request, (run, _) => run.Arrived(after));
        return ids is not null;
    }

    /// <summary>Counts by one or two fields: what <c>stats --by --split</c> prints. The second key is empty
    /// without
    /// <paramref name="split"/>.</summary>
    public bool TryTabulate(
        SearchRequest request,
        string by,
        string? split,
        [NotNullWhen(true)] out IReadOnlyDictionary<(string By, string Split), int>? counts,
        [NotNullWhen(false)] out SearchProblem? problem)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? unknown =
            new[] { by, split }.FirstOrDefault(name => name is not null && !Facets.Names.Contains(name));
        if (unknown is not null)
        {
            (counts, problem) = (null, SearchRun.NoFacet(unknown));
            return false;
        }

        (counts, problem) = Run(request, (run, _) => run.Tabulate(by, split));
        return counts is not null;
    }

    /// <summary>How many records each query would find that lacks one term of this one: what to drop when
    /// nothing is found. One number a term, in the order of <see cref="Query.Terms"/>.</summary>
    public IReadOnlyList<int> Relax(SearchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var totals = new int[request.Query.Terms.Count];
        for (int i = 0; i < totals.Length; i++)
        {
            SearchRequest looser =
                request with { Query = request.Query.Without(i), Limit = 0, Cursor = null, Facets = [] };
            totals[i] = TrySearch(looser, out SearchResult? found, out _) ? found.Total : 0;
        }

        return totals;
    }

    /// <summary>The records whose ids begin so, or that another system calls so; at most
    /// <paramref name="limit"/>.</summary>
    public IReadOnlyList<Digest> Resolve(string id, int limit = 2) =>
        id is { Length: >= 4 and <= 512 }
            && Query.TryParse($"id:\"{id.Replace("\"", "", StringComparison.Ordinal)}\" state:*",
            out Query? query, out _)
        && TrySearch(new SearchRequest(query, new Instant(0)) { Limit = limit }, out SearchResult? found,
        out _)
            ? [.. found.Hits.Select(hit => hit.Id)] : [];

    private (T? Value, SearchProblem? Problem) Run<T>(SearchRequest request, Func<SearchRun, SearchRequest,
        T?> ask)
        where T : class
    {
        // The model works beside filters and words, and the table is not held against its writer meanwhile.
        Dictionary<string, Task<IReadOnlyList<MeaningHit>?>> asked = SearchRun.Questions(request.Query)
            .ToDictionary(text => text, Ask, StringComparer.Ordinal);
        IndexView view = index.Acquire();
        try
        {
            var texts = new TextQueries(index.Analyzer, view);
            var run = new SearchRun(index.Table, view, names, texts, recent, request);
            IReadOnlyList<QueryNode> plain = SearchRun.Words(request.Query);
            using WordHits? words =
                run.Problem is null && plain.Count > 0 ? new WordHits(plain, texts, view) : null;
            if (run.Problem is null)
            {
                Read(run.Filter);
            }

            var near = asked.ToDictionary(
                one => one.Key, one => one.Value.GetAwaiter().GetResult(), StringComparer.Ordinal);
            T? value = null;
            if (run.Problem is null)
            {
                Read(() =>
                {
                    run.Join(words, new MeaningRows(index.Table, meaning, near));
                    value = run.Problem is null ? ask(run, request) : null;
                });
            }

            return (value, run.Problem);
        }
        finally
        {
            view.Release();
        }
    }

    private void Read(Action use)
    {
        index.Table.Gate.EnterReadLock();
        try
        {
            use();
        }
        finally
        {
            index.Table.Gate.ExitReadLock();
        }
    }

    private Task<IReadOnlyList<MeaningHit>?> Ask(string text) => meaning is null
        ? Task.FromResult<IReadOnlyList<MeaningHit>?>(null)
        : Task.Run(() => meaning.NearestTo(text, MeaningRows.Neighbours));
}

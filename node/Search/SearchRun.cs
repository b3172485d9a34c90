using System.Text;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Search;

/// <summary>One query over one moment of the index: which rows (filters, words, meaning), then in which
/// order.</summary>
internal sealed class SearchRun
{
    private readonly ReportTable table;
    private readonly IndexView view;
    private readonly ISearchNames names;
    private readonly TextQueries texts;
    private readonly SearchRequest request;
    private readonly List<(string? Field, RowSet Rows)> filters = [];
    private readonly ulong question;
    private readonly Cursor? cursor;
    private readonly RecentRankings recent;
    private long version;
    private WordHits? words;
    private MeaningRows? meaning;
    private RowSet? wordRows;
    private bool meaningAsked;
    private Ranking? earlier;

    public SearchRun(
        ReportTable table,
        IndexView view,
        ISearchNames names,
        TextQueries texts,
        RecentRankings recent,
        SearchRequest request)
    {
        this.recent = recent;
        this.table = table;
        this.view = view;
        this.names = names;
        this.request = request;
        this.texts = texts;
        question = Question(request);
        if (request.Cursor is not null)
        {
            Problem = Cursor.TryParse(request.Cursor, out Cursor parsed) && parsed.Question == question ? null
                : new SearchProblem("the cursor is not one of this query",
                "ask without a cursor for the first page");
            cursor = Problem is null ? parsed : null;
        }

        string? facet = request.Facets.FirstOrDefault(name => !Facets.Names.Contains(name));
        Problem ??= facet is null ? null : NoFacet(facet);
    }

    public SearchProblem? Problem { get; private set; }

    public static SearchProblem NoFacet(string name) =>
        new($"there is no facet \"{name}\"", $"one of {string.Join(", ", Facets.Names)}");

    /// <summary>Selects by all that needs no meaning: while the model works.</summary>
    public void Filter()
    {
        version = table.Version;
        filters.Clear();
        earlier = cursor is { } at ? recent.Find(question, at.Received) : null;
        Select(term => !NeedsMeaning(term), meaning: null);
        filters.Add((null, Visible()));
    }

    /// <summary>Selects by the rest.</summary>
    /// <param name="words">The words of the query, or null where it has none.</param>
    /// <param name="meaning">What is near.</param>
    public void Join(WordHits? words, MeaningRows meaning)
    {
        (this.words, this.meaning) = (words, meaning);
        if (version != table.Version)
        {
            Filter();
        }

        Select(NeedsMeaning, meaning);
        if (words is not null)
        {
            meaningAsked = true;
            wordRows = words.Found(table.Count, meaning.NearText(Joined(Words(request.Query))));
        }
    }

    public SearchResult Answer(SearchRequest wanted)
    {
        RowSet candidates = Candidates(except: null);
        var facets = new Dictionary<string, IReadOnlyList<FacetCount>>(StringComparer.Ordinal);
        var counter = new Facets(table, names);
        foreach (string name in wanted.Facets)
        {
            bool narrowed = filters.Exists(filter => filter.Field == name);
            facets[name] = counter.Count(name, narrowed ? Candidates(except: name) : candidates);
        }

        (IReadOnlyList<SearchHit> hits, string? next) = Page(candidates);
        MeaningUse use = !meaningAsked ? MeaningUse.NotAsked
            : meaning!.Missing ? MeaningUse.Unavailable : MeaningUse.Used;
        return new SearchResult(hits, candidates.Count(), next, facets, use);
    }

    public IReadOnlyDictionary<(string By, string Split), int> Tabulate(string by, string? split)
    {
        var counter = new Facets(table, names);
        RowSet candidates = Candidates(except: null);
        return split is not null ? counter.Cross(by, split, candidates)
            : counter.Count(by, candidates).ToDictionary(count => (count.Value, ""), count => count.Count);
    }

    public IReadOnlyList<Digest> Arrived(Instant after)
    {
        List<Digest> ids = [];
        foreach (int row in Candidates(except: null))
        {
            if (table.Facts.Received[row] > after.Milliseconds)
            {
                ids.Add(table.Facts.Id[row]);
            }
        }

        return ids;
    }

    /// <summary>The words and phrases at the top of a query: they select and rank, and are one question of
    /// meaning.</summary>
    public static IReadOnlyList<QueryNode> Words(Protocol.Api.Query query) =>
        [.. query.Terms.Where(IsPlain)];

    /// <summary>The texts that a query compares by meaning, those of saved queries aside.</summary>
    public static IEnumerable<string> Questions(Protocol.Api.Query query)
    {
        IReadOnlyList<QueryNode> words = Words(query);
        IEnumerable<string> about = query.Nodes().OfType<QueryClause>()
            .Where(clause => clause.Field.Name == "about")
                .SelectMany(clause => FieldColumns.Values(clause.Value));
        return (words.Count > 0 ? about.Append(Joined(words)) : about).Distinct();
    }

    /// <summary>FNV-1a over what decides which records come in which order.</summary>
    private static ulong Question(SearchRequest request)
    {
        ulong hash = 14_695_981_039_346_656_037;
        foreach (byte b in Encoding.UTF8.GetBytes($"{(int)request.Sort} {request.Query}"))
        {
            hash = (hash ^ b) * 1_099_511_628_211;
        }

        return hash;
    }

    private void Select(Func<QueryNode, bool> which, MeaningRows? meaning)
    {
        var clauses = new ClauseEvaluator(table, view, texts, meaning, names, request.Now);
        foreach (QueryNode term in request.Query.Terms.Where(term => !IsPlain(term) && which(term)))
        {
            QueryNode bare = term is QueryNot not ? not.Term : term;
            meaningAsked |= bare is QueryClause { Field.Name: "about" or "similar" };
            filters.Add(((bare as QueryClause)?.Field.Name, clauses.Evaluate(term)));
        }

        Problem ??= clauses.Problem;
    }

    private static bool NeedsMeaning(QueryNode term) => term switch
    {
        QueryClause clause => clause.Field.Name is "about" or "similar" or "saved",
        QueryNot not => NeedsMeaning(not.Term),
        QueryAnd and => and.Terms.Any(NeedsMeaning),
        QueryOr or => or.Terms.Any(NeedsMeaning),
        _ => false,
    };

    /// <summary>Rows that are shown at all: alive, received before the first page, and not superseded or
    /// quarantined unless the query names a state.</summary>
    private RowSet Visible()
    {
        bool anyState = NamesState(request.Query.Root);
        if (!anyState && cursor is null)
        {
            return table.Shown();
        }

        long latest = cursor?.Received ?? long.MaxValue;
        int ranked = earlier?.Rows ?? int.MaxValue;
        RowSet rows = RowSet.Where(table.Count,
            row => table.Facts.Alive[row] && row < ranked && table.Facts.Received[row] <= latest);
        return anyState ? rows : rows.And(table.Shown());
    }

    private static bool NamesState(QueryNode? node) => node switch
    {
        QueryClause clause => clause.Field.Name is "state" or "id",
        QueryAnd and => and.Terms.Any(NamesState),
        QueryOr or => or.Terms.Any(NamesState),
        _ => false,
    };

    private static bool IsPlain(QueryNode term) => term is QueryPhrase
        || (term is QueryWord word && !ForeignId.IsAddress(word.Text) && !ForeignId.IsId(word.Text));

    private static string Joined(IEnumerable<QueryNode> words) => string.Join(' ', words.Select(TextOf));

    private static string TextOf(QueryNode node) =>
        node is QueryPhrase phrase ? phrase.Text : ((QueryWord)node).Text;

    private RowSet Candidates(string? except)
    {
        RowSet candidates = wordRows?.Copy() ?? RowSet.All(table.Count);
        foreach ((string? field, RowSet rows) in filters)
        {
            if (except is null || field != except)
            {
                candidates.And(rows);
            }
        }

        return candidates;
    }

    private (IReadOnlyList<SearchHit> Hits, string? Cursor) Page(RowSet candidates)
    {
        if (request.Limit == 0)
        {
            return ([], null);
        }

        Ranking ranking = earlier ?? Rank(candidates);
        (List<RankedRow> page, bool more) = ranking.Page(candidates, request.Limit, cursor?.Last);
        List<SearchHit> hits = [.. page.Select(ranking.Hit)];
        long received = cursor?.Received ?? table.LatestReceived;
        if (more)
        {
            recent.Keep(question, received, ranking);
        }

        return (hits, more ? new Cursor(question, received, page[^1]).ToString() : null);
    }

    /// <summary>BM25 of each candidate for the words of the query; a candidate that meaning found has what
    /// some of the words give it.</summary>
    private Ranking Rank(RowSet candidates)
    {
        using WordHits? scattered = words is null && IsScattered
            ? new WordHits([.. Scattered(request.Query.Root)], texts, view, all: true) : null;
        return new Ranking(table, meaning!, Sort(), candidates, words ?? scattered);
    }

    private bool IsScattered => Scattered(request.Query.Root).Any();

    /// <summary>Words below OR: they rank, though they select by text alone.</summary>
    private static IEnumerable<QueryNode> Scattered(QueryNode? node) => node switch
    {
        QueryWord or QueryPhrase => [node],
        QueryAnd and => and.Terms.SelectMany(Scattered),
        QueryOr or => or.Terms.SelectMany(Scattered),
        _ => [],
    };

    private SearchSort Sort()
    {
        bool ranked = words is not null || meaningAsked || IsScattered;
        return request.Sort == SearchSort.Relevance && !ranked ? SearchSort.New : request.Sort;
    }
}

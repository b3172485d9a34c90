using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Wire;
using LuceneQuery = Lucene.Net.Search.Query;

namespace IncidentMesh.Node.Search;

/// <summary>The rows that a node of a query selects, without ranking. Words and phrases select by text alone
/// here; the caller joins meaning to those at the top of the query.</summary>
internal sealed class ClauseEvaluator(
    ReportTable table, IndexView view, TextQueries texts, MeaningRows? meaning, ISearchNames names,
        Instant now)
{
    private const int DeepestSaved = 4;
    private readonly FieldColumns columns = new(table, names, now);
    private int savedDepth;

    /// <summary>What kept a clause from being evaluated: the first.</summary>
    public SearchProblem? Problem { get; private set; }

    public RowSet Evaluate(QueryNode node) => node switch
    {
        QueryAnd and =>
            and.Terms.Skip(1).Aggregate(Evaluate(and.Terms[0]), (set, term) => set.And(Evaluate(term))),
        QueryOr or =>
            or.Terms.Skip(1).Aggregate(Evaluate(or.Terms[0]), (set, term) => set.Or(Evaluate(term))),
        QueryNot not => Evaluate(not.Term).Not(),
        QueryWord word => Word(word.Text),
        QueryPhrase phrase => Find(texts.Phrase(phrase.Text)),
        QueryClause clause => Clause(clause),
        _ => new RowSet(table.Count),
    };

    public RowSet Find(LuceneQuery? query) =>
        query is null ? new RowSet(table.Count) : view.Find(query, table.Count);

    private RowSet Find(TitleOrText? query) => query is null ? new RowSet(table.Count)
        : view.Find(query.Title, table.Count).Or(view.Find(query.Text, table.Count));

    private RowSet Word(string word) =>
        ForeignId.IsAddress(word) ? Find(texts.Field(TextFields.Url, word))
        : ForeignId.IsId(word) ? External(word).Or(Find(texts.Word(word)))
        : Find(texts.Word(word));

    private RowSet Clause(QueryClause clause) => clause.Field.Name switch
    {
        "id" => Each(clause, value => External(value).Or(ByPrefix(value))),
        "system" => Text(clause, TextFields.System),
        "developer" => Text(clause, TextFields.Developer),
        "deployer" => Text(clause, TextFields.Deployer),
        "model" => Text(clause, TextFields.Model),
        "lineage" => Text(clause, TextFields.Lineage).Or(Text(clause, TextFields.Model)),
        "url" => Text(clause, TextFields.Url),
        "tag" => clause.Value is QueryPresent ? AnyTerm(TextFields.Tag)
            : Each(clause, value => Find(TextQueries.Key(TextFields.Tag, value))),
        "about" => Each(clause, About),
        "similar" => Each(clause, Similar),
        "cluster" => clause.Value is QueryPresent
            ? RowSet.Where(table.Count, row => table.States.Cluster[row] != 0) : Each(clause, Cluster),
        "saved" => Each(clause, Saved),
        _ => columns.Select(clause),
    };

    private RowSet Each(QueryClause clause, Func<string, RowSet> select)
    {
        var set = new RowSet(table.Count);
        foreach (string value in FieldColumns.Values(clause.Value))
        {
            set.Or(select(value));
        }

        return clause.Value is QueryPresent ? RowSet.All(table.Count) : set;
    }

    private RowSet Text(QueryClause clause, string field) => clause.Value is QueryPresent
        ? AnyTerm(field) : Each(clause, value => Find(texts.Field(field, value)));

    private RowSet AnyTerm(string field) => Find(new Lucene.Net.Search.ConstantScoreQuery(
        new Lucene.Net.Search.PrefixFilter(new Lucene.Net.Index.Term(field, ""))));

    private RowSet External(string id) => Find(TextQueries.Key(TextFields.ExternalId, id));

    private RowSet ByPrefix(string text) => IdPrefix.TryParse(text, out IdPrefix prefix)
        ? RowSet.Where(table.Count, row => table.Facts.Alive[row] && prefix.Matches(table.Facts.Id[row]))
        : new RowSet(table.Count);

    private RowSet About(string text)
    {
        RowSet? near = meaning?.NearText(text);
        if (near is null)
        {
            Fail("about: needs the model, which is not loaded", "leave about: out to search by words");
        }

        return near ?? new RowSet(table.Count);
    }

    private RowSet Similar(string id)
    {
        if (One(id) is not { } row)
        {
            return new RowSet(table.Count);
        }

        RowSet? near = meaning?.NearRecord(table.Facts.Id[row]);
        if (near is null)
        {
            Fail($"similar: has nothing to compare {id} by",
                "its text has not been embedded yet; try again shortly");
        }

        return near ?? new RowSet(table.Count);
    }

    private RowSet Cluster(string id)
    {
        // The id of a cluster is that of one of its reports; a report that stands alone is a cluster of one.
        if (One(id) is not { } row)
        {
            return new RowSet(table.Count);
        }

        int cluster = table.States.Cluster[row];
        int named = table.ClusterCode(table.Facts.Id[row]);
        return RowSet.Where(table.Count, other => other == row
            || (cluster != 0 && table.States.Cluster[other] == cluster)
            || (named != 0 && table.States.Cluster[other] == named));
    }

    private RowSet Saved(string name)
    {
        string? text = names.Saved(name);
        if (text is null || !Query.TryParse(text, out Query? query, out _))
        {
            Fail($"there is no saved query \"{name}\"", "incidentmesh search … --save=NAME saves one");
            return new RowSet(table.Count);
        }

        if (savedDepth == DeepestSaved)
        {
            Fail($"the saved query \"{name}\" leads back to itself", "change one of the saved queries");
            return new RowSet(table.Count);
        }

        savedDepth++;
        RowSet set = query.Root is null ? RowSet.All(table.Count) : Evaluate(query.Root);
        savedDepth--;
        return set;
    }

    /// <summary>The one row that an id means; a problem when none or several.</summary>
    private int? One(string id)
    {
        int found = -1;
        foreach (int row in External(id).Or(ByPrefix(id)))
        {
            if (found >= 0)
            {
                Fail($"\"{id}\" is several records", "give more characters of the id");
                return null;
            }

            found = row;
        }

        if (found < 0)
        {
            Fail($"there is no record \"{id}\"", "give the id as search prints it");
        }

        return found < 0 ? null : found;
    }

    private void Fail(string message, string hint) => Problem ??= new SearchProblem(message, hint);
}

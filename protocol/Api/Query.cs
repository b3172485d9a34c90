using System.Diagnostics.CodeAnalysis;

namespace IncidentMesh.Protocol.Api;

/// <summary>A parsed query of the mesh query language, MQL (<c>specs/query.md</c>): the same string on the
/// command line, in the terminal UI, in <c>GET /v1/reports?q=</c>, feeds and alerts.
/// <code>
/// query  = and {"OR" and}                   and   = clause+
/// clause = ["-"] ( word | "phrase" | field op value | "(" query ")" )
/// op     = ":" | ">=" | "&lt;=" | ">" | "&lt;"    value = word | "phrase" | a..b | a,b | *
/// </code></summary>
public sealed class Query : IEquatable<Query>
{
    private Query(QueryNode? root) => Root = root;

    /// <summary>The query that every record satisfies: the empty string.</summary>
    public static Query Everything { get; } = new(null);

    /// <summary>The parsed tree, or null when the query is empty.</summary>
    public QueryNode? Root { get; }

    /// <summary>The terms that must all hold: none, one, or those of the <see cref="QueryAnd"/> at the
    /// root.</summary>
    public IReadOnlyList<QueryNode> Terms => Root is null ? [] : Root is QueryAnd and ? and.Terms : [Root];

    /// <summary>Parses <paramref name="text"/>. Never throws on any text.</summary>
    /// <param name="text">At most <see cref="Limits.Query.Characters"/> UTF-16 units.</param>
    /// <param name="query">The query.</param>
    /// <param name="error">The first thing wrong, from the left.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out Query? query, [NotNullWhen(false)] out QueryError? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parser = new QueryParser(text);
        bool parsed = parser.TryParse(out QueryNode? root, out error);
        query = parsed ? Of(root) : null;
        return parsed;
    }

    /// <summary>The query of a tree; the tree must keep the rules that its nodes state.</summary>
    public static Query Of(QueryNode? root) => root is null ? Everything : new Query(root);

    /// <summary>The query without its <paramref name="index"/>th term: what to offer when nothing is
    /// found.</summary>
    public Query Without(int index)
    {
        QueryNode[] rest = [.. Terms.Where((_, i) => i != index)];
        return Of(rest.Length switch { 0 => null, 1 => rest[0], _ => new QueryAnd(rest) });
    }

    /// <summary>Every node, parents before children, terms under a <see cref="QueryNot"/> included.</summary>
    public IEnumerable<QueryNode> Nodes() => Root is null ? [] : Walk(Root);

    /// <summary>The canonical text: parses to an equal query.</summary>
    public override string ToString() => QueryPrinter.Print(Root);

    /// <inheritdoc/>
    public bool Equals(Query? other) => other is not null && Equals(Root, other.Root);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Query);

    /// <inheritdoc/>
    public override int GetHashCode() => Root?.GetHashCode() ?? 0;

    private static IEnumerable<QueryNode> Walk(QueryNode node)
    {
        yield return node;
        IReadOnlyList<QueryNode> below = node switch
        {
            QueryAnd and => and.Terms,
            QueryOr or => or.Terms,
            QueryNot not => [not.Term],
            _ => [],
        };
        foreach (QueryNode child in below.SelectMany(Walk))
        {
            yield return child;
        }
    }
}

using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Search;

/// <summary>The order of the results. Ties fall to the newer, then to the lower id.</summary>
public enum SearchSort
{
    /// <summary>Best first; newest first where nothing is asked in words.</summary>
    Relevance,

    /// <summary>Newest first, by the time the author claims.</summary>
    New,

    /// <summary>Newest first, by the time this node got it: what is late is not lost among the old.</summary>
    Received,

    /// <summary>Gravest first.</summary>
    Severity,

    /// <summary>Most independent sources first.</summary>
    Sources,
}

/// <summary>A question to the search.</summary>
/// <param name="Query">What is asked.</param>
/// <param name="Now">The moment of asking: relative times count from it.</param>
public sealed record SearchRequest(Query Query, Instant Now)
{
    /// <summary>Hits on this page, 0 to <see cref="Limits.Query.Page"/>; 0 only counts.</summary>
    public int Limit { get; init; } = 20;

    /// <summary>Where the last page ended, or null.</summary>
    public string? Cursor { get; init; }

    /// <summary>The order.</summary>
    public SearchSort Sort { get; init; }

    /// <summary>Fields to count by, of <see cref="Facets.Names"/>.</summary>
    public IReadOnlyList<string> Facets { get; init; } = [];
}

/// <summary>A record found.</summary>
/// <param name="Id">Digest of its id.</param>
/// <param name="Score">0 to 1: how well it answers the words; 0 where none were asked.</param>
/// <param name="Cosine">How near it is in meaning, or null where that was not asked or it is not
/// near.</param>
/// <param name="Words">Whether the words themselves occur in it.</param>
public readonly record struct SearchHit(Digest Id, double Score, float? Cosine, bool Words);

/// <summary>A value of a facet.</summary>
/// <param name="Value">The value; <c>none</c> is never listed.</param>
/// <param name="Count">Records with it.</param>
public readonly record struct FacetCount(string Value, int Count);

/// <summary>What meaning had to say.</summary>
public enum MeaningUse
{
    /// <summary>The query has nothing to compare by meaning.</summary>
    NotAsked,

    /// <summary>It was compared.</summary>
    Used,

    /// <summary>The model is not there: words only.</summary>
    Unavailable,
}

/// <summary>The answer.</summary>
/// <param name="Hits">This page, in order.</param>
/// <param name="Total">Records that satisfy the query, on all pages.</param>
/// <param name="Cursor">Asks for the next page, or null on the last.</param>
/// <param name="Facets">For each facet asked: its values, most frequent first. A facet does not count under
/// its own clause, so that the values not chosen stay visible.</param>
/// <param name="Meaning">Whether meaning took part.</param>
public sealed record SearchResult(
    IReadOnlyList<SearchHit> Hits,
    int Total,
    string? Cursor,
    IReadOnlyDictionary<string, IReadOnlyList<FacetCount>> Facets,
    MeaningUse Meaning);

/// <summary>What keeps a parsed query from being run.</summary>
/// <param name="Message">What is wrong, lower case, no full stop.</param>
/// <param name="Hint">What to do instead.</param>
public sealed record SearchProblem(string Message, string Hint)
{
    /// <inheritdoc/>
    public override string ToString() => Message;
}

/// <summary>A record near in meaning.</summary>
/// <param name="Id">Digest of its id.</param>
/// <param name="Cosine">Cosine of the vectors, -1 to 1.</param>
public readonly record struct MeaningHit(Digest Id, float Cosine);

/// <summary>What the search asks of the vectors.</summary>
public interface IMeaning
{
    /// <summary>The nearest records to a text, nearest first; null while there is no model.</summary>
    IReadOnlyList<MeaningHit>? NearestTo(string text, int limit);

    /// <summary>The nearest records to a record, without itself; null while there is no model or
    /// vector.</summary>
    IReadOnlyList<MeaningHit>? NearestTo(Digest record, int limit);
}

/// <summary>What the search asks about authors and saved queries.</summary>
public interface ISearchNames
{
    /// <summary>The authors whom a name such as <c>@x</c>, <c>+x</c>, <c>?key4</c>, <c>x:key4</c> or an id
    /// means; empty when none.</summary>
    IReadOnlyList<Digest> Authors(string name);

    /// <summary><c>own trusted introduced unknown denied</c>.</summary>
    string Standing(Digest author);

    /// <summary>The role in the author's profile, or null.</summary>
    string? Role(Digest author);

    /// <summary>The name under which facets list the author.</summary>
    string Name(Digest author);

    /// <summary>The text of a saved query, or null.</summary>
    string? Saved(string name);
}

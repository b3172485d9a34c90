using System.Text;
using IncidentMesh.Node.Search;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Search;

/// <summary>An index in a folder of its own, with names that tests give and meaning that tests make
/// up.</summary>
internal sealed class SearchFixture : IDisposable, ISearchNames, IMeaning
{
    // 2026-11-25T10:30:00Z, a Wednesday.
    public static readonly Instant Now = new(1_795_602_600_000);
    private int made;

    public SearchFixture()
    {
        Folder = Path.Combine(Path.GetTempPath(), $"incidentmesh-search-{Guid.NewGuid():N}");
        Index = TextIndex.Open(Folder, out _);
        Searcher = new Searcher(Index, this, this);
    }

    public string Folder { get; }

    public TextIndex Index { get; private set; }

    public Searcher Searcher { get; private set; }

    public Dictionary<string, string> SavedQueries { get; } = [];

    public Dictionary<string, IReadOnlyList<MeaningHit>>? Near { get; set; }

    public static Digest Author(string name) => Digest.Sha256(Encoding.UTF8.GetBytes("author " + name));

    public SearchDocument Document(string title, string text = "", string author = "bnetza") => new()
    {
        Id = Digest.Sha256(Encoding.UTF8.GetBytes($"{++made} {title}")),
        Type = "incident",
        Author = Author(author),
        Created = Now.Milliseconds - (made * 3_600_000L),
        Received = Now.Milliseconds - (made * 1_800_000L),
        Title = title,
        Text = text,
    };

    public Digest Add(SearchDocument document)
    {
        Index.Put(document);
        Index.Refresh();
        return document.Id;
    }

    public Digest Add(string title, string text = "") => Add(Document(title, text));

    public void Reopen(out IndexReport report)
    {
        Index.Dispose();
        Index = TextIndex.Open(Folder, out report);
        Searcher = new Searcher(Index, this, this);
    }

    public void Close() => Index.Dispose();

    public SearchResult Search(string query, int limit = 20, string? cursor = null,
        SearchSort sort = SearchSort.Relevance, params string[] facets)
    {
        Assert.True(Query.TryParse(query, out Query? parsed, out QueryError? error), error?.ToString());
        var request =
            new SearchRequest(parsed, Now) { Limit = limit, Cursor = cursor, Sort = sort, Facets = facets };
        Assert.True(Searcher.TrySearch(request, out SearchResult? result, out SearchProblem? problem),
            problem?.Message);
        return result;
    }

    public SearchProblem Refused(string query, string? cursor = null, params string[] facets)
    {
        Assert.True(Query.TryParse(query, out Query? parsed, out _));
        var request = new SearchRequest(parsed, Now) { Cursor = cursor, Facets = facets };
        Assert.False(Searcher.TrySearch(request, out _, out SearchProblem? problem));
        return problem;
    }

    public Digest[] Ids(string query) => [.. Search(query).Hits.Select(hit => hit.Id)];

    public bool Finds(string query, Digest id) => Ids(query).Contains(id);

    public void Dispose()
    {
        Index.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    IReadOnlyList<Digest> ISearchNames.Authors(string name) => [Author(name.TrimStart('@', '+'))];

    string ISearchNames.Standing(Digest author) => author == Author("bnetza") ? "trusted" : "introduced";

    string? ISearchNames.Role(Digest author) => author == Author("bnetza") ? "regulator" : null;

    string ISearchNames.Name(Digest author) => author == Author("bnetza") ? "@bnetza" : "+other";

    string? ISearchNames.Saved(string name) => SavedQueries.GetValueOrDefault(name);

    IReadOnlyList<MeaningHit>? IMeaning.NearestTo(string text, int limit) =>
        Near is null ? null : Near.GetValueOrDefault(text, []);

    IReadOnlyList<MeaningHit>? IMeaning.NearestTo(Digest record, int limit) =>
        Near is null ? null : Near.GetValueOrDefault(record.ToString(), []);
}

using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Cluster;
using IncidentMesh.Node.Search;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Serve;

// Reports like a new one where no model runs: alike in words, which says little of other languages.
internal sealed partial class LocalNode
{
    // Words of the title that are asked for, and reports that are looked at.
    private const int MostWords = 16;
    private const int MostLookedAt = 32;
    private const int ShortestWord = 3;
    private const double LeastAlike = 0.3;

    private async Task<IReadOnlyList<SimilarView>> SimilarByWordsAsync(
        ReportBody report, CancellationToken stop)
    {
        string[] words = WordsOf(report.Title);
        if (words.Length == 0)
        {
            return [];
        }

        await _index.SettleAsync().WaitAsync(stop);
        QueryNode[] terms = [.. words.Take(MostWords).Select(w => new QueryPhrase(w))];
        Query query = Query.Of(terms.Length == 1 ? terms[0] : new QueryOr(terms));
        Search.SearchRequest asked =
            new(query, new Instant(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())) { Limit = MostLookedAt };
        return !_index.Searcher.TrySearch(asked, out SearchResult? found, out _) ? [] :
        [
            .. found.Hits.Where(hit => !IsRetracted(hit.Id))
                .Select(hit => _views.Read(hit.Id)).OfType<ReportViews.Stored>()
                .Select(stored => AlikeInWords(words, _views.Item(stored)))
                .Where(alike => alike.Probability >= LeastAlike)
                .OrderByDescending(alike => alike.Probability)
                .ThenBy(alike => alike.Id, StringComparer.Ordinal)
                .Take(SimilarShown),
        ];
    }

    // The share of the words of both titles that both have (Jaccard).
    private static SimilarView AlikeInWords(string[] words, ReportItem item)
    {
        string[] theirs = WordsOf(item.Title);
        string[] shared = [.. words.Intersect(theirs)];
        double alike = shared.Length / (double)words.Union(theirs).Count();
        return new SimilarView(
            item.Id, item.Title, Math.Round(alike, 3), SimilarView.WordsAlone,
            [$"words of the title: {string.Join(", ", shared)}"]) { Report = item };
    }

    private static JsonElement TextsOf(JsonElement body) => JsonSerializer.SerializeToElement(new JsonObject(
        new[] { SubmissionSteps.Title, SubmissionSteps.Told }.Select(name =>
            KeyValuePair.Create(name, FormReader.Find(body, name) is { ValueKind: JsonValueKind.String } text
                ? (JsonNode?)text.GetString() : null)).Where(p => p.Value is not null)));

    private static string[] WordsOf(string? title) =>
        [.. WordWeights.Split(title ?? "").Where(w => w.Length >= ShortestWord).Distinct()];
}

using IncidentMesh.Node.Search;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Search;

/// <summary>Against a plain reading of <c>specs/search.md</c>, over many small random archives.</summary>
public sealed class RankingTests : IDisposable
{
    private static readonly string[] Vocabulary = ["robot", "camera", "bank", "school", "court"];
    private readonly SearchFixture fixture = new();
    private readonly SeededRandom random = new(Records.Seeds.Next());

    public void Dispose() => fixture.Dispose();

    [Fact]
    public void A_page_is_the_beginning_of_the_whole_order_however_short_it_is()
    {
        Fill(150);
        foreach (string query in new[] { "robot", "robot camera bank", "type:incident", "robot OR court" })
        {
            foreach (SearchSort sort in Enum.GetValues<SearchSort>())
            {
                SearchHit[] whole = [.. fixture.Search(query, limit: 500, sort: sort).Hits];
                int limit = 1 + random.Next(20);
                SearchHit[] page = [.. fixture.Search(query, limit, sort: sort).Hits];
                Assert.True(whole.Take(limit).SequenceEqual(page), $"{query} {sort} {limit}");
            }
        }
    }

    [Fact]
    public void All_of_two_words_and_three_of_more_select_and_meaning_adds_its_own()
    {
        Dictionary<Digest, string[]> words = Fill(120);
        for (int round = 0; round < 20; round++)
        {
            string[] asked = [.. Vocabulary.OrderBy(_ => random.Next(1_000)).Take(1 + random.Next(5))];
            int enough = asked.Length < 3 ? asked.Length : asked.Length == 3 ? 2 : 3;
            Digest near = words.Keys.ElementAt(random.Next(words.Count));
            string query = string.Join(' ', asked);
            fixture.Near = new() { [query] = [new MeaningHit(near, 0.9f)] };
            IEnumerable<Digest> expected = words
                .Where(one => one.Key == near || asked.Count(one.Value.Contains) >= enough)
                .Select(one => one.Key);
            SearchHit[] hits = [.. fixture.Search(query, limit: 500).Hits];
            Assert.True(expected.ToHashSet().SetEquals(hits.Select(hit => hit.Id)), query);
            Assert.Equal(0.9f, hits.Single(hit => hit.Id == near).Cosine);
            Assert.All(hits, hit => Assert.Equal(words[hit.Id].Any(asked.Contains), hit.Words));
        }
    }

    [Fact]
    public void A_long_question_finds_by_words_that_are_not_common()
    {
        for (int i = 0; i < 1_200; i++)
        {
            fixture.Index.Put(fixture.Document($"the algorithm of town {i}"));
        }

        Digest told = fixture.Add("The shuttle hit a truck in Las Vegas");
        Digest[] found = fixture.Ids(
            "the driverless shuttle of the operator was hit on the very first day by a truck in town");
        Assert.Equal([told], found);
    }

    [Fact]
    public void A_shared_name_in_another_language_weighs_less_than_nearness()
    {
        const string Query = "google änderte seine antworten weil sie liebe sagten";
        Digest near = fixture.Add("Smart Reply kept saying I love you");
        Digest named = fixture.Add("Google opens an office");
        fixture.Near = new() { [Query] = [new MeaningHit(near, 0.6f), new MeaningHit(named, 0.3f)] };
        Assert.Equal([near, named], fixture.Ids(Query));
    }

    /// <summary>Reports of a few words each, many of which weigh the same and were made at the same
    /// time.</summary>
    private Dictionary<Digest, string[]> Fill(int count)
    {
        var made = new Dictionary<Digest, string[]>();
        for (int i = 0; i < count; i++)
        {
            string[] words = [.. Vocabulary.Where(_ => random.Next(3) == 0)];
            SearchDocument document = fixture.Document(string.Join(' ', words.Append("report")));
            long created = SearchFixture.Now.Milliseconds - (random.Next(4) * 3_600_000L);
            document = document with { Created = created, Severity = random.Next(2) == 0 ? "hazard" : null };
            fixture.Index.Put(document);
            made[document.Id] = words;
        }

        fixture.Index.Refresh();
        return made;
    }
}

using IncidentMesh.Node.Search;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Search;

public sealed class SearcherTests : IDisposable
{
    private readonly SearchFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public void Meaning_finds_what_the_words_do_not_and_both_together_come_first()
    {
        Digest words = fixture.Add("Wrongful arrest of a man");
        Digest both = fixture.Add("Wrongful arrest after a face match");
        Digest meaning = fixture.Add("Gesichtserkennung: Mann zu Unrecht festgenommen");
        Digest far = fixture.Add("Vending machine gives wrong change");
        fixture.Near = new()
        {
            ["wrongful arrest"] = [new(both, 0.8f), new(meaning, 0.7f), new(far, 0.1f)],
        };
        SearchResult result = fixture.Search("wrongful arrest");
        Assert.Equal([both, words, meaning],
            result.Hits.Select(hit => hit.Id).OrderBy(id => id == both ? 0 : id == words ? 1 : 2));
        Assert.Equal(both, result.Hits[0].Id);
        Assert.Equal(3, result.Total);
        Assert.Equal(MeaningUse.Used, result.Meaning);
        SearchHit german = result.Hits.Single(hit => hit.Id == meaning);
        Assert.Equal((0.7f, false), (german.Cosine, german.Words));
        Assert.All(result.Hits, hit => Assert.InRange(hit.Score, 0.01, 1));
    }

    [Fact]
    public void Meaning_finds_nothing_that_lacks_a_phrase_of_the_query()
    {
        Digest phrase = fixture.Add("Mann zu Unrecht festgenommen nach Gesichtserkennung");
        Digest near = fixture.Add("Arrêté à tort après une alerte de reconnaissance faciale");
        Digest apart = fixture.Add("Zu spät festgenommen, zu Unrecht gesucht");
        fixture.Near = new()
        {
            ["festgenommen"] = [new(phrase, 0.8f), new(near, 0.7f)],
            ["Unrecht festgenommen arrest"] = [new(near, 0.8f), new(phrase, 0.7f)],
            ["??"] = [new(near, 0.9f)],
        };
        Assert.Equal([phrase, apart], fixture.Ids("\"festgenommen\""));
        Assert.Equal([phrase], fixture.Ids("\"Unrecht festgenommen\" arrest"));
        Assert.Empty(fixture.Ids("\"??\""));
    }

    [Fact]
    public void Without_a_model_the_words_still_find_and_the_answer_says_so()
    {
        Digest id = fixture.Add("Wrongful arrest of a man");
        SearchResult result = fixture.Search("wrongful arrest");
        Assert.Equal((id, MeaningUse.Unavailable), (result.Hits.Single().Id, result.Meaning));
        Assert.Equal(MeaningUse.NotAsked, fixture.Search("type:incident").Meaning);
        Assert.Contains("model", fixture.Refused("about:\"wrongful arrest\"").Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Of_three_or_more_words_three_in_four_are_enough_and_more_come_first()
    {
        Digest all = fixture.Add("Wrongful arrest by facial recognition");
        Digest three = fixture.Add("Facial recognition and an arrest");
        Digest two = fixture.Add("Facial recognition in shops");
        Assert.Equal([all, three], fixture.Ids("wrongful arrest by facial recognition"));
        Assert.Equal([all, three], fixture.Ids("arrest facial"));
        Assert.Contains(two, fixture.Ids("facial recognition shops"));
        Assert.Equal([all], fixture.Ids("\"wrongful arrest\" facial recognition shops"));
    }

    [Fact]
    public void About_is_meaning_only_and_filters_hold_for_what_meaning_finds()
    {
        Digest german =
            fixture.Add(fixture.Document("Mann zu Unrecht festgenommen") with { Countries = ["DE"] });
        Digest french = fixture.Add(fixture.Document("Arrêté à tort") with { Countries = ["FR"] });
        Digest words = fixture.Add(fixture.Document("wrongful arrest") with { Countries = ["DE"] });
        fixture.Near = new() { ["wrongful arrest"] = [new(french, 0.9f), new(german, 0.8f)] };
        Assert.Equal([french, german], fixture.Ids("about:\"wrongful arrest\""));
        Assert.Equal([german], fixture.Ids("about:\"wrongful arrest\" country:DE"));
        Assert.Equal([words, german],
            fixture.Ids("wrongful arrest country:DE").OrderBy(id => id == words ? 0 : 1));
    }

    [Fact]
    public void Similar_and_cluster_start_from_a_record()
    {
        Digest one = fixture.Add("One"), two = fixture.Add("Two"), three = fixture.Add("Three");
        fixture.Near = new() { [one.ToString()] = [new(two, 0.9f), new(three, 0.2f)] };
        fixture.Index.Mark(one, new ReportStatus(Sources: 2, Cluster: one));
        fixture.Index.Mark(three, new ReportStatus(Sources: 2, Cluster: one));
        string id = new Cid(Codec.DagCbor, one).Short;
        Assert.Equal([two], fixture.Ids($"similar:{id}"));
        Assert.Equal([one, three], fixture.Ids($"cluster:{id}"));
        Assert.Equal([two], fixture.Ids($"cluster:{new Cid(Codec.DagCbor, two)}"));
        Assert.Equal([one, three], fixture.Ids("sources>=2"));
        Assert.Contains("no record", fixture.Refused("similar:aaaaaaaa").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_column_can_be_asked_for()
    {
        Digest id = fixture.Add(fixture.Document("Assistant names a lethal dose", author: "bnetza") with
        {
            Type = "model-risk",
            Language = "de-AT",
            Severity = "serious-hazard",
            AiRole = "direct-cause",
            Stage = "initial",
            Countries = ["AT"],
            Harms = ["physical-injury"],
            Sectors = ["public administration"],
            OccurredFrom = Milliseconds("2026-11-01"),
            OccurredTo = Milliseconds("2026-12-01"),
            Due = Milliseconds("2026-11-30"),
            HasEvidence = true,
            Systems = ["Larkspur Assistant", "7B"],
            Developers = ["Novara GmbH"],
            Deployers = ["Stadt Graz"],
            Models = ["pkg:huggingface/novara/larkspur-7b"],
            Lineage = ["pkg:huggingface/base/heron-7b"],
            Tags = ["avid-sep:E0101"],
            ExternalIds = ["AVID-2026-R0001"],
            Urls = ["https://example.org/reports/1?x=2"],
        });
        Digest other = fixture.Add(fixture.Document("Other", author: "eff"));
        fixture.Index.Mark(id, new ReportStatus(
            ReportState.Corrected, ReportMarks.Disputed | ReportMarks.FirstHand | ReportMarks.Read, 4));
        foreach (string query in new[]
        {
            "type:model-risk", "lang:de", "lang:de-at", "severity:serious", "severity>=hazard",
                "ai-role:direct-cause",
            "stage:initial", "country:at,de", "harm:physical-injury", "sector:public-administration",
            "sector:\"public administration\"", "occurred:2026-11-15", "occurred>=2026-11",
                "occurred<2026-11-10",
            "occurred:2026-10..2026-12", "due<=7d", "due:2026-11-30", "has:evidence", "system:larkspur",
            "developer:novara", "deployer:\"stadt graz\"", "model:pkg:huggingface/novara/larkspur-7b",
                "model:larkspur",
            "lineage:heron-7b", "tag:e0101", "tag:avid-sep:E0101", "id:avid-2026-r0001", "AVID-2026-R0001",
            "url:example.org", "url:example.org/reports", "https://example.org/reports/1", "state:corrected",
                "is:disputed",
            "-is:unread", "basis:first-hand", "sources:2..9", "author:@bnetza", "standing:trusted",
                "role:regulator",
            "lethal OR nothing", "(lethal dose) OR nothing", "assistant -other", "harm:* lang:*", "model:*",
        })
        {
            Assert.True(fixture.Ids(query).SequenceEqual([id]), query);
            Assert.DoesNotContain(id, fixture.Ids($"-({query})"));
        }

        Assert.Equal([other], fixture.Ids("-lang:* is:unread"));
        Assert.Equal(2, fixture.Search("tlp:clear since:7d until:today received:7d").Total);
    }

    [Fact]
    public void Superseded_and_quarantined_records_are_shown_only_when_a_state_is_asked_for()
    {
        Digest shown = fixture.Add("Report current"), old = fixture.Add("Report old"),
            strange = fixture.Add("Report x");
        Digest back = fixture.Add("Report retracted");
        fixture.Index.Mark(old, new ReportStatus(ReportState.Superseded));
        fixture.Index.Mark(strange, new ReportStatus(ReportState.Quarantined));
        fixture.Index.Mark(back, new ReportStatus(ReportState.Retracted));
        Assert.Equal([shown, back], fixture.Ids(""));
        Assert.Equal([shown], fixture.Ids("report -state:retracted"));
        Assert.Equal([strange], fixture.Ids("report state:quarantined"));
        Assert.Equal(4, fixture.Search("state:*").Total);
    }

    [Fact]
    public void A_facet_counts_as_if_its_own_clause_were_not_there()
    {
        for (int i = 0; i < 6; i++)
        {
            fixture.Add(fixture.Document("Report") with
            {
                Severity = i < 2 ? "disaster" : "incident",
                Countries = i < 3 ? ["DE", "FR"] : ["DE"],
            });
        }

        SearchResult result =
            fixture.Search("report severity:disaster", facets: ["severity", "country", "sources", "month"]);
        Assert.Equal(2, result.Total);
        Assert.Equal([new FacetCount("incident", 4), new FacetCount("disaster", 2)],
            result.Facets["severity"]);
        Assert.Equal([new FacetCount("DE", 2), new FacetCount("FR", 2)], result.Facets["country"]);
        Assert.Equal([new FacetCount("1", 2)], result.Facets["sources"]);
        Assert.Equal([new FacetCount("2026-11", 2)], result.Facets["month"]);
        Assert.Contains("no facet", fixture.Refused("report", facets: "colour").Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("report", SearchSort.Relevance)]
    [InlineData("", SearchSort.New)]
    [InlineData("report", SearchSort.Severity)]
    [InlineData("", SearchSort.Sources)]
    public void Pages_follow_each_other_without_gap_or_repetition_while_records_arrive(string query,
        SearchSort sort)
    {
        for (int i = 0; i < 25; i++)
        {
            Digest id =
                fixture.Add(
                fixture.Document($"Report {string.Join(' ', Enumerable.Repeat("report", i % 4))}") with
            {
                Severity = i % 3 == 0 ? "incident" : null,
            });
            fixture.Index.Mark(id, new ReportStatus(Sources: i % 5));
        }

        Digest[] whole = [.. fixture.Search(query, 100, sort: sort).Hits.Select(hit => hit.Id)];
        var paged = new List<Digest>();
        string? cursor = null;
        do
        {
            SearchResult page = fixture.Search(query, 7, cursor, sort);
            Assert.Equal(25, page.Total);
            paged.AddRange(page.Hits.Select(hit => hit.Id));
            cursor = page.Cursor;
            fixture.Add(
                fixture.Document("Report that came later") with { Received =
                SearchFixture.Now.Milliseconds + 1 });
        }
        while (cursor is not null);
        Assert.Equal(whole.Length, paged.Count);
        Assert.Equal(whole.Order(), paged.Order());
    }

    [Fact]
    public void A_cursor_of_another_query_is_refused()
    {
        fixture.Add("Report one");
        fixture.Add("Report two");
        string cursor = fixture.Search("report", 1).Cursor!;
        Assert.Contains("cursor", fixture.Refused("one", cursor).Message, StringComparison.Ordinal);
        Assert.Contains("cursor", fixture.Refused("report", cursor[..^1]).Message, StringComparison.Ordinal);
        Assert.Contains("cursor", fixture.Refused("report", "é").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Orders_are_by_time_severity_and_sources()
    {
        Digest hazard = fixture.Add(fixture.Document("Report a") with { Severity = "serious-hazard" });
        Digest disaster = fixture.Add(fixture.Document("Report b") with { Severity = "disaster" });
        Digest none = fixture.Add(
            fixture.Document("Report c") with { Received = SearchFixture.Now.Milliseconds });
        fixture.Index.Mark(none, new ReportStatus(Sources: 3));
        Digest[] Order(SearchSort sort) =>
            [.. fixture.Search("report", sort: sort).Hits.Select(hit => hit.Id)];
        Assert.Equal([hazard, disaster, none], Order(SearchSort.New));
        Assert.Equal([disaster, hazard, none], Order(SearchSort.Severity));
        Assert.Equal([none, hazard, disaster], Order(SearchSort.Sources));
        Assert.Equal(none, Order(SearchSort.Received)[0]);
    }

    [Fact]
    public void A_saved_query_is_a_part_of_another_and_must_not_lead_back_to_itself()
    {
        Digest id = fixture.Add(fixture.Document("Report a") with { Countries = ["DE"] });
        fixture.Add("Report b");
        fixture.SavedQueries["german"] = "country:DE";
        fixture.SavedQueries["circle"] = "a OR saved:circle";
        Assert.Equal([id], fixture.Ids("report saved:german"));
        Assert.Contains("leads back", fixture.Refused("saved:circle").Message, StringComparison.Ordinal);
        Assert.Contains("no saved query", fixture.Refused("saved:other").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void When_nothing_is_found_each_term_says_what_dropping_it_would_give()
    {
        fixture.Add(fixture.Document("Report") with { Countries = ["DE"] });
        Assert.True(Protocol.Api.Query.TryParse("report country:FR", out Protocol.Api.Query? query, out _));
        Assert.Equal([0, 1], fixture.Searcher.Relax(new SearchRequest(query, SearchFixture.Now)));
    }

    [Fact]
    public void Statistics_count_by_two_fields()
    {
        fixture.Add(fixture.Document("a") with { Countries = ["DE"], Language = "de" });
        fixture.Add(fixture.Document("b") with { Countries = ["DE", "FR"], Language = "fr" });
        var request = new SearchRequest(Protocol.Api.Query.Everything, SearchFixture.Now);
        Assert.True(fixture.Searcher.TryTabulate(request, "country", "lang", out var counts, out _));
        Assert.Equal((1, 1, 1), (counts[("DE", "de")], counts[("DE", "fr")], counts[("FR", "fr")]));
        Assert.False(fixture.Searcher.TryTabulate(request, "colour", null, out _, out _));
    }

    private static long Milliseconds(string date) =>
        new DateTimeOffset(DateTime.Parse(date), TimeSpan.Zero).ToUnixTimeMilliseconds();
}

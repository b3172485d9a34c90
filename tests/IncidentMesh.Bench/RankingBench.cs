using System.Globalization;
using System.Text.Json;
using IncidentMesh.Node.Cluster;
using IncidentMesh.Node.Embed;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Node.Search;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Bench;

/// <summary><c>bench ranking DATA [--json]</c>: does a question find its reports? The reports are AIID titles
/// (<c>titles_dev.jsonl</c>), the questions the description of each incident (<c>incidents_dev.csv</c>) and
/// headlines in ten languages (<c>headlines_dev.tsv</c>), each by words alone, by meaning alone and by both.
/// R@1 and R@10: share of questions with a right report among the first 1 and 10; nDCG@10 with right as 1.
/// The share of meaning in the blend is also chosen on half of the incidents and measured on the other, and
/// the other way round.</summary>
internal static class RankingBench
{
    private const int MostWords = 60, Looked = 1_000;
    private static readonly double[] Shares = [0, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1];

    private sealed record Question(string Text, int Incident, Digest? Source);

    private sealed record Scores(double R1, double R10, double Ndcg)
    {
        public object Rounded => new { r1 = Round(R1), r10 = Round(R10), ndcg10 = Round(Ndcg) };
    }

    public static Task<int> RunAsync(string[] args)
    {
        string data = args.FirstOrDefault(a => !a.StartsWith('-'))
            ?? throw new FormatException("name the folder of incidents_dev.csv and headlines_dev.tsv");
        string folder = Directory.CreateTempSubdirectory("incidentmesh-bench-").FullName;
        try
        {
            Run(data, folder);
            return Task.FromResult(0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Run(string data, string folder)
    {
        using Embedder embedder =
            Embedder.Open(Path.Combine(AppContext.BaseDirectory, "model"), new EmbeddingOptions());
        DedupData titles = DedupData.Load(
            Path.Combine(data, "titles_dev.jsonl"), Path.Combine(data, "headlines_dev.tsv"), embedder);
        using TextIndex index = TextIndex.Open(Path.Combine(folder, "text"), out _);
        using VectorIndex vectors = VectorIndex.Open(Path.Combine(folder, "vectors"), embedder.Graph);
        var incidents = new Dictionary<Digest, int>();
        foreach ((Node.Cluster.ClusterItem item, int incident) in titles.Items.Zip(titles.Incidents))
        {
            incidents[item.Id] = incident;
            index.Put(new SearchDocument
            {
                Id = item.Id,
                Type = item.Type,
                Title = item.Title,
                Author = default,
                Created = 0,
                Received = 0,
            });
            vectors.Add(item.Id, embedder.Graph, item.Vector.Span);
        }

        index.Refresh();
        Question[] headlines =
        [
            .. titles.Translations.Select(t =>
                new Question(t.Item.Title, titles.Incidents[t.Source], titles.Items[t.Source].Id)),
        ];
        var meaning = new Meaning(embedder, vectors);
        var both = new Searcher(index, new BenchNames(), meaning);
        var words = new Searcher(index, new BenchNames(), null);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "ranking",
            reports = titles.Items.Length,
            descriptions = Measure(Descriptions(data, [.. titles.Incidents]), words, both, incidents),
            headlines_ten_languages = Measure(headlines, words, both, incidents),
        }));
    }

    private static object Measure(
        Question[] questions, Searcher words, Searcher both, Dictionary<Digest, int> incidents)
    {
        (Question Question, SearchHit[] Hits)[] joined =
            [.. questions.Select(q => (q, Ask(both, q, Bare(q.Text))))];
        Scores Blend(double share, Func<int, bool> fold) => Mean(
            joined.Where(j => fold(j.Question.Incident)).Select(j => (
                j.Question,
                j.Hits.OrderByDescending(hit => Score(hit, share)).ThenBy(hit => hit.Id).ToArray())),
            incidents);
        (double Share, Scores Held)[] folds =
        [
            .. new[] { 0, 1 }.Select(half =>
            {
                double share = Shares.MaxBy(s => Blend(s, i => i % 2 == half).Ndcg);
                return (share, Blend(share, i => i % 2 != half));
            }),
        ];
        return new
        {
            questions = questions.Length,
            words = Mean(questions.Select(q => (q, Ask(words, q, Bare(q.Text)))), incidents).Rounded,
            meaning = Mean(
                questions.Select(q => (q, Ask(both, q, $"about:\"{Bare(q.Text)}\""))), incidents).Rounded,
            joined = Mean(joined, incidents).Rounded,
            blends = Shares.ToDictionary(
                s => s.ToString("F1", CultureInfo.InvariantCulture), s => Blend(s, _ => true).Rounded),
            folds = folds.Select(f => new { chosen = f.Share, held_out = f.Held.Rounded }),
        };
    }

    /// <summary>The score of a hit had meaning another share: <c>score = a cosine + (1 - a)
    /// words</c>.</summary>
    private static double Score(SearchHit hit, double share)
    {
        double cosine = Math.Max(hit.Cosine ?? 0, 0);
        double lexical = (hit.Score - (Ranking.MeaningShare * cosine)) / (1 - Ranking.MeaningShare);
        return (share * cosine) + ((1 - share) * lexical);
    }

    private static SearchHit[] Ask(Searcher searcher, Question question, string text)
    {
        if (!Query.TryParse(text, out Query? query, out QueryError? error))
        {
            throw new InvalidOperationException($"{text}: {error}");
        }

        searcher.TrySearch(
            new SearchRequest(query, new Instant(0)) { Limit = Looked }, out SearchResult? result, out _);
        return [.. (result?.Hits ?? []).Where(hit => hit.Id != question.Source)];
    }

    private static Scores Mean(
        IEnumerable<(Question Question, SearchHit[] Hits)> answers, Dictionary<Digest, int> incidents)
    {
        var all = answers.Select(answer =>
        {
            int wanted = incidents.Count(one =>
                one.Value == answer.Question.Incident && one.Key != answer.Question.Source);
            bool[] right = [.. answer.Hits.Take(10).Select(h => incidents[h.Id] == answer.Question.Incident)];
            double gain = right.Select((r, place) => r ? 1 / Math.Log2(place + 2) : 0).Sum();
            double best = Enumerable.Range(0, Math.Min(wanted, 10)).Sum(place => 1 / Math.Log2(place + 2));
            return (
                Wanted: wanted, First: right.FirstOrDefault(), Ten: right.Contains(true), Gain: gain / best);
        }).Where(a => a.Wanted > 0).ToArray();
        return new Scores(
            all.Average(a => a.First ? 1 : 0), all.Average(a => a.Ten ? 1 : 0), all.Average(a => a.Gain));
    }

    private static Question[] Descriptions(string data, HashSet<int> known)
    {
        using FileStream file = File.OpenRead(Path.Combine(data, "incidents_dev.csv"));
        CsvRow[] rows = [.. CsvRows.Read(TextLines.Read(file))];
        int id = rows[0].Fields.ToList().IndexOf("incident_id");
        int description = rows[0].Fields.ToList().IndexOf("description");
        return
        [
            .. rows.Skip(1).Where(row => row.Error is null)
                .Select(row => new Question(
                    row.Fields[description], int.Parse(row.Fields[id], CultureInfo.InvariantCulture), null))
                .Where(q => known.Contains(q.Incident) && Bare(q.Text).Length > 0),
        ];
    }

    /// <summary>A text as words alone, lower case, so that none is an operator of the query
    /// language.</summary>
    private static string Bare(string text) =>
        string.Join(' ', WordWeights.Split(text).Take(MostWords));

    private static double Round(double value) => Math.Round(value, 4);

    private sealed class Meaning(Embedder embedder, VectorIndex vectors) : IMeaning
    {
        public IReadOnlyList<MeaningHit>? NearestTo(string text, int limit) =>
            [.. vectors.Nearest(embedder.Graph, embedder.Embed(text), limit)
                .Select(near => new MeaningHit(near.Id, near.Cosine))];

        public IReadOnlyList<MeaningHit>? NearestTo(Digest record, int limit) => null;
    }
}

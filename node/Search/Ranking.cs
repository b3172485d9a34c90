namespace IncidentMesh.Node.Search;

/// <summary>The order of the candidates (<c>specs/search.md</c>, ranking). Of relevance:
/// <c>score = a * meaning + (1 - a) * words</c>, where words is BM25 over the best BM25 among the candidates
/// and meaning is
/// the cosine; each is 0 where it did not find the record. The scores of the first page are kept for the
/// next ones
/// (<see cref="RecentRankings"/>).</summary>
internal sealed class Ranking
{
    /// <summary>The share of meaning: as for pairs of reports (0.6 cosine + 0.4 words was best on AIID
    /// titles).</summary>
    public const double MeaningShare = 0.6;

    private readonly ReportTable table;
    private readonly MeaningRows meaning;
    private readonly float[] words;
    private readonly double share;
    private readonly SearchSort sort;
    private float best;

    public Ranking(ReportTable table, MeaningRows meaning, SearchSort sort)
    {
        this.table = table;
        this.meaning = meaning;
        this.sort = sort;
        share = meaning.Answered ? MeaningShare : 0;
        words = new float[table.Count];
    }

    /// <summary>BM25 of each row, to be filled before <see cref="Prepare"/>.</summary>
    public float[] Words => words;

    /// <summary>Rows that this ranking knows: later ones are not ranked by it.</summary>
    public int Rows => words.Length;

    /// <summary>Finds the best BM25 among the candidates.</summary>
    public void Prepare(RowSet candidates)
    {
        foreach (int row in candidates)
        {
            best = Math.Max(best, words[row]);
        }
    }

    public float? Cosine(int row) => meaning.Cosine(row);

    public double Score(int row)
    {
        double lexical = best > 0 ? words[row] / best : 0;
        return (share * Math.Max(meaning.Cosine(row) ?? 0, 0)) + ((1 - share) * lexical);
    }

    /// <summary>The first <paramref name="limit"/> candidates after <paramref name="after"/>, in order, and
    /// whether more
    /// follow.</summary>
    public (List<RankedRow> Page, bool More) Page(RowSet candidates, int limit, RankedRow? after)
    {
        // A heap whose top is the worst of the best so far.
        var heap = new PriorityQueue<RankedRow, RankedRow>(Worst.First);
        int beyond = 0;
        foreach (int row in candidates)
        {
            ref ReportTable.Row facts = ref table.Facts[row];
            var ranked = new RankedRow(row, Primary(row), facts.Created, facts.Id);
            if (after is { } last && ranked.CompareTo(last) <= 0)
            {
                continue;
            }

            beyond++;
            if (heap.Count < limit)
            {
                heap.Enqueue(ranked, ranked);
            }
            else if (limit > 0 && ranked.CompareTo(heap.Peek()) < 0)
            {
                heap.DequeueEnqueue(ranked, ranked);
            }
        }

        var page = new List<RankedRow>(heap.Count);
        while (heap.TryDequeue(out RankedRow row, out _))
        {
            page.Add(row);
        }

        page.Reverse();
        return (page, beyond > page.Count);
    }

    private double Primary(int row) => sort switch
    {
        SearchSort.Severity =>
            Protocol.Api.QuerySeverity.Rank(table.Severities.Word(table.Facts[row].Severity)),
        SearchSort.Sources => table.States[row].Sources,
        SearchSort.New => 0,
        _ => Score(row),
    };

    private sealed class Worst : IComparer<RankedRow>
    {
        public static Worst First { get; } = new();

        public int Compare(RankedRow x, RankedRow y) => y.CompareTo(x);
    }
}

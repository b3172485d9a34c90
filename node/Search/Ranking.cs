namespace IncidentMesh.Node.Search;

/// <summary>The order of the candidates (<c>specs/search.md</c>, ranking). Of relevance: <c>score = a *
/// meaning + (1 - a) * words</c>, where words is BM25 over that of a title that has all the words
/// (<see cref="WordHits.Whole"/>) and meaning is the cosine; each is 0 where it did not find the record. The
/// scores of the first page are kept for the next ones (<see cref="RecentRankings"/>).</summary>
internal sealed class Ranking
{
    /// <summary>The share of meaning: as for pairs of reports (0.6 cosine + 0.4 words was best on AIID
    /// titles).</summary>
    public const double MeaningShare = 0.6;

    private readonly ReportTable table;
    private readonly SearchSort sort;
    private readonly int[] rows;
    private readonly double[] scores;
    private readonly float[] cosines;
    private readonly bool[] found;

    /// <summary>Ranks candidates.</summary>
    /// <param name="table">The facts.</param>
    /// <param name="meaning">The cosines.</param>
    /// <param name="sort">The order.</param>
    /// <param name="candidates">The rows to rank.</param>
    /// <param name="words">BM25 of each row, or null where no words are asked.</param>
    public Ranking(
        ReportTable table, MeaningRows meaning, SearchSort sort, RowSet candidates, WordHits? words)
    {
        this.table = table;
        this.sort = sort;
        rows = new int[candidates.Count()];
        scores = new double[rows.Length];
        cosines = new float[rows.Length];
        found = new bool[rows.Length];
        Rows = candidates.Rows;
        int count = 0;
        foreach (int row in candidates)
        {
            float score = words?.Score(row) ?? 0;
            found[count] = score > 0;
            scores[count] = score;
            rows[count++] = row;
        }

        double share = meaning.Answered ? MeaningShare : 0;
        double scale = words?.Whole > 0 ? (1 - share) / words.Whole : 0;
        for (int i = 0; i < rows.Length; i++)
        {
            scores[i] *= scale;
        }

        Array.Fill(cosines, float.NaN);
        foreach ((int row, float cosine) in meaning.Cosines)
        {
            if (Array.BinarySearch(rows, row) is int place and >= 0)
            {
                cosines[place] = cosine;
                scores[place] += share * Math.Max(cosine, 0);
            }
        }
    }

    /// <summary>Rows that there were: later ones are not ranked.</summary>
    public int Rows { get; }

    /// <summary>The hit of a place in the ranking.</summary>
    public SearchHit Hit(RankedRow ranked) => new(
        ranked.Id,
        scores[ranked.Place],
        float.IsNaN(cosines[ranked.Place]) ? null : cosines[ranked.Place],
        found[ranked.Place]);

    /// <summary>The first <paramref name="limit"/> candidates after <paramref name="after"/>, in order, and
    /// whether more follow.</summary>
    public (List<RankedRow> Page, bool More) Page(RowSet candidates, int limit, RankedRow? after)
    {
        // A heap whose top is the worst of the best so far. Most candidates fall behind it by what they are
        // ordered by alone, without a look at their ids.
        var heap = new PriorityQueue<RankedRow, RankedRow>(Worst.First);
        (double Primary, long Created) worst = (double.NegativeInfinity, long.MinValue);
        int beyond = 0;
        for (int place = 0; place < rows.Length; place++)
        {
            int row = rows[place];
            (double primary, long created) = (Primary(place, row), table.Facts.Created[row]);
            bool behind = primary < worst.Primary || (primary == worst.Primary && created < worst.Created);
            if ((behind && beyond > heap.Count) || !candidates.Contains(row))
            {
                continue;
            }

            var ranked = new RankedRow(place, primary, created, table.Facts.Id[row]);
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

            if (heap.Count == limit && limit > 0)
            {
                worst = (heap.Peek().Primary, heap.Peek().Created);
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

    private double Primary(int place, int row) => sort switch
    {
        SearchSort.Severity =>
            Protocol.Api.QuerySeverity.Rank(table.Severities.Word(table.Facts.Severity[row])),
        SearchSort.Sources => table.States.Sources[row],
        SearchSort.New => 0,
        SearchSort.Received => table.Facts.Received[row],
        _ => scores[place],
    };

    private sealed class Worst : IComparer<RankedRow>
    {
        public static Worst First { get; } = new();

        public int Compare(RankedRow x, RankedRow y) => y.CompareTo(x);
    }
}

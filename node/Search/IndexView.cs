using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Search.Similarities;

namespace IncidentMesh.Node.Search;

/// <summary>One moment of the text index, and the table's row of each document in it.</summary>
internal sealed class IndexView
{
    /// <summary>What the weaker of title and text still adds.</summary>
    private const float OtherFieldShare = 0.25f;

    private readonly int[][] rows;
    private readonly IndexSearcher searcher;

    /// <summary>A view.</summary>
    /// <param name="reader">The moment; released with the view.</param>
    /// <param name="rows">For each segment, the row of each document; -1 for one without.</param>
    /// <param name="count">One more than the highest row.</param>
    /// <param name="similarity">How words weigh.</param>
    public IndexView(DirectoryReader reader, int[][] rows, int count, Similarity similarity)
    {
        Reader = reader;
        Rows = count;
        this.rows = rows;
        searcher = new IndexSearcher(reader) { Similarity = similarity };
    }

    public DirectoryReader Reader { get; }

    /// <summary>Rows that its documents have: the table may have more by now.</summary>
    public int Rows { get; }

    public int Documents => Reader.NumDocs;

    public bool TryHold() => Reader.TryIncRef();

    public void Release() => Reader.DecRef();

    public int Frequency(Term term) => Reader.DocFreq(term);

    /// <summary>The rows of the documents that a query finds.</summary>
    public RowSet Find(Query query, int count)
    {
        var found = new RowSet(count);
        searcher.Search(query, new SetCollector(rows, found));
        return found;
    }

    /// <summary>Adds 1 to the count and the score to the score of each row that has it in title or text.
    /// </summary>
    /// <param name="query">Title and text.</param>
    /// <param name="counts">One number a row.</param>
    /// <param name="scores">One number a row, or null where nothing ranks.</param>
    /// <param name="title">Zeros, one a row, and zeros again afterwards; not used without scores.</param>
    /// <remarks>Two passes over postings, which are in the order of documents, are twice as fast as Lucene's
    /// DisjunctionMaxQuery, which merges them by a heap.</remarks>
    public void Add(TitleOrText query, byte[] counts, float[]? scores, float[] title)
    {
        if (scores is null)
        {
            foreach (int row in Find(query.Title, Rows).Or(Find(query.Text, Rows)))
            {
                counts[row]++;
            }

            return;
        }

        var inTitle = new TitleCollector(rows, counts, scores, title);
        searcher.Search(query.Title, inTitle);
        searcher.Search(query.Text, new TextCollector(rows, counts, scores, title));
        foreach (int row in inTitle.Found)
        {
            title[row] = 0;
        }
    }

    private abstract class RowCollector(int[][] rows) : ICollector
    {
        private int[] segment = [];

        public bool AcceptsDocsOutOfOrder => true;

        public virtual void SetScorer(Scorer scorer)
        {
        }

        public void SetNextReader(AtomicReaderContext context) => segment = rows[context.Ord];

        public void Collect(int doc)
        {
            if (segment[doc] is int row and >= 0)
            {
                Take(row);
            }
        }

        protected abstract void Take(int row);
    }

    private sealed class SetCollector(int[][] rows, RowSet found) : RowCollector(rows)
    {
        protected override void Take(int row) => found.Add(row);
    }

    private abstract class ScoreCollector(int[][] rows) : RowCollector(rows)
    {
        private Scorer? scorer;

        public override void SetScorer(Scorer scorer) => this.scorer = scorer;

        protected float Score() => scorer!.GetScore();
    }

    private sealed class TitleCollector(int[][] rows, byte[] counts, float[] scores, float[] title)
        : ScoreCollector(rows)
    {
        public List<int> Found { get; } = [];

        protected override void Take(int row)
        {
            float score = Score();
            counts[row]++;
            scores[row] += score;
            title[row] = score;
            Found.Add(row);
        }
    }

    private sealed class TextCollector(int[][] rows, byte[] counts, float[] scores, float[] title)
        : ScoreCollector(rows)
    {
        protected override void Take(int row)
        {
            (float score, float other) = (Score(), title[row]);
            if (other == 0)
            {
                counts[row]++;
                scores[row] += score;
            }
            else
            {
                scores[row] += Math.Max(score, other) + (OtherFieldShare * Math.Min(score, other)) - other;
            }
        }
    }
}

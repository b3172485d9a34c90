using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Search.Similarities;

namespace IncidentMesh.Node.Search;

/// <summary>One moment of the text index, and the table's row of each document in it.</summary>
internal sealed class IndexView
{
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

    /// <summary>Adds 1 to the count and the score to the score of each row that a query finds.</summary>
    public void Add(Query query, byte[] counts, float[]? scores) =>
        searcher.Search(query, new SumCollector(rows, counts, scores));

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

    private sealed class SumCollector(int[][] rows, byte[] counts, float[]? scores) : RowCollector(rows)
    {
        private Scorer? scorer;

        public override void SetScorer(Scorer scorer) => this.scorer = scorer;

        protected override void Take(int row)
        {
            counts[row]++;
            if (scores is not null)
            {
                scores[row] += scorer!.GetScore();
            }
        }
    }
}

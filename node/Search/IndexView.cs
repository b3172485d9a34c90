using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Search.Similarities;

namespace IncidentMesh.Node.Search;

/// <summary>One moment of the text index, and the table's row of each document in it.</summary>
internal sealed class IndexView
{
    private readonly int[][] rows;
    private readonly IndexSearcher searcher;

    public IndexView(DirectoryReader reader, int[][] rows, Similarity similarity)
    {
        Reader = reader;
        this.rows = rows;
        searcher = new IndexSearcher(reader) { Similarity = similarity };
    }

    public DirectoryReader Reader { get; }

    public int Documents => Reader.NumDocs;

    public bool TryHold() => Reader.TryIncRef();

    public void Release() => Reader.DecRef();

    public int Frequency(Term term) => Reader.DocFreq(term);

    /// <summary>The rows of the documents that a query finds.</summary>
    public RowSet Find(Query query, int count)
    {
        var found = new RowSet(count);
        searcher.Search(query, new RowCollector(rows, count, found, null));
        return found;
    }

    /// <summary>Writes the score of each document that a query finds to its row.</summary>
    public void Score(Query query, float[] scores, int count) =>
        searcher.Search(query, new RowCollector(rows, count, null, scores));

    private sealed class RowCollector(int[][] rows, int count, RowSet? found, float[]? scores) : ICollector
    {
        private Scorer? scorer;
        private int[] segment = [];

        public bool AcceptsDocsOutOfOrder => true;

        public void SetScorer(Scorer scorer) => this.scorer = scorer;

        public void SetNextReader(AtomicReaderContext context) => segment = rows[context.Ord];

        public void Collect(int doc)
        {
            // A row past the count came in after the query began.
            int row = segment[doc];
            if ((uint)row >= (uint)count)
            {
                return;
            }

            found?.Add(row);
            if (scores is not null)
            {
                scores[row] = scorer!.GetScore();
            }
        }
    }
}

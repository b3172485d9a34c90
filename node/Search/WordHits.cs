using System.Buffers;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Search;

/// <summary>Which documents have the words and phrases of a query, and what they weigh (BM25, summed): one
/// pass over the index for each word, whether it selects, ranks or both (<c>specs/search.md</c>,
/// words).</summary>
internal sealed class WordHits : IDisposable
{
    /// <summary>Fewer bare words than this must all occur.</summary>
    private const int FewWords = 3;

    /// <summary>Of more, so many at most.</summary>
    private const int EnoughWords = 3;

    private readonly byte[] words;
    private readonly byte[] phrases;
    private readonly float[] scores;
    private readonly float[] title;
    private readonly int rows;
    private int wordsWanted;
    private int phrasesWanted;
    private bool impossible;

    /// <summary>Looks up words.</summary>
    /// <param name="nodes">Words and phrases, at most <see cref="Protocol.Limits.Query.Clauses"/>.</param>
    /// <param name="texts">Makes Lucene's queries of them.</param>
    /// <param name="view">The moment of the index.</param>
    /// <param name="all">Whether each word counts, however common; else the common ones are passed
    /// over.</param>
    public WordHits(IReadOnlyList<QueryNode> nodes, TextQueries texts, IndexView view, bool all = false)
    {
        rows = view.Rows;
        words = Rent<byte>();
        phrases = Rent<byte>();
        scores = Rent<float>();
        title = Rent<float>();
        QueryNode[] different = [.. nodes.Distinct()];
        QueryNode[] telling = all ? different : [.. different.Where(node => !IsCommon(texts, node))];
        bool ranks = telling.Length > 0 || different.Length == 1;
        foreach (QueryNode node in telling.Length > 0 ? telling : different)
        {
            Find(node, texts, view, ranks);
        }
    }

    /// <summary>The score of a title of average length that has each of the words once.</summary>
    public float Whole { get; private set; }

    /// <summary>Rows in which the phrases and enough of the words occur: all of one or two, two of three,
    /// three of more, so that a question in a sentence finds by words too. A word that nearly every report
    /// has is not required, unless all are such.</summary>
    /// <param name="count">Rows of the table.</param>
    /// <param name="near">Rows near in meaning, which do without the words, though not without the
    /// phrases; null where meaning was not asked.</param>
    public RowSet Found(int count, RowSet? near)
    {
        var found = new RowSet(count);
        int enough = impossible ? int.MaxValue
            : wordsWanted < FewWords ? wordsWanted : Math.Min(EnoughWords, wordsWanted * 3 / 4);
        if (near is not null && phrasesWanted == 0)
        {
            found.Or(near);
        }

        for (int row = 0; row < rows; row++)
        {
            if (phrases[row] == phrasesWanted && (words[row] >= enough || near?.Contains(row) == true))
            {
                found.Add(row);
            }
        }

        return found;
    }

    /// <summary>BM25 of a row for those of the words that it has.</summary>
    public float Score(int row) => row < rows ? scores[row] : 0;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(words);
        ArrayPool<byte>.Shared.Return(phrases);
        ArrayPool<float>.Shared.Return(scores);
        ArrayPool<float>.Shared.Return(title);
    }

    private static bool IsCommon(TextQueries texts, QueryNode node) =>
        node is QueryWord word && texts.IsCommon(word.Text);

    private void Find(QueryNode node, TextQueries texts, IndexView view, bool ranks)
    {
        string text = node is QueryPhrase phrase ? phrase.Text : ((QueryWord)node).Text;
        TitleOrText? query = node is QueryPhrase ? texts.Phrase(text) : texts.Word(text);
        bool whole = node is QueryPhrase;
        (wordsWanted, phrasesWanted) = whole ? (wordsWanted, phrasesWanted + 1)
            : (wordsWanted + 1, phrasesWanted);
        if (query is null)
        {
            // No row has what has no letter: a phrase keeps its count short, a word rules all out.
            impossible |= !whole;
            return;
        }

        Whole += texts.Weight(text);
        view.Add(query, whole ? phrases : words, ranks ? scores : null, title);
    }

    private T[] Rent<T>()
    {
        T[] array = ArrayPool<T>.Shared.Rent(rows);
        Array.Clear(array, 0, rows);
        return array;
    }
}

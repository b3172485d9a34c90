using Lucene.Net.Index;
using Lucene.Net.Search;

namespace IncidentMesh.Node.Search;

/// <summary>Words and phrases as Lucene queries (<c>specs/search.md</c>, words).</summary>
internal sealed class TextQueries(SearchAnalyzer analyzer, IndexView view)
{
    /// <summary>A word that is cut into more pieces than this need not occur as a whole: a sentence without
    /// spaces.</summary>
    private const int LongestWholeWord = 6;
    private const double ShareOfPieces = 0.6;
    private const float TitleWeight = 2f;

    /// <summary>A word in more than this share of the documents says nothing, from this many documents
    /// on.</summary>
    private const double CommonShare = 0.2;
    private const int CommonFromDocuments = 1_000;

    /// <summary>A word in the title or text, or null when it has no letter or digit.</summary>
    public TitleOrText? Word(string word) => InTitleOrText(field => In(field, word, exact: false));

    /// <summary>A phrase in the title or text, its words next to each other.</summary>
    public TitleOrText? Phrase(string phrase) => InTitleOrText(field => In(field, phrase, exact: true));

    /// <summary>The words of <paramref name="text"/> next to each other in one field.</summary>
    public Query? Field(string field, string text) => In(field, text, exact: true);

    /// <summary>A field that is not analysed.</summary>
    public static Query Key(string field, string value) =>
        new TermQuery(new Term(field, value.ToLowerInvariant()));

    /// <summary>Whether so many documents have the word that it neither selects nor ranks.</summary>
    public bool IsCommon(string word)
    {
        if (view.Documents < CommonFromDocuments)
        {
            return false;
        }

        List<string> tokens = analyzer.Tokens(TextFields.Text, word);
        return tokens.Count == 1 && Frequency(tokens[0]) > view.Documents * CommonShare;
    }

    /// <summary>What a word or phrase gives a title of average length that has it once: the inverse document
    /// frequency of its pieces (BM25), weighed as a title.</summary>
    public float Weight(string words)
    {
        double weight = 0;
        foreach (string token in analyzer.Tokens(TextFields.Text, words))
        {
            int frequency = Frequency(token);
            weight += IsLoneCharacter(token) ? 1
                : Math.Log(1 + ((view.Documents - frequency + 0.5) / (frequency + 0.5)));
        }

        return TitleWeight * (float)weight;
    }

    /// <summary>Documents that have a piece in the title or in the text, whichever are more: reports may lack
    /// a text.</summary>
    private int Frequency(string token) => Math.Max(
        view.Frequency(new Term(TextFields.Title, token)), view.Frequency(new Term(TextFields.Text, token)));

    private static TitleOrText? InTitleOrText(Func<string, Query?> make)
    {
        Query? title = make(TextFields.Title);
        if (title is null || make(TextFields.Text) is not { } text)
        {
            return null;
        }

        title.Boost = TitleWeight;
        return new TitleOrText(title, text);
    }

    private Query? In(string field, string text, bool exact)
    {
        List<string> tokens = analyzer.Tokens(field, text);
        if (tokens.Count == 0)
        {
            return null;
        }

        if (tokens.Count == 1)
        {
            var term = new Term(field, tokens[0]);
            return IsLoneCharacter(tokens[0]) ? new PrefixQuery(term) : new TermQuery(term);
        }

        if (exact || tokens.Count <= LongestWholeWord)
        {
            var phrase = new PhraseQuery();
            foreach (string token in tokens)
            {
                phrase.Add(new Term(field, token));
            }

            return phrase;
        }

        var pieces =
            new BooleanQuery { MinimumNumberShouldMatch = (int)Math.Ceiling(tokens.Count * ShareOfPieces) };
        foreach (string token in tokens.Distinct())
        {
            pieces.Add(new TermQuery(new Term(field, token)), Occur.SHOULD);
        }

        pieces.MinimumNumberShouldMatch = (int)Math.Ceiling(pieces.Clauses.Count * ShareOfPieces);
        return pieces;
    }

    /// <summary>Chinese and Japanese are indexed as pairs of characters, so that one character alone is the
    /// beginning of a pair.</summary>
    private static bool IsLoneCharacter(string token) =>
        token.Length == 1 && token[0] is (>= '\u3040' and <= '\u30ff') or (>= '\u3400' and <= '\u9fff');
}

/// <summary>One question to two fields: a document has it that has it in either.</summary>
internal sealed record TitleOrText(Query Title, Query Text);

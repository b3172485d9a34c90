using Lucene.Net.Analysis;
using Lucene.Net.Analysis.Cjk;
using Lucene.Net.Analysis.Icu;
using Lucene.Net.Analysis.Icu.Segmentation;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Analysis.Util;
using Lucene.Net.Util;

namespace IncidentMesh.Node.Search;

/// <summary>Words of any language: ICU segmentation (UAX 29; Thai, Lao, Khmer and Myanmar by dictionary),
/// then ICU folding (UTR 30: case, diacritics, width), then pairs of neighbouring characters for Chinese,
/// Japanese and Korean, because a dictionary cuts a question otherwise than the text that answers
/// it.</summary>
internal sealed class SearchAnalyzer : Analyzer
{
    /// <summary>Fields of addresses and package names: cut at everything but letters and digits.</summary>
    private static readonly HashSet<string> Coded = [TextFields.Url, TextFields.Model, TextFields.Lineage];

    public SearchAnalyzer()
        : base(PER_FIELD_REUSE_STRATEGY)
    {
    }

    /// <summary>The words of a text as the index holds them.</summary>
    public List<string> Tokens(string field, string text)
    {
        var tokens = new List<string>();
        using TokenStream stream = GetTokenStream(field, text);
        ICharTermAttribute term = stream.AddAttribute<ICharTermAttribute>();
        stream.Reset();
        while (stream.IncrementToken())
        {
            tokens.Add(term.ToString()!);
        }

        stream.End();
        return tokens;
    }

    protected override TokenStreamComponents CreateComponents(string fieldName, TextReader reader)
    {
        if (Coded.Contains(fieldName))
        {
            var letters = new LettersAndDigits(reader);
            return new TokenStreamComponents(letters, new ICUFoldingFilter(letters));
        }

        var words =
            new ICUTokenizer(reader, new DefaultICUTokenizerConfig(cjkAsWords: false, myanmarAsWords: true));
        return new TokenStreamComponents(words, new CJKBigramFilter(new ICUFoldingFilter(words)));
    }

    private sealed class LettersAndDigits(TextReader reader) : CharTokenizer(LuceneVersion.LUCENE_48, reader)
    {
        protected override bool IsTokenChar(int c) => System.Text.Rune.IsValid(c)
            && System.Text.Rune.IsLetterOrDigit(new System.Text.Rune(c));
    }
}

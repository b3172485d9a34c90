using Microsoft.ML.Tokenizers;

namespace IncidentMesh.Node.Embed;

/// <summary>SentencePiece Unigram as the model was trained with: <c>ids = [0] + pieces("query: " + text) +
/// [2]</c>, at most <see cref="MaxTokens"/> in all. Safe for use by several threads.</summary>
/// <remarks>T. Kudo and J. Richardson, SentencePiece (EMNLP 2018); the prefix is that of the E5 models
/// (Wang et al. 2022). <c>query: </c> stands before every text: <c>passage: </c> scores worse on this
/// task.</remarks>
public sealed class Tokenizer
{
    /// <summary>Tokens that the encoder reads, the two marks included.</summary>
    public const int MaxTokens = 512;

    /// <summary>Fills the rows of a batch up to the longest; its attention mask is 0.</summary>
    public const long Padding = 1;

    private const int Start = 0;
    private const int End = 2;

    /// <summary>Characters that are looked at: the longest piece has 16 characters, and 512 of them are
    /// fewer.</summary>
    private const int MaxCharacters = 16_384;

    private readonly SentencePieceTokenizer _pieces;

    private Tokenizer(SentencePieceTokenizer pieces) => _pieces = pieces;

    /// <summary>Loads a SentencePiece model (250,002 pieces: about 1.2 s, most of it its trie).</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Tokenizer Load(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return new Tokenizer(SentencePieceTokenizer.Create(
            stream, addBeginningOfSentence: false, addEndOfSentence: false, specialTokens: null));
    }

    /// <summary>Token ids of a text, 2 to <see cref="MaxTokens"/>.</summary>
    public long[] Encode(string text)
    {
        IReadOnlyList<int> pieces = _pieces.EncodeToIds(
            "query: " + WellFormed(text), addBeginningOfSentence: false, addEndOfSentence: false);
        int count = Math.Min(pieces.Count, MaxTokens - 2);
        var ids = new long[count + 2];
        ids[0] = Start;
        for (int i = 0; i < count; i++)
        {
            ids[i + 1] = pieces[i];
        }

        ids[^1] = End;
        return ids;
    }

    /// <summary>The text without lone surrogates, which have no UTF-8 form, and cut to what the encoder can
    /// see.</summary>
    private static string WellFormed(string text)
    {
        if (text.Length > MaxCharacters)
        {
            bool splits = char.IsHighSurrogate(text[MaxCharacters - 1]);
            text = text[..(splits ? MaxCharacters - 1 : MaxCharacters)];
        }

        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                i++;
                continue;
            }

            char[] repaired = text.ToCharArray();
            for (; i < repaired.Length; i++)
            {
                if (char.IsSurrogate(repaired[i]))
                {
                    bool pair = i + 1 < repaired.Length && char.IsSurrogatePair(repaired[i], repaired[i + 1]);
                    if (pair)
                    {
                        i++;
                    }
                    else
                    {
                        repaired[i] = '\uFFFD';
                    }
                }
            }

            return new string(repaired);
        }

        return text;
    }
}

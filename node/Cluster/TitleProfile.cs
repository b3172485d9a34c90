namespace IncidentMesh.Node.Cluster;

/// <summary>A title made ready for comparing: its distinct words with their weights, its character
/// 4-grams.</summary>
public sealed class TitleProfile
{
    private const int GramLength = 4;

    /// <summary>Words and characters of a title that are looked at; a longer title is cut.</summary>
    private const int MaxWords = 64;

    private const int MaxCharacters = 512;

    /// <summary>Prepares a title.</summary>
    /// <param name="title">The title.</param>
    /// <param name="weights">Weights of words.</param>
    /// <param name="without">Words that do not count.</param>
    public TitleProfile(string title, WordWeights weights, HashSet<string> without)
    {
        if (title.Length > MaxCharacters)
        {
            title = title[..MaxCharacters];
        }

        string[] sequence = [.. WordWeights.Split(title).Where(w => !without.Contains(w)).Take(MaxWords)];
        Words = [.. sequence.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Weights = [.. Words.Select(weights.Of)];
        Norm = MathF.Sqrt(Weights.Sum(w => w * w));
        Grams = GramsOf(" " + string.Join(' ', sequence) + " ");
    }

    /// <summary>Distinct words, in ordinal order.</summary>
    public string[] Words { get; }

    /// <summary>Idf of each word.</summary>
    public float[] Weights { get; }

    /// <summary>Length of the idf-weighted word vector.</summary>
    public float Norm { get; }

    /// <summary>Distinct character 4-grams (four UTF-16 units packed), ascending.</summary>
    public ulong[] Grams { get; }

    /// <summary>Whether a word, lower case, is in the title.</summary>
    public bool Has(string word) => Array.BinarySearch(Words, word, StringComparer.Ordinal) >= 0;

    private static ulong[] GramsOf(string text)
    {
        var grams = new HashSet<ulong>();
        ulong gram = 0;
        for (int i = 0; i < text.Length; i++)
        {
            gram = (gram << 16) | text[i];
            if (i >= GramLength - 1)
            {
                grams.Add(gram);
            }
        }

        return [.. grams.Order()];
    }
}

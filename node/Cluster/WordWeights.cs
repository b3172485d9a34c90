using System.Globalization;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Cluster;

/// <summary>How rare a word is, as inverse document frequency (natural logarithm), from fixed tables, so
/// that the weight of a pair depends on nothing else in the archive.</summary>
/// <remarks><c>idf.tsv</c> counts news titles, nearly all English; <c>common-words.tsv</c> has the frequent
/// words of about 100 languages, without which "der" and "die" would pass for rare names. The lower of the
/// two counts; any other word gets <see cref="Rarest"/>.</remarks>
public sealed class WordWeights
{
    /// <summary>Weight of a word that no table has.</summary>
    public const float Rarest = 8.1619f;

    /// <summary>From this weight on a word is worth showing as a reason and looking up candidates
    /// by.</summary>
    public const float Rare = 7.5f;

    private const string IdfFile = "idf.tsv";
    private const string CommonFile = "common-words.tsv";

    private readonly Dictionary<string, float> _weights = new(StringComparer.Ordinal);

    private WordWeights(IReadOnlyList<string> tables)
    {
        Digest = Digest.Sha256([.. tables.SelectMany(File.ReadAllBytes)]);
        foreach (string table in tables)
        {
            foreach (string line in File.ReadLines(table))
            {
                int tab = line.IndexOf('\t', StringComparison.Ordinal);
                if (tab > 0
                    && float.TryParse(line.AsSpan(tab + 1), CultureInfo.InvariantCulture, out float weight))
                {
                    string word = line[..tab];
                    _weights[word] = _weights.TryGetValue(word, out float known) ? Math.Min(known, weight)
                        : weight;
                }
            }
        }
    }

    /// <summary>Reads the tables of a model folder.</summary>
    /// <exception cref="IOException">A table is missing.</exception>
    public static WordWeights Load(string folder) =>
        new([Path.Combine(folder, IdfFile), Path.Combine(folder, CommonFile)]);

    /// <summary>SHA-256 over the tables: names them.</summary>
    public Digest Digest { get; }

    /// <summary>The weight of a word, lower case.</summary>
    public float Of(string word) => _weights.GetValueOrDefault(word, Rarest);

    /// <summary>The words of a text: maximal runs of letters and digits, lower case, in order.</summary>
    public static IEnumerable<string> Split(string text) => Runs(text).Select(run => run.ToLowerInvariant());

    /// <summary>The words of a text as they are spelled there.</summary>
    public static IEnumerable<string> Runs(string text)
    {
        int start = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            bool inside = i < text.Length && (char.IsLetterOrDigit(text[i]) || char.IsSurrogate(text[i]));
            if (inside && start < 0)
            {
                start = i;
            }
            else if (!inside && start >= 0)
            {
                yield return text[start..i];
                start = -1;
            }
        }
    }
}

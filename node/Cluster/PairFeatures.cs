namespace IncidentMesh.Node.Cluster;

/// <summary>What two texts have in common, in numbers that depend on the pair alone.</summary>
/// <param name="Cosine">Cosine of the embeddings, 0 where one is missing.</param>
/// <param name="IdfCosine">Cosine of the idf-weighted word sets.</param>
/// <param name="SharedIdf">Sum of the idf of the shared words.</param>
/// <param name="SharedCount">Number of shared words.</param>
/// <param name="RarestShared">Largest idf of a shared word.</param>
/// <param name="Dice">Dice coefficient of the sets of character 4-grams.</param>
/// <param name="CrossLingual">Whether the languages are known and differ.</param>
public readonly record struct PairFeatures(
    float Cosine,
    float IdfCosine,
    float SharedIdf,
    int SharedCount,
    float RarestShared,
    float Dice,
    bool CrossLingual)
{
    /// <summary>Numbers that the model weighs.</summary>
    public const int Count = 8;

    /// <summary>Writes the features in the order of <c>pair-model.json</c>.</summary>
    /// <param name="x">Takes <see cref="Count"/> numbers.</param>
    public void CopyTo(Span<double> x)
    {
        x[0] = Cosine;
        x[1] = IdfCosine;
        x[2] = SharedIdf;
        x[3] = SharedCount;
        x[4] = RarestShared;
        x[5] = Dice;
        x[6] = CrossLingual ? 1 : 0;
        x[7] = CrossLingual ? Cosine : 0;
    }

    /// <summary>Compares two titles.</summary>
    public static PairFeatures Of(TitleProfile a, TitleProfile b, float cosine, bool crossLingual)
    {
        float sum = 0, squares = 0, rarest = 0;
        int count = 0;
        for (int i = 0, j = 0; i < a.Words.Length && j < b.Words.Length;)
        {
            int order = string.CompareOrdinal(a.Words[i], b.Words[j]);
            if (order == 0)
            {
                float idf = a.Weights[i];
                sum += idf;
                squares += idf * idf;
                rarest = Math.Max(rarest, idf);
                count++;
                i++;
                j++;
            }
            else if (order < 0)
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        float idfCosine = a.Norm > 0 && b.Norm > 0 ? squares / (a.Norm * b.Norm) : 0;
        return new PairFeatures(
            cosine, idfCosine, sum, count, rarest, DiceOf(a.Grams, b.Grams), crossLingual);
    }

    private static float DiceOf(ulong[] a, ulong[] b)
    {
        int shared = 0;
        for (int i = 0, j = 0; i < a.Length && j < b.Length;)
        {
            int order = a[i].CompareTo(b[j]);
            shared += order == 0 ? 1 : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        return a.Length + b.Length == 0 ? 0 : 2f * shared / (a.Length + b.Length);
    }
}

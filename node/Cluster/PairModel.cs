using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Cluster;

/// <summary>The fitted model of "do these two tell of the same event?": a logistic regression over
/// <see cref="PairFeatures"/>, a calibration of its output, and the cut of the clustering.</summary>
/// <remarks>Written by <c>dedup --fit</c>; the coefficients depend on pairs alone, so that the same two
/// reports get the same probability on every node.</remarks>
public sealed record PairModel
{
    /// <summary>The file in the model folder.</summary>
    public const string FileName = "pair-model.json";

    /// <summary>Where the numbers come from.</summary>
    public required string Provenance { get; init; }

    /// <summary>Names of the features, in the order of <see cref="PairFeatures.CopyTo"/>.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>A coefficient for each feature.</summary>
    public required IReadOnlyList<double> Weights { get; init; }

    /// <summary>Log-odds of a pair with nothing in common.</summary>
    public required double Intercept { get; init; }

    /// <summary>Points (log-odds as computed, probability as observed), ascending; straight lines between
    /// them.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Calibration { get; init; }

    /// <summary>Mean probability from which average linkage joins.</summary>
    public required double Cut { get; init; }

    /// <summary>Probability from which a pair puts two reports into one component. At .25 nearly all news
    /// of one field hangs together, at .6 the clusters are as good and the largest component has a tenth of
    /// them.</summary>
    public required double Join { get; init; }

    /// <summary>Probability from which a pair is "very likely" the same event: right 95 times in
    /// 100.</summary>
    public required double VeryLikely { get; init; }

    /// <summary>Probability from which a pair is "likely" the same event.</summary>
    public required double Likely { get; init; }

    /// <summary>Probability from which a pair is "possible".</summary>
    public required double Possible { get; init; }

    /// <summary>Reads the model of a model folder.</summary>
    /// <exception cref="IOException">The file is missing.</exception>
    /// <exception cref="JsonException">The file is no pair model of this form.</exception>
    public static PairModel Load(string folder)
    {
        using FileStream stream = File.OpenRead(Path.Combine(folder, FileName));
        PairModel? model = JsonSerializer.Deserialize(stream, PairModelJson.Default.PairModel);
        if (model is null || model.Weights.Count != PairFeatures.Count || model.Calibration.Count < 2
            || model.Calibration.Any(p => p.Count != 2))
        {
            throw new JsonException(
                $"{FileName} does not have {PairFeatures.Count} weights and a calibration");
        }

        return model;
    }

    /// <summary>Writes the model as <see cref="Load"/> reads it.</summary>
    public void Save(string folder) =>
        File.WriteAllText(
            Path.Combine(folder, FileName), JsonSerializer.Serialize(this, PairModelJson.Default.PairModel)
                + "\n");

    /// <summary>SHA-256 of what <see cref="Save"/> writes: names the model.</summary>
    [JsonIgnore]
    public Digest Digest =>
        Digest.Sha256(JsonSerializer.SerializeToUtf8Bytes(this, PairModelJson.Default.PairModel));

    /// <summary>Log-odds from the texts alone.</summary>
    public double LogOdds(PairFeatures features)
    {
        Span<double> x = stackalloc double[PairFeatures.Count];
        features.CopyTo(x);
        double sum = Intercept;
        for (int i = 0; i < x.Length; i++)
        {
            sum += Weights[i] * x[i];
        }

        return sum;
    }

    /// <summary>The share of pairs with these log-odds that tell of the same event.</summary>
    public double Probability(double logOdds)
    {
        IReadOnlyList<double> before = Calibration[0];
        if (logOdds <= before[0])
        {
            // Below the first point: its probability, falling off as the logistic curve does.
            return before[1] * Math.Exp(Math.Max(logOdds - before[0], -50));
        }

        foreach (IReadOnlyList<double> point in Calibration.Skip(1))
        {
            if (logOdds <= point[0])
            {
                double along = (logOdds - before[0]) / (point[0] - before[0]);
                return before[1] + (along * (point[1] - before[1]));
            }

            before = point;
        }

        return before[1];
    }

    /// <summary>The probability in words: very likely, likely, possible, no.</summary>
    public string Label(double probability) =>
        probability >= VeryLikely ? "very likely"
        : probability >= Likely ? "likely"
        : probability >= Possible ? "possible"
        : "no";
}

/// <summary>JSON of <see cref="PairModel"/>.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PairModel))]
internal sealed partial class PairModelJson : JsonSerializerContext;

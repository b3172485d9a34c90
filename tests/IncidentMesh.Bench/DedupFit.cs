using System.Globalization;
using IncidentMesh.Node.Cluster;
using IncidentMesh.Node.Embed;

namespace IncidentMesh.Bench;

/// <summary>Fits the pair model to labelled titles: logistic regression by Newton's method, judged and
/// calibrated on folds whose incidents the fit has not seen.</summary>
internal sealed class DedupFit
{
    private const int Folds = 4;
    private const int Width = PairFeatures.Count + 1;

    /// <summary>Lowest number of pairs in a step of the calibration.</summary>
    private const int PairsPerStep = 400;

    private readonly List<Sample> _samples = [];
    private readonly int[] _incidents;

    /// <summary>Collects the pairs that the product would compare.</summary>
    public DedupFit(DedupData data, WordWeights weights)
    {
        ItemProfile[] profiles = [.. data.Items.Select(i => new ItemProfile(i, weights))];
        _incidents = data.Incidents;
        var index = new CandidateIndex();
        var room = new CandidateIndex.Room();
        for (int i = 0; i < profiles.Length; i++)
        {
            foreach (int j in index.Find(profiles[i], room))
            {
                float cosine = PairJudge.Cosine(profiles[i], profiles[j]);
                if (CandidateIndex.IsNear(profiles[i], profiles[j], cosine))
                {
                    _samples.Add(Sample.Of(profiles[i], profiles[j], cosine, i, j, data, 1));
                }
            }

            index.Set(i, profiles[i]);
        }

        foreach ((int source, ClusterItem item) in data.Translations)
        {
            var profile = new ItemProfile(item, weights);
            foreach (int j in index.Find(profile, room))
            {
                float cosine = PairJudge.Cosine(profile, profiles[j]);
                if (j != source && profiles[j].Language != profile.Language
                    && CandidateIndex.IsNear(profile, profiles[j], cosine))
                {
                    _samples.Add(Sample.Of(profile, profiles[j], cosine, source, j, data, 0.1));
                }
            }
        }
    }

    /// <summary>Fits, calibrates and prints what it found.</summary>
    public PairModel Run()
    {
        double[][] byFold =
            [.. Enumerable.Range(0, Folds).Select(
                k => Fit(_samples.Where(s => Fold(s.A) != k && Fold(s.B) != k)))];
        var held = (from s in _samples
                    where s.Weight == 1
                    let z = (s.LogOdds(byFold[Fold(s.A)]) + s.LogOdds(byFold[Fold(s.B)])) / 2
                    orderby z
                    select (Z: z, s.Same, s.A, s.B)).ToList();
        List<IReadOnlyList<double>> calibration = Calibrate([.. held.Select(h => (h.Z, h.Same))]);
        double[] w = Fit(_samples);
        var model = new PairModel
        {
            Provenance = "Fitted by the benchmark command dedup --fit on report titles of the AI Incident "
                + "Database, development half (CC BY-SA 4.0), with translated headlines at weight 0.1; "
                + $"calibrated on incidents left out in {Folds} folds.",
            Features = ["cosine", "idfCosine", "sharedIdf", "sharedCount", "rarestShared", "gram4Dice",
                "crossLingual", "crossLingualCosine"],
            Weights = [.. w[..PairFeatures.Count].Select(x => Math.Round(x, 5))],
            Intercept = Math.Round(w[PairFeatures.Count], 5),
            Calibration = calibration,
            Cut = 0,
            Join = 0.6,
            VeryLikely = 0.95,
            Likely = 0.7,
            Possible = 0.45,
        };
        double best = 0;
        foreach (double cut in Enumerable.Range(3, 8).Select(i => i * 0.05))
        {
            int[] roots = AverageLinkage.Cluster(
                _incidents.Length,
                held.Select(h => (h.A, h.B, (int)(model.Probability(h.Z) * AverageLinkage.One))),
                (int)(cut * AverageLinkage.One), [], []);
            double score = DedupScores.BCubed(roots, _incidents);
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"cut {cut:F2}: BCubed with incidents left out {score:F3}"));
            (best, model) = score > best ? (score, model with { Cut = Math.Round(cut, 3) }) : (best, model);
        }

        return model;
    }

    private int Fold(int item) => (int)((uint)(_incidents[item] * 2654435761u) >> 16) % Folds;

    /// <summary>Pool-adjacent-violators (Ayer et al. 1955) over steps of enough pairs, as points of a
    /// line.</summary>
    private static List<IReadOnlyList<double>> Calibrate(List<(double Z, bool Same)> ascending)
    {
        var steps = new List<(double Z, double Same, double Count)>();
        foreach ((double Z, bool Same)[] chunk in ascending.Chunk(PairsPerStep))
        {
            steps.Add((chunk.Average(c => c.Z), chunk.Count(c => c.Same), chunk.Length));
            while (steps.Count > 1
                && (steps[^2].Same / steps[^2].Count) >= (steps[^1].Same / steps[^1].Count))
            {
                (double z1, double s1, double n1) = steps[^2];
                (double z2, double s2, double n2) = steps[^1];
                steps.RemoveRange(steps.Count - 2, 2);
                steps.Add((((z1 * n1) + (z2 * n2)) / (n1 + n2), s1 + s2, n1 + n2));
            }
        }

        var points = new List<IReadOnlyList<double>>();
        foreach ((double z, double same, double count) in steps)
        {
            double p = (same + 0.5) / (count + 1);
            if (points.Count == 0 || p - points[^1][1] >= 0.03)
            {
                points.Add([Math.Round(z, 3), Math.Round(p, 4)]);
            }
        }

        // Stated facts can add to what the texts say: the line goes on towards, but never to, certainty.
        (double lastZ, double lastSame, double lastCount) = steps[^1];
        if (lastZ > points[^1][0])
        {
            points.Add([Math.Round(lastZ, 3), Math.Round((lastSame + 0.5) / (lastCount + 1), 4)]);
        }

        points.Add([Math.Round(points[^1][0] + 4, 3), 0.995]);
        return points;
    }

    private static double[] Fit(IEnumerable<Sample> samples)
    {
        Sample[] all = [.. samples];
        var w = new double[Width];
        for (int round = 0; round < 25; round++)
        {
            var hessian = new double[Width, Width];
            var gradient = new double[Width];
            foreach (Sample s in all)
            {
                double p = 1 / (1 + Math.Exp(-s.LogOdds(w)));
                double error = ((s.Same ? 1 : 0) - p) * s.Weight, curve = p * (1 - p) * s.Weight;
                for (int i = 0; i < Width; i++)
                {
                    gradient[i] += error * s.X[i];
                    for (int j = 0; j < Width; j++)
                    {
                        hessian[i, j] += curve * s.X[i] * s.X[j];
                    }
                }
            }

            for (int i = 0; i < Width; i++)
            {
                gradient[i] -= 1e-3 * w[i];
                hessian[i, i] += 1e-3;
            }

            double[] step = Solve(hessian, gradient);
            for (int i = 0; i < Width; i++)
            {
                w[i] += step[i];
            }

            if (step.Max(Math.Abs) < 1e-6)
            {
                break;
            }
        }

        return w;
    }

    /// <summary>Gauss elimination of a positive definite system.</summary>
    private static double[] Solve(double[,] a, double[] b)
    {
        int n = b.Length;
        double[] x = [.. b];
        for (int k = 0; k < n; k++)
        {
            for (int i = k + 1; i < n; i++)
            {
                double factor = a[i, k] / a[k, k];
                for (int j = k; j < n; j++)
                {
                    a[i, j] -= factor * a[k, j];
                }

                x[i] -= factor * x[k];
            }
        }

        for (int k = n - 1; k >= 0; k--)
        {
            for (int j = k + 1; j < n; j++)
            {
                x[k] -= a[k, j] * x[j];
            }

            x[k] /= a[k, k];
        }

        return x;
    }

    private sealed record Sample(double[] X, int A, int B, bool Same, double Weight)
    {
        public static Sample Of(
            ItemProfile a, ItemProfile b, float cosine, int i, int j, DedupData data, double weight)
        {
            bool cross = a.Language is not null && b.Language is not null && a.Language != b.Language;
            var x = new double[Width];
            PairFeatures.Of(a.Title, b.Title, cosine - PairJudge.LengthBonus(a, b), cross).CopyTo(x);
            x[PairFeatures.Count] = 1;
            return new Sample(x, i, j, data.Incidents[i] == data.Incidents[j], weight);
        }

        public double LogOdds(double[] w)
        {
            double sum = 0;
            for (int i = 0; i < Width; i++)
            {
                sum += w[i] * X[i];
            }

            return sum;
        }
    }
}

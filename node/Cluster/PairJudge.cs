using System.Globalization;
using IncidentMesh.Node.Embed;

namespace IncidentMesh.Node.Cluster;

/// <summary>Says of two reports how probable it is that they tell of the same event, and why. What decides
/// comes first (the same body, other ids, other systems of a series of findings), then the fitted model of
/// their texts, then what the reports state: systems, organisations, places, dates, evidence.</summary>
/// <remarks>The weights of stated facts are set by hand, in log-odds: public data with labels has titles
/// only. They are in <c>specs/same-event.md</c>.</remarks>
public sealed class PairJudge(PairModel model)
{
    /// <summary>Probability of a pair that shares what names the event.</summary>
    private const double Certain = 0.99;

    /// <summary>Cosine by which texts of <see cref="LongWords"/> words sit higher than titles do: the .999
    /// quantile of AIID descriptions of different incidents against that of titles is .08, the best
    /// threshold on ECB+ .1 higher.</summary>
    private const float LengthShift = 0.10f;

    private const float TitleWords = 15, LongWords = 60;
    private const double SameSystem = 1.2, OtherSystem = -0.8, SameDeveloper = 0.4, OtherDeveloper = -0.4;
    private const double SameCountry = 0.3, OtherCountry = -1.0, OtherType = -1.5;
    private const double SharedKey = 6, SharedName = 0.4;

    /// <summary>Two findings: they come in series, on which the fitted model, made of news, is too
    /// sure.</summary>
    private const double Findings = -1.5;

    /// <summary>Rare names that both summaries have count up to this many.</summary>
    private const int CountedNames = 3;

    private static readonly (int Days, double LogOdds)[] Apart =
        [(1, 0.8), (3, 0.6), (7, 0.4), (30, 0), (90, -0.8), (365, -1.5), (int.MaxValue, -2.5)];

    /// <summary>The model of the texts.</summary>
    public PairModel Model { get; } = model;

    /// <summary>Cosine of two reports, 0 where a vector is missing.</summary>
    public static float Cosine(ItemProfile a, ItemProfile b)
    {
        if (!a.HasVector)
        {
            return 0;
        }

        Span<float> vector = stackalloc float[Vectors.Dimensions];
        a.CopyVectorTo(vector);
        return Cosine(vector, b);
    }

    /// <summary>Cosine of a report's vector, as <see cref="ItemProfile.CopyVectorTo"/> writes it, and another
    /// report: for one that is compared with many.</summary>
    public static float Cosine(ReadOnlySpan<float> vector, ItemProfile other)
    {
        if (!other.HasVector)
        {
            return 0;
        }

        Span<float> theirs = stackalloc float[Vectors.Dimensions];
        other.CopyVectorTo(theirs);
        return Vectors.Dot(vector, theirs);
    }

    /// <summary>By how much the cosine of two texts lies above that of titles because they are
    /// long.</summary>
    public static float LengthBonus(ItemProfile a, ItemProfile b)
    {
        float words = Math.Clamp(Math.Min(a.Length, b.Length), TitleWords, LongWords);
        return LengthShift * MathF.Log2(words / TitleWords) / MathF.Log2(LongWords / TitleWords);
    }

    /// <summary>The probability that two reports tell of the same event.</summary>
    /// <param name="a">A report.</param>
    /// <param name="b">Another report; the order does not matter.</param>
    /// <param name="cosine">Their cosine.</param>
    /// <param name="shared">A key of evidence that both have and few others, or null.</param>
    public double Probability(ItemProfile a, ItemProfile b, float cosine, ExactKey? shared)
    {
        if (IsSame(a, b))
        {
            return Certain;
        }

        return Veto(a, b) is not null
            ? 0
            : Model.Probability(Texts(a, b, cosine) + Facts(a, b, shared, null));
    }

    /// <summary>The probability with its label and reasons.</summary>
    public PairVerdict Explain(ItemProfile a, ItemProfile b, float cosine, ExactKey? shared)
    {
        var reasons = new List<string>();
        if (IsSame(a, b))
        {
            reasons.Add(SameKey(a, b));
            return new PairVerdict(Certain, Model.Label(Certain), reasons);
        }

        if (Veto(a, b) is string veto)
        {
            return new PairVerdict(0, Model.Label(0), [veto]);
        }

        double logOdds = Texts(a, b, cosine) + Facts(a, b, shared, reasons);
        string text = string.Create(CultureInfo.InvariantCulture, $"text {cosine:.00}")
            + (CrossLingual(a, b) ? $" {a.Language}-{b.Language}" : "");
        reasons.Insert(shared is null ? 0 : 1, text);
        double probability = Model.Probability(logOdds);
        return new PairVerdict(probability, Model.Label(probability), reasons);
    }

    /// <summary>Whether two reports share what names the event: they are joined before any
    /// similarity.</summary>
    public static bool IsSame(ItemProfile a, ItemProfile b) =>
        a.Signatures.Length > 0 && b.Signatures.Length > 0
        && a.Signatures.Intersect(b.Signatures, StringComparer.Ordinal).Any()
        && (SharesBody(a, b) || Conflict(a, b) is null);

    /// <summary>What makes two reports tell of two events, whatever their texts say; null if nothing
    /// does.</summary>
    public static string? Veto(ItemProfile a, ItemProfile b)
    {
        if (Conflict(a, b) is string conflict)
        {
            return conflict;
        }

        if (!AreFindings(a, b))
        {
            return null;
        }

        // Findings come in series that differ in one word; what they state decides before their texts do.
        return Naming.Share(a.Systems, b.Systems) == false ? "other system"
            : Naming.Share(a.Measures, b.Measures) == false ? "other measure"
            : Template.Difference(a, b) is (string x, string y) ? $"one template, but {x} / {y}"
            : null;
    }

    private static string? Conflict(ItemProfile a, ItemProfile b)
    {
        if (a.Keys.Length == 0 || b.Keys.Length == 0)
        {
            return null;
        }

        foreach (IGrouping<KeyKind, ExactKey> kind in a.Keys.Where(k => k.NamesTheEvent).GroupBy(k => k.Kind))
        {
            ExactKey[] theirs = [.. b.Keys.Where(k => k.Kind == kind.Key)];
            if (theirs.Length > 0 && !kind.Intersect(theirs).Any())
            {
                return $"other id: {kind.First().Value} / {theirs[0].Value}";
            }
        }

        return null;
    }

    private static bool AreFindings(ItemProfile a, ItemProfile b) => a.IsFinding && b.IsFinding;

    private static bool SharesBody(ItemProfile a, ItemProfile b) =>
        a.Item.BodyHash is not null && a.Item.BodyHash == b.Item.BodyHash;

    private static string SameKey(ItemProfile a, ItemProfile b) =>
        SharesBody(a, b)
            ? "word for word the same report"
            : "same id: " + a.Keys.Intersect(b.Keys).First(k => k.NamesTheEvent) switch
            {
                { Kind: KeyKind.Incident } key => $"AIID {key.Value}",
                var key => key.Value,
            };

    private static bool CrossLingual(ItemProfile a, ItemProfile b) =>
        a.Language is not null && b.Language is not null && a.Language != b.Language;

    private double Texts(ItemProfile a, ItemProfile b, float cosine) => Model.LogOdds(PairFeatures.Of(
        a.Title, b.Title, cosine - LengthBonus(a, b), CrossLingual(a, b)));

    private static double Facts(ItemProfile a, ItemProfile b, ExactKey? shared, List<string>? reasons)
    {
        double sum = 0;
        void Weigh(bool? same, double ifSame, double ifOther, string what)
        {
            if (same is bool known)
            {
                sum += known ? ifSame : ifOther;
                reasons?.Add((known ? "same " : "other ") + what);
            }
        }

        if (shared is ExactKey key)
        {
            sum += SharedKey;
            reasons?.Add(key.Kind == KeyKind.Url ? "same evidence URL" : $"same document {key.Value}");
        }

        // A system has many findings, so that two of them about one system have little in common by that.
        bool findings = AreFindings(a, b);
        Weigh(Naming.Share(a.Systems, b.Systems), findings ? 0 : SameSystem, OtherSystem, "system");
        Weigh(
            Naming.Share(a.Developers, b.Developers),
            findings ? 0 : SameDeveloper,
            OtherDeveloper,
            "developer");
        double names = Names(a, b, reasons);
        sum += findings ? Findings : names;
        if (a.Item.Date is DateOnly x && b.Item.Date is DateOnly y)
        {
            int days = Math.Abs(x.DayNumber - y.DayNumber);
            sum += Apart.First(step => days <= step.Days).LogOdds;
            reasons?.Add(days == 0 ? "same day" : days == 1 ? "1 day apart" : $"{days} days apart");
        }

        bool? country = a.Item.Countries.Count == 0 || b.Item.Countries.Count == 0
            ? null
            : a.Item.Countries.Intersect(b.Item.Countries, StringComparer.OrdinalIgnoreCase).Any();
        Weigh(country, SameCountry, OtherCountry, "country");
        if (a.Item.Type != b.Item.Type)
        {
            sum += OtherType;
            reasons?.Add("an incident and a risk");
        }

        return sum;
    }

    /// <summary>Rare names in both reports. Those in both titles are in the model's features
    /// already.</summary>
    private static double Names(ItemProfile a, ItemProfile b, List<string>? reasons)
    {
        if (a.Names.Count == 0 || b.Names.Count == 0)
        {
            return 0;
        }

        int counted = 0;
        List<string>? shown = null;
        foreach (string name in a.Names.Keys.Where(b.Names.ContainsKey))
        {
            bool titles = a.Title.Has(name) && b.Title.Has(name);
            counted += titles ? 0 : 1;
            (shown ??= []).Add(a.Names[name]);
        }

        if (shown is not null && reasons is not null)
        {
            reasons.Add("rare words: " + string.Join(", ", shown.Take(4)));
        }

        return SharedName * Math.Min(counted, CountedNames);
    }
}

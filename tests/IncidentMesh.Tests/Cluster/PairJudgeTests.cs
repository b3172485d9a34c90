using IncidentMesh.Node.Cluster;
using IncidentMesh.Node.Embed;
using IncidentMesh.Tests.Embed;
using Xunit;

namespace IncidentMesh.Tests.Cluster;

public sealed class PairJudgeTests
{
    private static readonly ClusterItem Base = Reports.Of(0, 0) with
    {
        Title = "Gesichtserkennung FaceSure von Novara: Mann zu Unrecht festgenommen",
        Language = "de",
        Systems = ["FaceSure 4.1"],
        Developers = ["Novara GmbH"],
        Countries = ["DE"],
        Date = new DateOnly(2026, 11, 19),
        Urls = ["https://www.example.org/facesure"],
    };

    private static PairVerdict Judge(ClusterItem a, ClusterItem b)
    {
        ClusterEngine engine = Reports.Engine();
        engine.Add(b);
        return engine.Similar(a, 1).Single().Verdict;
    }

    private static ClusterItem Embedded(ClusterItem item) =>
        item with { Vector = SharedModel.Cpu.Embed(ClusterItem.EmbeddedText(item.Title, item.Summary)) };

    [Fact]
    public void Reasons_are_in_words()
    {
        ClusterItem other = Base with
        {
            Id = Reports.Id(1),
            Title = "Arresto errato a Colonia: FaceSure di Novara lo aveva segnalato",
            Language = "it",
            Systems = ["FaceSure"],
            Developers = ["Novara"],
            Date = new DateOnly(2026, 11, 20),
        };
        PairVerdict verdict = Judge(Embedded(Base), Embedded(other));
        Assert.Equal("very likely", verdict.Label);
        Assert.Equal("same evidence URL", verdict.Reasons[0]);
        Assert.Matches(@"^text \.\d\d de-it$", verdict.Reasons[1]);
        Assert.Equal(
            ["same system", "same developer", "rare words: FaceSure, Novara", "1 day apart", "same country"],
            verdict.Reasons.Skip(2));
    }

    [Fact]
    public void Each_stated_fact_moves_the_probability_its_way()
    {
        ClusterItem other = Base with { Id = Reports.Id(1), Urls = [], Vector = Reports.Vector(1, 0, 0.6f) };
        double same = Judge(Base, other).Probability;
        Assert.True(Judge(Base, other with { Systems = ["Optica"] }).Probability < same);
        Assert.True(Judge(Base, other with { Developers = ["Optica SA"] }).Probability < same);
        Assert.True(Judge(Base, other with { Countries = ["FR"] }).Probability < same);
        Assert.True(Judge(Base, other with { Date = new DateOnly(2025, 1, 1) }).Probability < same);
        Assert.True(Judge(Base, other with { Type = "model-risk" }).Probability < same);
        Assert.Contains("other country", Judge(Base, other with { Countries = ["FR"] }).Reasons);
        Assert.Contains(
            "683 days apart", Judge(Base, other with { Date = new DateOnly(2025, 1, 5) }).Reasons);
    }

    [Fact]
    public void The_order_of_a_pair_does_not_matter()
    {
        ClusterItem other = Reports.Of(1, 0) with { Title = "Mann wegen FaceSure von Novara in Haft" };
        Assert.Equal(Judge(Base, other).Probability, Judge(other, Base).Probability);
    }

    [Fact]
    public void Probabilities_are_calibrated_rising_and_never_certain()
    {
        double before = 0;
        for (double z = -30; z <= 30; z += 0.25)
        {
            double p = Reports.Model.Probability(z);
            Assert.True(p >= before && p is >= 0 and < 1);
            before = p;
        }

        Assert.Equal("no", Reports.Model.Label(0.1));
        Assert.Equal("possible", Reports.Model.Label(Reports.Model.Possible));
        Assert.Equal("likely", Reports.Model.Label(Reports.Model.Likely));
        Assert.Equal("very likely", Reports.Model.Label(Reports.Model.VeryLikely));
    }

    [Fact]
    public void Function_words_of_any_language_are_not_rare()
    {
        Assert.All(["der", "die", "und", "les", "que", "в", "не"], w => Assert.True(Reports.Words.Of(w) < 4));
        Assert.Equal(WordWeights.Rarest, Reports.Words.Of("facesure"));
    }

    [Fact]
    public void The_model_joins_what_tells_of_one_event_across_languages()
    {
        ClusterEngine engine = ClusterEngine.Load(ModelFolder.Shipped, SharedModel.Cpu.Graph);
        (string Language, string Title)[] told =
        [
            ("en", "Uber self-driving car kills pedestrian Elaine Herzberg in Tempe, Arizona"),
            ("es", "Un coche autónomo de Uber mata a la peatona Elaine Herzberg en Tempe, Arizona"),
            ("de", "Selbstfahrendes Uber-Auto tötet Fußgängerin Elaine Herzberg in Tempe"),
            ("en", "Chatbot of a city advises landlords to break the law"),
        ];
        for (int i = 0; i < told.Length; i++)
        {
            engine.Add(Embedded(new ClusterItem
            {
                Id = Reports.Id(i), Type = "incident", Title = told[i].Title, Language = told[i].Language,
            }));
        }

        Assert.Equal(3, engine.Members(Reports.Id(0)).Count);
        Assert.Single(engine.Members(Reports.Id(3)));
    }
}

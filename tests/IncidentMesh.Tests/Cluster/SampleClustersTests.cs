using System.Globalization;
using System.Text;
using System.Text.Json;
using IncidentMesh.Node.Cluster;
using IncidentMesh.Node.Embed;
using IncidentMesh.Protocol.Wire;
using IncidentMesh.Tests.Embed;
using Xunit;

namespace IncidentMesh.Tests.Cluster;

/// <summary>The reports that the demo plays are written with their events: the clusters must be
/// these.</summary>
public sealed class SampleClustersTests
{
    private static readonly Lazy<(ClusterEngine Engine, Dictionary<Digest, string> EventOf)> Demo = new(Load);

    private static (ClusterEngine Engine, Dictionary<Digest, string> EventOf) Load()
    {
        ClusterEngine engine = ClusterEngine.Load(ModelFolder.Shipped, SharedModel.Cpu.Graph);
        var eventOf = new Dictionary<Digest, string>();
        foreach (string line in File.ReadLines(Path.Combine(Repo.Root, "node", "Samples", "reports.jsonl")))
        {
            JsonElement row = JsonDocument.Parse(line).RootElement;
            ClusterItem item = Item(row, line);
            engine.Add(item);
            eventOf[item.Id] = row.GetProperty("event").GetString()!;
        }

        return (engine, eventOf);
    }

    private static ClusterItem Item(JsonElement row, string line)
    {
        string Text(string name) => row.TryGetProperty(name, out JsonElement v) ? v.GetString()! : "";
        string Name(JsonElement v) =>
            (v.ValueKind == JsonValueKind.Object ? v.GetProperty("name") : v).GetString()!;
        string[] Names(params string[] names) =>
            [.. names.Where(n => row.TryGetProperty(n, out _)).Select(n => Name(row.GetProperty(n)))];
        string[] List(string name) => row.TryGetProperty(name, out JsonElement v)
            ? [.. v.EnumerateArray().Select(x => x.GetString()!)]
            : [];
        string title = Text("title"), summary = Text("description");
        return new ClusterItem
        {
            Id = Digest.Sha256(Encoding.UTF8.GetBytes(line)),
            Type = Text("type"),
            Title = title,
            Summary = summary,
            Author = Digest.Sha256(Encoding.UTF8.GetBytes(Text("author"))),
            Language = Text("lang"),
            Date = DateOnly.ParseExact(Text("occurred"), "yyyy-MM-dd", CultureInfo.InvariantCulture),
            Systems = Names("system", "model"),
            Developers = Names("developer", "deployer"),
            Countries = List("countries"),
            Urls = List("evidence"),
            Vector = SharedModel.Cpu.Embed(ClusterItem.EmbeddedText(title, summary)),
        };
    }

    [Fact]
    public void No_cluster_holds_two_events()
    {
        (ClusterEngine engine, Dictionary<Digest, string> eventOf) = Demo.Value;
        Assert.All(engine.Clusters(), c => Assert.Single(c.Select(id => eventOf[id]).Distinct()));
    }

    [Fact]
    public void What_is_called_very_likely_is_the_same_event()
    {
        (ClusterEngine engine, Dictionary<Digest, string> eventOf) = Demo.Value;
        Assert.All(
            engine.Pairs().Where(p => p.Probability >= Reports.Model.VeryLikely),
            p => Assert.Equal(eventOf[p.A], eventOf[p.B]));
    }

    [Fact]
    public void Every_event_that_several_tell_is_one_cluster()
    {
        (ClusterEngine engine, Dictionary<Digest, string> eventOf) = Demo.Value;
        string[] torn = [.. eventOf.GroupBy(e => e.Value).Where(g => g.Count() > 1)
            .Where(g => g.Select(e => engine.ClusterOf(e.Key)).Distinct().Count() > 1).Select(g => g.Key)];
        Assert.Empty(torn);
    }
}

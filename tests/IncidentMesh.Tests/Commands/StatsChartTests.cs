using System.Text;
using IncidentMesh.Node.Commands;
using IncidentMesh.Protocol.Api;
using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>A chart is read without colour: no two parts look alike, and the legend names what is
/// drawn.</summary>
public sealed class StatsChartTests
{
    [Fact]
    public void Parts_beyond_the_hatches_are_one_and_those_that_no_bar_has_are_not_named()
    {
        string[] parts = [.. Enumerable.Range(1, 12).Select(i => $"part-{i}")];
        string few = Draw(parts, parts[..3]);
        Assert.Contains("part-3", few);
        Assert.DoesNotContain("part-4", few);
        Assert.DoesNotContain("others", few);
        string many = Draw(parts, parts);
        Assert.Contains("part-7", many);
        Assert.DoesNotContain("part-8", many);
        Assert.Contains("others", many);
    }

    private static string Draw(string[] parts, string[] drawn)
    {
        StatsRow row = new("2026-11", drawn.Length, drawn.ToDictionary(p => p, _ => 1));
        return Encoding.UTF8.GetString(StatsChart.Svg(
            new StatsView(ApiSchema.Name, "", "month", "lang", drawn.Length, 0, [row], parts, 0)));
    }
}

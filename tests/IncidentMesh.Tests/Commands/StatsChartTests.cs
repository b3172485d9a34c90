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

    [Fact]
    public void Every_name_is_whole_or_cut_at_its_end_and_bars_beyond_the_first_hundred_are_one()
    {
        string name = "Bundesministerium für Wirtschaft und Klimaschutz der Bundesrepublik";
        StatsRow[] rows =
        [
            new(name, 9, null), .. Enumerable.Range(1, 149).Select(i => new StatsRow($"sector-{i}", 1, null)),
        ];
        string chart = Encoding.UTF8.GetString(StatsChart.Svg(
            new StatsView(ApiSchema.Name, "", "sector", null, 158, 0, rows, [], 0)));
        Assert.Contains("Bundesministerium für Wirtschaft und Kl…", chart);
        Assert.Contains("sector-99\n", chart);
        Assert.DoesNotContain("sector-100\n", chart);
        Assert.Contains("50 others", chart);
    }

    [Fact]
    public void Of_many_months_some_are_named()
    {
        StatsRow[] rows = [.. Enumerable.Range(0, 147)
            .Select(i => new StatsRow($"{2010 + (i / 12)}-{(i % 12) + 1:00}", i, null))];
        string chart = Encoding.UTF8.GetString(StatsChart.Svg(
            new StatsView(ApiSchema.Name, "", "month", null, 10_731, 0, rows, [], 0)));
        Assert.Contains("2010-01", chart);
        Assert.DoesNotContain("2010-02", chart);
    }

    private static string Draw(string[] parts, string[] drawn)
    {
        StatsRow row = new("2026-11", drawn.Length, drawn.ToDictionary(p => p, _ => 1));
        return Encoding.UTF8.GetString(StatsChart.Svg(
            new StatsView(ApiSchema.Name, "", "month", "lang", drawn.Length, 0, [row], parts, 0)));
    }
}

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
    public void An_svg_has_the_hatches_and_every_letter()
    {
        string[] parts = ["incident", "العربية & <b>", "日本語"];
        string chart = Draw(parts, parts);
        Assert.Equal(
            [1, 2], Enumerable.Range(1, 7).Where(i => chart.Contains($"fill=\"url(#hatch-{i})\"")));
        Assert.Contains("<pattern id=\"hatch-2\"", chart);
        Assert.Contains(">العربية &amp; &lt;b&gt;</text>", chart);
        Assert.Contains(">日本語</text>", chart);
        Assert.DoesNotContain("q000", chart);
    }

    [Fact]
    public void A_picture_tells_which_names_it_cannot_show()
    {
        StatsRow[] rows = [new("Wohnen", 1, null), new("العربية", 1, null), new("हिन्दी", 1, null)];
        Assert.Equal(2, StatsChart.Unreadable(
            new StatsView(ApiSchema.Name, "", "sector", null, 3, 0, rows, [], 0)));
    }

    [Fact]
    public void Months_without_a_report_are_one_row_to_read()
    {
        StatsRow[] rows = [.. Enumerable.Range(1, 12)
            .Select(i => new StatsRow($"2020-{i:00}", i is 1 or 6 or 9 ? 1 : 0, null))];
        StatsView view = new(ApiSchema.Name, "", "month", null, 3, 0, rows, [], 0);
        Assert.Equal(
            ["2020-01", "2020-02 … 2020-05", "2020-06", "2020-07", "2020-08", "2020-09", "2020-10",
                "2020-11", "2020-12"],
            view.Readable().Select(r => r.Value));
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
        Assert.Contains(">sector-99</text>", chart);
        Assert.DoesNotContain(">sector-100</text>", chart);
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

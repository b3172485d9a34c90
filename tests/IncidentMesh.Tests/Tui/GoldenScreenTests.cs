using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Data;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>Every view at the sizes people have, with text in many scripts.</summary>
[Collection("Terminal.Gui")]
public sealed class GoldenScreenTests
{
    public static TheoryData<int, int> Sizes => new() { { 80, 24 }, { 120, 40 }, { 200, 50 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Reports(int width, int height)
    {
        using var screen = new TuiScreen(width, height);
        Golden.Check($"reports-{width}", screen.Text);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Search(int width, int height)
    {
        using var screen = new TuiScreen(width, height);
        screen.Press("/", "country:DE,FR").Arrive(FakeReports.Fresh(1));
        Golden.Check($"search-{width}", screen.Text);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Detail(int width, int height)
    {
        using var screen = new TuiScreen(width, height);
        Golden.Check($"detail-{width}", screen.Press("enter").Text);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Arabic_detail(int width, int height)
    {
        using var screen = new TuiScreen(width, height, query: "نظام");
        Golden.Check($"detail-ar-{width}", screen.Press("enter").Text);
    }

    [Theory]
    [InlineData("採用", "ja")]
    [InlineData("चैटबॉट", "hi")]
    [InlineData("ระบบ", "th")]
    [InlineData("招聘", "zh")]
    public void Detail_in_other_scripts(string word, string language)
    {
        using var screen = new TuiScreen(80, 24, FakeReports.WithChinese(), word);
        Golden.Check($"detail-{language}-80", screen.Press("enter").Text);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Cluster(int width, int height)
    {
        using var screen = new TuiScreen(width, height);
        Golden.Check($"cluster-{width}", screen.Press("c", "j").Text);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Peers(int width, int height)
    {
        using var screen = new TuiScreen(width, height);
        Golden.Check($"peers-{width}", screen.Press("3", "j", "j").Text);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Help(int width, int height)
    {
        using var screen = new TuiScreen(width, height);
        Golden.Check($"help-{width}", screen.Press("?").Text);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Empty(int width, int height)
    {
        var node = new FakeNode();
        node.Reports.Clear();
        using var screen = new TuiScreen(width, height, node);
        Golden.Check($"empty-{width}", screen.Text);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Tour(int width, int height)
    {
        using var screen = new TuiScreen(width, height);
        screen.Desk.Tour = true;
        Golden.Check($"tour-{width}", screen.Press("j").Text);
        Assert.DoesNotContain("esc takes these lines away", screen.Press("esc").Text);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Nothing_found(int width, int height)
    {
        using var screen = new TuiScreen(width, height);
        Golden.Check($"nothing-{width}", screen.Press("/", "country:DE lang:de Frankreich", "enter").Text);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Refused(int width, int height)
    {
        var failure = new NodeFailure("internal", "the index is broken", "incidentmesh doctor", 6);
        var node = new FakeNode { Failure = failure };
        using var screen = new TuiScreen(width, height, node);
        Golden.Check($"refused-{width}", screen.Text);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Node_lost(int width, int height)
    {
        using var screen = new TuiScreen(width, height);
        screen.Node.Failure = NodeFailure.Unreachable("/run/api.sock", "connection refused");
        screen.Desk.Failed(screen.Node.Failure);
        Golden.Check($"lost-{width}", screen.Wait(7).Press("j").Text);
    }

    [Theory]
    [InlineData(60, 20)]
    [InlineData(50, 16)]
    [InlineData(40, 10)]
    [InlineData(39, 12)]
    public void Narrow(int width, int height)
    {
        using var screen = new TuiScreen(width, height);
        Golden.Check($"reports-{width}", screen.Text);
    }

    [Fact]
    public void Ascii()
    {
        using var screen = new TuiScreen(80, 24, ascii: true);
        Golden.Check("reports-80-ascii", screen.Text);
        ReportItem[] ours = [.. FakeReports.All.Where(r => r.Title.All(char.IsAscii))];
        Assert.NotEmpty(ours);
        Assert.DoesNotContain("…", screen.Text, StringComparison.Ordinal);
    }
}

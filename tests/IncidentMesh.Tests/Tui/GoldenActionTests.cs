using IncidentMesh.Protocol.Api;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>The views in which something is decided, at the sizes people have.</summary>
[Collection("Terminal.Gui")]
public sealed class GoldenActionTests
{
    public static TheoryData<int, int> Sizes => GoldenScreenTests.Sizes;

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Attest(int width, int height) => Check("attest", width, height, "j", "j", "a", "c", "d");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Held(int width, int height) => Check("held", width, height, "j", "j", "a", "c", "d", "enter");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Correct(int width, int height) => Check("correct", width, height, "e");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void History(int width, int height) => Check("history", width, height, "h");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Readers(int width, int height) => Check("readers", width, height, "w");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Facets(int width, int height) =>
        Check("facets", width, height, "f", "j", "j", "j", "j", "j", "j", "j", "enter");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Pair(int width, int height) => Check("pair", width, height, "c", "P");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Trust(int width, int height) => Check("trust", width, height, "4", "j");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Quarantine(int width, int height) => Check("review", width, height, "2", "space");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Duplicates(int width, int height) => Check("duplicates", width, height, "2", "tab");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Authors(int width, int height) => Check("authors", width, height, "2", "tab", "tab");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Statistics(int width, int height) => Check("stats", width, height, "5", "j");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Compose(int width, int height) => Check(
        "compose", width, height, "n",
        "Der Chatbot der Stadt nannte eine falsche Frist. Lena, 14, schrieb an a@example.org.",
        "tab", "tab", "1", "tab", "1", "tab", "2", "tab", "5", "8");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Compose_more(int width, int height) => Check(
        "compose-more", width, height, "n",
        "Am 19. November 2026 sagte ChatGPT einer Mieterin in Germany eine falsche Frist.",
        "tab", "tab", "tab", "tab", "tab", "tab", "tab", "tab",
        "enter");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Drafts(int width, int height)
    {
        using var screen = new TuiScreen(width, height);
        screen.Press("n", "Der Chatbot der Stadt nannte eine falsche Frist.", "esc", "n", "g", "esc");
        screen.Node.Drafts[7] = screen.Node.Drafts[1];
        Golden.Check($"drafts-{width}", screen.Press("6", "j").Text);
    }

    [Fact]
    public void Nothing_to_review()
    {
        var node = new FakeNode
        {
            Review = new ReviewView(
                "incidentmesh/1", [], [], [], [], new QuarantineRoom(0, 4096, 0, 67_108_864), 0, []),
        };
        using var screen = new TuiScreen(80, 24, node);
        Golden.Check("review-80-empty", screen.Press("2").Text);
    }

    [Fact]
    public void Arabic_is_put_into_the_order_of_the_screen_for_terminals_that_do_not()
    {
        using var screen = new TuiScreen(80, 24, query: "نظام", reorders: true);
        Golden.Check("detail-ar-80-app", screen.Press("enter").Text);
    }

    private static void Check(string name, int width, int height, params string[] keys)
    {
        using var screen = new TuiScreen(width, height);
        Golden.Check($"{name}-{width}", screen.Press(keys).Text);
    }
}

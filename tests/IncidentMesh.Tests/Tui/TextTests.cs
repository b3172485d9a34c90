using IncidentMesh.Tui.Text;
using Xunit;

namespace IncidentMesh.Tests.Tui;

public sealed class TextTests
{
    [Theory]
    [InlineData("abc", 3)]
    [InlineData("", 0)]
    [InlineData("採用AI", 6)]
    [InlineData("Arre\u0302te\u0301", 6)]
    [InlineData("ผู้ป่วย", 4)]
    [InlineData("की", 2)]
    [InlineData("عنوان", 5)]
    public void Text_takes_as_many_columns_as_any_terminal_gives_it(string text, int columns) =>
        Assert.Equal(columns, Columns.Of(text));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 5, "abcd…")]
    [InlineData("abc def", 5, "abc…")]
    [InlineData("採用AIが", 5, "採用…")]
    [InlineData("採用", 3, "採…")]
    [InlineData("e\u0301e\u0301e\u0301", 2, "e\u0301…")]
    [InlineData("👩\u200d👧\u200d👦 family", 4, "…")]
    [InlineData("abc", 1, "…")]
    [InlineData("abc", 0, "")]
    public void A_cut_falls_between_graphemes_and_says_so(string text, int width, string cut) =>
        Assert.Equal(cut, Columns.Cut(text, width, "…"));

    [Theory]
    [InlineData("plain (text)", "plain (text)")]
    [InlineData("אבג", "גבא")]
    [InlineData("abc אבג def", "abc גבא def")]
    [InlineData("אבג abc דהו", "והד abc גבא")]
    [InlineData("אבג 412 דהו", "והד 412 גבא")]
    [InlineData("abc 12 (אבג 3.5) x", "abc 12 (3.5 גבא) x")]
    [InlineData("אבג (דה) 2026-11-24", "2026-11-24 (הד) גבא")]
    [InlineData("نظام GPT-4 رقم ٤٫٥", "٤٫٥ مقر GPT-4 ماظن")]
    [InlineData("קנה iPhone 15", "iPhone 15 הנק")]
    [InlineData("שָׁלוֹם", "םוֹלשָׁ")]
    public void Right_to_left_runs_are_put_into_the_order_of_the_screen(string text, string visual) =>
        Assert.Equal(visual, Rtl.Visual(text));

    [Fact]
    public void A_cut_never_takes_more_than_the_width()
    {
        foreach (string title in FakeReports.All.Select(r => r.Title))
        {
            for (int width = 0; width < 60; width++)
            {
                Assert.InRange(Columns.Of(Columns.Cut(title, width, "…")), 0, width);
                Assert.InRange(Columns.Of(Columns.Cut(title, width, "..")), 0, width);
            }
        }
    }

    [Fact]
    public void Wrapped_lines_fit_and_lose_nothing_but_spaces()
    {
        foreach (string title in FakeReports.All.Select(r => r.Title + " " + r.Title))
        {
            for (int width = 4; width < 60; width++)
            {
                IReadOnlyList<string> lines = Wrap.Lines(title, width);
                Assert.All(lines, line => Assert.InRange(Columns.Of(line), 0, width));
                Assert.Equal(title.Replace(" ", ""), string.Concat(lines).Replace(" ", ""));
            }
        }
    }

    [Fact]
    public void Words_stay_whole_where_they_fit()
    {
        Assert.Equal(["one two", "three"], Wrap.Lines("one two three", 9));
        Assert.Equal(["one", "", "two"], Wrap.Lines("one\n\ntwo", 9));
        Assert.Equal(["abcdefgh", "ij"], Wrap.Lines("abcdefghij", 8));
        Assert.Equal(["採用支援", "AIが"], Wrap.Lines("採用支援AIが", 8));
    }

    [Fact]
    public void A_mark_of_the_end_does_not_begin_a_line() =>
        Assert.DoesNotContain(Wrap.Lines("採用支援。採用支援。", 8), l => l.StartsWith('。'));

    [Theory]
    [InlineData("abc", false)]
    [InlineData("עברית", true)]
    [InlineData("mixed عربي", true)]
    [InlineData("हिन्दी", false)]
    public void Finds_text_from_right_to_left(string text, bool found) =>
        Assert.Equal(found, Rtl.Has(text));

    [Theory]
    [InlineData(7, "0:07")]
    [InlineData(130, "2:10")]
    [InlineData(3599, "59:59")]
    [InlineData(7300, "2 h")]
    [InlineData(200_000, "2 d")]
    public void Durations_are_short(double seconds, string shown) =>
        Assert.Equal(shown, Words.Ago(seconds));

    [Fact]
    public void Names_never_show_what_a_stranger_calls_itself()
    {
        Assert.Equal("@bnetza", Words.Name(FakeReports.Bnetza));
        Assert.Equal("+acrimed", Words.Name(FakeReports.Acrimed));
        Assert.Equal("?3fke", Words.Name(FakeReports.Stranger));
        Assert.Equal(
            "x:3fke", Words.Name(FakeReports.Stranger with { Standing = "denied", Name = "bnetza" }));
    }

    [Fact]
    public void A_wide_grapheme_that_does_not_fit_is_left_out()
    {
        var canvas = new Canvas(5, 1);
        canvas.All.Write(0, 0, "採用採", Style.Plain);
        Assert.Equal("採用", canvas.Row(0));
    }
}

using IncidentMesh.Protocol.Api;
using Xunit;

namespace IncidentMesh.Tests.Api;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\u001b[31mb", "a\u241b[31mb")]
    [InlineData("a\u0085b", "a<U+0085>b")]
    [InlineData("a\u202eb", "a<U+202E>b")]
    [InlineData("pay\u200bpal", "pay<U+200B>pal")]
    [InlineData("x\u200dy", "x<U+200D>y")]
    [InlineData("می\u200cخواهم", "می\u200cخواهم")]
    [InlineData("👩\u200d👧", "👩\u200d👧")]
    [InlineData("line\nnext", "line\u240anext")]
    [InlineData("क्\u200dष", "क्\u200dष")]
    [InlineData("\U000e0041", "<U+E0041>")]
    [InlineData("del\u007f", "del\u2421")]
    public void Shows_what_would_hide_or_drive_a_terminal(string text, string shown) =>
        Assert.Equal(shown, SafeText.Show(text));

    [Fact]
    public void Keeps_line_feeds_where_they_are_allowed() =>
        Assert.Equal("a\nb", SafeText.Show("a\nb", lines: true));

    [Fact]
    public void Never_throws_and_never_lets_an_escape_through()
    {
        for (int c = 0; c <= 0xffff; c++)
        {
            string shown = SafeText.Show(char.ToString((char)c));
            Assert.DoesNotContain('\u001b', shown);
        }
    }
}

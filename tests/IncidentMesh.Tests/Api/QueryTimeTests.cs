using System.Globalization;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using Xunit;

namespace IncidentMesh.Tests.Api;

public class QueryTimeTests
{
    // A Wednesday.
    private static readonly Instant Now = At("2026-11-25T10:30:00Z");

    [Theory]
    [InlineData("2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("2026-02", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z")]
    [InlineData("2026-01-31T08:30Z", "2026-01-31T08:30:00Z", "2026-01-31T08:31:00Z")]
    [InlineData("2026-01-31t08:30:05z", "2026-01-31T08:30:05Z", "2026-01-31T08:30:06Z")]
    [InlineData("today", "2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z")]
    [InlineData("Yesterday", "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z")]
    [InlineData("mon", "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z")]
    [InlineData("wed", "2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z")]
    [InlineData("thu", "2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z")]
    [InlineData("sun", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z")]
    public void A_time_names_a_period(string text, string from, string to)
    {
        Assert.True(QueryTime.TryResolve(text, Now, false, out QueryPeriod period));
        Assert.Equal(new QueryPeriod(At(from), At(to)), period);
    }

    [Theory]
    [InlineData("7d", 7)]
    [InlineData("36h", 1.5)]
    [InlineData("2w", 14)]
    [InlineData("3m", 90)]
    [InlineData("1y", 365)]
    public void A_duration_counts_back_or_forwards_and_includes_now(string text, double days)
    {
        Assert.True(QueryTime.TryResolve(text, Now, false, out QueryPeriod back));
        Assert.Equal(TimeSpan.FromDays(days), Now - back.From);
        Assert.True(back.Contains(Now));
        Assert.True(QueryTime.TryResolve(text, Now, true, out QueryPeriod ahead));
        Assert.Equal(Now, ahead.From);
        Assert.True(ahead.Contains(Now + TimeSpan.FromDays(days)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("99999d")]
    [InlineData("-7d")]
    [InlineData("7x")]
    [InlineData("0000")]
    [InlineData("9999")]
    [InlineData("٢٠٢٦")]
    [InlineData("2026-2")]
    [InlineData("2025-02-29")]
    [InlineData("2026-01-31T08:30")]
    [InlineData("monday")]
    public void Other_text_is_no_time(string text) => Assert.False(QueryTime.IsTime(text));

    [Fact]
    public void Comparisons_take_the_period_as_a_whole()
    {
        Assert.True(QueryTime.TryResolve("2026-01", Now, false, out QueryPeriod january));
        Instant inside = At("2026-01-15T00:00:00Z");
        Instant after = At("2026-02-01T00:00:00Z");
        Assert.True(january.Matches(QueryOperator.AtLeast, inside));
        Assert.True(january.Matches(QueryOperator.AtMost, inside));
        Assert.False(january.Matches(QueryOperator.Above, inside));
        Assert.False(january.Matches(QueryOperator.Below, inside));
        Assert.True(january.Matches(QueryOperator.Above, after));
        Assert.False(january.Matches(QueryOperator.AtMost, after));
    }

    private static Instant At(string rfc3339) =>
        new(DateTimeOffset.Parse(rfc3339, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());
}

using System.Globalization;

namespace IncidentMesh.Protocol.Api;

/// <summary>The moments that a time value covers.</summary>
/// <param name="From">The first moment.</param>
/// <param name="To">The first moment after it; later than <paramref name="From"/>.</param>
public readonly record struct QueryPeriod(Instant From, Instant To)
{
    /// <summary>Whether the period holds <paramref name="at"/>.</summary>
    public bool Contains(Instant at) => at >= From && at < To;

    /// <summary>Whether a moment satisfies a comparison with this period: <c>&gt;=</c> from its start,
    /// <c>&lt;=</c> until its end, <c>&gt;</c> after its end, <c>&lt;</c> before its start.</summary>
    public bool Matches(QueryOperator comparison, Instant at) => comparison switch
    {
        QueryOperator.Is => Contains(at),
        QueryOperator.AtLeast => at >= From,
        QueryOperator.AtMost => at < To,
        QueryOperator.Above => at >= To,
        _ => at < From,
    };
}

/// <summary>Time values, all in UTC, relative to a moment that the caller gives.
/// <code>
/// time = YYYY | YYYY-MM | YYYY-MM-DD | YYYY-MM-DD "T" hh:mm[:ss] "Z" | N unit | weekday | "today" |
/// "yesterday" | "now"
/// unit = "h" | "d" | "w" | "m" | "y"          hours, days, weeks, months of 30 days, years of 365 days
/// </code>
/// A weekday is the latest one that has begun, today included.</summary>
public static class QueryTime
{
    private static readonly string[] Weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    private static readonly string[] Moments = ["yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"];
    private const long Day = 86_400_000;
    private const int LongestCount = 4;

    /// <summary>Whether <paramref name="text"/> is a time value.</summary>
    public static bool IsTime(string text) => TryResolve(text, new Instant(0), forwards: false, out _);

    /// <summary>The period that <paramref name="text"/> names at <paramref name="now"/>.</summary>
    /// <param name="text">A time value; case does not matter.</param>
    /// <param name="now">The moment of asking.</param>
    /// <param name="forwards">Whether a duration counts forwards from now (a deadline) instead of
    /// back.</param>
    /// <param name="period">The period; of a duration, from its far end to now (or from now to its far
    /// end).</param>
    public static bool TryResolve(string text, Instant now, bool forwards, out QueryPeriod period)
    {
        ArgumentNullException.ThrowIfNull(text);
        string lower = text.ToLowerInvariant();
        period = default;
        if (lower is "now")
        {
            period = new QueryPeriod(now, now + TimeSpan.FromMilliseconds(1));
            return true;
        }

        long today = now.Milliseconds - Modulo(now.Milliseconds, Day);
        if (lower is "today" or "yesterday")
        {
            period = Days(today - (lower is "today" ? 0 : Day), 1);
            return true;
        }

        int weekday = Array.IndexOf(Weekdays, lower);
        if (weekday >= 0)
        {
            // 1970-01-01 was a Thursday, the fourth day after Sunday.
            long todayIs = Modulo((today / Day) + 4, 7);
            period = Days(today - (Modulo(todayIs - weekday, 7) * Day), 1);
            return true;
        }

        return TryDuration(lower, now, forwards, out period) || TryCalendar(text, out period);
    }

    private static bool TryDuration(string text, Instant now, bool forwards, out QueryPeriod period)
    {
        period = default;
        long unit = text.Length == 0 ? 0 : text[^1] switch
        {
            'h' => 3_600_000,
            'd' => Day,
            'w' => 7 * Day,
            'm' => 30 * Day,
            'y' => 365 * Day,
            _ => 0,
        };
        if (unit == 0 || text.Length < 2 || text.Length > LongestCount + 1
            || !text[..^1].All(char.IsAsciiDigit))
        {
            return false;
        }

        var span = TimeSpan.FromMilliseconds(unit * long.Parse(text[..^1], CultureInfo.InvariantCulture));
        var after = TimeSpan.FromMilliseconds(1);
        period = forwards ? new QueryPeriod(now, now + span + after)
            : new QueryPeriod(now - span, now + after);
        return true;
    }

    private static bool TryCalendar(string text, out QueryPeriod period)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        DateTime at;
        period = default;
        if (text.Length == 4 && text.All(char.IsAsciiDigit) && text is not "0000" and not "9999")
        {
            at = new DateTime(int.Parse(text, invariant), 1, 1, 0, 0, 0, DateTimeKind.Utc);
            period = new QueryPeriod(Of(at), Of(at.AddYears(1)));
            return true;
        }

        if (DateTime.TryParseExact(text, "yyyy-MM", invariant, Utc, out at) && at.Year < 9999)
        {
            period = new QueryPeriod(Of(at), Of(at.AddMonths(1)));
            return true;
        }

        if (DateTime.TryParseExact(text, "yyyy-MM-dd", invariant, Utc, out at) && at.Year < 9999)
        {
            period = Days(Of(at).Milliseconds, 1);
            return true;
        }

        if (DateTime.TryParseExact(text.ToUpperInvariant(), Moments, invariant, Utc, out at)
            && at.Year < 9999)
        {
            period = new QueryPeriod(Of(at), Of(text.Length == 17 ? at.AddMinutes(1) : at.AddSeconds(1)));
            return true;
        }

        return false;
    }

    private static QueryPeriod Days(long from, int count) =>
        new(new Instant(from), new Instant(from + (count * Day)));

    private static Instant Of(DateTime utc) =>
        new((utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond);

    private static long Modulo(long value, long by) => ((value % by) + by) % by;
}

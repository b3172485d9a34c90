namespace IncidentMesh.Protocol;

/// <summary>A moment, as milliseconds since the Unix epoch. State machines are told the time; they never ask
/// for it.
/// The owner must hand in moments that never go back (a wall clock read once, then a monotonic
/// one).</summary>
/// <param name="Milliseconds">Milliseconds since 1970-01-01T00:00:00Z.</param>
public readonly record struct Instant(long Milliseconds) : IComparable<Instant>
{
    /// <summary>Whole seconds since the Unix epoch, as records carry them
    /// (<c>specs/records.md</c>).</summary>
    public long UnixSeconds => Milliseconds / 1000;

    /// <summary>The moment of a Unix time in seconds.</summary>
    public static Instant FromUnixSeconds(long seconds) => new(seconds * 1000);

    /// <summary>The later of two moments.</summary>
    public static Instant Max(Instant a, Instant b) => a.Milliseconds >= b.Milliseconds ? a : b;

    /// <summary>The earlier of two moments; null stands for "never".</summary>
    public static Instant? Earlier(Instant? a, Instant? b) =>
        a is null ? b : b is null ? a : a.Value <= b.Value ? a : b;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Milliseconds.CompareTo(other.Milliseconds);

    /// <summary>The moment that lies <paramref name="span"/> after <paramref name="at"/>.</summary>
    public static Instant operator +(Instant at, TimeSpan span) =>
        new(at.Milliseconds + (long)span.TotalMilliseconds);

    /// <summary>The moment that lies <paramref name="span"/> before <paramref name="at"/>.</summary>
    public static Instant operator -(Instant at, TimeSpan span) =>
        new(at.Milliseconds - (long)span.TotalMilliseconds);

    /// <summary>The time from <paramref name="b"/> to <paramref name="a"/>.</summary>
    public static TimeSpan operator -(Instant a, Instant b) =>
        TimeSpan.FromMilliseconds(a.Milliseconds - b.Milliseconds);

    /// <summary>Earlier than.</summary>
    public static bool operator <(Instant a, Instant b) => a.Milliseconds < b.Milliseconds;

    /// <summary>Later than.</summary>
    public static bool operator >(Instant a, Instant b) => a.Milliseconds > b.Milliseconds;

    /// <summary>Earlier than or equal.</summary>
    public static bool operator <=(Instant a, Instant b) => a.Milliseconds <= b.Milliseconds;

    /// <summary>Later than or equal.</summary>
    public static bool operator >=(Instant a, Instant b) => a.Milliseconds >= b.Milliseconds;
}

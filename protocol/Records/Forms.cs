using System.Globalization;
using System.Text.RegularExpressions;

namespace IncidentMesh.Protocol.Records;

/// <summary>The forms of text fields. <c>specs/records.md</c>, "Field rules".</summary>
public static partial class Forms
{
    private const int MostUrl = 2_048;

    /// <summary>RFC 3339, cut to what is known: year, month, day, or date and time with offset.</summary>
    public static bool IsTime(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (text.Length <= 10)
        {
            return DateOnly.TryParseExact(
                text, ["yyyy", "yyyy-MM", "yyyy-MM-dd"], culture, DateTimeStyles.None, out _);
        }

        return TimePattern().IsMatch(text)
            && DateTimeOffset.TryParse(text, culture, DateTimeStyles.AssumeUniversal, out _);
    }

    /// <summary>The moment at which a time begins, in Unix seconds; null where it has another form.</summary>
    public static long? ToUnixSeconds(string text)
    {
        if (!IsTime(text))
        {
            return null;
        }

        string whole = text.Length switch { 4 => text + "-01-01", 7 => text + "-01", _ => text };
        return DateTimeOffset.Parse(whole, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            .ToUnixTimeSeconds();
    }

    /// <summary>An absolute http or https URL.</summary>
    public static bool IsUrl(string text) =>
        text is { Length: > 0 and <= MostUrl } && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.Host.Length > 0;

    /// <summary>A decimal number: <c>-0.182</c>, without exponent.</summary>
    public static bool IsDecimal(string text) => DecimalPattern().IsMatch(text);

    /// <summary>A package URL.</summary>
    public static bool IsPurl(string text) => text is { Length: <= MostUrl } && PurlPattern().IsMatch(text);

    /// <summary>A media type.</summary>
    public static bool IsMime(string text) => MimePattern().IsMatch(text);

    [GeneratedRegex(
        @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex TimePattern();

    [GeneratedRegex(@"^-?(0|[1-9][0-9]{0,29})(\.[0-9]{1,30})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex DecimalPattern();

    [GeneratedRegex(@"^pkg:[a-z][a-z0-9.+-]*/\S+\z", RegexOptions.CultureInvariant)]
    private static partial Regex PurlPattern();

    [GeneratedRegex(
        @"^[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex MimePattern();
}

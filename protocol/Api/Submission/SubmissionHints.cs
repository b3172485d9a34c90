using System.Globalization;
using System.Text.RegularExpressions;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Protocol.Api.Submission;

/// <summary>What a text says of itself about the optional questions: dates, countries, models. It is offered,
/// never taken without a person's yes.</summary>
public static partial class SubmissionHints
{
    private static readonly string[][] Months =
    [
        ["january", "januar", "janvier", "enero"], ["february", "februar", "février", "febrero"],
        ["march", "märz", "mars", "marzo"], ["april", "avril", "abril"], ["may", "mai", "mayo"],
        ["june", "juni", "juin", "junio"], ["july", "juli", "juillet", "julio"],
        ["august", "août", "agosto"], ["september", "septembre", "septiembre"],
        ["october", "oktober", "octobre", "octubre"], ["november", "novembre", "noviembre"],
        ["december", "dezember", "décembre", "diciembre"],
    ];

    /// <summary>Offers by the id of the step.</summary>
    public static IReadOnlyDictionary<string, string> Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Dictionary<string, string> hints = new(StringComparer.Ordinal);
        if (Date(text) is { } date)
        {
            hints["occurred"] = date;
        }

        string[] countries = [.. Vocabulary.Get("iso-3166-1").Entries
            .Where(e => e.Label.Length > 3 && Holds(text, e.Label)).Select(e => e.Value).Take(5)];
        if (countries.Length > 0)
        {
            hints["countries"] = string.Join(", ", countries);
        }

        string[] models = [.. Model().Matches(text).Select(m => m.Value.Trim())
            .Distinct(StringComparer.OrdinalIgnoreCase).Take(3)];
        if (models.Length > 0)
        {
            hints["systems"] = string.Join("; ", models);
        }

        return hints;
    }

    private static string? Date(string text)
    {
        foreach (Match match in Dates().Matches(text))
        {
            GroupCollection part = match.Groups;
            int month = part["month"].Success
                ? int.Parse(part["month"].Value, CultureInfo.InvariantCulture)
                : Array.FindIndex(Months, m => m.Contains(part["name"].Value.ToLowerInvariant())) + 1;
            int year = int.Parse(part["year"].Value, CultureInfo.InvariantCulture);
            int day = part["day"].Success ? int.Parse(part["day"].Value, CultureInfo.InvariantCulture) : 0;
            if (month is >= 1 and <= 12 && year is >= 1950 and <= 2100
                && day <= DateTime.DaysInMonth(year, month))
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{year:0000}-{month:00}{(day > 0 ? $"-{day:00}" : "")}");
            }
        }

        return null;
    }

    private static bool Holds(string text, string word)
    {
        int at = text.IndexOf(word, StringComparison.Ordinal);
        return at >= 0 && (at == 0 || !char.IsLetter(text[at - 1]))
            && (at + word.Length == text.Length || !char.IsLetter(text[at + word.Length]));
    }

    // 2026-11-19; 19.11.2026; 19. November 2026, 19 de noviembre de 2026; November 19, 2026; November 2026.
    [GeneratedRegex(
        @"(?<![0-9])(?:(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})"
            + @"|(?<day>[0-9]{1,2})\.(?<month>[0-9]{1,2})\.(?<year>[0-9]{4})"
            + @"|(?<day>[0-9]{1,2})(?:\.|er|th|st|nd|rd)? (?:de )?(?<name>\p{L}{3,10}) (?:de )?"
            + @"(?<year>[0-9]{4})|(?<name>\p{L}{3,10}) (?<day>[0-9]{1,2})(?:th|st|nd|rd)?, (?<year>[0-9]{4})"
            + @"|(?<![\p{L}0-9])(?<name>\p{L}{3,10}) (?:de )?(?<year>[0-9]{4}))(?![0-9])")]
    private static partial Regex Dates();

    [GeneratedRegex(
        @"(?<![\p{L}0-9])(?:ChatGPT|GPT-[0-9][\w.-]{0,8}|Claude(?: [0-9][\w.]{0,6}| (?:Opus|Sonnet|Haiku))?"
            + @"|Gemini(?: [0-9][\w.]{0,6})?|Llama[ -]?[0-9][\w.-]{0,8}|Mi[sx]tral(?: [\w.-]{1,12})?|Copilot"
            + @"|DeepSeek(?:[ -][VR][0-9])?|Qwen[ -]?[0-9][\w.-]{0,8}|Grok(?:[ -][0-9])?|Midjourney"
            + @"|DALL[-·]E(?: [0-9])?|Stable Diffusion(?: [0-9.]{1,4})?|Sora|Whisper|COMPAS"
            + @"|Rekognition)(?![\p{L}0-9])")]
    private static partial Regex Model();
}

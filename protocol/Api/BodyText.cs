using System.Globalization;
using System.Text.Json;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Protocol.Api;

/// <summary>Lines that command line and terminal UI show of a report's body in JSON
/// (<c>specs/records.md</c>, "JSON form"). All values are hostile text.</summary>
public static class BodyText
{
    /// <summary>A field that holds texts, or maps with a name and perhaps a version: each as
    /// <c>name version</c>, once.</summary>
    public static IReadOnlyList<string> Names(JsonElement? body, string field) =>
        Property(body, field, JsonValueKind.Array) is not { } list ? []
        :
        [
            .. list.EnumerateArray().Select(value => value.ValueKind switch
            {
                JsonValueKind.String => value.GetString()!,
                JsonValueKind.Object => $"{Text(value, "name")} {Text(value, "version")}".Trim(),
                _ => "",
            }).Where(name => name.Length > 0).Distinct(),
        ];

    /// <summary>Where a report is from: what kind of source, and its name; null where it does not
    /// say.</summary>
    public static string? Source(JsonElement? body) =>
        Property(body, "source", JsonValueKind.Object) is { } source
        && $"{Text(source, "kind")} {Text(source, "name")}".Trim() is { Length: > 0 } said
            ? said : null;

    /// <summary>The times of the duty to report, as claimed (Regulation (EU) 2024/1689, Article 73); null
    /// where there are none.</summary>
    /// <param name="body">The body.</param>
    /// <param name="now">Days are counted from here.</param>
    public static string? Clock(JsonElement? body, DateTimeOffset now)
    {
        if (Property(body, "clocks", JsonValueKind.Object) is not { } clocks)
        {
            return null;
        }

        List<string> parts = [];
        if (Text(clocks, "stage") is { } stage)
        {
            parts.Add(stage);
        }

        if (Text(clocks, "aware_at") is { } aware)
        {
            parts.Add(T($"aware {Day(aware)}"));
        }

        if (Text(clocks, "next_report_due") is { } due)
        {
            parts.Add(T($"due {Day(due)}"));
            if (DateTimeOffset.TryParse(
                due, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset end))
            {
                int days = (int)Math.Floor((end - now).TotalDays);
                parts.Add(days >= 0 ? T($"{days} d left") : T($"{-days} d late"));
            }
        }

        return parts.Count == 0 ? null : string.Join("  ", parts);
    }

    private static string Day(string time) => time.Length > 10 ? time[..10] : time;

    private static JsonElement? Property(JsonElement? map, string name, JsonValueKind kind) =>
        map is { ValueKind: JsonValueKind.Object } held && held.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == kind
            ? value : null;

    private static string? Text(JsonElement map, string name) =>
        Property(map, name, JsonValueKind.String)?.GetString();
}

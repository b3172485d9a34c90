using System.Text.Json;

namespace IncidentMesh.Node.Exchange;

/// <summary>Labels of the Traffic Light Protocol on what is imported. An import signs and publishes to all:
/// what is marked for fewer is left out.</summary>
internal static class Tlp
{
    private const string Name = "tlp";

    /// <summary>Why something marked with a label is left out; null where it is for all, or not
    /// marked.</summary>
    /// <param name="label"><c>RED</c>, <c>TLP:RED</c>; TLP 1 says WHITE for CLEAR.</param>
    public static string? Refusal(string? label)
    {
        string word = (label ?? "").Trim().ToUpperInvariant();
        word = word.StartsWith("TLP:", StringComparison.Ordinal) ? word[4..].Trim() : word;
        return word is "" or "CLEAR" or "WHITE" ? null
            : $"marked TLP:{RowResult.Short(word)}: what is imported is published to all";
    }

    /// <summary>The same of a tag, <c>tlp:red</c> or <c>tlp="red"</c>; null for one that is no
    /// label.</summary>
    public static string? OfTag(string tag)
    {
        string text = tag.Trim();
        bool label = text.Length > Name.Length && text[Name.Length] is ':' or '='
            && text.StartsWith(Name, StringComparison.OrdinalIgnoreCase);
        return label ? Refusal(text[(Name.Length + 1)..].Trim('"')) : null;
    }

    /// <summary>The same of a row that is a JSON object with <c>"tlp"</c>.</summary>
    public static string? OfRow(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        JsonRow row = new(json);
        string? label = json.EnumerateObject().Where(field => IsName(JsonRow.NameOf(field)))
            .Select(field => row.Text(field.Value, "")).FirstOrDefault(text => Refusal(text) is not null);
        return row.Error is null ? Refusal(label) : $"\"tlp\": {row.Error}";
    }

    /// <summary>The same of a row of a table with a column <c>tlp</c>.</summary>
    public static string? OfRow(CsvRow row, IReadOnlyDictionary<string, int> columns) =>
        columns.Where(column => IsName(column.Key.Trim()))
            .Select(column => Refusal(row.Fields[column.Value])).FirstOrDefault(why => why is not null);

    private static bool IsName(string text) => text.Equals(Name, StringComparison.OrdinalIgnoreCase);
}

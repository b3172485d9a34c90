using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Commands;

/// <summary>JSON that a person reads or edits: letters of every script as they are, and what drives a
/// terminal, hides or reorders text (<see cref="SafeText"/>) as an escape.</summary>
internal static partial class ReadableJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>A value, indented.</summary>
    public static string Of(JsonElement value) =>
        Escape().Replace(JsonSerializer.Serialize(value, Indented), found => Readable(found.Value));

    private static string Readable(string escapes)
    {
        if (escapes[1] != 'u')
        {
            return escapes;
        }

        string units = string.Concat(escapes.Split("\\u").Skip(1)
            .Select(u => (char)Convert.ToUInt16(u, fromBase: 16)));
        StringBuilder text = new();
        foreach (Rune rune in units.EnumerateRunes())
        {
            string shown = rune.ToString();
            text.Append(shown == "\"" ? "\\\"" : rune != Rune.ReplacementChar && SafeText.Show(shown) == shown
                ? shown : string.Concat(shown.Select(u => $"\\u{(int)u:x4}")));
        }

        return text.ToString();
    }

    [GeneratedRegex(@"(?:\\u[0-9A-Fa-f]{4})+|\\.")]
    private static partial Regex Escape();
}

using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Exchange;

/// <summary>A field of a body as one text: a cell of a table, a value of a MISP attribute. Texts stand as
/// they are, everything else as JSON.</summary>
internal static class FieldCell
{
    /// <summary>The text of a field in its JSON form.</summary>
    public static string Of(JsonNode field) =>
        field.GetValueKind() == JsonValueKind.String ? (string)field! : JsonText.Of(field);

    /// <summary>Sets a field from its text. Where a list or map is expected, the short forms of
    /// <c>--set</c> are taken too.</summary>
    public static bool TrySet(
        string type, IpldMap body, string field, string cell, [NotNullWhen(true)] out IpldMap? changed,
        [NotNullWhen(false)] out FieldProblem? problem)
    {
        bool text = Schema.Of(type)?.Find(field)?.Rule is TextRule or FormRule or VocabularyRule;
        if (!text || cell.Length == 0)
        {
            return FieldText.TrySet(type, body, field, cell, out changed, out problem);
        }

        // What --set would take for JSON is text here: "[Update] ..." is a title.
        (changed, problem) = (body.With(field, new IpldText(cell)), null);
        return true;
    }
}

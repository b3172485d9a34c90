using System.Text.Json;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>What looks like private data in a record that is about to be sent: each finding with its line,
/// and what was found.</summary>
internal static class PrivateLines
{
    /// <param name="lines">Takes them.</param>
    /// <param name="body">The record.</param>
    /// <param name="label">A field of the body as people read it.</param>
    public static void Add(LineBuilder lines, JsonElement body, Func<string, string> label)
    {
        foreach ((string field, string text, PrivateFinding found) in PrivateData.InBody(body))
        {
            lines.Item("  !", Ink.Warn, $"{label(field)} {Say(text, found)}", 4);
        }
    }

    /// <summary>A finding: <c>line 4: e-mail address: a@b.org</c>.</summary>
    public static string Say(string text, PrivateFinding found)
    {
        string what = PrivateData.Describe(text, found);
        string itself = found.Kind == PrivateKind.Minor ? ""
            : $": {text.Substring(found.Start, found.Length)}";
        return T($"line {found.Line}: {SafeText.Show(what + itself)}");
    }
}

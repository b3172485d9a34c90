using System.Text;

namespace IncidentMesh.Protocol.Api;

/// <summary>A text in the pseudo-language <c>qps-ploc</c>: accents on its letters, four tenths longer, in
/// brackets, so that a screen shows at once what was not taken from the resources and what is cut.</summary>
internal static class PseudoText
{
    private const string Plain = "AaCcDdEeGgHhIiJjKkLlNnOoRrSsTtUuWwYyZz";
    private const string Accented = "ÀàÇçÐðÉéĜĝĤĥÎîĴĵĶķĻļÑñÖöŔŕŠšŢţÛûŴŵÝýŽž";

    /// <summary>Whether a letter looks different in the pseudo-language.</summary>
    public static bool HasAccent(char letter) => Plain.Contains(letter);

    public static string Of(string text)
    {
        StringBuilder pseudo = new("[", (text.Length * 3 / 2) + 3);
        bool value = false;
        foreach (char c in text)
        {
            value = c == '{' || (value && c != '}');
            int at = value ? -1 : Plain.IndexOf(c, StringComparison.Ordinal);
            pseudo.Append(at < 0 ? c : Accented[at]);
        }

        return pseudo.Append('·', text.Length * 2 / 5).Append(']').ToString();
    }
}

using System.Text;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Policy;

/// <summary>Whether a name that a stranger chose would be taken for another by a person who reads it.
/// Compared is what is left without case, accents, spaces and marks, with letters of other scripts that look
/// Latin taken as Latin (after Unicode Technical Standard 39, section 4; its commonest rows
/// only).</summary>
public static class NameLikeness
{
    private const int LeastLetters = 3;
    private const int LettersPerEdit = 6;

    // Cyrillic, then Greek, then digits: what is read, and the letter that it is read as.
    private static readonly Dictionary<char, char> LooksLatin =
        "аa еe оo рp сc уy хx іi јj ѕs ԁd һh ӏl кk мm тt οo ρp αa υu νv ιi κk τt 0o 1l 3e 5s".Split(' ')
            .ToDictionary(row => row[0], row => row[1]);

    /// <summary>True where one may be taken for the other; never for names of fewer than three
    /// letters.</summary>
    public static bool Alike(string a, string b)
    {
        (string first, string second) = (Skeleton(a), Skeleton(b));
        int shorter = Math.Min(first.Length, second.Length);
        if (shorter < LeastLetters || Math.Abs(first.Length - second.Length) > shorter / LettersPerEdit)
        {
            return false;
        }

        return first == second || QuerySuggestion.Distance(first, second) <= shorter / LettersPerEdit;
    }

    private static string Skeleton(string name)
    {
        StringBuilder kept = new();
        foreach (char c in name.Normalize(NormalizationForm.FormKD).ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c))
            {
                kept.Append(LooksLatin.GetValueOrDefault(c, c));
            }
        }

        return kept.ToString();
    }
}

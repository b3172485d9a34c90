using System.Globalization;
using System.Text.RegularExpressions;

namespace IncidentMesh.Tui.Text;

/// <summary>Finds what looks like data about a person in a text that is about to be published: e-mail
/// addresses, telephone numbers, IBANs whose check digits hold (ISO 13616), links that carry a secret, the
/// age of a minor. Local rules, no more than a reminder.</summary>
internal static partial class PersonalData
{
    private const int AdultAge = 18;

    /// <summary>What was found, with its line from 1, each kind once a line.</summary>
    public static IEnumerable<(int Line, string What)> Find(string text)
    {
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            if (Email().IsMatch(line))
            {
                yield return (i + 1, "e-mail address");
            }

            bool account = Iban().Matches(line).Any(m => IsIban(m.Value));
            if (account)
            {
                yield return (i + 1, "IBAN");
            }

            if (!account && Phone().Matches(line)
                .Any(m => m.Value.Count(char.IsAsciiDigit) is >= 8 and <= 15))
            {
                yield return (i + 1, "phone");
            }

            if (Secret().IsMatch(line))
            {
                yield return (i + 1, "personal link");
            }

            if (Age().Matches(line).Any(IsMinor))
            {
                yield return (i + 1, "a minor?");
            }
        }
    }

    private static bool IsMinor(Match match)
    {
        string digits = match.Groups.Values.Skip(1).First(g => g.Success).Value;
        return int.Parse(digits, CultureInfo.InvariantCulture) < AdultAge;
    }

    // ISO 7064, MOD 97-10: country and check digits go to the end, letters become two digits.
    private static bool IsIban(string text)
    {
        string code = text.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        int rest = 0;
        foreach (char c in code[4..] + code[..4])
        {
            int value = char.IsAsciiDigit(c) ? c - '0' : c - 'A' + 10;
            rest = ((rest * (value > 9 ? 100 : 10)) + value) % 97;
        }

        return rest == 1;
    }

    [GeneratedRegex(@"[\w.+-]+@[\w-]+\.[\w.-]*\w", RegexOptions.None, 1000)]
    private static partial Regex Email();

    [GeneratedRegex(@"(?<![\w:/.-])(\+|00|0)[1-9][\d ()/-]{6,18}\d(?![\w-])", RegexOptions.None, 1000)]
    private static partial Regex Phone();

    [GeneratedRegex(@"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b", RegexOptions.None, 1000)]
    private static partial Regex Iban();

    [GeneratedRegex(@"https?://\S*[?&](token|key|sig|auth|code)=\S+", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Secret();

    [GeneratedRegex(
        @"\p{Lu}\p{L}+(?:, | \()(\d{1,2})\b(?![.:]\d)"
            + @"|\b(\d{1,2})[ -](?:year|jahre|jährig|ans|años)",
        RegexOptions.None,
        1000)]
    private static partial Regex Age();
}

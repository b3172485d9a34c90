using System.Globalization;
using System.Text.RegularExpressions;

namespace IncidentMesh.Protocol.Api.Submission;

/// <summary>The rules of <see cref="PrivateData"/>, each over one line. No rule tries the same run of
/// characters twice, so that a long line costs no more than its length.</summary>
internal static partial class PrivateRules
{
    private const int PhoneDigitsLeast = 8;
    private const int PhoneDigitsMost = 15;

    /// <summary>Each kind with its rule; the first wins where two find the same place.</summary>
    public static readonly (PrivateKind Kind, Func<string, IEnumerable<(int Start, int Length)>> Rule)[] All =
    [
        (PrivateKind.Link, line => Places(Link(), line)),
        (PrivateKind.Email, line => Places(Email(), line)),
        (PrivateKind.Iban, line => Places(Iban(), line, IsIban)),
        (PrivateKind.IdNumber, IdNumbers.Find),
        (PrivateKind.Coordinates, line => Places(Coordinates(), line, IsOnEarth)),
        (PrivateKind.Phone, line => Places(Phone(), line, IsPhone)),
        (PrivateKind.Address, line => Addresses().SelectMany(rule => Places(rule, line))),
        (PrivateKind.Minor, MinorRule.Find),
    ];

    /// <summary>Where a rule matches; what <paramref name="holds"/> denies is left out.</summary>
    public static IEnumerable<(int Start, int Length)> Places(
        Regex rule, string line, Func<string, bool>? holds = null) =>
        rule.Matches(line).Where(m => holds is null || holds(m.Value)).Select(m => (m.Index, m.Length));

    /// <summary>Whether check digits can be counted: \d also matches the digits of other scripts.</summary>
    public static bool IsAscii(string text) => !text.AsSpan().ContainsAnyExceptInRange('\0', '\x7f');

    // ISO 7064, MOD 97-10 (ISO 13616): country and check digits go to the end, letters become two digits.
    private static bool IsIban(string text)
    {
        string code = text.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        if (!IsAscii(code))
        {
            return false;
        }

        int rest = 0;
        foreach (char c in code[4..] + code[..4])
        {
            int value = char.IsAsciiDigit(c) ? c - '0' : c - 'A' + 10;
            rest = ((rest * (value > 9 ? 100 : 10)) + value) % 97;
        }

        return rest == 1;
    }

    private static bool IsPhone(string text) =>
        text.Count(char.IsDigit) is >= PhoneDigitsLeast and <= PhoneDigitsMost;

    private static bool IsOnEarth(string text)
    {
        if (text.Contains('°', StringComparison.Ordinal))
        {
            return true;
        }

        double[] parts = [.. DecimalDegrees().Matches(text)
            .Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture))];
        return parts is [var first, var second, ..]
            && Math.Abs(first) <= 90 && Math.Abs(second) <= 180;
    }

    private static Regex[] Addresses() =>
        [German(), Roman(), English(), Slavic(), Turkish(), Japanese(), Chinese()];

    [GeneratedRegex(
        @"https?://[^\s?#]{1,512}[?#](?:[^\s]{0,512}[&;])?(?:access_?token|auth|authkey|code|invite|jwt|key|"
            + @"password|pass|pwd|secret|session|sessionid|sid|sig|signature|token|ticket)=[^\s]{1,2048}"
            + @"|https?://[^\s/@:]{1,128}:[^\s/@]{1,128}@[^\s]{1,2048}",
        RegexOptions.IgnoreCase)]
    private static partial Regex Link();

    [GeneratedRegex(
        @"(?<![\w.+-])[\w.+-]{1,64}(?:@| ?[\[(]at[\])] ?)[\w-]{1,63}"
            + @"(?:(?:\.| ?[\[(]dot[\])] ?)[\w-]{1,63}){0,4}(?:\.| ?[\[(]dot[\])] ?)\p{L}{2,24}(?![\w-])",
        RegexOptions.IgnoreCase)]
    private static partial Regex Email();

    [GeneratedRegex(@"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")]
    private static partial Regex Iban();

    // Written for dialling abroad or at home, the American forms, or after a word that says so.
    [GeneratedRegex(
        @"(?<![\w:/.=-])(?:\+|00|0)[1-9][\d ()/.-]{5,20}\d(?![\w-])"
            + @"|(?<![\w./-])(?:\([2-9]\d\d\) ?|[2-9]\d\d[-.])\d{3}[-.]\d{4}(?![\w-])"
            + @"|(?<=\b(?:tel|tél|telefon|phone|mobile|mobil|handy|móvil|cell|fax|whatsapp|電話|电话|手机)"
            + @"\.?:? ?)\d[\d ()/.-]{5,20}\d(?![\w-])",
        RegexOptions.IgnoreCase)]
    private static partial Regex Phone();

    // Four decimals are some eleven metres; degrees, minutes and seconds; the geo URI (RFC 5870).
    [GeneratedRegex(
        @"(?<![\d.])-?\d{1,2}\.\d{4,15}°?(?: ?[NS])?[,;/ ]{1,3}-?\d{1,3}\.\d{4,15}(?!\d)°?(?: ?[EWO])?"
            + @"|\d{1,2}° ?\d{1,2}['′’] ?(?:\d{1,2}(?:[.,]\d{1,4})?(?:""|″|''|”) ?)?[NS]"
            + @"[,;/ ]{0,3}\d{1,3}° ?\d{1,2}['′’] ?(?:\d{1,2}(?:[.,]\d{1,4})?(?:""|″|''|”) ?)?[EWO]"
            + @"|geo:-?\d{1,2}\.\d{2,15},-?\d{1,3}\.\d{2,15}",
        RegexOptions.IgnoreCase)]
    private static partial Regex Coordinates();

    [GeneratedRegex(@"-?[0-9]{1,3}\.[0-9]{2,15}")]
    private static partial Regex DecimalDegrees();

    // German, Dutch, Swedish, Danish, Norwegian: the kind of street ends the word or follows it.
    [GeneratedRegex(
        @"(?<!\p{L})\p{Lu}[\p{L}.-]{0,40}(?:(?:[ -](?:Straße|Strasse|Str\.|Weg|Platz|Allee|Gasse|Ring|Damm|"
            + @"Ufer))"
            + @"|straße|strasse|str\.|weg|platz|allee|gasse|damm|ufer|straat|laan|plein|gracht|kade|dijk|"
            + @"gatan|vägen|vej|gade|veien|gata) ?\d{1,4} ?[a-z]?(?![\w.%])")]
    private static partial Regex German();

    // French (number before), Spanish, Italian, Portuguese (number after).
    [GeneratedRegex(
        @"(?<!\w)\d{1,4},? (?i:bis |ter )?(?i:rue|avenue|boulevard|bd|place|impasse|chemin|allée|quai|"
            + @"route|cours) (?i:de la |de l['’]|de |du |des |d['’]|la |le |les )?\p{Lu}[\p{L}'’-]+"
            + @"|(?<!\w)(?i:calle|c/|avenida|avda\.|plaza|paseo|via|viale|piazza|corso|largo|rua|travessa|"
            + @"praça|estrada) (?:(?:de|del|della|dei|da|do|das|dos|di|la|las|los) ){0,2}\p{Lu}[\p{L}'’-]+"
            + @"(?: [\p{L}'’-]+){0,4},? (?:n\.?º ?|nº ?|número )?\d{1,4}(?![\w.%])")]
    private static partial Regex Roman();

    [GeneratedRegex(
        @"(?<![\w.,])\d{1,5}[A-Za-z]? (?:[NSEW]\.? )?(?:\p{Lu}[\p{L}'’-]+ |\d{1,3}(?:st|nd|rd|th) ){1,3}"
            + @"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Crescent|Terrace|"
            + @"Close|Square|Sq|Way|Highway|Hwy)\b")]
    private static partial Regex English();

    [GeneratedRegex(
        @"(?<!\w)(?i:ul\.|al\.|os\.|ulica|aleja|ulice|ул\.|улица|вул\.|вулиця|проспект|пр\.|просп\.|бульвар|"
            + @"пер\.) ?\p{Lu}[\p{L}-]+(?: \p{L}[\p{L}-]+){0,3},? (?i:д\. ?|дом |буд\. ?)?\d{1,4}(?![\w.%])")]
    private static partial Regex Slavic();

    [GeneratedRegex(
        @"\p{Lu}\p{L}+"
            + @" (?:Sokak|Sok\.|Sokağı|Cadde|Caddesi|Cad\.|Mahallesi|Mah\.),? ?(?:No:?|Numara:?) ?\d{1,4}")]
    private static partial Regex Turkish();

    [GeneratedRegex(
        @"[\p{IsCJKUnifiedIdeographs}ヶケ々]{1,12}[市区町村郡]"
            + @"[\p{IsCJKUnifiedIdeographs}\p{IsHiragana}\p{IsKatakana}]{0,12}"
            + @"[0-90-9一二三四五六七八九十]{1,3}(?:丁目|番地|番|[-−‐-][0-90-9]{1,4})"
            + @"(?:[0-90-9]{1,4}(?:番地?|号|[-−‐-][0-90-9]{1,4})?){0,3}")]
    private static partial Regex Japanese();

    [GeneratedRegex(@"[\p{IsCJKUnifiedIdeographs}]{1,16}[路街道巷弄村][0-90-9]{1,5}(?:号|號|弄)")]
    private static partial Regex Chinese();
}

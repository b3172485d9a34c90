using System.Globalization;
using System.Text.RegularExpressions;

namespace IncidentMesh.Protocol.Api.Submission;

/// <summary>Numbers of people and payment cards, recognised by their form and their check digits. Where one
/// number in ten or eleven holds by chance, its name must stand before it.</summary>
internal static partial class IdNumbers
{
    private static readonly byte[] CodiceOdd =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

    private static readonly byte[] VerhoeffTimes =
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 0, 6, 7, 8, 9, 5, 2, 3, 4, 0, 1, 7, 8, 9, 5, 6,
        3, 4, 0, 1, 2, 8, 9, 5, 6, 7, 4, 0, 1, 2, 3, 9, 5, 6, 7, 8, 5, 9, 8, 7, 6, 0, 4, 3, 2, 1,
        6, 5, 9, 8, 7, 1, 0, 4, 3, 2, 7, 6, 5, 9, 8, 2, 1, 0, 4, 3, 8, 7, 6, 5, 9, 3, 2, 1, 0, 4,
        9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
    ];

    private static readonly byte[] VerhoeffTurn = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

    private static readonly (Regex Form, Func<string, bool> Holds)[] All =
    [
        (Card(), t => t[0] is >= '3' and <= '6' && Luhn(t)),
        (Swiss(), t => Ean(t)),
        (French(), t => long.Parse(t[..13], CultureInfo.InvariantCulture) is var n
            && 97 - (n % 97) == int.Parse(t[13..], CultureInfo.InvariantCulture)),
        (Spanish(), IsSpanish),
        (Italian(), IsItalian),
        (Chinese(), IsChinese),
        (Indian(), IsVerhoeff),
        (Brazilian(), IsBrazilian),
        (Turkish(), IsTurkish),
        (Polish(), t => Sum(t, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1) % 10 == 0),
        (German(), IsGermanTax),
        (Belgian(), IsBelgian),
        (Swedish(), t => Luhn(string.Concat(t.Where(char.IsAsciiDigit))[^10..])),
        (Finnish(), t => "0123456789ABCDEFHJKLMNPRSTUVWXY"[
            int.Parse(t[..6] + t[7..10], CultureInfo.InvariantCulture) % 31] == char.ToUpperInvariant(t[10])),
        (American(), t => t[..3] is not ("000" or "666") && t[0] != '9'),
        (British(), _ => true),
        (Dutch(), t => Sum(t, 9, 8, 7, 6, 5, 4, 3, 2, -1) % 11 == 0),
        (Portuguese(), t => Sum(t, 9, 8, 7, 6, 5, 4, 3, 2) is var s
            && (s % 11 < 2 ? 0 : 11 - (s % 11)) == t[8] - '0'),
        (Health(), t => Sum(t, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 11 == 0),
        (Japanese(), t => Sum(t, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) is var s
            && (s % 11 < 2 ? 0 : 11 - (s % 11)) == t[11] - '0'),
    ];

    /// <summary>Where such a number stands in a line.</summary>
    public static IEnumerable<(int Start, int Length)> Find(string line) => All.SelectMany(rule =>
        PrivateRules.Places(
            rule.Form, line, text => PrivateRules.IsAscii(text) && rule.Holds(Compact(text))));

    // Spaces, points and hyphens are for the eye; the Finnish sign of the century stays.
    private static string Compact(string text) => FinnishForm().IsMatch(text)
        ? text : string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    private static int Sum(string digits, params ReadOnlySpan<int> weights)
    {
        int sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += (digits[i] - '0') * weights[i];
        }

        return sum;
    }

    // ISO/IEC 7812-1, annex B.
    private static bool Luhn(string digits)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            int twice = (digits[^(i + 1)] - '0') * (1 + (i % 2));
            sum += twice > 9 ? twice - 9 : twice;
        }

        return sum % 10 == 0;
    }

    private static bool Ean(string digits) =>
        digits.Select((c, i) => (c - '0') * (i % 2 == 0 ? 1 : 3)).Sum() % 10 == 0;

    private static bool IsSpanish(string text)
    {
        int first = text[0] switch { 'X' => 0, 'Y' => 1, 'Z' => 2, _ => -1 };
        string number = first < 0 ? text[..8] : first + text[1..8];
        return "TRWAGMYFPDXBNJZSQVHLCKE"[int.Parse(number, CultureInfo.InvariantCulture) % 23] == text[8];
    }

    // Decreto ministeriale 12 marzo 1974: odd places count by a table, even ones by their value.
    private static bool IsItalian(string text)
    {
        int sum = 0;
        for (int i = 0; i < 15; i++)
        {
            int value = char.IsAsciiDigit(text[i]) ? text[i] - '0' : text[i] - 'A';
            sum += i % 2 == 0 ? CodiceOdd[value] : value;
        }

        return sum % 26 == text[15] - 'A';
    }

    // GB 11643, ISO 7064 MOD 11-2.
    private static bool IsChinese(string text) =>
        "10X98765432"[Sum(text, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2) % 11] == text[17];

    // Verhoeff, Error Detecting Decimal Codes, 1969; the permutation is applied once a place.
    private static bool IsVerhoeff(string digits)
    {
        int check = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            int digit = digits[^(i + 1)] - '0';
            for (int turn = 0; turn < i % 8; turn++)
            {
                digit = VerhoeffTurn[digit];
            }

            check = VerhoeffTimes[(check * 10) + digit];
        }

        return check == 0;
    }

    private static bool IsBrazilian(string t)
    {
        int first = Sum(t, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10;
        int second = Sum(t, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10;
        return first == t[9] - '0' && second == t[10] - '0' && t.Distinct().Count() > 1;
    }

    private static bool IsTurkish(string t)
    {
        int odd = Sum(t, 1, 0, 1, 0, 1, 0, 1, 0, 1);
        int even = Sum(t, 0, 1, 0, 1, 0, 1, 0, 1);
        return (((odd * 7) - even) % 10 + 10) % 10 == t[9] - '0'
            && Sum(t, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1) % 10 == t[10] - '0';
    }

    // ISO 7064 MOD 11,10; one digit of the first ten stands twice or three times.
    private static bool IsGermanTax(string t)
    {
        int product = 10;
        foreach (char c in t[..10])
        {
            int sum = (c - '0' + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }

        int distinct = t[..10].Distinct().Count();
        int most = t[..10].GroupBy(c => c).Max(g => g.Count());
        return (11 - product) % 10 == t[10] - '0' && ((most, distinct) is (2, 9) or (3, 8));
    }

    // From 2000 on a 2 stands before the number that is divided.
    private static bool IsBelgian(string t)
    {
        long number = long.Parse(t[..9], CultureInfo.InvariantCulture);
        int check = int.Parse(t[9..], CultureInfo.InvariantCulture);
        return 97 - (number % 97) == check || 97 - ((2_000_000_000 + number) % 97) == check;
    }

    [GeneratedRegex(@"(?<![\w.-])[3-6]\d{3}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?![\w-])"
        + @"|(?<![\w.-])3[47]\d\d[ -]?\d{6}[ -]?\d{5}(?![\w-])")]
    private static partial Regex Card();

    [GeneratedRegex(@"\b756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}\b")]
    private static partial Regex Swiss();

    [GeneratedRegex(@"\b[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3} ?\d{2}\b")]
    private static partial Regex French();

    [GeneratedRegex(@"\b(?:\d{8}|[XYZ]-?\d{7})-?[A-HJ-NP-TV-Z]\b")]
    private static partial Regex Spanish();

    [GeneratedRegex(@"\b[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b", RegexOptions.IgnoreCase)]
    private static partial Regex Italian();

    [GeneratedRegex(
        @"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")]
    private static partial Regex Chinese();

    [GeneratedRegex(@"(?<![\w-])[2-9]\d{3}[ -]\d{4}[ -]\d{4}(?![\w-])")]
    private static partial Regex Indian();

    [GeneratedRegex(@"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b")]
    private static partial Regex Brazilian();

    [GeneratedRegex(@"(?<![\w.-])[1-9]\d{10}(?![\w-])")]
    private static partial Regex Turkish();

    [GeneratedRegex(
        @"(?<![\w.-])\d{2}(?:[02468][1-9]|[13579][0-2])(?:0[1-9]|[12]\d|3[01])\d{5}(?![\w-])")]
    private static partial Regex Polish();

    [GeneratedRegex(@"(?<![\w.-])[1-9]\d ?\d{3} ?\d{3} ?\d{3}(?![\w-])")]
    private static partial Regex German();

    [GeneratedRegex(@"\b\d{2}\.(?:0[1-9]|1[0-2])\.(?:0[1-9]|[12]\d|3[01])-\d{3}\.\d{2}\b")]
    private static partial Regex Belgian();

    [GeneratedRegex(@"(?<![\w-])(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[-+]\d{4}(?![\w-])")]
    private static partial Regex Swedish();

    [GeneratedRegex(
        @"\b(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[-+A]\d{3}[0-9A-FHJ-NPR-Y]\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Finnish();

    [GeneratedRegex(@"^\d{6}[-+Aa]\d{3}[0-9A-Za-z]\z")]
    private static partial Regex FinnishForm();

    [GeneratedRegex(@"(?<![\w-])\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")]
    private static partial Regex American();

    [GeneratedRegex(
        @"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")]
    private static partial Regex British();

    [GeneratedRegex(
        @"(?<=\b(?:bsn|burgerservicenummer|sofinummer)\b\D{0,12})\d{9}(?!\d)", RegexOptions.IgnoreCase)]
    private static partial Regex Dutch();

    [GeneratedRegex(
        @"(?<=\b(?:nif|contribuinte)\b\D{0,12})[1-9]\d{2} ?\d{3} ?\d{3}(?!\d)", RegexOptions.IgnoreCase)]
    private static partial Regex Portuguese();

    [GeneratedRegex(@"(?<=\bNHS\b\D{0,20})\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)", RegexOptions.IgnoreCase)]
    private static partial Regex Health();

    [GeneratedRegex(@"(?<=(?:マイナンバー|個人番号)\D{0,6})\d{4}[ -]?\d{4}[ -]?\d{4}(?!\d)")]
    private static partial Regex Japanese();
}

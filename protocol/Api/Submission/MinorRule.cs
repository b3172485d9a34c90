using System.Globalization;
using System.Text.RegularExpressions;

namespace IncidentMesh.Protocol.Api.Submission;

/// <summary>A name within six words of an age under 18, or of a word for a child. What is a name is guessed:
/// a common given name; a capitalised word before an initial (Lena M.), after a title, after a word for a
/// child or with an age behind it (Lena, 14). German writes all nouns with capitals and platforms are named
/// all over reports about children, so a capital alone is none.</summary>
internal static partial class MinorRule
{
    private const int AdultAge = 18;
    private const int Near = 6;
    private const int NearSigns = 24;

    /// <summary>Where name and age or word stand, together.</summary>
    public static IEnumerable<(int Start, int Length)> Find(string line)
    {
        Match[] words = [.. Word().Matches(line).Cast<Match>()];
        List<int> cues = [];
        List<int> names = [];
        for (int i = 0; i < words.Length; i++)
        {
            if (char.IsDigit(words[i].Value[0]) ? IsAge(line, words, i) : IsChild(words[i].Value))
            {
                cues.Add(i);
            }

            if (IsName(line, words, i))
            {
                names.Add(i);
            }
        }

        int after = 0;
        foreach (int name in names)
        {
            int cue = cues.Where(c => Math.Abs(c - name) <= Near).DefaultIfEmpty(-1)
                .MinBy(c => Math.Abs(c - name));
            if (cue < 0)
            {
                continue;
            }

            (Match first, Match last) = cue < name ? (words[cue], words[name]) : (words[name], words[cue]);
            if (first.Index >= after)
            {
                after = last.Index + last.Length;
                after += after < line.Length && line[after] == ')' ? 1 : 0;
                yield return (first.Index, after - first.Index);
            }
        }

        foreach ((int start, int length) in Caseless(line))
        {
            yield return (start, length);
        }
    }

    private static bool IsChild(string word) =>
        MinorWords.Children.Contains(word)
        || word.StartsWith("minderjähr", StringComparison.OrdinalIgnoreCase);

    // A number counts as an age by the words around it, or set behind a name.
    private static bool IsAge(string line, Match[] words, int i)
    {
        if (!int.TryParse(words[i].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int age)
            || age >= AdultAge)
        {
            return false;
        }

        int end = words[i].Index + words[i].Length;
        string before = i > 0 ? words[i - 1].Value : "";
        bool span = MinorWords.Spans.Contains(before);
        bool initial = i > 1 && before.Length == 1 && char.IsUpper(before[0]);
        string name = initial ? words[i - 2].Value : before;
        string gap = i > 0 ? line[(words[i - 1].Index + before.Length)..words[i].Index] : "";
        bool behindName = IsCapital(name) && !MinorWords.NoNames.Contains(name)
            && (initial && gap.StartsWith('.') ? gap[1..] : gap) is ", " or " ("
            && (end == line.Length || ClosesAge().IsMatch(line.AsSpan(end)));
        return behindName || MinorWords.Aged.Contains(before)
            || (!span && AgeUnit().IsMatch(line[end..Math.Min(line.Length, end + NearSigns)]));
    }

    private static bool IsName(string line, Match[] words, int i)
    {
        string word = words[i].Value;
        if (!IsCapital(word) || MinorWords.NoNames.Contains(word) || MinorWords.Children.Contains(word))
        {
            return false;
        }

        string before = i > 0 ? words[i - 1].Value : "";
        bool joined = i > 0 && line[(words[i - 1].Index + before.Length)..words[i].Index] is " " or ". ";
        int end = words[i].Index + word.Length;
        return MinorWords.GivenNames.Contains(word)
            || Initial().IsMatch(line.AsSpan(end))
            || (joined && (MinorWords.Titles.Contains(before) || IsChild(before)))
            || (i + 1 < words.Length && char.IsDigit(words[i + 1].Value[0]) && IsAge(line, words, i + 1)
                && line[end..words[i + 1].Index] is ", " or " (");
    }

    // Lena, Ana-María, O'Neil; not AI, OpenAI, GPT.
    private static bool IsCapital(string word) =>
        word.Length >= 2 && char.IsUpper(word[0]) && char.IsLower(word[1])
        && !word.Where((c, i) => i > 1 && char.IsUpper(c) && char.IsLetter(word[i - 1])).Any();

    // Scripts without capitals: a name is known by what is said with it.
    private static IEnumerable<(int Start, int Length)> Caseless(string line)
    {
        if (!CaselessSign().IsMatch(line))
        {
            yield break;
        }

        Match[] cues =
        [
            .. CaselessAge().Matches(line).Where(m => Number(m.Groups[1].Value) < AdultAge),
            .. CaselessChild().Matches(line).Cast<Match>(),
        ];
        int after = 0;
        foreach (Match name in CaselessName().Matches(line))
        {
            Match? cue = cues.Where(c => c.Index < name.Index + name.Length + NearSigns
                && c.Index + c.Length > name.Index - NearSigns).MinBy(c => Math.Abs(c.Index - name.Index));
            if (cue is null || name.Index < after)
            {
                continue;
            }

            int start = Math.Max(after, Math.Min(cue.Index, name.Index));
            after = Math.Max(cue.Index + cue.Length, name.Index + name.Length);
            yield return (start, after - start);
        }
    }

    private static int Number(string digits) =>
        digits.Aggregate(0, (n, c) => (n * 10) + CharUnicodeInfo.GetDigitValue(c));

    [GeneratedRegex(@"\d+|[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*")]
    private static partial Regex Word();

    [GeneratedRegex(@"\A(?:\)|[,;:](?:\s|\z)|\.(?:\s|\z)| years?\b)")]
    private static partial Regex ClosesAge();

    [GeneratedRegex(@"\A \p{Lu}\.")]
    private static partial Regex Initial();

    [GeneratedRegex(
        @"\A(?:[ -]?years?[ -]olds?\b|[ -]?y/?o\b| ?Jahre alt\b|[ -]?jährig| Jahre?n? alt\b|[ -]ans\b"
            + @"| años\b| anni\b| anos\b| jaar\b|-jarige?\b| lat\b| roku życia\b"
            + @"| ?yaşında| år gammel?l?\b|-åring\w*| éves\b"
            + @"| let\w?\b| ετών\b| лет\b| года\b| років\b| роки\b| months?[ -]old\b| Monate alt\b| mois\b)",
        RegexOptions.IgnoreCase)]
    private static partial Regex AgeUnit();

    [GeneratedRegex(
        @"[\p{IsHiragana}\p{IsKatakana}\p{IsCJKUnifiedIdeographs}\p{IsHangulSyllables}\p{IsArabic}"
        + @"\p{IsDevanagari}\p{IsThai}]")]
    private static partial Regex CaselessSign();

    [GeneratedRegex(@"(?<!\d)(\d{1,2}) ?(?:歳|才|岁|歲|살|세|ปี|साल|वर्ष|سنة|سنوات|عام|أعوام)")]
    private static partial Regex CaselessAge();

    [GeneratedRegex(@"子ども|子供|児童|生徒|小学生|中学生|高校生|未成年|幼児|少女|少年|孩子|儿童|兒童|学生|學生|女孩|男孩"
        + @"|아이|어린이|초등학생|중학생|고등학생|미성년|طفلة|طفل|أطفال|تلميذة|تلميذ|قاصر|ابنتي|ابني"
        + @"|बच्चा|बच्ची|बच्चे|नाबालिग|छात्रा|छात्र|बेटी|बेटा"
        + @"|เด็กชาย|เด็กหญิง|ด\.ช\.|ด\.ญ\.|นักเรียน|ลูกสาว|ลูกชาย")]
    private static partial Regex CaselessChild();

    [GeneratedRegex(
        @"[\p{IsCJKUnifiedIdeographs}\p{IsHiragana}\p{IsKatakana}]{1,6}(?:ちゃん|くん|さん|君)"
            + @"|(?:名叫|叫做|名为|姓名[::]?|名字是)[\p{IsCJKUnifiedIdeographs}]{2,3}"
            + @"|[\p{IsHangulSyllables}]{2,4} ?(?:양|군)(?=[\s,.은는이가의])"
            + @"|(?:اسمه|اسمها|يدعى|تدعى|المدعو|المدعوة) \p{IsArabic}{2,20}"
            + @"|(?:नाम|नामक) [\p{IsDevanagari}]{2,20}"
            + @"|(?:เด็กชาย|เด็กหญิง|ด\.ช\.|ด\.ญ\.|น้อง) ?[\p{IsThai}]{2,20}")]
    private static partial Regex CaselessName();
}

using System.Globalization;
using System.Text;

namespace IncidentMesh.Protocol.Api.Submission;

/// <summary>Guesses the language of a text: by its script where one language has it nearly alone, else by its
/// most frequent small words. A guess is shown and can be changed.</summary>
public static class LanguageGuess
{
    private const string Ukrainian = "іїєґІЇЄҐ";
    private const int WordsLooked = 400;
    private const int HitsLeast = 2;

    private static readonly (int From, int To, string Tag)[] Scripts =
    [
        (0x3040, 0x30ff, "ja"), (0xac00, 0xd7af, "ko"), (0x0370, 0x03ff, "el"), (0x0590, 0x05ff, "he"),
        (0x0600, 0x06ff, "ar"), (0x0900, 0x097f, "hi"), (0x0980, 0x09ff, "bn"), (0x0b80, 0x0bff, "ta"),
        (0x0c00, 0x0c7f, "te"), (0x0e00, 0x0e7f, "th"), (0x10a0, 0x10ff, "ka"), (0x0530, 0x058f, "hy"),
        (0x1200, 0x137f, "am"), (0x4e00, 0x9fff, "zh"), (0x0400, 0x04ff, "ru"),
    ];

    private static readonly (string Tag, HashSet<string> Words)[] Small =
    [
        Of("en", "the of and to in was that is for on with as by at from were had which this an be not it"
            + " are"),
        Of("de", "der die das und ist nicht ein eine einen einem den dem des mit für von zu auf wurde hat"
            + " sich auch nach bei im am zum zur dass wird"),
        Of("fr", "le la les de des du et est un une dans pour par sur que qui au aux pas avec ce cette été"
            + " plus son sa l d qu"),
        Of("es", "el la los las de del y es un una en por para que con no se su al como fue más lo ha"),
        Of("it", "il lo la gli le di del della e è un una in per che con non si da dal nel alla sono stato"
            + " stata"),
        Of("pt", "o a os as de do da dos das e é um uma em no na por para que com não se ao foi mais pelo"),
        Of("nl", "de het een en van is niet in op voor met dat die te zijn aan door werd naar ook bij heeft"),
        Of("pl", "i w na z do nie się że jest przez o to od po dla jak za został została który która"),
        Of("sv", "och i att det en ett som är på av för med den inte till har om var från"),
        Of("da", "og i at det en et som er på af for med den ikke til har om var fra blev"),
        Of("nb", "og i å det en et som er på av for med den ikke til har om var fra ble"),
        Of("fi", "ja on ei että se oli hän mutta kun myös joka ovat olla sekä tai kuin"),
        Of("cs", "a v na se je že z do s o pro to byl byla bylo nebo jako ale který která při"),
        Of("sk", "a v na sa je že z do s o pre to bol bola bolo alebo ako ale ktorý ktorá pri"),
        Of("ro", "și în de la a cu pe nu că este un o din pentru care au fost prin mai"),
        Of("hu", "a az és hogy nem egy is volt meg ez de van csak már vagy mint"),
        Of("tr", "ve bir bu için ile da de olarak olan ne gibi daha çok sonra ama oldu edildi"),
        Of("id", "yang dan di untuk dengan dari ini itu pada tidak oleh akan dalam ke telah"),
        Of("vi", "và của là có cho không được trong một với các đã này những người khi"),
        Of("hr", "i u na je se da za od s ne što koji koja su bio bila kao ali ili"),
        Of("lt", "ir į iš kad yra su ne už buvo tai kaip bet nuo per"),
        Of("et", "ja on ei et see oli ka kui mis oma või aga ning"),
        Of("uk", "і в на з що не до та за від це як для був була про або його"),
        Of("ru", "и в на с что не к по за от это как для был была о или его"),
        Of("bg", "и в на с че не за от е се да по като беше или това"),
        Of("fa", "و در به از که این است با را برای آن شد یک"),
        Of("ur", "کے کی میں اور سے کا ہے کو نے پر یہ"),
        Of("ar", "في من على إلى أن عن مع هذا التي الذي لا ما كان"),
    ];

    /// <summary>The tag of the most likely language; null where the text gives too little away.</summary>
    public static string? Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string head = text.Length > 8_192 ? text[..8_192] : text;
        string script = ScriptOf(head);
        if (script is not ("" or "ru" or "ar"))
        {
            return script;
        }

        string[] words = [.. Words(head).Take(WordsLooked)];
        (string tag, int hits) = Small.Select(s => (s.Tag, Hits: words.Count(s.Words.Contains)))
            .MaxBy(s => s.Hits);
        return hits >= HitsLeast ? tag
            : script == "ru" && head.Any(c => Ukrainian.Contains(c, StringComparison.Ordinal)) ? "uk"
            : script.Length > 0 ? script : null;
    }

    // Chinese characters stand in Japanese too, so its own signs are looked for first.
    private static string ScriptOf(string text)
    {
        Dictionary<string, int> counts = [];
        int letters = 0;
        foreach (Rune rune in text.EnumerateRunes().Where(Rune.IsLetter))
        {
            letters++;
            (_, _, string? tag) = Array.Find(Scripts, s => rune.Value >= s.From && rune.Value <= s.To);
            if (tag is not null)
            {
                counts[tag] = counts.GetValueOrDefault(tag) + 1;
            }
        }

        if (counts.GetValueOrDefault("ja") * 10 > letters)
        {
            return "ja";
        }

        KeyValuePair<string, int> most = counts.DefaultIfEmpty().MaxBy(c => c.Value);
        return most.Value * 2 > letters ? most.Key : "";
    }

    private static IEnumerable<string> Words(string text)
    {
        StringBuilder word = new();
        foreach (char c in text.Normalize(NormalizationForm.FormC) + " ")
        {
            if (char.IsLetter(c) || char.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark)
            {
                word.Append(char.ToLowerInvariant(c));
            }
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }
    }

    private static (string Tag, HashSet<string> Words) Of(string tag, string words) =>
        (tag, new HashSet<string>(words.Split(' '), StringComparer.Ordinal));
}

using System.Text;
using IncidentMesh.Node.Search;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Bench;

/// <summary>Reports made up from word lists of ten languages, the same for the same seed: words by Zipf's
/// law, a topic of each report, facts in the proportions of a real archive.</summary>
internal sealed class SyntheticReports(ulong seed)
{
    /// <summary>The moment at which all of them are in the past: 2026-11-25T10:30:00Z.</summary>
    public const long Now = 1_795_602_600_000;

    private const long YearMilliseconds = 31_536_000_000;

    private static readonly (string Language, string Separator, string[] Words)[] Lists =
    [
        ("en", " ",
            Split("the of a in to and for by with after that was system report model chatbot police arrest "
            + "facial recognition driver robot hospital dose patient school exam loan credit tenant "
            + "benefit court judge "
            + "lawyer citation fake voice clone fraud bank account child image video deepfake election "
            + "candidate translation "
            + "hiring applicant women age bias score camera drone vehicle pedestrian crash brake leak "
            + "data customer privacy "
            + "wrong refused error review paused inquiry apology regulator")),
        ("de", " ",
            Split("der die das und in zu von mit nach wurde System Bericht Modell Gesichtserkennung "
            + "Polizei Festnahme "
            + "Mann Frau Krankenhaus Dosis Patient Schule Prüfung Kredit Miete Wohngeld Gericht Anwalt "
            + "Zitat Stimme Betrug "
            + "Bank Konto Kind Bild Wahl Übersetzung Bewerbung Alter Kamera Drohne Fahrzeug Unfall "
            + "Datenleck Fehler "
            + "Behörde Entschuldigung Prüfbericht falsch verweigert")),
        ("fr", " ",
            Split("le la les de des et à en pour par avec après système rapport modèle reconnaissance "
            + "faciale police "
            + "arrestation homme femme hôpital dose patient école examen crédit loyer allocation tribunal "
            + "avocat citation "
            + "voix fraude banque compte enfant image élection traduction embauche âge caméra drone "
            + "véhicule accident fuite "
            + "données erreur régulateur excuses refus")),
        ("es", " ",
            Split("el la los de y en a para por con tras sistema informe modelo reconocimiento facial "
            + "policía "
            + "detenido hombre mujer hospital dosis paciente escuela examen crédito alquiler ayuda "
            + "tribunal abogado cita voz "
            + "fraude banco cuenta niño imagen elección traducción contratación edad cámara dron vehículo "
            + "accidente fuga "
            + "datos error regulador disculpa")),
        ("ru", " ",
            Split("и в на с по для после система отчёт модель распознавание лиц полиция арест мужчина "
            + "женщина "
            + "больница доза пациент школа экзамен кредит аренда пособие суд адвокат цитата голос "
            + "мошенничество банк счёт "
            + "ребёнок изображение выборы перевод наём возраст камера дрон авария утечка данных ошибка")),
        ("ja", "", Split("顔認証 誤って 逮捕 市 が 謝罪 病院 で 投薬 量 を 誤る 採用 AI 女性 応募者 低く 評価 自動運転 車 歩行者 事故 "
            + "翻訳 選挙 偽 動画 銀行 口座 凍結 子ども 個人情報 漏えい 裁判 弁護士 引用 学校 試験")),
        ("zh", "", Split("人脸识别 系统 误 抓 无辜 男子 医院 剂量 错误 招聘 算法 歧视 女性 自动驾驶 汽车 行人 事故 翻译 选举 伪造 "
            + "视频 银行 账户 冻结 儿童 个人信息 泄露 法院 律师 引用 学校 考试 监管 道歉")),
        ("th", "",
            Split("ระบบ จดจำ ใบหน้า ตำรวจ จับกุม ผิด ตัว โรงพยาบาล ยา ผู้ป่วย โรงเรียน สอบ สินเชื่อ "
            + "ธนาคาร บัญชี เด็ก "
            + "ภาพ เลือกตั้ง แปล รถยนต์ อุบัติเหตุ ข้อมูล รั่วไหล ศาล ทนายความ ขอโทษ")),
        ("ar", " ",
            Split("نظام التعرف على الوجوه الشرطة اعتقال خطأ مستشفى جرعة مريض مدرسة امتحان قرض بنك حساب "
            + "طفل صورة "
            + "انتخابات ترجمة سيارة حادث تسرب بيانات محكمة محام اعتذار تقرير نموذج")),
        ("hi", " ",
            Split("चेहरा पहचान प्रणाली पुलिस गिरफ्तार गलत अस्पताल खुराक मरीज स्कूल परीक्षा ऋण बैंक खाता "
            + "बच्चा छवि चुनाव अनुवाद "
            + "वाहन दुर्घटना डेटा रिसाव अदालत वकील माफी रिपोर्ट चैटबॉट")),
    ];

    private static readonly double[] LanguageShares = [.42, .12, .08, .08, .06, .06, .06, .04, .04, .04];
    private static readonly string[] Countries =
        ["US", "DE", "FR", "ES", "GB", "JP", "CN", "IN", "BR", "TH", "RU", "EG", "IT", "NL"];
    private static readonly string[] Severities =
        ["incident", "hazard", "serious-incident", "serious-hazard", "disaster"];
    private static readonly string[] Harms =
        ["rights", "economic", "psychological", "physical-injury", "reputational", "public-interest",
            "physical-death"];

    private readonly SeededRandom random = new(seed);

    /// <summary>What the reports are about: a few words of one language each.</summary>
    public static IReadOnlyList<string> Topics { get; } =
        [.. Lists.SelectMany(list =>
            list.Words.Skip(10).Chunk(4).Select(words => string.Join(list.Separator, words)))];

    /// <summary>The next report, and the topic that it tells of.</summary>
    public SearchDocument Next(out int topic)
    {
        int language = Pick(LanguageShares);
        (string code, string separator, string[] words) = Lists[language];
        topic = random.Next(Topics.Count);
        byte[] id = new byte[Digest.ByteLength];
        random.Fill(id);
        long created = Now - (long)(random.NextDouble() * 3 * YearMilliseconds);
        return new SearchDocument
        {
            Id = new Digest(id),
            Type = random.Next(10) < 8 ? "incident" : "model-risk",
            Author = Digest.Sha256(Encoding.UTF8.GetBytes($"author {Zipf(200)}")),
            Created = created,
            Received = created + 3_600_000,
            Language = code,
            Title = Sentence(words, separator, 8 + random.Next(6)) + Name(),
            Text = Sentence(words, separator, 50 + random.Next(80)) + Name() + Name(),
            Severity = Severities[Zipf(Severities.Length)],
            Countries = [Countries[Zipf(Countries.Length)]],
            Harms = [Harms[Zipf(Harms.Length)]],
            OccurredFrom = created,
            OccurredTo = created + 86_400_000,
            HasEvidence = random.Next(2) == 0,
            Systems = [Name().Trim()],
            Urls = [$"https://example.org/{random.Next(1_000_000)}"],
        };
    }

    /// <summary>Some words of the reports: what people ask for.</summary>
    public string Words(int count)
    {
        (_, string separator, string[] words) = Lists[Pick(LanguageShares)];
        return string.Join(separator.Length == 0 ? " " : separator,
            Enumerable.Range(0, count).Select(_ => words[10 + random.Next(words.Length - 10)]));
    }

    public int Choose(int count) => random.Next(count);

    public string Country() => Countries[Zipf(Countries.Length)];

    private static string[] Split(string words) => words.Split(' ');

    private string Sentence(string[] words, string separator, int count)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            text.Append(i == 0 ? "" : separator).Append(words[Zipf(words.Length)]);
        }

        return text.ToString();
    }

    /// <summary>A made-up name: most occur a few times in an archive.</summary>
    private string Name()
    {
        const string Consonants = "bdfgklmnprstvz";
        const string Vowels = "aeiou";
        var name = new StringBuilder(" ");
        for (int i = 0; i < 3; i++)
        {
            name.Append(Consonants[random.Next(Consonants.Length)])
                .Append(Vowels[random.Next(Vowels.Length)]);
        }

        return name.ToString();
    }

    /// <summary>0 to <paramref name="count"/> - 1, the lower the more frequent: density falls as one over the
    /// rank.</summary>
    private int Zipf(int count) => (int)Math.Pow(count + 1, random.NextDouble()) - 1;

    private int Pick(double[] shares)
    {
        double place = random.NextDouble();
        int index = 0;
        while (index < shares.Length - 1 && place >= shares[index])
        {
            place -= shares[index++];
        }

        return index;
    }
}

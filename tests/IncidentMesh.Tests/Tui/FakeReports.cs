using System.Globalization;
using System.Text.Json;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Tests.Tui;

/// <summary>Reports in many scripts, written for the golden screens.</summary>
internal static class FakeReports
{
    public static DateTimeOffset Now { get; } = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);

    public static AuthorView Bnetza { get; } = Author("9ksqe3", "bnetza", "own");

    public static AuthorView Acrimed { get; } = Author("4acr2m", "acrimed", "introduced");

    public static AuthorView Garante { get; } = Author("7gar4n", "garante", "trusted");

    public static AuthorView Stranger { get; } = new(
        Id("3fkeaa"), null, "Bundesnetzagentur\u202e \u001b[31m", "unknown");

    /// <summary>The list of the mock-ups, with Arabic, Hebrew, Thai and hostile rows.</summary>
    public static IReadOnlyList<ReportItem> All { get; } =
    [
        Item("7q3kx2m4", "Gesichtserkennung: Mann zu Unrecht festgenommen", "serious-incident", "DE", "de",
            Bnetza,
            23, (5, 3)),
        Item("k2m7w5ra", "Arrêté à tort après une alerte de reconnaissance faciale", "serious-incident",
            "FR", "fr",
            Acrimed, 23, (5, 3)),
        Item("m3xw2qpa", "採用AIが女性の応募者を低く評価", "incident", "JP", "ja", Author("mt", "meti", "trusted"), 22,
            (1, 1)),
        Item("t5ayr2oe", "Toeslagenmodel weegt nationaliteit mee", "incident", "NL", "nl",
            Author("ap", "ap-nl", "trusted"),
            22, (4, 2)) with { State = "corrected" },
        Item("b2siq7aa", "Assistenzmodell nennt tödliche Dosis eines Medikaments", "serious-hazard", "DE",
            "de",
            Author("bs", "bsi", "trusted"), 21, (2, 1)) with { Type = "model-risk" },
        Item("e7ffu2sa", "Tenant score rejects voucher holders", "incident", "US", "en",
            Author("ef", "eff", "introduced"),
            21, (2, 2)) with { Disputed = true },
        Item("i4tag2id", "Ritirato: test di laboratorio", "hazard", "IT", "it",
            Author("ag", "agid", "trusted"), 20, (1, 1))
            with { State = "retracted", Type = "model-risk" },
        Item("h3inq2di", "चैटबॉट की गलती से 9,000 खाते बंद", "disaster", "IN", "hi",
            Author("ce", "cert-in", "trusted"), 19,
            (9, 4)),
        Item("a6rab2ic", "نظام التعرف على الوجوه يخطئ في تحديد هوية مسافر", "incident", "AE", "ar",
            Author("td", "tdra", "trusted"), 18, (2, 2)),
        Item("h5ebr2ew", "אלגוריתם דחה 412 בקשות סיוע", "incident", "IL", "he", Stranger, 18, (1, 1)),
        Item("t7hai2ai", "ระบบคัดกรองผู้ป่วยจัดลำดับความเร่งด่วนผิดพลาด", "serious-incident", "TH", "th",
            Author("th", "nbtc", "introduced"), 17, (1, 1)),
        Item("z4hos2ti", "Pay\u200bpal bot \u202egnp.exe\u001b[2J says hi", "incident", "US", "en", Stranger,
            16, (1, 1)),
        Item("w3zer2cl", "유럽의 채용 심사 모델이 억양을 감점 요소로 처리", "incident", "KR", "ko",
            Author("kr", "kisa", "trusted"), 15, (0, 0)) with { Cluster = null },
        Item("o2ldq7aa", "Benchmark card withdrawn", null, "", "", Author("ol", null, "trusted"), 14, (1, 1))
            with { Created = new DateTimeOffset(2024, 3, 1, 0, 0, 0, TimeSpan.Zero) },
    ];

    public static string Id(string head) => "bafyrei" + head + new string('a', 52 - head.Length);

    public static AuthorView Author(string head, string? name, string standing) =>
        new(Id(head), name, null, standing);

    /// <summary>A report of 2026-11-<paramref name="day"/>.</summary>
    public static ReportItem Item(
        string head, string title, string? severity, string country, string lang, AuthorView author, int day,
        (int Reports, int Independent) cluster) => new()
        {
            Id = Id(head),
            Short = head,
            Type = "incident",
            Author = author,
            Created = new DateTimeOffset(2026, 11, day, 8, 30, 0, TimeSpan.Zero),
            Received = new DateTimeOffset(2026, 11, day, 8, 31, 0, TimeSpan.Zero),
            Tlp = "CLEAR",
            Lang = lang.Length == 0 ? null : lang,
            Title = title,
            Severity = severity is null ? null : new SeverityView(severity, "oecd", null),
            Harm = ["rights"],
            Countries = country.Length == 0 ? [] : [country],
            State = "current",
            Occurred = "2026-11-" + day.ToString(CultureInfo.InvariantCulture),
            Cluster = new ClusterRef(Id(head), cluster.Reports, cluster.Independent),
            Verified = new VerifiedView(true, true, 0),
            Read = true,
        };

    /// <summary>A node that has a Chinese report beside all others.</summary>
    public static FakeNode WithChinese()
    {
        var node = new FakeNode();
        node.Reports.Add(Item(
            "c7hin2se", "招聘算法因口音给求职者打低分", "incident", "CN", "zh", Stranger, 13, (1, 1)));
        return node;
    }

    /// <summary>A report of today that is not in the list yet.</summary>
    public static ReportItem Fresh(int number) => Item(
        $"n{(char)('a' + number)}ew2aab", $"Stimmerkennung weist Anrufer ab ({number})", "incident",
        "DE", "de", Garante, 24, (1, 1)) with { Read = false };

    /// <summary>The first version of the first report.</summary>
    public static ReportView FirstVersion => View(All[0]) with
    {
        Report = All[0] with { Id = Id("v1"), Title = "Mann zu Unrecht festgenommen" },
        Description = "Am 18. November nahm die Polizei einen Mann fest.\n\n"
            + "Die Trefferliste nannte 0,83 als Ähnlichkeit.",
    };

    /// <summary>Everything about a report of the list.</summary>
    public static ReportView View(ReportItem item)
    {
        JsonElement body = JsonDocument.Parse(
            """
            {"systems":[{"name":"FaceSure","version":"4.1"}],"developers":[{"name":"Novara GmbH"}]}
            """).RootElement;
        bool first = item.Short == "7q3kx2m4";
        return new ReportView
        {
            Report = item,
            Description = Description(item),
            Body = first ? body : null,
            Checks =
            [
                new CheckView("signature", true, "Ed25519, by the key that the author named"),
                new CheckView("body", true, "SHA-256 is the one in the header"),
                new CheckView("identity", item.Author.Standing != "unknown", item.Author.Standing == "unknown"
                    ? "the author's inception event is missing"
                        : "key added by the author on 2026-03-02, not revoked"),
                new CheckView("chain", true, "214 of 214 records of this key are here"),
                new CheckView("fields", true, "every field keeps its rule"),
            ],
            Answers = first
                ? [
                    new AnswerView(
                        Id("ans1"), "corroborate", "document", null, Garante, item.Created.AddDays(1)),
                    new AnswerView(
                        Id("ans2"), "dispute", null, "not our build", Author("nv", "novara", "introduced"),
                        item.Created.AddDays(1)),
                    new AnswerView(
                        Id("ans3"), "cannot-confirm", "first-hand", "لا يمكننا تأكيد ذلك", Stranger,
                        item.Created.AddDays(1)),
                ] : [],
            History = first
                ? [
                    new VersionView(Id("v1"), "original", item.Created.AddDays(-1), null, false),
                    new VersionView(item.Id, "correction", item.Created, "wrong date", true),
                ] : [],
            Evidence = first ? ["https://example.org/inquiry/2026-11", "sha256:5be170c2"] : [],
            Key = "z6MkfakeKey",
            Seq = 214,
        };
    }

    private static string Description(ReportItem item) => item.Short switch
    {
        "7q3kx2m4" =>
            "Am 19. November nahm die Polizei einen Mann fest, den eine Software als gesucht meldete. "
            + "Er saß 31 Stunden in Haft.\n\nDie Trefferliste nannte 0,83 als Ähnlichkeit.",
        "a6rab2ic" =>
            "أوقف النظام مسافراً في المطار بعد تطابق خاطئ مع صورة شخص آخر، واستمر الاحتجاز أربع ساعات.",
        "m3xw2qpa" => "採用支援AIが女性の応募者の評価点を平均で12点低く算出していたことが、社内監査で判明した。",
        "t7hai2ai" =>
            "ระบบคัดกรองผู้ป่วยจัดลำดับความเร่งด่วนผิดพลาด ทำให้ผู้ป่วยสามรายต้องรอเกินเวลาที่กำหนด",
        "h3inq2di" => "चैटबॉट ने ग्राहकों के अनुरोध को गलत समझा और बिना जाँच के 9,000 खाते बंद कर दिए।",
        _ => "One line of text.\u001b]0;owned\u0007",
    };
}

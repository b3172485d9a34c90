using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Tests.Tui;

/// <summary>What waits for a decision in the golden screens.</summary>
internal static class FakeReview
{
    public static ReviewView Full { get; } = new(
        "incidentmesh/1",
        [
            Waiting("q1aaaa2a", "Wahl-Chatbot empfiehlt eine Partei", FakeReports.Stranger,
                "calls itself like @bnetza, signs with another key"),
            Waiting("q2bbbb2b", "Chatbot leaks tenant files\u001b[2J",
                new AuthorView(FakeReports.Id("q7taaa"), null, "Digital Rights Watch", "unknown"), null),
            Waiting("q3cccc2c", "نظام التعرف على الوجوه يخطئ",
                new AuthorView(FakeReports.Id("z4rbaa"), null, "جمعية", "unknown"), null),
        ],
        [
            new ProposedPairView(
                FakeReports.All[0],
                FakeReports.Item(
                    "pp4zt6c3", "Arresto errato a Colonia con riconoscimento facciale", "incident", "IT",
                    "it",
                    FakeReports.Garante, 22, (5, 3)),
                .91, "very-likely", ["text .83 de-it", "same system", "rare words: Novara, FaceSure"]),
        ],
        [
            new WaitingAuthor(
                FakeReports.Stranger, 2, 4096, FakeReports.Now.AddDays(-1), "not on your list",
                "calls itself like @bnetza, signs with another key"),
        ],
        [],
        new QuarantineRoom(9, 4096, 104_858, 67_108_864),
        9,
        [])
    {
        DuplicatesTotal = 1204,
        AuthorsTotal = 6,
    };

    private static QuarantineItem Waiting(string head, string title, AuthorView author, string? warning) =>
        new(
            FakeReports.Item(head, title, "incident", "DE", "de", author, 24, (1, 1)) with
            {
                State = "quarantined",
            },
            "author not on your list; nobody you trust names it", warning, "z6MkfakeKey", true, null,
            2048, 30);
}

using System.Text;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Bench;

/// <summary>A folder with a log of many signed reports of many authors, as a node of a year leaves
/// it.</summary>
internal static class StartArchive
{
    private const int Authors = 200, DescriptionWords = 120, Batch = 2_000;
    private const long FirstCreated = 1_735_689_600;

    private static readonly string[] Countries = ["DE", "FR", "JP", "US", "NL", "IN", "BR", "IT", "ES", "PL"];
    private static readonly string[] Languages = ["de", "fr", "ja", "en", "nl", "hi", "pt", "it", "es", "pl"];
    private static readonly string[] Severities =
        ["hazard", "serious-hazard", "incident", "serious-incident", "disaster"];

    private static readonly string[] Words =
        ("the system scored every applicant and refused benefits without review after an update of its data "
        + "while nobody could see why a court later found that operator vendor model camera match was wrong")
        .Split(' ');

    /// <summary>Opens the key files of the folder.</summary>
    public const string Passphrase = "a passphrase of the benchmark";

    /// <summary>Writes identities and reports into a folder; each author's reports are one chain.</summary>
    public static async Task FillAsync(DataFolder folder, int reports)
    {
        Keyring.Create(folder, Passphrase, sealDevice: false, FirstCreated).Dispose();
        await using RecordLog log = RecordLog.Open(folder.Log);
        var random = new SeededRandom(7);
        Writer[] writers = [.. Enumerable.Range(0, Authors).Select(n => new Writer(n))];
        await log.AppendAsync(
            [.. writers.Select(w => Entry(FrameKind.IdentityEvent, w.Inception.Envelope, default, 0))]);
        await log.AppendAsync([.. writers.Select(w => TrustIn(w.Inception.Author))]);
        for (int start = 0; start < reports; start += Batch)
        {
            int count = Math.Min(Batch, reports - start);
            var entries = new LogEntry[count];
            for (int i = 0; i < count; i++)
            {
                int n = start + i;
                Writer writer = writers[random.Next(Authors)];
                SignedRecord signed = writer.Sign(Body(n, random), CreatedOf(n), Languages[n % 10]);
                entries[i] = Entry(FrameKind.Record, signed.Record.Envelope, signed.Body, n);
            }
            await log.AppendAsync(entries);
        }
    }

    private static LogEntry TrustIn(Cid author) =>
        new LocalEntry.TrustAuthor(author.ToString()).ToFrame(Instant.FromUnixSeconds(FirstCreated));

    private static long CreatedOf(int n) => FirstCreated + (n * 300L);

    private static LogEntry Entry(
        FrameKind kind, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> body, int n) =>
        new(kind, head, body, Instant.FromUnixSeconds(CreatedOf(n)));

    private static IncidentBody Body(int n, SeededRandom random) => new()
    {
        Title = $"Report {n}: {Text(random, 10)}",
        Description = Text(random, DescriptionWords),
        Countries = [Countries[random.Next(10)]],
        Severity = new Severity(Severities[random.Next(5)], "oecd"),
        HarmTypes = ["rights"],
        AiRole = "direct-cause",
    };

    private static string Text(SeededRandom random, int words) =>
        string.Join(' ', Enumerable.Range(0, words).Select(_ => Words[random.Next(Words.Length)]));

    private sealed class Writer
    {
        private readonly RecordBuilder _builder;
        private Head[] _heads = [];

        public Writer(int n)
        {
            SigningKey Key(string use) => SigningKey.FromSeed(
                Digest.Sha256(Encoding.ASCII.GetBytes($"{use} of author {n}")).ToArray());
            SigningKey device = Key("device");
            Inception = IdentityEvent.Inception(
                Key("root"), IdentityEvent.Commitment(Key("next").Public),
                [KeyGrant.Signing(device.Public)], FirstCreated);
            _builder = new RecordBuilder(Inception.Author, device, Inception.Id, new byte[32]);
        }

        public IdentityEvent Inception { get; }

        public SignedRecord Sign(IncidentBody body, long created, string language)
        {
            SignedRecord signed = _builder.Sign(body, _heads, created, language);
            _heads = [new Head(signed.Record.Id, signed.Record.Header.Seq)];
            return signed;
        }
    }
}

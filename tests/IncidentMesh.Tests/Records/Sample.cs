using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Records;

/// <summary>An author with one device, and records of hers.</summary>
internal sealed class Sample
{
    internal const long Created = 1_764_000_000;

    internal Sample(byte number = 1)
    {
        Root = Key(number, 1);
        NextRoot = Key(number, 2);
        Device = Key(number, 3);
        Inception = IdentityEvent.Inception(
            Root, IdentityEvent.Commitment(NextRoot.Public), [KeyGrant.Signing(Device.Public)], Created);
        Builder = new RecordBuilder(Inception.Id, Device, Inception.Id, new byte[32]);
        Book = new IdentityBook();
        Assert.IsType<IdentityOutcome.Added>(Book.Apply(Inception));
    }

    internal SigningKey Root { get; }

    internal SigningKey NextRoot { get; }

    internal SigningKey Device { get; }

    internal IdentityEvent Inception { get; }

    internal RecordBuilder Builder { get; }

    internal IdentityBook Book { get; }

    internal static SigningKey Key(byte number, byte use)
    {
        byte[] seed = new byte[32];
        seed[0] = number;
        seed[1] = use;
        return SigningKey.FromSeed(seed);
    }

    internal static IncidentBody Body(string title = "Chatbot names a wrong deadline") => new()
    {
        Title = title,
        Description = "A city's chatbot told a client that no deadline applies.",
        AiRole = "direct-cause",
        Severity = new Severity("incident", Severity.Oecd),
        HarmTypes = ["economic", "rights"],
        Countries = ["DE"],
        Evidence = [new Evidence(Url: "https://example.org/a", Sha256: Digest.Sha256("file"u8))],
        Systems = [new AiSystem(
            "CityBot", "2.1", Models: [new Model("tiny-tune", Purl: "pkg:huggingface/acme/tiny-tune")])],
    };

    internal SignedRecord Sign(
        string title = "Chatbot names a wrong deadline",
        IReadOnlyCollection<Head>? heads = null,
        IReadOnlyList<Relation>? relations = null,
        long created = Created) => Builder.Sign(Body(title), heads ?? [], created, "en", relations);
}

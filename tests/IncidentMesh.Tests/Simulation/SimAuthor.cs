using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Tests.Simulation;

/// <summary>An identity with one device key that signs records in a simulation.</summary>
internal sealed class SimAuthor : IDisposable
{
    private readonly SigningKey _device;
    private readonly RecordBuilder _builder;

    public SimAuthor(SeededRandom random, long created)
    {
        Span<byte> seed = stackalloc byte[32];
        random.Fill(seed);
        using SigningKey root = SigningKey.FromSeed(seed);
        random.Fill(seed);
        _device = SigningKey.FromSeed(seed);
        random.Fill(seed);
        Inception = IdentityEvent.Inception(
            root, new Digest(seed), [KeyGrant.Signing(_device.Public)], created);
        _builder = new RecordBuilder(Inception.Id, _device, Inception.Id, seed[..16].ToArray());
    }

    public IdentityEvent Inception { get; }

    public Cid Id => Inception.Id;

    public PublicKey Key => _device.Public;

    public SignedRecord Report(string title, IReadOnlyCollection<Head> heads, long created) => _builder.Sign(
        RecordTypes.Incident,
        new IpldMap([new("title", new IpldText(title))]),
        heads,
        created);

    public SignedRecord TrustList(IEnumerable<Cid> authors, IReadOnlyCollection<Head> heads, long created)
    {
        var body = new TrustListBody { Entries = [.. authors.Select(author => new TrustEntry(author))] };
        return _builder.Sign(body, heads, created);
    }

    public void Dispose() => _device.Dispose();
}

using NSec.Cryptography;

namespace IncidentMesh.Protocol.Identity;

/// <summary>An Ed25519 private key, made from a 32-byte seed (RFC 8032, 5.1.5).</summary>
public sealed class SigningKey : IDisposable
{
    /// <summary>Length of the seed in bytes.</summary>
    public const int SeedLength = 32;

    private readonly Key _key;

    private SigningKey(Key key)
    {
        _key = key;
        Public = new PublicKey(key.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <summary>The public half.</summary>
    public PublicKey Public { get; }

    /// <summary>The key of a seed that its owner drew from a cryptographic random source.</summary>
    /// <exception cref="FormatException">Not 32 bytes.</exception>
    public static SigningKey FromSeed(ReadOnlySpan<byte> seed) => new(Key.Import(
        SignatureAlgorithm.Ed25519,
        seed,
        KeyBlobFormat.RawPrivateKey,
        new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }));

    /// <summary>The 64-byte signature of <paramref name="data"/>.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data) => SignatureAlgorithm.Ed25519.Sign(_key, data);

    /// <summary>The seed, for a key file. The caller clears it.</summary>
    public byte[] ExportSeed() => _key.Export(KeyBlobFormat.RawPrivateKey);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}

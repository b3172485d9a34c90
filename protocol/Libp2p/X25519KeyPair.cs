using NSec.Cryptography;

namespace IncidentMesh.Protocol.Libp2p;

/// <summary>An X25519 key pair of one session (RFC 7748). Never written to disk.</summary>
public sealed class X25519KeyPair : IDisposable
{
    /// <summary>Bytes of a public key, a private key and a shared secret.</summary>
    public const int Length = 32;

    private readonly Key _key;

    /// <summary>The pair of a private key.</summary>
    /// <param name="secret">32 random bytes.</param>
    public X25519KeyPair(ReadOnlySpan<byte> secret)
    {
        _key = Key.Import(KeyAgreementAlgorithm.X25519, secret, KeyBlobFormat.RawPrivateKey);
        Public = _key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
    }

    /// <summary>The public key: 32 bytes.</summary>
    public ReadOnlyMemory<byte> Public { get; }

    /// <summary>The shared secret with a peer's public key.</summary>
    /// <param name="peer">32 bytes, as received.</param>
    /// <param name="secret">Takes 32 bytes.</param>
    /// <returns>False when the peer's key is of small order, which would make the secret known to
    /// all.</returns>
    public bool TryAgree(ReadOnlySpan<byte> peer, Span<byte> secret)
    {
        if (!NSec.Cryptography.PublicKey.TryImport(
            KeyAgreementAlgorithm.X25519, peer, KeyBlobFormat.RawPublicKey,
                out NSec.Cryptography.PublicKey? key)
            || key is null)
        {
            return false;
        }

        var exportable = new SharedSecretCreationParameters
        {
            ExportPolicy = KeyExportPolicies.AllowPlaintextArchiving,
        };
        using SharedSecret? shared = KeyAgreementAlgorithm.X25519.Agree(_key, key, in exportable);
        if (shared is null)
        {
            return false;
        }

        return shared.TryExport(SharedSecretBlobFormat.RawSharedSecret, secret, out int written)
            && written == Length;
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}

using System.Diagnostics.CodeAnalysis;
using System.Text;
using NSec.Cryptography;

namespace IncidentMesh.Protocol.Identity;

/// <summary>Bytes sealed to an X25519 public key: whoever seals needs no secret, whoever opens needs the
/// secret key. For what stays on one machine, drafts; records have their own sealing.
/// <c>specs/drafts.md</c>.</summary>
/// <remarks><code>
/// box = ephemeral(32) ciphertext
/// key = HKDF-SHA256(X25519(ephemeral, recipient), salt = ephemeral || recipient, info = purpose)  RFC 7748,
/// 5869 ciphertext = XChaCha20-Poly1305(key, nonce = zero(24)), each key being used once
/// </code></remarks>
public static class SealedBox
{
    /// <summary>Bytes of a key of either kind.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes by which a box is longer than what it holds.</summary>
    public const int Overhead = KeyLength + 16;

    private static readonly byte[] Nonce = new byte[24];

    /// <summary>The public key of a secret.</summary>
    /// <param name="secret">32 random bytes.</param>
    public static byte[] PublicOf(ReadOnlySpan<byte> secret)
    {
        using Key key = Key.Import(KeyAgreementAlgorithm.X25519, secret, KeyBlobFormat.RawPrivateKey);
        return key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
    }

    /// <summary>Seals.</summary>
    /// <param name="recipient">A public key.</param>
    /// <param name="content">What is sealed.</param>
    /// <param name="purpose">Keeps the boxes of one use apart from those of another.</param>
    /// <param name="random">32 bytes from a cryptographic random source, used once.</param>
    public static byte[] Seal(
        ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> content, string purpose, ReadOnlySpan<byte> random)
    {
        using Key ephemeral = Key.Import(KeyAgreementAlgorithm.X25519, random, KeyBlobFormat.RawPrivateKey);
        byte[] sender = ephemeral.PublicKey.Export(KeyBlobFormat.RawPublicKey);
        using Key key = Derive(ephemeral, recipient, [.. sender, .. recipient], purpose)
            ?? throw new ArgumentException("no X25519 public key", nameof(recipient));
        return [.. sender, .. AeadAlgorithm.XChaCha20Poly1305.Encrypt(key, Nonce, [], content)];
    }

    /// <summary>Opens; false where the box was sealed to another key or for another purpose, or was
    /// changed.</summary>
    public static bool TryOpen(
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> box,
        string purpose,
        [NotNullWhen(true)] out byte[]? content)
    {
        content = null;
        if (box.Length < Overhead)
        {
            return false;
        }

        ReadOnlySpan<byte> sender = box[..KeyLength];
        using Key own = Key.Import(KeyAgreementAlgorithm.X25519, secret, KeyBlobFormat.RawPrivateKey);
        byte[] recipient = own.PublicKey.Export(KeyBlobFormat.RawPublicKey);
        using Key? key = Derive(own, sender, [.. sender, .. recipient], purpose);
        content = key is null ? null
            : AeadAlgorithm.XChaCha20Poly1305.Decrypt(key, Nonce, [], box[KeyLength..]);
        return content is not null;
    }

    // Null for a point of small order.
    private static Key? Derive(Key own, ReadOnlySpan<byte> other, byte[] salt, string purpose)
    {
        if (!NSec.Cryptography.PublicKey.TryImport(
            KeyAgreementAlgorithm.X25519, other, KeyBlobFormat.RawPublicKey,
            out NSec.Cryptography.PublicKey? point) || point is null)
        {
            return null;
        }

        using SharedSecret? shared = KeyAgreementAlgorithm.X25519.Agree(own, point);
        return shared is null ? null
            : KeyDerivationAlgorithm.HkdfSha256.DeriveKey(
                shared, salt, Encoding.ASCII.GetBytes(purpose), AeadAlgorithm.XChaCha20Poly1305);
    }
}

using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol.Wire;
using NSec.Cryptography;
using Ed25519Key = NSec.Cryptography.PublicKey;

namespace IncidentMesh.Protocol.Identity;

/// <summary>An Ed25519 public key (RFC 8032): 32 bytes. Verification is pinned as <c>specs/identity.md</c>,
/// "Ed25519" says: strict, cofactorless, small-order keys and nonces refused.</summary>
public readonly struct PublicKey : IEquatable<PublicKey>
{
    /// <summary>Length in bytes.</summary>
    public const int ByteLength = 32;

    /// <summary>Length of a signature in bytes.</summary>
    public const int SignatureLength = 64;

    /// <summary>Length of the multikey form: <c>ed 01</c> and the key.</summary>
    public const int MultikeyLength = 34;

    private static readonly SignatureAlgorithm Algorithm = SignatureAlgorithm.Ed25519;
    private readonly Digest _bytes;

    /// <summary>Takes 32 bytes as they are; whether they are a point shows when a signature is
    /// checked.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public PublicKey(ReadOnlySpan<byte> bytes) => _bytes = new Digest(bytes);

    /// <summary>Reads <c>ed 01</c> and 32 bytes (multicodec ed25519-pub).</summary>
    public static bool TryReadMultikey(
        ReadOnlySpan<byte> bytes, out PublicKey key, [NotNullWhen(false)] out Fault? fault)
    {
        key = default;
        if (bytes.Length != MultikeyLength || bytes[0] != 0xed || bytes[1] != 0x01)
        {
            fault = Fault.Message("key-form", "expected a multikey: ed01 and 32 bytes");
            return false;
        }

        key = new PublicKey(bytes[2..]);
        fault = null;
        return true;
    }

    /// <summary>True where <paramref name="signature"/> is one of this key over <paramref
    /// name="data"/>.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        CopyTo(bytes);
        return signature.Length == SignatureLength
            && Ed25519Key.TryImport(Algorithm, bytes, KeyBlobFormat.RawPublicKey, out Ed25519Key? key)
            && key is not null
            && Algorithm.Verify(key, data, signature);
    }

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination) => _bytes.CopyTo(destination);

    /// <summary>The 32 bytes.</summary>
    public byte[] ToArray() => _bytes.ToArray();

    /// <summary><c>ed 01</c> and the 32 bytes.</summary>
    public byte[] ToMultikey()
    {
        byte[] bytes = new byte[MultikeyLength];
        bytes[0] = 0xed;
        bytes[1] = 0x01;
        CopyTo(bytes.AsSpan(2));
        return bytes;
    }

    /// <summary>Multibase text of the multikey, <c>z6Mk…</c>.</summary>
    public override string ToString() => "z" + Base58.Encode(ToMultikey());

    /// <inheritdoc/>
    public bool Equals(PublicKey other) => _bytes == other._bytes;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PublicKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _bytes.GetHashCode();

    /// <summary>Equal bytes.</summary>
    public static bool operator ==(PublicKey left, PublicKey right) => left.Equals(right);

    /// <summary>Unequal bytes.</summary>
    public static bool operator !=(PublicKey left, PublicKey right) => !left.Equals(right);
}

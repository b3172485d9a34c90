using System.Security.Cryptography;

namespace IncidentMesh.Protocol.Libp2p;

/// <summary>The hash and chaining key of a Noise handshake: SymmetricState of Noise revision 34, section 5.2,
/// for SHA-256 and ChaCha20-Poly1305. HKDF is that of section 4.3: two outputs of HMAC-SHA-256.</summary>
internal sealed class NoiseSymmetricState : IDisposable
{
    private const int HashLength = 32;

    private readonly byte[] _hash = new byte[HashLength];
    private readonly byte[] _chain = new byte[HashLength];
    private NoiseCipher? _cipher;

    /// <summary>Starts from a protocol name of at most 32 bytes, padded with zeros.</summary>
    public NoiseSymmetricState(ReadOnlySpan<byte> protocolName)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(protocolName.Length, HashLength);
        protocolName.CopyTo(_hash);
        _hash.CopyTo(_chain, 0);
    }

    /// <summary>The handshake hash: binds everything sent so far.</summary>
    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>Bytes that <see cref="Encrypt"/> adds: none before the first key.</summary>
    public int Overhead => _cipher is null ? 0 : NoiseCipher.TagLength;

    /// <summary>h = SHA-256(h || data).</summary>
    public void MixHash(ReadOnlySpan<byte> data)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(_hash);
        sha.AppendData(data);
        sha.GetHashAndReset(_hash);
    }

    /// <summary>ck, k = HKDF(ck, material).</summary>
    public void MixKey(ReadOnlySpan<byte> material)
    {
        Span<byte> key = stackalloc byte[HashLength];
        Derive(material, _chain, key);
        _cipher?.Dispose();
        _cipher = new NoiseCipher(key);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Encrypts with the handshake hash as associated data, and mixes in the ciphertext.</summary>
    /// <param name="plaintext">The bytes.</param>
    /// <param name="destination">Takes plaintext plus <see cref="Overhead"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public int Encrypt(ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        int length = plaintext.Length + Overhead;
        if (_cipher is null)
        {
            plaintext.CopyTo(destination);
        }
        else
        {
            _cipher.TryEncrypt(_hash, plaintext, destination);
        }

        MixHash(destination[..length]);
        return length;
    }

    /// <summary>Undoes <see cref="Encrypt"/>; false when the ciphertext is short or not authentic.</summary>
    public bool TryDecrypt(ReadOnlySpan<byte> ciphertext, Span<byte> destination)
    {
        if (_cipher is null)
        {
            ciphertext.CopyTo(destination);
        }
        else if (!_cipher.TryDecrypt(_hash, ciphertext, destination))
        {
            return false;
        }

        MixHash(ciphertext);
        return true;
    }

    /// <summary>The two transport ciphers: what the initiator sends with, what the responder sends
    /// with.</summary>
    public (NoiseCipher Initiator, NoiseCipher Responder) Split()
    {
        Span<byte> first = stackalloc byte[HashLength];
        Span<byte> second = stackalloc byte[HashLength];
        Derive([], first, second);
        var split = (new NoiseCipher(first), new NoiseCipher(second));
        CryptographicOperations.ZeroMemory(first);
        CryptographicOperations.ZeroMemory(second);
        return split;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cipher?.Dispose();
        CryptographicOperations.ZeroMemory(_chain);
    }

    private void Derive(ReadOnlySpan<byte> material, Span<byte> first, Span<byte> second)
    {
        Span<byte> temporary = stackalloc byte[HashLength];
        HMACSHA256.HashData(_chain, material, temporary);
        Span<byte> block = stackalloc byte[HashLength + 1];
        block[0] = 1;
        HMACSHA256.HashData(temporary, block[..1], first);
        first.CopyTo(block);
        block[HashLength] = 2;
        HMACSHA256.HashData(temporary, block, second);
        CryptographicOperations.ZeroMemory(temporary);
        CryptographicOperations.ZeroMemory(block);
    }
}

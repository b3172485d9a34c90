using System.Buffers.Binary;
using System.Security.Cryptography;

namespace IncidentMesh.Protocol.Libp2p;

/// <summary>One direction of a Noise session: ChaCha20-Poly1305 under one key and a counter.
/// Noise revision 34, section 5.1 (CipherState) and 12.3; RFC 8439.</summary>
/// <remarks><code>nonce = 4 zero bytes, u64 little-endian counter; the counter 2^64 - 1 is never
/// used</code></remarks>
public sealed class NoiseCipher : IDisposable
{
    /// <summary>Bytes that encryption adds: the Poly1305 tag.</summary>
    public const int TagLength = 16;

    private readonly ChaCha20Poly1305 _aead;
    private ulong _counter;

    /// <summary>A cipher at a counter.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="counter">The first counter: 0, except in tests of its end.</param>
    public NoiseCipher(ReadOnlySpan<byte> key, ulong counter = 0)
    {
        _aead = new ChaCha20Poly1305(key);
        _counter = counter;
    }

    /// <summary>Whether every counter was used: nothing can be encrypted or decrypted any more.</summary>
    public bool IsExhausted => _counter == ulong.MaxValue;

    /// <summary>Encrypts one message.</summary>
    /// <param name="associated">Bytes that are authenticated, not encrypted.</param>
    /// <param name="plaintext">At most 65,519 bytes.</param>
    /// <param name="destination">Takes the ciphertext and its tag: 16 bytes more than the plaintext.</param>
    /// <returns>False when the counter is exhausted.</returns>
    public bool TryEncrypt(ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext,
        Span<byte> destination)
    {
        if (IsExhausted)
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[12];
        WriteNonce(nonce);
        _aead.Encrypt(
            nonce, plaintext, destination[..plaintext.Length],
            destination.Slice(plaintext.Length, TagLength), associated);
        _counter++;
        return true;
    }

    /// <summary>Decrypts one message.</summary>
    /// <param name="associated">The bytes that were authenticated beside it.</param>
    /// <param name="ciphertext">Ciphertext and tag: at least 16 bytes.</param>
    /// <param name="destination">Takes the plaintext: 16 bytes less than the ciphertext.</param>
    /// <returns>False when it is too short, not authentic, or the counter is exhausted; the counter then
    /// stands.</returns>
    public bool TryDecrypt(ReadOnlySpan<byte> associated, ReadOnlySpan<byte> ciphertext,
        Span<byte> destination)
    {
        if (IsExhausted || ciphertext.Length < TagLength)
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[12];
        WriteNonce(nonce);
        int length = ciphertext.Length - TagLength;
        try
        {
            _aead.Decrypt(nonce, ciphertext[..length], ciphertext[length..], destination[..length],
                associated);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        _counter++;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _aead.Dispose();

    private void WriteNonce(Span<byte> nonce)
    {
        nonce[..4].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], _counter);
    }
}

using System.Diagnostics.CodeAnalysis;

namespace IncidentMesh.Protocol.Libp2p;

/// <summary>The three messages of <c>Noise_XX_25519_ChaChaPoly_SHA256</c> (Noise revision 34, sections 5.3
/// and 7.5; <c>specs/libp2p.md</c> 3). Framing and the meaning of payloads are
/// <see cref="NoiseChannel"/>'s.</summary>
/// <remarks><code>
/// -> e, payload                32 + n
/// &lt;- e, ee, s, es, payload     32 + 48 + n + 16
/// -> s, se, payload            48 + n + 16
/// </code></remarks>
public sealed class NoiseHandshake : IDisposable
{
    private const int KeyLength = X25519KeyPair.Length;

    private readonly NoiseSymmetricState _state = new("Noise_XX_25519_ChaChaPoly_SHA256"u8);
    private readonly bool _initiator;
    private readonly X25519KeyPair _static;
    private readonly X25519KeyPair _ephemeral;
    private readonly byte[] _remoteStatic = new byte[KeyLength];
    private readonly byte[] _remoteEphemeral = new byte[KeyLength];
    private int _message;

    /// <summary>Starts a handshake.</summary>
    /// <param name="initiator">Whether this side sends the first message.</param>
    /// <param name="staticSecret">32 random bytes: the static key, new for each session.</param>
    /// <param name="ephemeralSecret">32 random bytes: the ephemeral key.</param>
    /// <param name="prologue">Bytes that both sides must share; empty in libp2p.</param>
    public NoiseHandshake(
        bool initiator, ReadOnlySpan<byte> staticSecret, ReadOnlySpan<byte> ephemeralSecret,
        ReadOnlySpan<byte> prologue = default)
    {
        _initiator = initiator;
        _static = new X25519KeyPair(staticSecret);
        _ephemeral = new X25519KeyPair(ephemeralSecret);
        _state.MixHash(prologue);
    }

    /// <summary>Whether all three messages have passed.</summary>
    public bool IsComplete => _message == 3;

    /// <summary>Whether the next message is this side's to write.</summary>
    public bool IsWriting => !IsComplete && (_message % 2 == 0) == _initiator;

    /// <summary>Messages that have passed either way: 0 to 3.</summary>
    public int MessagesPassed => _message;

    /// <summary>Hash over the whole handshake: 32 bytes, the same on both sides.</summary>
    public ReadOnlySpan<byte> Hash => _state.Hash;

    /// <summary>This side's static public key: 32 bytes.</summary>
    public ReadOnlyMemory<byte> Static => _static.Public;

    /// <summary>The peer's static public key: 32 bytes, known once its message was read.</summary>
    public ReadOnlyMemory<byte> RemoteStatic => _remoteStatic;

    /// <summary>Writes the next message of this side.</summary>
    /// <exception cref="InvalidOperationException">It is not this side's turn.</exception>
    /// <returns>The message without its length; null when the peer's keys were of small order.</returns>
    public byte[]? Write(ReadOnlySpan<byte> payload)
    {
        if (!IsWriting)
        {
            throw new InvalidOperationException("It is the peer's turn to write.");
        }

        var message = new byte[payload.Length + (2 * KeyLength) + (2 * NoiseCipher.TagLength)];
        int at = 0;
        if (_message < 2)
        {
            _ephemeral.Public.Span.CopyTo(message);
            _state.MixHash(_ephemeral.Public.Span);
            at = KeyLength;
        }

        if (_message == 1 && !MixAgreement(_ephemeral, _remoteEphemeral))
        {
            return null;
        }

        if (_message > 0)
        {
            at += _state.Encrypt(_static.Public.Span, message.AsSpan(at));
            if (!MixAgreement(_static, _remoteEphemeral))
            {
                return null;
            }
        }

        at += _state.Encrypt(payload, message.AsSpan(at));
        _message++;
        return message[..at];
    }

    /// <summary>Reads the next message of the peer.</summary>
    /// <param name="message">The message without its length.</param>
    /// <param name="payload">The payload that it carried.</param>
    /// <param name="fault"><c>noise-message</c>: short, not authentic, or with a key of small order.</param>
    public bool TryRead(
        ReadOnlySpan<byte> message, [NotNullWhen(true)] out byte[]? payload,
        [NotNullWhen(false)] out Fault? fault)
    {
        payload = null;
        fault = Fault.Connection("noise-message",
            $"handshake message {_message + 1} is short or not authentic");
        if (IsComplete || IsWriting)
        {
            return false;
        }

        if (_message < 2)
        {
            if (message.Length < KeyLength)
            {
                return false;
            }

            message[..KeyLength].CopyTo(_remoteEphemeral);
            _state.MixHash(_remoteEphemeral);
            message = message[KeyLength..];
        }

        if (_message == 1 && !MixAgreement(_ephemeral, _remoteEphemeral))
        {
            return false;
        }

        if (_message > 0)
        {
            int sealedKey = KeyLength + NoiseCipher.TagLength;
            if (message.Length < sealedKey || !_state.TryDecrypt(message[..sealedKey], _remoteStatic)
                || !MixAgreement(_ephemeral, _remoteStatic))
            {
                return false;
            }

            message = message[sealedKey..];
        }

        if (message.Length < _state.Overhead)
        {
            return false;
        }

        var plain = new byte[message.Length - _state.Overhead];
        if (!_state.TryDecrypt(message, plain))
        {
            return false;
        }

        _message++;
        payload = plain;
        fault = null;
        return true;
    }

    /// <summary>The transport ciphers of a complete handshake.</summary>
    public (NoiseCipher Send, NoiseCipher Receive) Split()
    {
        (NoiseCipher initiator, NoiseCipher responder) = _state.Split();
        return _initiator ? (initiator, responder) : (responder, initiator);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _state.Dispose();
        _static.Dispose();
        _ephemeral.Dispose();
    }

    private bool MixAgreement(X25519KeyPair own, ReadOnlySpan<byte> remote)
    {
        Span<byte> secret = stackalloc byte[KeyLength];
        if (!own.TryAgree(remote, secret))
        {
            return false;
        }

        _state.MixKey(secret);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(secret);
        return true;
    }
}

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Protocol.Libp2p;

/// <summary>The <c>/noise</c> channel of libp2p: handshake, then encrypted frames (<c>specs/libp2p.md</c>
/// 3).</summary>
/// <remarks><code>frame = u16 big-endian length, body of at most 65,535 bytes; plaintext at most
/// 65,519</code></remarks>
public sealed class NoiseChannel : IDisposable
{
    /// <summary>The protocol id on the wire.</summary>
    public const string ProtocolId = "/noise";

    /// <summary>Bytes that a sealed frame is longer than its plaintext: length and tag.</summary>
    public const int Overhead = LengthPrefix + NoiseCipher.TagLength;

    private const int LengthPrefix = 2;

    private readonly SigningKey _host;
    private readonly IReadOnlyList<string> _muxers;
    private readonly PeerId? _expected;
    private readonly NoiseHandshake _handshake;
    private readonly Queue<NoiseOutput> _outputs = new();
    private readonly Instant _deadline;
    private NoiseCipher? _send;
    private NoiseCipher? _receive;
    private byte[] _partial = [];
    private int _partialLength;
    private byte[] _plain = [];
    private int _plainUsed;
    private bool _failed;

    /// <summary>Starts the channel; an initiator puts out its first message at once.</summary>
    /// <param name="host">The host key.</param>
    /// <param name="initiator">Whether this side dialled.</param>
    /// <param name="expected">The peer id that was dialled; another one fails the handshake.</param>
    /// <param name="muxers">Stream muxers spoken, best first.</param>
    /// <param name="entropy">64 random bytes: the secrets of the static and the ephemeral key.</param>
    /// <param name="now">The moment from which the handshake may last ten seconds.</param>
    public NoiseChannel(
        SigningKey host, bool initiator, PeerId? expected, IReadOnlyList<string> muxers,
        ReadOnlySpan<byte> entropy,
        Instant now)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(entropy.Length, 2 * X25519KeyPair.Length);
        _host = host;
        _muxers = muxers;
        _expected = expected;
        _handshake = new NoiseHandshake(initiator, entropy[..X25519KeyPair.Length],
            entropy[X25519KeyPair.Length..]);
        _deadline = now + TimeSpan.FromSeconds(Limits.Libp2p.NegotiationSeconds);
        WriteHandshake();
    }

    /// <summary>Whether the handshake is complete and the peer known.</summary>
    public bool IsSecured => _send is not null;

    /// <summary>The deadline of the handshake; null once it is over.</summary>
    public Instant? NextTick => _failed || IsSecured ? null : _deadline;

    /// <summary>Fails a handshake that lasts longer than ten seconds.</summary>
    public void Tick(Instant now)
    {
        if (NextTick is { } deadline && now >= deadline)
        {
            Fail("noise-timeout", "the handshake was not complete in time");
        }
    }

    /// <summary>Takes the next output, oldest first.</summary>
    public bool TryTakeOutput([NotNullWhen(true)] out NoiseOutput? output) => _outputs.TryDequeue(out output);

    /// <summary>Says that no <see cref="NoiseOutput.Data"/> put out so far is used any more: its memory is
    /// used again.</summary>
    public void Recycle() => _plainUsed = 0;

    /// <summary>Takes the next bytes of the peer, in pieces of any size.</summary>
    public void Receive(ReadOnlySpan<byte> bytes, Instant now)
    {
        while (!_failed && bytes.Length > 0)
        {
            // A whole frame is read where it lies; only what is cut off by the end of the bytes is copied.
            if (_partialLength == 0 && TryCut(bytes, out int whole))
            {
                TakeFrame(bytes[LengthPrefix..whole]);
                bytes = bytes[whole..];
                continue;
            }

            bytes = bytes[Collect(bytes)..];
            if (TryCut(_partial.AsSpan(0, _partialLength), out whole))
            {
                _partialLength = 0;
                TakeFrame(_partial.AsSpan(LengthPrefix, whole - LengthPrefix));
            }
        }
    }

    /// <summary>Encrypts one frame.</summary>
    /// <param name="plaintext">At most 65,519 bytes.</param>
    /// <param name="destination">Takes <see cref="Overhead"/> bytes more.</param>
    /// <returns>The bytes written; 0 when the counter is used up, after which the channel is over.</returns>
    public int Seal(ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        if (_failed || _send is null)
        {
            return 0;
        }

        BinaryPrimitives.WriteUInt16BigEndian(
            destination, (ushort)(plaintext.Length + NoiseCipher.TagLength));
        if (!_send.TryEncrypt([], plaintext, destination[LengthPrefix..]))
        {
            Fail("noise-nonce", "the counter of this direction is used up");
            return 0;
        }

        return plaintext.Length + Overhead;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _handshake.Dispose();
        _send?.Dispose();
        _receive?.Dispose();
    }

    private static bool TryCut(ReadOnlySpan<byte> bytes, out int whole)
    {
        whole = bytes.Length < LengthPrefix ? 0 : LengthPrefix + BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return whole > 0 && bytes.Length >= whole;
    }

    /// <summary>Adds to the partial frame what it still lacks, first of its length, then of its
    /// body.</summary>
    private int Collect(ReadOnlySpan<byte> bytes)
    {
        int wanted = _partialLength < LengthPrefix
            ? LengthPrefix
            : LengthPrefix + BinaryPrimitives.ReadUInt16BigEndian(_partial);
        int take = Math.Min(wanted - _partialLength, bytes.Length);
        if (_partial.Length < _partialLength + take)
        {
            Array.Resize(ref _partial, Math.Max(_partialLength + take,
                Math.Min(_partial.Length * 2, wanted)));
        }

        bytes[..take].CopyTo(_partial.AsSpan(_partialLength));
        _partialLength += take;
        return take;
    }

    private void TakeFrame(ReadOnlySpan<byte> body)
    {
        if (_receive is null)
        {
            TakeHandshake(body);
            return;
        }

        int length = body.Length - NoiseCipher.TagLength;
        if (length < 0 || !_receive.TryDecrypt([], body, PlainRoom(length)))
        {
            Fail("noise-frame", "a frame is not authentic");
            return;
        }

        if (length > 0)
        {
            _outputs.Enqueue(new NoiseOutput.Data(_plain.AsMemory(_plainUsed, length)));
            _plainUsed += length;
        }
    }

    private Span<byte> PlainRoom(int length)
    {
        if (_plain.Length - _plainUsed < length)
        {
            // What was put out keeps the old array alive.
            _plain = GC.AllocateUninitializedArray<byte>(Math.Max(length, Limits.Libp2p.NoiseMessageBytes));
            _plainUsed = 0;
        }

        return _plain.AsSpan(_plainUsed, length);
    }

    private void TakeHandshake(ReadOnlySpan<byte> body)
    {
        if (body.Length > Limits.Libp2p.NoiseHandshakeBytes)
        {
            Fail("noise-message", $"a handshake message of {body.Length} bytes");
            return;
        }

        if (!_handshake.TryRead(body, out byte[]? bytes, out Fault? fault))
        {
            Fail(fault.Code, fault.Detail);
            return;
        }

        if (_handshake.MessagesPassed == 1)
        {
            // Message 1 is sent in the clear: nothing in it is looked at.
            WriteHandshake();
            return;
        }

        if (!NoisePayload.TryRead(bytes, _handshake.RemoteStatic.Span, out NoisePayload? payload, out fault))
        {
            Fail(fault.Code, fault.Detail);
            return;
        }

        PeerId peer = PeerId.Of(payload.Key);
        if (_expected is { } expected && expected != peer)
        {
            Fail("noise-peer", $"expected {expected}, and {peer} answered");
            return;
        }

        WriteHandshake();
        if (!_failed)
        {
            (_send, _receive) = _handshake.Split();
            _outputs.Enqueue(new NoiseOutput.Secured(peer, payload.Key, payload.Muxers));
        }
    }

    private void WriteHandshake()
    {
        if (!_handshake.IsWriting)
        {
            return;
        }

        byte[] payload = _handshake.MessagesPassed == 0
            ? []
            : NoisePayload.Write(_host, _handshake.Static.Span, _muxers);
        if (_handshake.Write(payload) is not { } message)
        {
            Fail("noise-message", "the peer's key is of small order");
            return;
        }

        var frame = new byte[LengthPrefix + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)message.Length);
        message.CopyTo(frame, LengthPrefix);
        _outputs.Enqueue(new NoiseOutput.Send(frame));
    }

    private void Fail(string code, string detail)
    {
        _failed = true;
        _outputs.Enqueue(new NoiseOutput.Failed(Fault.Connection(code, detail)));
    }
}

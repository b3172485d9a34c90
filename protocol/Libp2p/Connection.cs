using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Protocol.Libp2p;

/// <summary>One libp2p connection over one ordered channel such as TCP: multistream-select, Noise, Yamux, and
/// a negotiation on every stream (<c>specs/libp2p.md</c>). Bytes in, bytes and events out.</summary>
/// <remarks>After <see cref="Receive"/>, <see cref="Tick"/>, a command or <see cref="TakeBytes"/> the owner
/// takes all events with <see cref="TryTakeEvent"/>, and sends what <see cref="TakeBytes"/> gives whenever
/// the socket takes it. <see cref="TryTakeOutput"/> is both in one, for owners without a socket.</remarks>
public sealed partial class Connection : IDisposable
{
    /// <summary>The one stream muxer spoken.</summary>
    public const string MuxerId = "/yamux/1.0.0";

    /// <summary>Random bytes that a connection needs.</summary>
    public const int EntropyBytes = 2 * X25519KeyPair.Length;

    private static readonly string[] _muxers = [MuxerId];

    private readonly SigningKey _host;
    private readonly bool _dialer;
    private readonly PeerId? _expected;
    private readonly Func<string, bool> _supports;
    private readonly byte[] _entropy;
    private readonly Instant _deadline;
    private readonly Queue<ConnectionOutput> _events = new();
    private bool _failed;

    /// <summary>Starts a connection.</summary>
    /// <param name="host">The host key of this node.</param>
    /// <param name="dialer">Whether this side dialled.</param>
    /// <param name="expected">The peer id that was dialled, where it is known; another one fails the
    /// connection.</param>
    /// <param name="supports">Whether a protocol is spoken on streams that the peer opens; asked anew each
    /// time.</param>
    /// <param name="entropy">64 random bytes for the session's X25519 keys, never used again.</param>
    /// <param name="now">The moment from which the upgrade may last ten seconds.</param>
    public Connection(
        SigningKey host, bool dialer, PeerId? expected, Func<string, bool> supports,
        ReadOnlySpan<byte> entropy,
        Instant now)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(entropy.Length, EntropyBytes);
        _host = host;
        _dialer = dialer;
        _expected = expected;
        _supports = supports;
        _entropy = entropy.ToArray();
        _deadline = now + TimeSpan.FromSeconds(Limits.Libp2p.NegotiationSeconds);
        StartSecurity(now);
    }

    /// <summary>Whether the peer is known and streams may be opened.</summary>
    public bool IsEstablished => _yamux is not null && !_failed;

    /// <summary>Whether the connection is over.</summary>
    public bool IsFailed => _failed;

    /// <summary>Streams that are open either way.</summary>
    public int StreamCount => _streams.Count;

    /// <summary>Whether <see cref="TakeBytes"/> has something to write.</summary>
    public bool HasBytes => _clear.Count > 0 || _sealedFirst.Count > 0 || _yamux is { HasBytes: true };

    /// <summary>The next moment at which <see cref="Tick"/> has something to do.</summary>
    public Instant? NextTick => _failed ? null : _yamux is null ? _deadline : NextStreamTick(_yamux.NextTick);

    /// <summary>Takes the next bytes of the peer, in pieces of any size.</summary>
    public void Receive(ReadOnlySpan<byte> bytes, Instant now)
    {
        if (_failed)
        {
            return;
        }

        if (_events.Count == 0)
        {
            _noise?.Recycle();
        }

        if (_noise is null)
        {
            _negotiation!.Receive(bytes, now);
            PumpSecurity(now);
        }
        else
        {
            _noise.Receive(bytes, now);
            PumpNoise(now);
        }
    }

    /// <summary>Acts on deadlines that have come: upgrade, stream negotiations, keepalive, lingering
    /// streams.</summary>
    public void Tick(Instant now)
    {
        if (_failed)
        {
            return;
        }

        if (_yamux is null)
        {
            if (now >= _deadline)
            {
                Fail(Fault.Connection("upgrade-timeout", "the connection was not secured in time"));
            }

            return;
        }

        _yamux.Tick(now);
        TickStreams(now);
        PumpYamux(now);
    }

    /// <summary>Takes the next event, oldest first.</summary>
    public bool TryTakeEvent([NotNullWhen(true)] out ConnectionOutput? output) =>
        _events.TryDequeue(out output);

    /// <summary>Takes the next event, or the next bytes once no event waits.</summary>
    public bool TryTakeOutput([NotNullWhen(true)] out ConnectionOutput? output)
    {
        if (_events.TryDequeue(out output))
        {
            return true;
        }

        if (HasBytes)
        {
            var bytes = new byte[Limits.Libp2p.NoiseMessageBytes + 2];
            int length = TakeBytes(bytes);
            output = length > 0 ? new ConnectionOutput.SendBytes(bytes.AsMemory(0, length)) : null;
            return length > 0 || _events.TryDequeue(out output);
        }

        return false;
    }

    /// <summary>Encrypts what waits to be sent, in whole Noise messages filled as far as possible.</summary>
    /// <param name="destination">Where to; at least 65,537 bytes, more to send several messages at
    /// once.</param>
    /// <returns>The bytes written; 0 when nothing waits.</returns>
    public int TakeBytes(Span<byte> destination)
    {
        int at = 0;
        while (_clear.TryPeek(out ReadOnlyMemory<byte> clear) && clear.Length <= destination.Length - at)
        {
            clear.Span.CopyTo(destination[at..]);
            at += clear.Length;
            _clear.Dequeue();
        }

        if (_clear.Count > 0 || _noise is not { IsSecured: true })
        {
            return at;
        }

        while (_sealedFirst.TryPeek(out ReadOnlyMemory<byte> first)
            && first.Length + NoiseChannel.Overhead <= destination.Length - at)
        {
            at += _noise.Seal(first.Span, destination[at..]);
            _sealedFirst.Dequeue();
        }

        if (_sealedFirst.Count == 0 && _yamux is not null)
        {
            at += SealFrames(destination[at..]);
        }

        return at;
    }

    /// <summary>Says that the connection ends in good order; the owner closes the socket after
    /// sending.</summary>
    public void Close() => _yamux?.Close();

    /// <inheritdoc/>
    public void Dispose() => _noise?.Dispose();

    private int SealFrames(Span<byte> destination)
    {
        int at = 0;
        while (destination.Length - at >= SmallestMessage && _yamux!.HasBytes)
        {
            int room = Math.Min(destination.Length - at - NoiseChannel.Overhead,
                Limits.Libp2p.NoisePlaintextBytes);
            int plain = _yamux.TakeBytes(_plaintext.AsSpan(0, room));
            if (plain == 0)
            {
                break;
            }

            int written = _noise!.Seal(_plaintext.AsSpan(0, plain), destination[at..]);
            if (written == 0)
            {
                break;
            }

            at += written;
        }

        MapYamux();
        return at;
    }

    private void Fail(Fault fault)
    {
        if (!_failed)
        {
            _failed = true;
            _events.Enqueue(new ConnectionOutput.Failed(fault));
        }
    }
}

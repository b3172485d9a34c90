using System.Diagnostics.CodeAnalysis;

namespace IncidentMesh.Protocol.Libp2p;

/// <summary>What a ping machine tells its owner.</summary>
public abstract record PingOutput
{
    private PingOutput()
    {
    }

    /// <summary>Bytes to send on the stream.</summary>
    public sealed record Send(ReadOnlyMemory<byte> Bytes) : PingOutput;

    /// <summary>The peer answered.</summary>
    public sealed record Answered(TimeSpan RoundTrip) : PingOutput;

    /// <summary>The stream is of no more use; the owner resets it.</summary>
    public sealed record Failed(Fault Fault) : PingOutput;
}

/// <summary>The protocol <c>/ipfs/ping/1.0.0</c>: 32 bytes are echoed, again and again, until the asker ends
/// the stream (<c>specs/libp2p.md</c> 6; libp2p/specs ping). The answering side.</summary>
/// <param name="now">The moment from which the first ping may take a minute to come.</param>
public sealed class PingResponder(Instant now)
{
    private readonly byte[] _ping = new byte[Ping.Length];
    private readonly Queue<PingOutput> _outputs = new();
    private int _length;
    private bool _failed;
    private Instant _deadline = now + TimeSpan.FromSeconds(Limits.Libp2p.PingIdleSeconds);

    /// <summary>When a stream on which nothing comes is given up.</summary>
    public Instant? NextTick => _failed ? null : _deadline;

    /// <summary>Takes the next bytes of the stream, in pieces of any size.</summary>
    public void Receive(ReadOnlySpan<byte> bytes, Instant now)
    {
        while (bytes.Length > 0)
        {
            int take = Math.Min(Ping.Length - _length, bytes.Length);
            bytes[..take].CopyTo(_ping.AsSpan(_length));
            bytes = bytes[take..];
            _length += take;
            if (_length == Ping.Length)
            {
                _length = 0;
                _deadline = now + TimeSpan.FromSeconds(Limits.Libp2p.PingIdleSeconds);
                _outputs.Enqueue(new PingOutput.Send(_ping.ToArray()));
            }
        }
    }

    /// <summary>Gives up a stream on which no ping came for a minute.</summary>
    public void Tick(Instant now)
    {
        if (!_failed && now >= _deadline)
        {
            _failed = true;
            _outputs.Enqueue(new PingOutput.Failed(Fault.Stream("ping-idle", "no ping came for a minute")));
        }
    }

    /// <summary>Takes the next output, oldest first.</summary>
    public bool TryTakeOutput([NotNullWhen(true)] out PingOutput? output) => _outputs.TryDequeue(out output);
}

/// <summary>The asking side of <c>/ipfs/ping/1.0.0</c>: one ping at a time.</summary>
public sealed class Ping
{
    /// <summary>The protocol id on the wire.</summary>
    public const string ProtocolId = "/ipfs/ping/1.0.0";

    /// <summary>Bytes of a ping.</summary>
    public const int Length = 32;

    private readonly byte[] _expected = new byte[Length];
    private readonly Queue<PingOutput> _outputs = new();
    private Instant _sentAt;
    private int _matched;
    private bool _waiting;
    private bool _failed;

    /// <summary>The deadline of the ping that is on its way.</summary>
    public Instant? NextTick => _waiting ? _sentAt + TimeSpan.FromSeconds(Limits.Libp2p.NegotiationSeconds)
        : null;

    /// <summary>Sends a ping, unless one is on its way or the stream has failed.</summary>
    /// <param name="random">32 random bytes.</param>
    /// <param name="now">The moment.</param>
    public void Send(ReadOnlySpan<byte> random, Instant now)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, Length);
        if (_waiting || _failed)
        {
            return;
        }

        random.CopyTo(_expected);
        _matched = 0;
        _waiting = true;
        _sentAt = now;
        _outputs.Enqueue(new PingOutput.Send(random.ToArray()));
    }

    /// <summary>Takes the next bytes of the stream, in pieces of any size.</summary>
    public void Receive(ReadOnlySpan<byte> bytes, Instant now)
    {
        if (bytes.Length == 0 || _failed)
        {
            return;
        }

        if (!_waiting || bytes.Length > Length - _matched
            || !_expected.AsSpan(_matched, bytes.Length).SequenceEqual(bytes))
        {
            Fail("ping-answer", "the answer is not what was sent");
            return;
        }

        _matched += bytes.Length;
        if (_matched == Length)
        {
            _waiting = false;
            _outputs.Enqueue(new PingOutput.Answered(now - _sentAt));
        }
    }

    /// <summary>Gives up on a ping after ten seconds.</summary>
    public void Tick(Instant now)
    {
        if (NextTick is { } deadline && now >= deadline)
        {
            Fail("ping-timeout", "no answer came in time");
        }
    }

    /// <summary>Takes the next output, oldest first.</summary>
    public bool TryTakeOutput([NotNullWhen(true)] out PingOutput? output) => _outputs.TryDequeue(out output);

    private void Fail(string code, string detail)
    {
        _failed = true;
        _waiting = false;
        _outputs.Enqueue(new PingOutput.Failed(Fault.Stream(code, detail)));
    }
}

using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Libp2p;

/// <summary>What an <see cref="IdentifyReader"/> tells its owner.</summary>
public abstract record IdentifyOutput
{
    private IdentifyOutput()
    {
    }

    /// <summary>The peer has said all; the messages of the stream are merged into one.</summary>
    public sealed record Identified(IdentifyMessage Message) : IdentifyOutput;

    /// <summary>The stream cannot be read on; the owner resets it.</summary>
    public sealed record Failed(Fault Fault) : IdentifyOutput;
}

/// <summary>The reading side of Identify and Identify Push: up to ten messages, merged, until the peer ends
/// the stream (<c>specs/libp2p.md</c> 5).</summary>
/// <param name="peer">Who the connection says that it is: a message with another key is refused, and a signed
/// record of another peer is left out.</param>
/// <param name="now">The moment from which reading may last ten seconds.</param>
public sealed class IdentifyReader(PeerId peer, Instant now)
{
    private readonly FrameReader _frames = new(Limits.Libp2p.IdentifyBytes);
    private readonly Instant _deadline = now + TimeSpan.FromSeconds(Limits.Libp2p.NegotiationSeconds);
    private IdentifyMessage? _message;
    private IdentifyOutput? _output;
    private int _count;
    private bool _done;

    /// <summary>The deadline; null once the reader is done.</summary>
    public Instant? NextTick => _done ? null : _deadline;

    /// <summary>Takes the next bytes of the stream, in pieces of any size.</summary>
    public void Receive(ReadOnlySpan<byte> bytes, Instant now)
    {
        if (_done)
        {
            return;
        }

        _frames.Append(bytes);
        Fault? fault;
        while (_frames.TryTake(out ReadOnlyMemory<byte> frame, out fault))
        {
            if (!IdentifyMessage.TryRead(frame.Span, out IdentifyMessage? message, out fault))
            {
                break;
            }

            if (message.Key is { } key && PeerId.Of(key) != peer)
            {
                fault = Fault.Stream("identify-key", "the key is not that of the connection");
                break;
            }

            message = message.PeerRecord?.Peer == peer ? message : message with { PeerRecord = null };
            _message = _message?.Merge(message) ?? message;
            if (++_count == Limits.Libp2p.IdentifyMessages)
            {
                Finish(new IdentifyOutput.Identified(_message));
                return;
            }
        }

        if (fault is not null)
        {
            Finish(new IdentifyOutput.Failed(fault with { Scope = FaultScope.Stream }));
        }
    }

    /// <summary>The peer ended the stream.</summary>
    public void ReceiveEnd(Instant now)
    {
        if (!_done)
        {
            bool whole = _message is not null && _frames.Buffered == 0;
            Finish(whole
                ? new IdentifyOutput.Identified(_message!)
                : new IdentifyOutput.Failed(
                    Fault.Stream("identify-cut", "the stream ended before a whole message")));
        }
    }

    /// <summary>Gives up after ten seconds.</summary>
    public void Tick(Instant now)
    {
        if (!_done && now >= _deadline)
        {
            Finish(new IdentifyOutput.Failed(Fault.Stream("identify-timeout",
                "the peer did not end the stream")));
        }
    }

    /// <summary>Takes the one output, once.</summary>
    public bool TryTakeOutput([NotNullWhen(true)] out IdentifyOutput? output)
    {
        output = _output;
        _output = null;
        return output is not null;
    }

    private void Finish(IdentifyOutput output)
    {
        _done = true;
        _output = output;
    }
}

using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Libp2p;

/// <summary>One negotiation of multistream-select 1.0 (<c>specs/libp2p.md</c> 2). A dialer proposes protocols
/// one after another; a listener echoes the first that it supports and answers <c>na</c> to the
/// others.</summary>
/// <remarks><code>
/// message = uvarint(length of text + 1) text LF          length &lt;= 1,024
/// dialer:   "/multistream/1.0.0" proposal { proposal }
/// listener: "/multistream/1.0.0" { "na" } proposal
/// </code>
/// A dialer sends header and first proposal in one write; peers do the same, and may append the first bytes
/// of the protocol itself: what follows the negotiation is handed over in
/// <see cref="MultistreamOutput.Selected"/>.</remarks>
public sealed class Multistream
{
    /// <summary>The header that both sides send first.</summary>
    public const string Header = "/multistream/1.0.0";

    private const string NotAvailable = "na";

    private readonly IReadOnlyList<string>? _proposals;
    private readonly Func<string, bool> _supports;
    private readonly Instant _deadline;
    private readonly Queue<MultistreamOutput> _outputs = new();
    private byte[] _input = [];
    private bool _headerSeen;
    private bool _done;
    private int _proposed;

    private Multistream(IReadOnlyList<string>? proposals, Func<string, bool> supports, Instant now)
    {
        _proposals = proposals;
        _supports = supports;
        _deadline = now + TimeSpan.FromSeconds(Limits.Libp2p.NegotiationSeconds);
    }

    /// <summary>The next moment at which <see cref="Tick"/> has something to do; null once the negotiation
    /// ended.</summary>
    public Instant? NextTick => _done ? null : _deadline;

    /// <summary>Starts the dialing side: header and first proposal are put out at once.</summary>
    /// <param name="proposals">Protocol ids, best first; at least one.</param>
    /// <param name="now">The moment from which the negotiation may last ten seconds.</param>
    public static Multistream Dial(IReadOnlyList<string> proposals, Instant now)
    {
        ArgumentOutOfRangeException.ThrowIfZero(proposals.Count);
        var negotiation = new Multistream(proposals, static _ => false, now);
        negotiation._outputs.Enqueue(new MultistreamOutput.Send(Encode(Header, proposals[0])));
        return negotiation;
    }

    /// <summary>Starts the listening side, which is silent until the peer's header came.</summary>
    /// <param name="supports">Whether a proposed protocol is spoken here.</param>
    /// <param name="now">The moment from which the negotiation may last ten seconds.</param>
    public static Multistream Listen(Func<string, bool> supports, Instant now) => new(null, supports, now);

    /// <summary>The bytes of messages, each with its length and newline.</summary>
    public static byte[] Encode(params ReadOnlySpan<string> messages)
    {
        var bytes = new ArrayBufferWriter<byte>(128);
        foreach (string message in messages)
        {
            int length = Encoding.UTF8.GetByteCount(message) + 1;
            ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Limits.Libp2p.MultistreamMessageBytes);
            Uvarint.Write(bytes, (ulong)length);
            Encoding.UTF8.GetBytes(message, bytes);
            bytes.Write("\n"u8);
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Takes the next bytes of the peer, in pieces of any size. Ignored once the negotiation
    /// ended.</summary>
    public void Receive(ReadOnlySpan<byte> bytes, Instant now)
    {
        if (_done)
        {
            return;
        }

        byte[] input = _input.Length == 0 ? bytes.ToArray() : [.. _input, .. bytes];
        int at = 0;
        while (!_done)
        {
            OperationStatus status = ReadMessage(input.AsSpan(at), out string? message, out int consumed);
            if (status == OperationStatus.NeedMoreData)
            {
                break;
            }

            if (status == OperationStatus.InvalidData)
            {
                Fail("multistream-message", "a message must be a length of 1 to 1024, UTF-8 and a newline");
                return;
            }

            at += consumed;
            Take(message!, input.AsMemory(at));
        }

        _input = _done ? [] : input[at..];
    }

    /// <summary>Ends the negotiation when its ten seconds are over.</summary>
    public void Tick(Instant now)
    {
        if (!_done && now >= _deadline)
        {
            Fail("multistream-timeout", "no protocol was agreed on in time");
        }
    }

    /// <summary>Takes the next output, oldest first.</summary>
    public bool TryTakeOutput([NotNullWhen(true)] out MultistreamOutput? output) =>
        _outputs.TryDequeue(out output);

    private static OperationStatus ReadMessage(
        ReadOnlySpan<byte> input, out string? message, out int consumed)
    {
        message = null;
        consumed = 0;
        OperationStatus status = Uvarint.Read(input, out ulong length, out int prefix);
        if (status != OperationStatus.Done)
        {
            // A length of more than two bytes is above the limit already, whole or not.
            bool tooLong = status == OperationStatus.NeedMoreData && input.Length > 2;
            return tooLong ? OperationStatus.InvalidData : status;
        }

        if (length is 0 or > Limits.Libp2p.MultistreamMessageBytes)
        {
            return OperationStatus.InvalidData;
        }

        if (input.Length - prefix < (int)length)
        {
            return OperationStatus.NeedMoreData;
        }

        ReadOnlySpan<byte> text = input.Slice(prefix, (int)length);
        consumed = prefix + (int)length;
        if (text[^1] != (byte)'\n' || !System.Text.Unicode.Utf8.IsValid(text))
        {
            return OperationStatus.InvalidData;
        }

        message = Encoding.UTF8.GetString(text[..^1]);
        return OperationStatus.Done;
    }

    private void Take(string message, ReadOnlyMemory<byte> rest)
    {
        if (!_headerSeen)
        {
            TakeHeader(message);
        }
        else if (_proposals is null)
        {
            TakeProposal(message, rest);
        }
        else if (message == _proposals[_proposed])
        {
            Select(message, rest);
        }
        else if (message != NotAvailable)
        {
            Fail("multistream-answer", "the answer is neither the proposal nor na");
        }
        else if (++_proposed < _proposals.Count)
        {
            _outputs.Enqueue(new MultistreamOutput.Send(Encode(_proposals[_proposed])));
        }
        else
        {
            Fail("multistream-unsupported", "the peer speaks none of " + string.Join(' ', _proposals));
        }
    }

    private void TakeHeader(string message)
    {
        if (message != Header)
        {
            Fail("multistream-header", "the first message must be " + Header);
            return;
        }

        _headerSeen = true;
        if (_proposals is null)
        {
            _outputs.Enqueue(new MultistreamOutput.Send(Encode(Header)));
        }
    }

    private void TakeProposal(string message, ReadOnlyMemory<byte> rest)
    {
        if (_supports(message))
        {
            _outputs.Enqueue(new MultistreamOutput.Send(Encode(message)));
            Select(message, rest);
        }
        else if (++_proposed < Limits.Libp2p.MultistreamProposals)
        {
            _outputs.Enqueue(new MultistreamOutput.Send(Encode(NotAvailable)));
        }
        else
        {
            Fail("multistream-proposals", $"{_proposed} proposals and none is spoken here");
        }
    }

    private void Select(string protocol, ReadOnlyMemory<byte> rest)
    {
        _done = true;
        _outputs.Enqueue(new MultistreamOutput.Selected(protocol, rest));
    }

    private void Fail(string code, string detail)
    {
        _done = true;
        _input = [];
        _outputs.Enqueue(new MultistreamOutput.Failed(Fault.Stream(code, detail)));
    }
}

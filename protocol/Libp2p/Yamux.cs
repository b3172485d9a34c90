using System.Diagnostics.CodeAnalysis;

namespace IncidentMesh.Protocol.Libp2p;

/// <summary>A Yamux session: many streams over one ordered connection, each with a window of 256 KiB either
/// way (<c>specs/libp2p.md</c> 4).</summary>
/// <remarks>The session holds no received payload: it passes slices on and counts them until the owner calls
/// <see cref="Consumed"/>. What it holds for sending is bounded per stream, and <see cref="Send"/> says how
/// much it took. Bytes are made only when the owner calls <see cref="TakeBytes"/>: control frames first, then
/// the streams in turn.</remarks>
public sealed partial class Yamux
{
    private const int SmallestTail = 256;

    private readonly bool _dialer;
    private readonly Dictionary<uint, YamuxStream> _streams = [];
    private readonly Queue<YamuxFrame> _controls = new();
    private readonly Queue<YamuxStream> _ready = new();
    private readonly Queue<YamuxOutput> _outputs = new();
    private readonly byte[] _header = new byte[YamuxFrame.HeaderLength];
    private int _headerLength;
    private uint _bodyLeft;
    private YamuxFrame _body;
    private uint _nextId;
    private int _inbound;
    private int _unacknowledged;
    private uint _pingValue;
    private Instant _pingAt;
    private bool _pingOutstanding;
    private bool _closing;
    private bool _failed;

    /// <summary>Starts a session.</summary>
    /// <param name="dialer">Whether this side dialled the connection: it then opens odd streams, else even
    /// ones.</param>
    /// <param name="now">The moment from which the keepalive counts.</param>
    public Yamux(bool dialer, Instant now)
    {
        _dialer = dialer;
        _nextId = dialer ? 1u : 2u;
        _pingAt = now + TimeSpan.FromSeconds(Limits.Libp2p.KeepaliveSeconds);
    }

    /// <summary>Streams that are open either way.</summary>
    public int StreamCount => _streams.Count;

    /// <summary>Whether <see cref="TakeBytes"/> has something to write.</summary>
    public bool HasBytes => _controls.Count > 0 || _ready.Count > 0;

    /// <summary>The next moment at which <see cref="Tick"/> has something to do.</summary>
    public Instant? NextTick => _failed ? null : _pingAt;

    /// <summary>Takes the next output, oldest first.</summary>
    public bool TryTakeOutput([NotNullWhen(true)] out YamuxOutput? output) => _outputs.TryDequeue(out output);

    /// <summary>Sends a ping every 30 seconds, and ends the session when one stays unanswered as
    /// long.</summary>
    public void Tick(Instant now)
    {
        if (_failed || now < _pingAt)
        {
            return;
        }

        if (_pingOutstanding)
        {
            Fail("yamux-keepalive", "a ping stayed unanswered");
            return;
        }

        _pingOutstanding = true;
        _pingAt = now + TimeSpan.FromSeconds(Limits.Libp2p.KeepaliveSeconds);
        Control(new YamuxFrame(YamuxType.Ping, YamuxFlags.Syn, 0, ++_pingValue));
    }

    /// <summary>Opens a stream. Bytes may be sent on it at once.</summary>
    /// <param name="stream">Its id.</param>
    /// <returns>False when the session is over or closing, the peer has not yet accepted 256 streams, or the
    /// ids are used up.</returns>
    public bool TryOpen(out uint stream)
    {
        stream = 0;
        if (_failed || _closing || _unacknowledged >= Limits.Libp2p.YamuxBacklogStreams
            || _nextId > uint.MaxValue - 2)
        {
            return false;
        }

        stream = _nextId;
        _nextId += 2;
        _streams.Add(stream, new YamuxStream(stream, inbound: false));
        _unacknowledged++;
        Control(new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Syn, stream, 0));
        return true;
    }

    /// <summary>Hands in payload.</summary>
    /// <returns>How many bytes were taken, from the front. After fewer than all,
    /// <see cref="YamuxOutput.Writable"/> tells when to go on. All are taken, and dropped, when the stream is
    /// gone or closed for writing.</returns>
    public int Send(uint stream, ReadOnlySpan<byte> bytes)
    {
        if (_failed || !_streams.TryGetValue(stream, out YamuxStream? state) || state.LocalClosed)
        {
            return bytes.Length;
        }

        int taken = state.Pending.Append(bytes);
        state.Blocked |= taken < bytes.Length;
        Enqueue(state);
        return taken;
    }

    /// <summary>Writes no more on a stream; what was handed in before is still sent.</summary>
    public void CloseWrite(uint stream)
    {
        if (_streams.TryGetValue(stream, out YamuxStream? state) && !state.LocalClosed)
        {
            state.LocalClosed = true;
            state.Blocked = false;
            Enqueue(state);
        }
    }

    /// <summary>Ends a stream at once, both ways; what was not yet sent is dropped. No output
    /// follows.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="code">An error code for the peer; 0 for none.</param>
    public void Reset(uint stream, uint code = 0)
    {
        if (_streams.TryGetValue(stream, out YamuxStream? state))
        {
            Remove(state);
            Control(new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Rst, stream, code));
        }
    }

    /// <summary>Returns credit: the application has read <paramref name="bytes"/> bytes of a
    /// stream.</summary>
    public void Consumed(uint stream, int bytes)
    {
        if (!_streams.TryGetValue(stream, out YamuxStream? state) || state.RemoteClosed)
        {
            return;
        }

        // Credit in halves of the window: one small frame for each 128 KiB, and the sender never runs dry
        // before it.
        state.Consumed += (uint)bytes;
        if (state.Consumed >= Limits.Libp2p.YamuxWindowBytes / 2)
        {
            Control(new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.None, stream, state.Consumed));
            state.ReceiveWindow += state.Consumed;
            state.Consumed = 0;
        }
    }

    /// <summary>Says that the session ends in good order. No stream can be opened after it.</summary>
    public void Close()
    {
        if (!_closing && !_failed)
        {
            _closing = true;
            Control(new YamuxFrame(YamuxType.GoAway, YamuxFlags.None, 0, 0));
        }
    }

    /// <summary>Writes whole frames that wait to be sent.</summary>
    /// <param name="destination">Where to; at least 13 bytes, best about 64 KiB.</param>
    /// <returns>The bytes written; 0 when nothing waits.</returns>
    public int TakeBytes(Span<byte> destination)
    {
        int at = 0;
        while (destination.Length - at >= YamuxFrame.HeaderLength
            && _controls.TryDequeue(out YamuxFrame control))
        {
            control.Write(destination[at..]);
            at += YamuxFrame.HeaderLength;
        }

        // A tail too short for a worthwhile frame is left for the next call.
        while (_controls.Count == 0
            && destination.Length - at > (at == 0 ? YamuxFrame.HeaderLength : SmallestTail)
            && _ready.TryDequeue(out YamuxStream? stream))
        {
            stream.Queued = false;
            at += WriteStream(stream, destination[at..]);
            Enqueue(stream);
        }

        return at;
    }

    private int WriteStream(YamuxStream stream, Span<byte> destination)
    {
        int room = Math.Min(destination.Length - YamuxFrame.HeaderLength, Limits.Libp2p.YamuxFrameBytes);
        int payload = (int)Math.Min((uint)Math.Min(room, stream.Pending.Length), stream.SendWindow);
        if (payload > 0)
        {
            new YamuxFrame(YamuxType.Data, YamuxFlags.None, stream.Id, (uint)payload).Write(destination);
            stream.Pending.Take(destination.Slice(YamuxFrame.HeaderLength, payload));
            stream.SendWindow -= (uint)payload;
            if (stream.Blocked && stream.Pending.Length <= Limits.Libp2p.YamuxSendBufferBytes / 2)
            {
                stream.Blocked = false;
                _outputs.Enqueue(new YamuxOutput.Writable(stream.Id));
            }

            return YamuxFrame.HeaderLength + payload;
        }

        if (!stream.HasWork)
        {
            return 0;
        }

        stream.FinSent = true;
        new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Fin, stream.Id, 0).Write(destination);
        RemoveIfDone(stream);
        return YamuxFrame.HeaderLength;
    }

    private void Enqueue(YamuxStream stream)
    {
        if (!stream.Queued && stream.HasWork && _streams.ContainsKey(stream.Id))
        {
            stream.Queued = true;
            _ready.Enqueue(stream);
        }
    }

    private void Control(YamuxFrame frame)
    {
        if (_controls.Count < Limits.Libp2p.YamuxControlFrames)
        {
            _controls.Enqueue(frame);
        }
        else
        {
            Fail("yamux-control-flood", "the peer does not read what it asks for");
        }
    }

    private void RemoveIfDone(YamuxStream stream)
    {
        if (stream.FinSent && stream.RemoteClosed)
        {
            Remove(stream);
            _outputs.Enqueue(new YamuxOutput.Finished(stream.Id));
        }
    }

    private void Remove(YamuxStream stream)
    {
        if (_streams.Remove(stream.Id))
        {
            stream.Pending.Clear();
            stream.LocalClosed = true;
            stream.FinSent = true;
            _inbound -= stream.Inbound ? 1 : 0;
            _unacknowledged -= stream.Acknowledged ? 0 : 1;
        }
    }

    private void Fail(string code, string detail)
    {
        if (_failed)
        {
            return;
        }

        _failed = true;
        _controls.Clear();
        _ready.Clear();
        _controls.Enqueue(new YamuxFrame(YamuxType.GoAway, YamuxFlags.None, 0, 1));
        _outputs.Enqueue(new YamuxOutput.Failed(Fault.Connection(code, detail)));
    }
}

namespace IncidentMesh.Protocol.Libp2p;

/// <content>What the session does with what comes in. Every frame is judged before it changes
/// anything.</content>
public sealed partial class Yamux
{
    /// <summary>Takes the next bytes of the peer, in pieces of any size. Payload is put out as slices of
    /// <paramref name="bytes"/>, so the owner keeps them unchanged until it took the outputs.</summary>
    public void Receive(ReadOnlyMemory<byte> bytes, Instant now)
    {
        while (!_failed && bytes.Length > 0)
        {
            if (_bodyLeft > 0)
            {
                int take = (int)Math.Min(_bodyLeft, (uint)bytes.Length);
                TakeBody(bytes[..take]);
                bytes = bytes[take..];
                continue;
            }

            int missing = Math.Min(YamuxFrame.HeaderLength - _headerLength, bytes.Length);
            bytes.Span[..missing].CopyTo(_header.AsSpan(_headerLength));
            _headerLength += missing;
            bytes = bytes[missing..];
            if (_headerLength == YamuxFrame.HeaderLength)
            {
                _headerLength = 0;
                TakeHeader(now);
            }
        }
    }

    private void TakeHeader(Instant now)
    {
        if (!YamuxFrame.TryRead(_header, out YamuxFrame frame, out Fault? fault))
        {
            Fail(fault.Code, fault.Detail);
            return;
        }

        switch (frame.Type)
        {
            case YamuxType.Ping:
                TakePing(frame, now);
                break;
            case YamuxType.GoAway:
                _closing = true;
                _outputs.Enqueue(new YamuxOutput.GoneAway(frame.Length));
                break;
            default:
                TakeStreamFrame(frame);
                break;
        }
    }

    private void TakePing(YamuxFrame frame, Instant now)
    {
        if (frame.Flags == YamuxFlags.Syn)
        {
            Control(frame with { Flags = YamuxFlags.Ack });
        }
        else if (frame.Flags == YamuxFlags.Ack && _pingOutstanding && frame.Length == _pingValue)
        {
            _pingOutstanding = false;
            _pingAt = now + TimeSpan.FromSeconds(Limits.Libp2p.KeepaliveSeconds);
        }
    }

    private void TakeStreamFrame(YamuxFrame frame)
    {
        // A reset first: its length is an error code in go-yamux, never credit.
        if (frame.Flags.HasFlag(YamuxFlags.Rst))
        {
            TakeReset(frame);
            return;
        }

        if (!_streams.TryGetValue(frame.Stream, out YamuxStream? stream))
        {
            if (!frame.Flags.HasFlag(YamuxFlags.Syn))
            {
                // A stream that was closed or reset here a moment ago: drained, ignored.
                StartBody(frame);
                return;
            }

            stream = Accept(frame);
        }
        else if (frame.Flags.HasFlag(YamuxFlags.Syn))
        {
            Fail("yamux-duplicate", $"stream {frame.Stream} is open already");
            return;
        }

        if (stream is not null && !_failed)
        {
            TakeKnown(frame, stream);
        }
    }

    private YamuxStream? Accept(YamuxFrame frame)
    {
        bool odd = frame.Stream % 2 == 1;
        if (odd == _dialer)
        {
            Fail("yamux-parity", $"stream {frame.Stream} is not the peer's to open");
            return null;
        }

        if (frame.Type == YamuxType.Data && frame.Length > Limits.Libp2p.YamuxWindowBytes)
        {
            Fail("yamux-window", $"a first frame of {frame.Length} bytes is larger than the window");
            return null;
        }

        if (_inbound >= Limits.Libp2p.YamuxInboundStreams || _closing)
        {
            Control(new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Rst, frame.Stream, 0));
            StartBody(frame);
            return null;
        }

        var stream = new YamuxStream(frame.Stream, inbound: true);
        _streams.Add(frame.Stream, stream);
        _inbound++;
        Control(new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Ack, frame.Stream, 0));
        _outputs.Enqueue(new YamuxOutput.Opened(frame.Stream));
        return stream;
    }

    private void TakeKnown(YamuxFrame frame, YamuxStream stream)
    {
        if (frame.Flags.HasFlag(YamuxFlags.Ack) && !stream.Acknowledged)
        {
            stream.Acknowledged = true;
            _unacknowledged--;
        }

        if (frame.Type == YamuxType.WindowUpdate)
        {
            if (frame.Length > uint.MaxValue - stream.SendWindow)
            {
                Fail("yamux-credit", $"{frame.Length} bytes more overflow the window of stream {stream.Id}");
                return;
            }

            stream.SendWindow += frame.Length;
            Enqueue(stream);
        }
        else if (frame.Length > stream.ReceiveWindow)
        {
            Fail("yamux-window", $"{frame.Length} bytes, allowed are {stream.ReceiveWindow}");
            return;
        }
        else if (stream.RemoteClosed && frame.Length > 0)
        {
            Fail("yamux-closed", $"data after FIN on stream {stream.Id}");
            return;
        }
        else
        {
            stream.ReceiveWindow -= frame.Length;
            StartBody(frame);
        }

        if (_bodyLeft == 0 && frame.Flags.HasFlag(YamuxFlags.Fin))
        {
            TakeFin(stream);
        }
    }

    private void StartBody(YamuxFrame frame)
    {
        if (frame.Type == YamuxType.Data)
        {
            _body = frame;
            _bodyLeft = frame.Length;
        }
    }

    private void TakeBody(ReadOnlyMemory<byte> bytes)
    {
        _bodyLeft -= (uint)bytes.Length;
        if (!_streams.TryGetValue(_body.Stream, out YamuxStream? stream))
        {
            return;
        }

        _outputs.Enqueue(new YamuxOutput.Data(stream.Id, bytes));
        if (_bodyLeft == 0 && _body.Flags.HasFlag(YamuxFlags.Fin))
        {
            TakeFin(stream);
        }
    }

    private void TakeFin(YamuxStream stream)
    {
        if (!stream.RemoteClosed)
        {
            stream.RemoteClosed = true;
            _outputs.Enqueue(new YamuxOutput.RemoteClosed(stream.Id));
            RemoveIfDone(stream);
        }
    }

    private void TakeReset(YamuxFrame frame)
    {
        StartBody(frame with { Flags = YamuxFlags.None });
        if (_streams.TryGetValue(frame.Stream, out YamuxStream? stream))
        {
            Remove(stream);
            uint code = frame.Type == YamuxType.Data ? 0 : frame.Length;
            _outputs.Enqueue(new YamuxOutput.Reset(frame.Stream, code));
        }
    }
}

namespace IncidentMesh.Protocol.Libp2p;

/// <content>Streams: their commands, their negotiation, and what becomes of them.</content>
public sealed partial class Connection
{
    private readonly Dictionary<uint, StreamState> _streams = [];
    private readonly List<StreamState> _timed = [];

    /// <summary>Opens a stream. With one protocol, bytes may be sent at once, before the peer has answered;
    /// with several, <see cref="Send"/> takes nothing until
    /// <see cref="ConnectionOutput.StreamOpened"/>.</summary>
    /// <param name="protocols">Protocol ids, best first.</param>
    /// <param name="now">The moment from which the negotiation may last ten seconds.</param>
    /// <param name="stream">The stream.</param>
    /// <returns>False when the connection is not open, the peer accepts no more streams, or 256 of ours
    /// wait.</returns>
    public bool TryOpenStream(IReadOnlyList<string> protocols, Instant now, out uint stream)
    {
        stream = 0;
        if (!IsEstablished || !_yamux!.TryOpen(out stream))
        {
            return false;
        }

        var state = new StreamState(stream, inbound: false, Multistream.Dial(protocols, now))
        {
            Lazy = protocols.Count == 1,
        };
        _streams.Add(stream, state);
        _timed.Add(state);
        PumpNegotiation(state, now);
        return true;
    }

    /// <summary>Hands in bytes for a stream.</summary>
    /// <returns>How many were taken, from the front. After fewer than all,
    /// <see cref="ConnectionOutput.StreamWritable"/> tells when to go on. All are taken, and dropped, when
    /// the stream is gone or closed for writing.</returns>
    public int Send(uint stream, ReadOnlySpan<byte> bytes)
    {
        if (!IsEstablished || !_streams.TryGetValue(stream, out StreamState? state))
        {
            return bytes.Length;
        }

        if (state.Negotiation is not null && !state.Lazy)
        {
            state.Blocked = true;
            return 0;
        }

        return _yamux!.Send(stream, bytes);
    }

    /// <summary>Writes no more on a stream; what was handed in before is still sent.</summary>
    public void CloseWrite(uint stream) => _yamux?.CloseWrite(stream);

    /// <summary>Ends a stream at once, both ways. No event follows.</summary>
    public void Reset(uint stream)
    {
        if (_streams.Remove(stream, out StreamState? state))
        {
            _timed.Remove(state);
            _yamux!.Reset(stream);
            MapYamux();
        }
    }

    /// <summary>Leaves a stream: no event of it follows. What was handed in is still sent, what still comes
    /// is dropped, and after ten seconds the stream is reset when the peer has not ended its side.</summary>
    public void Release(uint stream, Instant now)
    {
        if (_streams.TryGetValue(stream, out StreamState? state) && !state.Released)
        {
            state.Released = true;
            state.Deadline = now + TimeSpan.FromSeconds(Limits.Libp2p.LingerSeconds);
            if (state.Negotiation is null)
            {
                _timed.Add(state);
            }

            _yamux!.CloseWrite(stream);
        }
    }

    /// <summary>Returns credit: the application has read <paramref name="bytes"/> bytes of a
    /// stream.</summary>
    public void Consumed(uint stream, int bytes)
    {
        _yamux?.Consumed(stream, bytes);
        MapYamux();
    }

    private Instant? NextStreamTick(Instant? next)
    {
        foreach (StreamState state in _timed)
        {
            next = Instant.Earlier(next, state.Released ? state.Deadline : state.Negotiation?.NextTick);
        }

        return next;
    }

    private void TickStreams(Instant now)
    {
        foreach (StreamState state in _timed.ToArray())
        {
            state.Negotiation?.Tick(now);
            PumpNegotiation(state, now);
            if (state.Released && now >= state.Deadline)
            {
                Reset(state.Id);
            }
        }

        _timed.RemoveAll(static state => state is { Negotiation: null, Released: false });
    }

    private void PumpYamux(Instant now)
    {
        while (_yamux!.TryTakeOutput(out YamuxOutput? output))
        {
            switch (output)
            {
                case YamuxOutput.Opened opened:
                    Accept(opened.Stream, now);
                    break;
                case YamuxOutput.Data data:
                    TakeData(data, now);
                    break;
                default:
                    Map(output);
                    break;
            }
        }
    }

    /// <summary>Passes on what commands and sending can cause: never an opened stream or data.</summary>
    private void MapYamux()
    {
        while (_yamux is not null && _yamux.TryTakeOutput(out YamuxOutput? output))
        {
            Map(output);
        }
    }

    private void Map(YamuxOutput output)
    {
        switch (output)
        {
            case YamuxOutput.Writable writable when IsKnownToOwner(writable.Stream):
                _events.Enqueue(new ConnectionOutput.StreamWritable(writable.Stream));
                break;
            case YamuxOutput.RemoteClosed closed:
                TakeRemoteClosed(closed.Stream);
                break;
            case YamuxOutput.Finished finished:
                End(finished.Stream, static (id, _) => new ConnectionOutput.StreamFinished(id), null);
                break;
            case YamuxOutput.Reset reset:
                var fault = Fault.Stream("stream-reset", $"the peer reset the stream, code {reset.Code}");
                End(reset.Stream, static (id, why) => new ConnectionOutput.StreamReset(id, why!), fault);
                break;
            case YamuxOutput.GoneAway away:
                _events.Enqueue(new ConnectionOutput.GoneAway(away.Code));
                break;
            case YamuxOutput.Failed failed:
                Fail(failed.Fault);
                break;
        }
    }

    private void Accept(uint stream, Instant now)
    {
        var state = new StreamState(stream, inbound: true, Multistream.Listen(_supports, now));
        _streams.Add(stream, state);
        _timed.Add(state);
    }

    private void TakeData(YamuxOutput.Data data, Instant now)
    {
        if (!_streams.TryGetValue(data.Stream, out StreamState? state))
        {
            return;
        }

        if (state.Negotiation is null)
        {
            if (!state.Released)
            {
                _events.Enqueue(new ConnectionOutput.StreamData(data.Stream, data.Bytes));
            }

            return;
        }

        state.Negotiation.Receive(data.Bytes.Span, now);
        int remainder = PumpNegotiation(state, now);
        _yamux!.Consumed(data.Stream, data.Bytes.Length - remainder);
    }

    /// <summary>Passes on the outputs of a stream's negotiation.</summary>
    /// <returns>Bytes of the last piece that belong to the protocol, not to the negotiation.</returns>
    private int PumpNegotiation(StreamState state, Instant now)
    {
        while (state.Negotiation is { } negotiation
            && negotiation.TryTakeOutput(out MultistreamOutput? output))
        {
            switch (output)
            {
                case MultistreamOutput.Send send:
                    _yamux!.Send(state.Id, send.Bytes.Span);
                    break;
                case MultistreamOutput.Selected selected:
                    return TakeSelected(state, selected);
                case MultistreamOutput.Failed failed:
                    EndNegotiation(state, failed.Fault);
                    return 0;
            }
        }

        return 0;
    }

    private int TakeSelected(StreamState state, MultistreamOutput.Selected selected)
    {
        state.Negotiation = null;
        if (state.Released)
        {
            return selected.Remainder.Length;
        }

        _timed.Remove(state);
        _events.Enqueue(new ConnectionOutput.StreamOpened(state.Id, selected.Protocol, state.Inbound));
        if (state.Blocked)
        {
            _events.Enqueue(new ConnectionOutput.StreamWritable(state.Id));
        }

        if (selected.Remainder.Length > 0)
        {
            _events.Enqueue(new ConnectionOutput.StreamData(state.Id, selected.Remainder));
        }

        return selected.Remainder.Length;
    }

    private void EndNegotiation(StreamState state, Fault fault)
    {
        bool tell = !state.Inbound && !state.Released;
        Reset(state.Id);
        state.Negotiation = null;
        if (tell)
        {
            _events.Enqueue(new ConnectionOutput.StreamReset(state.Id, fault));
        }
    }

    private void TakeRemoteClosed(uint stream)
    {
        if (!_streams.TryGetValue(stream, out StreamState? state))
        {
            return;
        }

        if (state.Negotiation is not null)
        {
            EndNegotiation(state, Fault.Stream("multistream-closed",
                "the peer ended the stream in its negotiation"));
        }
        else if (!state.Released)
        {
            _events.Enqueue(new ConnectionOutput.StreamRemoteClosed(stream));
        }
    }

    private void End(uint stream, Func<uint, Fault?, ConnectionOutput> output, Fault? fault)
    {
        bool tell = IsKnownToOwner(stream);
        if (_streams.Remove(stream, out StreamState? state))
        {
            _timed.Remove(state);
            if (tell)
            {
                _events.Enqueue(output(stream, fault));
            }
        }
    }

    private bool IsKnownToOwner(uint stream) =>
        _streams.TryGetValue(stream, out StreamState? state)
        && !state.Released && (state.Negotiation is null || !state.Inbound);

    private sealed class StreamState(uint id, bool inbound, Multistream negotiation)
    {
        public uint Id { get; } = id;

        public bool Inbound { get; } = inbound;

        public Multistream? Negotiation { get; set; } = negotiation;

        public bool Lazy { get; init; }

        public bool Blocked { get; set; }

        public bool Released { get; set; }

        public Instant Deadline { get; set; }
    }
}

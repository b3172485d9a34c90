using System.Security.Cryptography;

namespace IncidentMesh.Protocol.Libp2p;

/// <content>From the first byte to an open session: <c>/noise</c> by multistream-select, the handshake, and
/// the muxer by early negotiation or, with a peer that names none, by a second multistream-select.</content>
public sealed partial class Connection
{
    private const int SmallestMessage = 1_024;

    private readonly Queue<ReadOnlyMemory<byte>> _clear = new();
    private readonly Queue<ReadOnlyMemory<byte>> _sealedFirst = new();
    private byte[] _plaintext = [];
    private Multistream? _negotiation;
    private NoiseChannel? _noise;
    private NoiseOutput.Secured? _secured;
    private Yamux? _yamux;

    private void StartSecurity(Instant now)
    {
        _negotiation = _dialer
            ? Multistream.Dial([NoiseChannel.ProtocolId], now)
            : Multistream.Listen(static protocol => protocol == NoiseChannel.ProtocolId, now);
        PumpSecurity(now);
    }

    private void PumpSecurity(Instant now)
    {
        while (_negotiation is not null && _negotiation.TryTakeOutput(out MultistreamOutput? output))
        {
            switch (output)
            {
                case MultistreamOutput.Send send:
                    _clear.Enqueue(send.Bytes);
                    break;
                case MultistreamOutput.Selected selected:
                    _negotiation = null;
                    _noise = new NoiseChannel(_host, _dialer, _expected, _muxers, _entropy, now);
                    CryptographicOperations.ZeroMemory(_entropy);
                    _noise.Receive(selected.Remainder.Span, now);
                    PumpNoise(now);
                    return;
                case MultistreamOutput.Failed failed:
                    Fail(failed.Fault with { Scope = FaultScope.Connection });
                    return;
            }
        }
    }

    private void PumpNoise(Instant now)
    {
        while (!_failed && _noise!.TryTakeOutput(out NoiseOutput? output))
        {
            switch (output)
            {
                case NoiseOutput.Send send:
                    _clear.Enqueue(send.Bytes);
                    break;
                case NoiseOutput.Secured secured:
                    StartMuxer(secured, now);
                    break;
                case NoiseOutput.Data data when _yamux is not null:
                    _yamux.Receive(data.Bytes, now);
                    PumpYamux(now);
                    break;
                case NoiseOutput.Data data:
                    _negotiation!.Receive(data.Bytes.Span, now);
                    PumpMuxer(now);
                    break;
                case NoiseOutput.Failed failed:
                    Fail(failed.Fault);
                    break;
            }
        }
    }

    private void StartMuxer(NoiseOutput.Secured secured, Instant now)
    {
        _secured = secured;
        _plaintext = GC.AllocateUninitializedArray<byte>(Limits.Libp2p.NoisePlaintextBytes);

        // There is one muxer here, so the first of the initiator's list that both have can be only that one.
        if (secured.Muxers.Contains(MuxerId))
        {
            Open(default, now);
            return;
        }

        _negotiation = _dialer
            ? Multistream.Dial(_muxers, now)
            : Multistream.Listen(static protocol => protocol == MuxerId, now);
        PumpMuxer(now);
    }

    private void PumpMuxer(Instant now)
    {
        while (_negotiation is not null && _negotiation.TryTakeOutput(out MultistreamOutput? output))
        {
            switch (output)
            {
                case MultistreamOutput.Send send:
                    _sealedFirst.Enqueue(send.Bytes);
                    break;
                case MultistreamOutput.Selected selected:
                    Open(selected.Remainder, now);
                    return;
                case MultistreamOutput.Failed failed:
                    Fail(failed.Fault with { Scope = FaultScope.Connection });
                    return;
            }
        }
    }

    private void Open(ReadOnlyMemory<byte> remainder, Instant now)
    {
        _negotiation = null;
        _yamux = new Yamux(_dialer, now);
        _events.Enqueue(new ConnectionOutput.Established(_secured!.Peer, _secured.Key));
        _yamux.Receive(remainder, now);
        PumpYamux(now);
    }
}

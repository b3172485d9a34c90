using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Protocol.Libp2p;

/// <summary>What a <see cref="Connection"/> tells its owner.</summary>
public abstract record ConnectionOutput
{
    private ConnectionOutput()
    {
    }

    /// <summary>Bytes for the socket, in order.</summary>
    public sealed record SendBytes(ReadOnlyMemory<byte> Bytes) : ConnectionOutput;

    /// <summary>The peer is known and streams may be opened.</summary>
    /// <param name="Peer">Its peer id.</param>
    /// <param name="Key">Its host key.</param>
    public sealed record Established(PeerId Peer, PublicKey Key) : ConnectionOutput;

    /// <summary>Both sides agreed on the protocol of a stream.</summary>
    /// <param name="Stream">The stream.</param>
    /// <param name="Protocol">The protocol id.</param>
    /// <param name="Inbound">Whether the peer opened it.</param>
    public sealed record StreamOpened(uint Stream, string Protocol, bool Inbound) : ConnectionOutput;

    /// <summary>Bytes came. The owner returns their credit with <see cref="Connection.Consumed"/>.</summary>
    /// <param name="Stream">The stream.</param>
    /// <param name="Bytes">Valid until the first <see cref="Connection.Receive"/> after every event was
    /// taken.</param>
    public sealed record StreamData(uint Stream, ReadOnlyMemory<byte> Bytes) : ConnectionOutput;

    /// <summary>A stream that took less than was offered takes bytes again.</summary>
    public sealed record StreamWritable(uint Stream) : ConnectionOutput;

    /// <summary>The peer writes no more on the stream.</summary>
    public sealed record StreamRemoteClosed(uint Stream) : ConnectionOutput;

    /// <summary>Both sides have ended their half; the id means nothing any more.</summary>
    public sealed record StreamFinished(uint Stream) : ConnectionOutput;

    /// <summary>The stream is gone, both ways; the id means nothing any more.</summary>
    /// <param name="Stream">The stream.</param>
    /// <param name="Fault">Why: <c>stream-reset</c> by the peer, or <c>multistream-*</c>.</param>
    public sealed record StreamReset(uint Stream, Fault Fault) : ConnectionOutput;

    /// <summary>The peer accepts no more streams: 0 normal, 1 protocol error, 2 internal error.</summary>
    public sealed record GoneAway(uint Code) : ConnectionOutput;

    /// <summary>The connection is over; what <see cref="Connection.TakeBytes"/> still gives may be sent
    /// before the socket is closed.</summary>
    public sealed record Failed(Fault Fault) : ConnectionOutput;
}

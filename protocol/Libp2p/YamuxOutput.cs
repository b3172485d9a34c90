namespace IncidentMesh.Protocol.Libp2p;

/// <summary>What a <see cref="Yamux"/> session tells its owner.</summary>
public abstract record YamuxOutput
{
    private YamuxOutput()
    {
    }

    /// <summary>The peer opened a stream; it is accepted already.</summary>
    public sealed record Opened(uint Stream) : YamuxOutput;

    /// <summary>Payload came. The owner returns its credit with <see cref="Yamux.Consumed"/>.</summary>
    /// <param name="Stream">The stream.</param>
    /// <param name="Bytes">A slice of what <see cref="Yamux.Receive"/> was given.</param>
    public sealed record Data(uint Stream, ReadOnlyMemory<byte> Bytes) : YamuxOutput;

    /// <summary>The peer writes no more on the stream.</summary>
    public sealed record RemoteClosed(uint Stream) : YamuxOutput;

    /// <summary>Both sides have ended their half and the stream is forgotten.</summary>
    public sealed record Finished(uint Stream) : YamuxOutput;

    /// <summary>The stream is gone; nothing more comes for it.</summary>
    /// <param name="Stream">The stream.</param>
    /// <param name="Code">The peer's error code, 0 when it gave none.</param>
    public sealed record Reset(uint Stream, uint Code) : YamuxOutput;

    /// <summary>A stream that took less than was offered takes bytes again.</summary>
    public sealed record Writable(uint Stream) : YamuxOutput;

    /// <summary>The peer accepts no more streams: 0 normal, 1 protocol error, 2 internal error.</summary>
    public sealed record GoneAway(uint Code) : YamuxOutput;

    /// <summary>The session is over.</summary>
    /// <param name="Fault">Why: <c>yamux-*</c>.</param>
    public sealed record Failed(Fault Fault) : YamuxOutput;
}

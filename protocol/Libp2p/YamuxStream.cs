namespace IncidentMesh.Protocol.Libp2p;

/// <summary>What a <see cref="Yamux"/> session knows of one stream.</summary>
internal sealed class YamuxStream(uint id, bool inbound)
{
    /// <summary>The id on the wire.</summary>
    public uint Id { get; } = id;

    /// <summary>Whether the peer opened it.</summary>
    public bool Inbound { get; } = inbound;

    /// <summary>Payload that may still be sent.</summary>
    public uint SendWindow { get; set; } = Limits.Libp2p.YamuxWindowBytes;

    /// <summary>Payload that the peer may still send.</summary>
    public uint ReceiveWindow { get; set; } = Limits.Libp2p.YamuxWindowBytes;

    /// <summary>Payload consumed and not yet credited to the peer.</summary>
    public uint Consumed { get; set; }

    /// <summary>Payload that waits for the window or the writer.</summary>
    public SendBuffer Pending { get; } = new(Limits.Libp2p.YamuxSendBufferBytes);

    /// <summary>Whether the peer accepted it; true from the start when inbound.</summary>
    public bool Acknowledged { get; set; } = inbound;

    /// <summary>Whether the owner writes no more.</summary>
    public bool LocalClosed { get; set; }

    /// <summary>Whether that was said on the wire.</summary>
    public bool FinSent { get; set; }

    /// <summary>Whether the peer writes no more.</summary>
    public bool RemoteClosed { get; set; }

    /// <summary>Whether it stands in the queue of streams with something to send.</summary>
    public bool Queued { get; set; }

    /// <summary>Whether the owner was refused bytes and waits to be told.</summary>
    public bool Blocked { get; set; }

    /// <summary>Whether a frame could be written now.</summary>
    public bool HasWork => (Pending.Length > 0 && SendWindow > 0)
        || (Pending.Length == 0 && LocalClosed && !FinSent);
}

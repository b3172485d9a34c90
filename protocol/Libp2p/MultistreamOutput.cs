namespace IncidentMesh.Protocol.Libp2p;

/// <summary>What a <see cref="Multistream"/> asks of its owner.</summary>
public abstract record MultistreamOutput
{
    private MultistreamOutput()
    {
    }

    /// <summary>Bytes to send to the peer, in order.</summary>
    /// <param name="Bytes">One or more whole messages.</param>
    public sealed record Send(ReadOnlyMemory<byte> Bytes) : MultistreamOutput;

    /// <summary>Both sides speak <paramref name="Protocol"/> from here on.</summary>
    /// <param name="Protocol">The protocol id, without its newline.</param>
    /// <param name="Remainder">Bytes received past the negotiation: they belong to the protocol.</param>
    public sealed record Selected(string Protocol, ReadOnlyMemory<byte> Remainder) : MultistreamOutput;

    /// <summary>The negotiation ended without a protocol; the owner resets the stream.</summary>
    /// <param name="Fault">Why: <c>multistream-*</c>.</param>
    public sealed record Failed(Fault Fault) : MultistreamOutput;
}

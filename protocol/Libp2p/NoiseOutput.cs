using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Protocol.Libp2p;

/// <summary>What a <see cref="NoiseChannel"/> tells its owner.</summary>
public abstract record NoiseOutput
{
    private NoiseOutput()
    {
    }

    /// <summary>Handshake bytes to send, in order.</summary>
    public sealed record Send(ReadOnlyMemory<byte> Bytes) : NoiseOutput;

    /// <summary>The peer proved who it is; <see cref="NoiseChannel.Seal"/> works from here on.</summary>
    /// <param name="Peer">Its peer id.</param>
    /// <param name="Key">Its host key.</param>
    /// <param name="Muxers">The muxers that it named, best first; may be empty.</param>
    public sealed record Secured(PeerId Peer, PublicKey Key, IReadOnlyList<string> Muxers) : NoiseOutput;

    /// <summary>Decrypted bytes; valid until <see cref="NoiseChannel.Recycle"/>.</summary>
    public sealed record Data(ReadOnlyMemory<byte> Bytes) : NoiseOutput;

    /// <summary>The channel is over.</summary>
    /// <param name="Fault">Why: <c>noise-*</c> or <c>key-*</c>.</param>
    public sealed record Failed(Fault Fault) : NoiseOutput;
}

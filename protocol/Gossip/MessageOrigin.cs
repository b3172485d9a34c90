using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Gossip;

/// <summary>Who signed a message, in StrictSign form with <c>key</c> omitted: an Ed25519 peer id holds its
/// key, and some stacks count <c>key</c> into what was signed. Source: libp2p/specs, pubsub, "Message
/// Signing";
/// <c>specs/gossip.md</c>, "Signatures".
/// <code>signed = "libp2p-pubsub:" || { from=1, data=2, seqno=3, topic=4 }      fields in tag
/// order</code></summary>
/// <param name="From">Peer id.</param>
/// <param name="Sequence">8 bytes, big endian.</param>
/// <param name="Signature">64 bytes.</param>
public sealed record MessageOrigin(
    ReadOnlyMemory<byte> From, ReadOnlyMemory<byte> Sequence, ReadOnlyMemory<byte> Signature)
{
    private const int SequenceBytes = 8;

    // Identity multihash header before the key's protobuf in a peer id.
    private const int KeyOffset = 2;

    private static ReadOnlySpan<byte> Domain => "libp2p-pubsub:"u8;

    /// <summary>Signs a message.</summary>
    public static MessageOrigin Sign(
        SigningKey signer, ulong sequence, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(signer);
        byte[] number = new byte[SequenceBytes];
        BinaryPrimitives.WriteUInt64BigEndian(number, sequence);
        ReadOnlyMemory<byte> from = PeerId.Of(signer.Public).Bytes;
        return new MessageOrigin(from, number, signer.Sign(Signed(from.Span, data, number, topic)));
    }

    /// <summary>Checks the signature of a message that has one.</summary>
    /// <param name="rpc">The RPC.</param>
    /// <param name="message">The message in it.</param>
    /// <param name="origin">The origin, copied out.</param>
    /// <param name="fault">Why not: a field is missing, <c>key</c> does not match, or the signature does not
    /// hold.</param>
    public static bool TryVerify(
        ReadOnlySpan<byte> rpc,
        in RpcMessage message,
        [NotNullWhen(true)] out MessageOrigin? origin,
        [NotNullWhen(false)] out Fault? fault)
    {
        origin = null;
        ReadOnlySpan<byte> from = message.From.Of(rpc);
        ReadOnlySpan<byte> sequence = message.Sequence.Of(rpc);
        ReadOnlySpan<byte> signature = message.Signature.Of(rpc);
        fault = sequence.Length != SequenceBytes || signature.Length != PublicKey.SignatureLength
                ? Fault.Message("gossip-signature", "from, seqno (8 bytes) and signature (64) go together")
            : !PeerId.TryRead(from, out PeerId signer) || !signer.TryGetPublicKey(out PublicKey key)
                ? Fault.Message("gossip-signer", "the signer's key is not Ed25519")
            : message.Key.IsPresent && !message.Key.Of(rpc).SequenceEqual(from[KeyOffset..])
                ? Fault.Message("gossip-signature", "key is not the key of from")
            : !key.Verify(Signed(from, message.Data.Of(rpc), sequence, message.Topic.Of(rpc)), signature)
                ? Fault.Message("gossip-signature", "the signature does not hold")
            : null;
        if (fault is null)
        {
            origin = new MessageOrigin(from.ToArray(), sequence.ToArray(), signature.ToArray());
        }

        return fault is null;
    }

    private static byte[] Signed(
        ReadOnlySpan<byte> from,
        ReadOnlySpan<byte> data,
        ReadOnlySpan<byte> sequence,
        ReadOnlySpan<byte> topic)
    {
        ProtobufWriter writer = new();
        writer.Bytes(1, from);
        writer.Bytes(2, data);
        writer.Bytes(3, sequence);
        writer.Bytes(4, topic);
        return [.. Domain, .. writer.Written];
    }
}

using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Libp2p;

/// <summary>A peer's own statement of its addresses, signed with its host key, so that others can pass it on
/// (<c>specs/libp2p.md</c> 5; go-libp2p core/record and core/peer).</summary>
/// <remarks><code>
/// Envelope   = public_key=1 (KeyProtobuf)  payload_type=2 (03 01)  payload=3  signature=5
/// PeerRecord = peer_id=1  seq=2  addresses=3 { multiaddr=1 }
/// signature  = Ed25519 over uvarint(18) "libp2p-peer-record" uvarint(2) 03 01 uvarint(n) payload
/// </code>RFC 0003 of libp2p names another domain and type; these are what every implementation
/// writes.</remarks>
/// <param name="Peer">Whose addresses.</param>
/// <param name="Sequence">Larger supersedes smaller; Unix seconds in practice.</param>
/// <param name="Addresses">Where the peer says that it listens; unreadable ones are left out.</param>
public sealed record SignedPeerRecord(PeerId Peer, ulong Sequence, IReadOnlyList<Multiaddr> Addresses)
{
    private static ReadOnlySpan<byte> Domain => "libp2p-peer-record"u8;

    private static ReadOnlySpan<byte> PayloadType => [0x03, 0x01];

    /// <summary>The envelope of a record of this node.</summary>
    public static byte[] Write(SigningKey host, ulong sequence, IReadOnlyList<Multiaddr> addresses)
    {
        var record = new ProtobufWriter();
        record.Bytes(1, PeerId.Of(host.Public).Bytes.Span);
        record.Varint(2, sequence);
        foreach (Multiaddr address in addresses)
        {
            var info = new ProtobufWriter();
            info.Bytes(1, address.Bytes.Span);
            record.Bytes(3, info.Written);
        }

        var envelope = new ProtobufWriter();
        envelope.Bytes(1, KeyProtobuf.Write(host.Public));
        envelope.Bytes(2, PayloadType);
        envelope.Bytes(3, record.Written);
        envelope.Bytes(5, host.Sign(SignedBytes(record.Written)));
        return envelope.ToArray();
    }

    /// <summary>Reads an envelope, and checks its signature and that the key is the peer's.</summary>
    /// <param name="bytes">At most 8,192 bytes.</param>
    /// <param name="record">The record read.</param>
    /// <param name="fault"><c>peer-record-*</c>, <c>key-*</c> or <c>protobuf</c>.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SignedPeerRecord? record,
        [NotNullWhen(false)] out Fault? fault)
    {
        record = null;
        ReadOnlySpan<byte> key = default, type = default, payload = default, signature = default;
        if (bytes.Length > Limits.Libp2p.IdentifyBytes)
        {
            fault = Fault.Message("peer-record-size", $"{bytes.Length} bytes");
            return false;
        }

        var reader = new ProtobufReader(bytes);
        while (reader.Read())
        {
            key = reader.IsBytes(1) ? reader.Bytes : key;
            type = reader.IsBytes(2) ? reader.Bytes : type;
            payload = reader.IsBytes(3) ? reader.Bytes : payload;
            signature = reader.IsBytes(5) ? reader.Bytes : signature;
        }

        fault = reader.Fault;
        if (fault is not null || !KeyProtobuf.TryRead(key, out PublicKey host, out fault))
        {
            fault = fault with { Scope = FaultScope.Message };
            return false;
        }

        if (!type.SequenceEqual(PayloadType) || !host.Verify(SignedBytes(payload), signature))
        {
            fault = Fault.Message("peer-record-signature",
                "the envelope is of another type or not signed by its key");
            return false;
        }

        return TryReadPayload(payload, PeerId.Of(host), out record, out fault);
    }

    private static bool TryReadPayload(
        ReadOnlySpan<byte> payload, PeerId signer, [NotNullWhen(true)] out SignedPeerRecord? record,
        [NotNullWhen(false)] out Fault? fault)
    {
        record = null;
        ReadOnlySpan<byte> peer = default;
        ulong sequence = 0;
        var addresses = new List<Multiaddr>();
        var reader = new ProtobufReader(payload);
        while (reader.Read())
        {
            peer = reader.IsBytes(1) ? reader.Bytes : peer;
            sequence = reader.IsVarint(2) ? reader.Varint : sequence;
            if (reader.IsBytes(3) && addresses.Count < Limits.Libp2p.IdentifyAddresses
                && ReadAddress(reader.Bytes) is { } address)
            {
                addresses.Add(address);
            }
        }

        fault = reader.Fault;
        if (fault is null && !peer.SequenceEqual(signer.Bytes.Span))
        {
            fault = Fault.Message("peer-record-peer", "the record is of another peer than its signer");
        }

        record = fault is null ? new SignedPeerRecord(signer, sequence, addresses) : null;
        return record is not null;
    }

    private static Multiaddr? ReadAddress(ReadOnlySpan<byte> info)
    {
        var reader = new ProtobufReader(info);
        while (reader.Read())
        {
            if (reader.IsBytes(1))
            {
                return Multiaddr.TryRead(reader.Bytes, out Multiaddr? address, out _) ? address : null;
            }
        }

        return null;
    }

    private static byte[] SignedBytes(ReadOnlySpan<byte> payload)
    {
        var bytes = new ArrayBufferWriter<byte>(payload.Length + 32);
        Uvarint.Write(bytes, (ulong)Domain.Length);
        bytes.Write(Domain);
        Uvarint.Write(bytes, (ulong)PayloadType.Length);
        bytes.Write(PayloadType);
        Uvarint.Write(bytes, (ulong)payload.Length);
        bytes.Write(payload);
        return bytes.WrittenSpan.ToArray();
    }
}

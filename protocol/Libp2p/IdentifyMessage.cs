using System.Diagnostics.CodeAnalysis;
using System.Text;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Libp2p;

/// <summary>What a peer says of itself over <c>/ipfs/id/1.0.0</c> and <c>/ipfs/id/push/1.0.0</c>
/// (<c>specs/libp2p.md</c> 5; libp2p/specs identify). A push may hold some fields only.</summary>
/// <remarks><code>
/// frame    = uvarint(length) Identify      length &lt;= 8,192; ours stay below 4,096
/// Identify = publicKey=1 (KeyProtobuf)  listenAddrs=2 repeated multiaddr  protocols=3 repeated text
///            observedAddr=4 multiaddr  protocolVersion=5 text  agentVersion=6 text
///            signedPeerRecord=8 (SignedPeerRecord)
/// </code></remarks>
public sealed record IdentifyMessage
{
    /// <summary>Protocol id of the question: the listener answers and closes.</summary>
    public const string ProtocolId = "/ipfs/id/1.0.0";

    /// <summary>Protocol id of news: the dialer sends and closes.</summary>
    public const string PushProtocolId = "/ipfs/id/push/1.0.0";

    private const int TextBytes = 256;

    /// <summary>The host key; null when the message names none.</summary>
    public PublicKey? Key { get; init; }

    /// <summary>Where the peer says that it listens; addresses that cannot be read are left out.</summary>
    public IReadOnlyList<Multiaddr> ListenAddresses { get; init; } = [];

    /// <summary>Protocol ids that the peer speaks.</summary>
    public IReadOnlyList<string> Protocols { get; init; } = [];

    /// <summary>The address under which the peer sees this node.</summary>
    public Multiaddr? Observed { get; init; }

    /// <summary>A family of networks, such as <c>incidentmesh/1</c>.</summary>
    public string? ProtocolVersion { get; init; }

    /// <summary>Name and version of the peer's program.</summary>
    public string? AgentVersion { get; init; }

    /// <summary>A signed record of the peer's addresses; null when absent or not good.</summary>
    public SignedPeerRecord? PeerRecord { get; init; }

    /// <summary>Reads one message, without its length.</summary>
    /// <param name="bytes">At most 8,192 bytes.</param>
    /// <param name="message">The message read.</param>
    /// <param name="fault"><c>identify-size</c>, <c>protobuf</c> or <c>key-*</c>.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out IdentifyMessage? message,
        [NotNullWhen(false)] out Fault? fault)
    {
        message = null;
        fault = null;
        if (bytes.Length > Limits.Libp2p.IdentifyBytes)
        {
            fault = Fault.Stream("identify-size",
                $"{bytes.Length} bytes; {Limits.Libp2p.IdentifyBytes} are read");
            return false;
        }

        var read = new IdentifyMessage();
        var addresses = new List<Multiaddr>();
        var protocols = new List<string>();
        var reader = new ProtobufReader(bytes);
        while (reader.Read())
        {
            if (reader.WireType == 2 && !TryTakeField(ref reader, ref read, addresses, protocols, out fault))
            {
                return false;
            }
        }

        fault = reader.Fault;
        message = fault is null ? read with { ListenAddresses = addresses, Protocols = protocols } : null;
        return message is not null;
    }

    /// <summary>Writes a message, without its length.</summary>
    /// <param name="signedPeerRecord">The envelope of <see cref="SignedPeerRecord.Write"/>, or empty.</param>
    public byte[] Write(ReadOnlySpan<byte> signedPeerRecord)
    {
        var writer = new ProtobufWriter();
        if (Key is { } key)
        {
            writer.Bytes(1, KeyProtobuf.Write(key));
        }

        foreach (Multiaddr address in ListenAddresses)
        {
            writer.Bytes(2, address.Bytes.Span);
        }

        foreach (string protocol in Protocols)
        {
            writer.Text(3, protocol);
        }

        if (Observed is not null)
        {
            writer.Bytes(4, Observed.Bytes.Span);
        }

        WriteText(writer, 5, ProtocolVersion);
        WriteText(writer, 6, AgentVersion);
        if (signedPeerRecord.Length > 0)
        {
            writer.Bytes(8, signedPeerRecord);
        }

        return writer.ToArray();
    }

    /// <summary>This message with the fields that a later one holds put in their place.</summary>
    public IdentifyMessage Merge(IdentifyMessage later) => new()
    {
        Key = later.Key ?? Key,
        ListenAddresses = later.ListenAddresses.Count > 0 ? later.ListenAddresses : ListenAddresses,
        Protocols = later.Protocols.Count > 0 ? later.Protocols : Protocols,
        Observed = later.Observed ?? Observed,
        ProtocolVersion = later.ProtocolVersion ?? ProtocolVersion,
        AgentVersion = later.AgentVersion ?? AgentVersion,
        PeerRecord = later.PeerRecord ?? PeerRecord,
    };

    private static void WriteText(ProtobufWriter writer, int field, string? text)
    {
        if (text is not null)
        {
            writer.Text(field, text);
        }
    }

    private static bool TryTakeField(
        ref ProtobufReader reader, ref IdentifyMessage read, List<Multiaddr> addresses,
        List<string> protocols,
        [NotNullWhen(false)] out Fault? fault)
    {
        fault = null;
        switch (reader.Field)
        {
            case 1 when !KeyProtobuf.TryRead(reader.Bytes, out PublicKey key, out fault):
                fault = fault with { Scope = FaultScope.Stream };
                return false;
            case 1:
                KeyProtobuf.TryRead(reader.Bytes, out PublicKey good, out _);
                read = read with { Key = good };
                break;
            case 2 when addresses.Count < Limits.Libp2p.IdentifyAddresses:
                if (Multiaddr.TryRead(reader.Bytes, out Multiaddr? address, out _))
                {
                    addresses.Add(address);
                }

                break;
            case 3 when protocols.Count < Limits.Libp2p.IdentifyProtocols && reader.Bytes.Length <= TextBytes:
                protocols.Add(Encoding.UTF8.GetString(reader.Bytes));
                break;
            case 4:
                read = read with
                {
                    Observed = Multiaddr.TryRead(reader.Bytes, out Multiaddr? seen, out _) ? seen
                        : read.Observed,
                };
                break;
            case 5 when reader.Bytes.Length <= TextBytes:
                read = read with { ProtocolVersion = Encoding.UTF8.GetString(reader.Bytes) };
                break;
            case 6 when reader.Bytes.Length <= TextBytes:
                read = read with { AgentVersion = Encoding.UTF8.GetString(reader.Bytes) };
                break;
            case 8 when SignedPeerRecord.TryRead(reader.Bytes, out SignedPeerRecord? record, out _):
                read = read with { PeerRecord = record };
                break;
        }

        return true;
    }
}

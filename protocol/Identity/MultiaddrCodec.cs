using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Identity;

/// <summary>Bytes and text of one step of a <see cref="Multiaddr"/>.</summary>
internal static class MultiaddrCodec
{
    private const int NameBytes = 255;

    private static readonly (MultiaddrProtocol Protocol, string Name)[] _names =
    [
        (MultiaddrProtocol.Ip4, "ip4"), (MultiaddrProtocol.Tcp, "tcp"), (MultiaddrProtocol.Ip6, "ip6"),
        (MultiaddrProtocol.Dns, "dns"), (MultiaddrProtocol.Dns4, "dns4"), (MultiaddrProtocol.Dns6, "dns6"),
        (MultiaddrProtocol.Dnsaddr, "dnsaddr"), (MultiaddrProtocol.Udp, "udp"),
        (MultiaddrProtocol.P2pCircuit, "p2p-circuit"), (MultiaddrProtocol.P2p, "p2p"),
        (MultiaddrProtocol.Tls, "tls"),
        (MultiaddrProtocol.QuicV1, "quic-v1"), (MultiaddrProtocol.Ws, "ws"), (MultiaddrProtocol.Wss, "wss"),
    ];

    /// <summary>The word of a protocol.</summary>
    public static string Name(MultiaddrProtocol protocol) => _names.First(n => n.Protocol == protocol).Name;

    /// <summary>The protocol of a word; <c>ipfs</c> is the old word of <c>p2p</c>.</summary>
    public static bool TryProtocol(string name, out MultiaddrProtocol protocol)
    {
        int at = Array.FindIndex(_names, n => n.Name == (name == "ipfs" ? "p2p" : name));
        protocol = at < 0 ? default : _names[at].Protocol;
        return at >= 0;
    }

    /// <summary>Whether a word is followed by a value.</summary>
    public static bool HasValue(MultiaddrProtocol protocol) => protocol is not
        (MultiaddrProtocol.P2pCircuit or MultiaddrProtocol.Tls or MultiaddrProtocol.QuicV1
        or MultiaddrProtocol.Ws or MultiaddrProtocol.Wss);

    /// <summary>Reads one step from the front of <paramref name="bytes"/>.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes, out MultiaddrPart part, out int consumed,
        [NotNullWhen(false)] out Fault? fault)
    {
        part = default;
        consumed = 0;
        if (Uvarint.Read(bytes, out ulong code, out int at) != OperationStatus.Done)
        {
            fault = Fault.Message("multiaddr-code", "a protocol code is cut off or not minimal");
            return false;
        }

        var protocol = (MultiaddrProtocol)code;
        if (code > int.MaxValue || !Enum.IsDefined(protocol))
        {
            fault = Fault.Message("multiaddr-protocol", $"protocol {code} is not known");
            return false;
        }

        int length = FixedLength(protocol);
        if (length < 0)
        {
            if (Uvarint.Read(bytes[at..], out ulong announced, out int prefix) != OperationStatus.Done
                || announced is 0 or > NameBytes)
            {
                fault = Fault.Message("multiaddr-length",
                    $"the length of a {Name(protocol)} value is not 1 to 255");
                return false;
            }

            at += prefix;
            length = (int)announced;
        }

        string? value = bytes.Length - at < length ? null : Text(protocol, bytes.Slice(at, length));
        consumed = at + length;
        part = new MultiaddrPart(protocol, value ?? "");
        fault = value is null ? Fault.Message("multiaddr-value", $"a {Name(protocol)} value cannot be read")
            : null;
        return fault is null;
    }

    /// <summary>The bytes of one step; null when its value is not one of that protocol.</summary>
    public static byte[]? Write(MultiaddrPart part)
    {
        if (Value(part) is not { } value)
        {
            return null;
        }

        var bytes = new ArrayBufferWriter<byte>();
        Uvarint.Write(bytes, (ulong)part.Protocol);
        if (FixedLength(part.Protocol) < 0)
        {
            Uvarint.Write(bytes, (ulong)value.Length);
        }

        bytes.Write(value);
        return bytes.WrittenSpan.ToArray();
    }

    private static int FixedLength(MultiaddrProtocol protocol) => protocol switch
    {
        MultiaddrProtocol.Ip4 => 4,
        MultiaddrProtocol.Ip6 => 16,
        MultiaddrProtocol.Tcp or MultiaddrProtocol.Udp => 2,
        _ => HasValue(protocol) ? -1 : 0,
    };

    private static string? Text(MultiaddrProtocol protocol, ReadOnlySpan<byte> value)
    {
        switch (protocol)
        {
            case MultiaddrProtocol.Ip4 or MultiaddrProtocol.Ip6:
                return new IPAddress(value).ToString();
            case MultiaddrProtocol.Tcp or MultiaddrProtocol.Udp:
                return BinaryPrimitives.ReadUInt16BigEndian(value).ToString(CultureInfo.InvariantCulture);
            case MultiaddrProtocol.P2p:
                return PeerId.TryRead(value, out PeerId peer) ? peer.ToString() : null;
            default:
                return IsName(value) ? Encoding.ASCII.GetString(value) : null;
        }
    }

    private static byte[]? Value(MultiaddrPart part)
    {
        switch (part.Protocol)
        {
            case MultiaddrProtocol.Ip4 or MultiaddrProtocol.Ip6:
                // IPAddress also reads "1" and "0x7f.1": only an address that writes itself the same way
                // counts.
                bool address = IPAddress.TryParse(part.Value, out IPAddress? ip)
                    && ip.GetAddressBytes().Length == FixedLength(part.Protocol)
                    && (part.Protocol == MultiaddrProtocol.Ip6 ? ip.ScopeId == 0
                        : ip.ToString() == part.Value);
                return address ? ip!.GetAddressBytes() : null;
            case MultiaddrProtocol.Tcp or MultiaddrProtocol.Udp:
                bool port = ushort.TryParse(
                    part.Value, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number);
                return port ? [(byte)(number >> 8), (byte)number] : null;
            case MultiaddrProtocol.P2p:
                return PeerId.TryParse(part.Value, out PeerId peer) ? peer.Bytes.ToArray() : null;
            case var protocol when !HasValue(protocol):
                return part.Value.Length == 0 ? [] : null;
            default:
                byte[] name = Encoding.UTF8.GetBytes(part.Value);
                return name.Length is > 0 and <= NameBytes && IsName(name) ? name : null;
        }
    }

    private static bool IsName(ReadOnlySpan<byte> name) =>
        name.IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0
        && !name.Contains((byte)'/');
}

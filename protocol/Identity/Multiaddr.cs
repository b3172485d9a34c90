using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;

namespace IncidentMesh.Protocol.Identity;

/// <summary>A self-describing network address such as <c>/ip4/192.0.2.42/tcp/4001/p2p/12D3KooW…</c>: a list
/// of steps, outermost last (<c>specs/libp2p.md</c> 1; multiformats/multiaddr).</summary>
/// <remarks><code>
/// multiaddr = step { step }          at most 512 bytes
/// step      = uvarint(code) value    ip4 4: 4 bytes; ip6 41: 16; tcp 6, udp 273: 2, big-endian
///             uvarint(code) uvarint(length) value
///                                dns 53, dns4 54, dns6 55, dnsaddr 56: a name; p2p 421: multihash
/// </code></remarks>
public sealed class Multiaddr : IEquatable<Multiaddr>
{
    private readonly byte[] _bytes;

    private Multiaddr(byte[] bytes, IReadOnlyList<MultiaddrPart> parts)
    {
        _bytes = bytes;
        Parts = parts;
    }

    /// <summary>The steps; at least one.</summary>
    public IReadOnlyList<MultiaddrPart> Parts { get; }

    /// <summary>The bytes on the wire.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The peer id at the end, where there is one.</summary>
    public PeerId? Peer =>
        Parts[^1].Protocol == MultiaddrProtocol.P2p && PeerId.TryParse(Parts[^1].Value, out PeerId peer)
            ? peer : null;

    /// <summary>The address of a TCP endpoint. An IPv4 address mapped into IPv6 becomes <c>/ip4</c>
    /// again.</summary>
    public static Multiaddr OfTcp(IPEndPoint endpoint)
    {
        IPAddress ip = endpoint.Address.IsIPv4MappedToIPv6 ? endpoint.Address.MapToIPv4() : endpoint.Address;
        bool six = ip.GetAddressBytes().Length == 16;
        string host = six ? new IPAddress(ip.GetAddressBytes()).ToString() : ip.ToString();
        return Of(
            new MultiaddrPart(six ? MultiaddrProtocol.Ip6 : MultiaddrProtocol.Ip4, host),
            new MultiaddrPart(MultiaddrProtocol.Tcp, endpoint.Port.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Reads the wire form, to its end.</summary>
    /// <param name="bytes">1 to 512 bytes.</param>
    /// <param name="address">The address read.</param>
    /// <param name="fault"><c>multiaddr-*</c>.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Multiaddr? address,
        [NotNullWhen(false)] out Fault? fault)
    {
        address = null;
        if (bytes.Length is 0 or > Limits.Libp2p.MultiaddrBytes)
        {
            fault = Fault.Message("multiaddr-size",
                $"{bytes.Length} bytes; 1 to {Limits.Libp2p.MultiaddrBytes} are read");
            return false;
        }

        var parts = new List<MultiaddrPart>();
        for (ReadOnlySpan<byte> rest = bytes; rest.Length > 0;)
        {
            if (!MultiaddrCodec.TryRead(rest, out MultiaddrPart part, out int consumed, out fault))
            {
                return false;
            }

            parts.Add(part);
            rest = rest[consumed..];
        }

        address = new Multiaddr(bytes.ToArray(), parts);
        fault = null;
        return true;
    }

    /// <summary>Reads the text form.</summary>
    /// <param name="text">Begins with a slash.</param>
    /// <param name="address">The address read.</param>
    /// <param name="fault"><c>multiaddr-text</c>, with what is wrong.</param>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out Multiaddr? address, [NotNullWhen(false)] out Fault? fault)
    {
        address = null;
        string[] words = (text ?? "").TrimEnd('/').Split('/');
        if (words.Length < 2 || words[0].Length > 0)
        {
            fault = Fault.Message("multiaddr-text", "an address looks like /ip4/192.0.2.1/tcp/4001");
            return false;
        }

        var parts = new List<MultiaddrPart>();
        var bytes = new List<byte>();
        for (int i = 1; i < words.Length; i++)
        {
            if (!MultiaddrCodec.TryProtocol(words[i], out MultiaddrProtocol protocol))
            {
                fault = Fault.Message("multiaddr-text", $"'{words[i]}' is not a protocol of an address");
                return false;
            }

            string? value = !MultiaddrCodec.HasValue(protocol) ? "" : ++i < words.Length ? words[i] : null;
            if (value is null || MultiaddrCodec.Write(new MultiaddrPart(protocol, value)) is not { } step)
            {
                fault = Fault.Message("multiaddr-text",
                    $"'{value}' is not a value of {MultiaddrCodec.Name(protocol)}");
                return false;
            }

            bytes.AddRange(step);
            parts.Add(new MultiaddrPart(protocol, value));
        }

        return TryRead([.. bytes], out address, out fault);
    }

    /// <summary>The host and port of a plain TCP address, with or without a peer id behind it.</summary>
    /// <param name="family">How <paramref name="host"/> is resolved: ip4, ip6, dns, dns4 or dns6.</param>
    /// <param name="host">An IP address or a name.</param>
    /// <param name="port">0 to 65,535.</param>
    /// <returns>False when the address needs another transport.</returns>
    public bool TryGetTcp(out MultiaddrProtocol family, out string host, out int port)
    {
        family = Parts[0].Protocol;
        host = Parts[0].Value;
        port = 0;
        bool plain = Parts.Count == 2 || (Parts.Count == 3 && Parts[2].Protocol == MultiaddrProtocol.P2p);
        return plain && Parts[1].Protocol == MultiaddrProtocol.Tcp
            && family is MultiaddrProtocol.Ip4 or MultiaddrProtocol.Ip6 or MultiaddrProtocol.Dns
                or MultiaddrProtocol.Dns4 or MultiaddrProtocol.Dns6
            && int.TryParse(Parts[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out port);
    }

    /// <summary>The same address with that peer id at its end, in place of another one.</summary>
    public Multiaddr WithPeer(PeerId peer) =>
        Of([.. WithoutPeer().Parts, new MultiaddrPart(MultiaddrProtocol.P2p, peer.ToString())]);

    /// <summary>The same address without a peer id at its end.</summary>
    public Multiaddr WithoutPeer() => Peer is null || Parts.Count == 1 ? this : Of([.. Parts.SkipLast(1)]);

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (MultiaddrPart part in Parts)
        {
            text.Append('/').Append(MultiaddrCodec.Name(part.Protocol));
            if (part.Value.Length > 0)
            {
                text.Append('/').Append(part.Value);
            }
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(Multiaddr? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Multiaddr);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    private static Multiaddr Of(params IReadOnlyList<MultiaddrPart> parts)
    {
        byte[] bytes = [.. parts.SelectMany(static part => MultiaddrCodec.Write(part)
            ?? throw new ArgumentException($"'{part.Value}' is not a value of {part.Protocol}"))];
        return new Multiaddr(bytes, parts);
    }
}

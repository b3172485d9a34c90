namespace IncidentMesh.Protocol.Identity;

/// <summary>Protocols of a multiaddr that are spoken or at least read; the numbers are
/// multicodec's.</summary>
public enum MultiaddrProtocol
{
    /// <summary>IPv4 address: 4 bytes.</summary>
    Ip4 = 4,

    /// <summary>TCP port: 2 bytes, big-endian.</summary>
    Tcp = 6,

    /// <summary>IPv6 address: 16 bytes.</summary>
    Ip6 = 41,

    /// <summary>Host name, either family.</summary>
    Dns = 53,

    /// <summary>Host name, IPv4 only.</summary>
    Dns4 = 54,

    /// <summary>Host name, IPv6 only.</summary>
    Dns6 = 55,

    /// <summary>Host name whose TXT records hold multiaddrs.</summary>
    Dnsaddr = 56,

    /// <summary>UDP port: 2 bytes, big-endian.</summary>
    Udp = 273,

    /// <summary>A relay stands between; no value.</summary>
    P2pCircuit = 290,

    /// <summary>Peer id: a multihash.</summary>
    P2p = 421,

    /// <summary>TLS; no value.</summary>
    Tls = 448,

    /// <summary>QUIC version 1; no value.</summary>
    QuicV1 = 461,

    /// <summary>WebSocket; no value.</summary>
    Ws = 477,

    /// <summary>WebSocket over TLS; no value.</summary>
    Wss = 478,
}

/// <summary>One step of a multiaddr.</summary>
/// <param name="Protocol">What the step speaks.</param>
/// <param name="Value">Its value as text; empty where there is none.</param>
public readonly record struct MultiaddrPart(MultiaddrProtocol Protocol, string Value);

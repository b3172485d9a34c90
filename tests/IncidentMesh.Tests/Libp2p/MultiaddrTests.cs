using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using Xunit;

namespace IncidentMesh.Tests.Libp2p;

public sealed class MultiaddrTests
{
    private static readonly string[] Keys = ["name", "text", "hex"];

    public static TheoryData<string> Good => VectorFile.Names("multiaddr.txt", Keys);

    [Theory]
    [MemberData(nameof(Good))]
    public void Text_and_bytes_are_one(string name)
    {
        Dictionary<string, string> v = VectorFile.Case("multiaddr.txt", name, Keys);
        Assert.True(Multiaddr.TryParse(v["text"], out Multiaddr? address, out _));
        Assert.Equal(v["hex"], Convert.ToHexStringLower(address.Bytes.Span));
        Assert.True(Multiaddr.TryRead(Convert.FromHexString(v["hex"]), out Multiaddr? read, out _));
        Assert.Equal(v["text"], read.ToString());
        Assert.Equal(address, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("ip4/1.2.3.4")]
    [InlineData("/ip4")]
    [InlineData("/ip4/1.2.3")]
    [InlineData("/ip4/1")]
    [InlineData("/ip4/::1")]
    [InlineData("/ip6/1.2.3.4")]
    [InlineData("/ip6/fe80::1%1")]
    [InlineData("/ip4/1.2.3.4/tcp")]
    [InlineData("/ip4/1.2.3.4/tcp/65536")]
    [InlineData("/ip4/1.2.3.4/tcp/-1")]
    [InlineData("/ip4/1.2.3.4/tcp/ 1")]
    [InlineData("/dns4//tcp/1")]
    [InlineData("/dns4/a b/tcp/1")]
    [InlineData("/p2p/12D3")]
    [InlineData("/nothing/1")]
    public void Text_that_is_no_address_is_refused(string text)
    {
        Assert.False(Multiaddr.TryParse(text, out _, out Fault? fault));
        Assert.StartsWith("multiaddr-", fault.Code, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "multiaddr-size")]
    [InlineData("84", "multiaddr-code")]
    [InlineData("8400", "multiaddr-code")]
    [InlineData("7f", "multiaddr-protocol")]
    [InlineData("047f0000", "multiaddr-value")]
    [InlineData("3500", "multiaddr-length")]
    [InlineData("3505616263", "multiaddr-value")]
    [InlineData("3503610a63", "multiaddr-value")]
    [InlineData("a503021220", "multiaddr-value")]
    public void Bytes_that_are_no_address_are_refused(string hex, string code)
    {
        Assert.False(Multiaddr.TryRead(Convert.FromHexString(hex), out _, out Fault? fault));
        Assert.Equal(code, fault.Code);
    }

    [Fact]
    public void An_address_is_read_to_512_bytes_and_not_beyond()
    {
        byte[] longest = [.. Enumerable.Repeat<byte[]>([6, 1, 0xbb], 170).SelectMany(b => b), 0xdd, 0x03];
        Assert.Equal(Limits.Libp2p.MultiaddrBytes, longest.Length);
        Assert.True(Multiaddr.TryRead(longest, out _, out _));
        Assert.False(Multiaddr.TryRead([.. longest, 6, 1, 0xbb], out _, out Fault? fault));
        Assert.Equal("multiaddr-size", fault.Code);
    }

    [Fact]
    public void A_tcp_address_gives_host_and_port_and_others_do_not()
    {
        using SigningKey key = SigningKey.FromSeed(new byte[32]);
        PeerId peer = PeerId.Of(key.Public);
        var endpoint = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 4001);
        Multiaddr address = Multiaddr.OfTcp(endpoint).WithPeer(peer);
        Assert.True(address.TryGetTcp(out MultiaddrProtocol family, out string host, out int port));
        Assert.Equal((MultiaddrProtocol.Ip4, "127.0.0.1", 4001), (family, host, port));
        Assert.Equal(peer, address.Peer);
        Assert.Equal("/ip4/127.0.0.1/tcp/4001", address.WithoutPeer().ToString());
        foreach (string other in new[] { "/ip4/1.2.3.4/udp/1/quic-v1", "/ip4/1.2.3.4/tcp/1/ws",
            "/dnsaddr/a/tcp/1" })
        {
            Assert.True(Multiaddr.TryParse(other, out Multiaddr? parsed, out _));
            Assert.False(parsed.TryGetTcp(out _, out _, out _));
        }
    }
}

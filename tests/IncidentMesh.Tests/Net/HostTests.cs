using Xunit;
using IncidentMesh.Node.Net;
using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Tests.Net;

public sealed class HostTests
{
    private const string Echo = "/incidentmesh/echo/1.0.0";

    [Fact]
    public async Task Two_hosts_connect_identify_and_exchange_eight_mebibytes()
    {
        await using var a = new TestHost();
        await using var b = new TestHost();
        b.Host.Handle(Echo, TestHost.EchoAsync);
        Multiaddr address = b.Listen();
        Assert.Equal(b.Host.Id, await a.Host.DialAsync(address, a.Stop));
        PeerInfo seen = await a.ConnectedAsync();
        Assert.True(seen.Speaks(Echo));
        Assert.Equal(b.Host.Id, seen.Identity.PeerRecord?.Peer);
        Assert.Equal(a.Host.Id, (await b.ConnectedAsync()).Id);
        Assert.True(await a.Host.PingAsync(b.Host.Id, a.Stop) < TimeSpan.FromSeconds(5));
        await a.AssertEchoAsync(b.Host.Id, Echo, 8 << 20);
    }

    [Fact]
    public async Task A_port_in_use_is_told_as_such()
    {
        await using var a = new TestHost();
        await using var b = new TestHost();
        var e = Assert.Throws<ListenException>(() => b.Host.Listen(a.Listen().WithoutPeer()));
        Assert.Equal(ListenFailure.AddressInUse, e.Reason);
    }
}

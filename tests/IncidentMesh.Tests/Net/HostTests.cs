using IncidentMesh.Node.Net;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Libp2p;
using Xunit;

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
        Assert.True(seen.Outbound);
        Assert.Equal(b.Host.Id, seen.Identity.PeerRecord?.Peer);
        Assert.Equal([address.WithoutPeer()], seen.Identity.ListenAddresses);
        PeerInfo back = await b.ConnectedAsync();
        Assert.Equal((a.Host.Id, false), (back.Id, back.Outbound));
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

    [Theory]
    [InlineData("/ip4/203.0.113.77/tcp/4001", ListenFailure.AddressNotAvailable)]
    [InlineData("/dns4/localhost/tcp/4001", ListenFailure.Unsupported)]
    [InlineData("/ip4/127.0.0.1/tcp/4001/ws", ListenFailure.Unsupported)]
    public async Task An_address_that_cannot_be_listened_on_is_told_as_such(string text, ListenFailure reason)
    {
        await using var a = new TestHost();
        var e = Assert.Throws<ListenException>(() => a.Host.Listen(TestHost.Address(text)));
        Assert.Equal(reason, e.Reason);
    }

    [Fact]
    public async Task Nobody_at_the_address_and_another_peer_there_fail_the_dial()
    {
        await using var a = new TestHost();
        await using var b = new TestHost();
        await using var c = new TestHost();
        Multiaddr address = b.Listen();
        var wrong = await Assert.ThrowsAsync<DialException>(
            () => a.Host.DialAsync(address.WithPeer(c.Host.Id), a.Stop));
        Assert.Equal("noise-peer", wrong.Fault.Code);
        await b.Host.DisposeAsync();
        var gone = await Assert.ThrowsAsync<DialException>(() => a.Host.DialAsync(address, a.Stop));
        Assert.Equal("dial-unreachable", gone.Fault.Code);
    }

    [Fact]
    public async Task A_node_does_not_connect_to_itself()
    {
        await using var a = new TestHost();
        var e = await Assert.ThrowsAsync<DialException>(
            () => a.Host.DialAsync(a.Listen().WithoutPeer(), a.Stop));
        Assert.Equal("peer-self", e.Fault.Code);
        Assert.Empty(a.Host.Peers);
    }

    [Fact]
    public async Task Both_dialling_at_once_leaves_one_connection()
    {
        for (int round = 0; round < 5; round++)
        {
            await using var a = new TestHost();
            await using var b = new TestHost();
            b.Host.Handle(Echo, TestHost.EchoAsync);
            Multiaddr toA = a.Listen();
            Multiaddr toB = b.Listen();
            await Task.WhenAll(a.Host.DialAsync(toB, a.Stop), b.Host.DialAsync(toA, b.Stop));
            await TestHost.UntilAsync(() => a.Host.LinkCount == 1 && b.Host.LinkCount == 1, a.Stop);
            await TestHost.UntilAsync(() => a.Host.Peers.Count == 1 && b.Host.Peers.Count == 1, a.Stop);
            Assert.NotEqual(a.Host.Peers[0].Outbound, b.Host.Peers[0].Outbound);
            await a.AssertEchoAsync(b.Host.Id, Echo, 100_000);
        }
    }

    [Fact]
    public async Task Many_dials_of_one_peer_share_one_connection()
    {
        await using var a = new TestHost();
        await using var b = new TestHost();
        Multiaddr address = b.Listen();
        PeerId[] dialled = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => a.Host.DialAsync(address, a.Stop)));
        Assert.All(dialled, id => Assert.Equal(b.Host.Id, id));
        Assert.Equal(1, a.Host.LinkCount);
    }

    [Fact]
    public async Task A_peer_that_leaves_is_told_and_can_come_back()
    {
        await using var b = new TestHost();
        Multiaddr address = b.Listen();
        await using var a = new TestHost();
        await a.Host.DialAsync(address, a.Stop);
        await b.ConnectedAsync();
        a.Host.Disconnect(b.Host.Id);
        var gone = await b.EventAsync<HostEvent.PeerDisconnected>();
        Assert.Equal(new HostEvent.PeerDisconnected(a.Host.Id, null), gone);
        await a.EventAsync<HostEvent.PeerDisconnected>();
        Assert.Empty(a.Host.Peers);
        await a.Host.DialAsync(address, a.Stop);
        await b.ConnectedAsync();
    }

    [Fact]
    public async Task A_banned_peer_is_refused_until_the_ban_is_lifted()
    {
        await using var a = new TestHost();
        await using var b = new TestHost();
        Multiaddr address = b.Listen();
        await a.Host.DialAsync(address, a.Stop);
        b.Host.Ban(a.Host.Id, TimeSpan.FromHours(1));
        await a.EventAsync<HostEvent.PeerDisconnected>();
        await Assert.ThrowsAsync<DialException>(async () =>
        {
            await a.Host.DialAsync(address, a.Stop);
            await a.EventAsync<HostEvent.PeerDisconnected>();
            throw new DialException(address, Fault.Connection("peer-banned", "ended"));
        });
        Assert.Empty(b.Host.Peers);
        b.Host.Unban(a.Host.Id);
        await a.Host.DialAsync(address, a.Stop);
        await TestHost.UntilAsync(() => b.Host.Peers.Count == 1, a.Stop);
    }

    [Fact]
    public async Task A_protocol_registered_later_is_told_by_push()
    {
        await using var a = new TestHost();
        await using var b = new TestHost();
        await a.Host.DialAsync(b.Listen(), a.Stop);
        await b.ConnectedAsync();
        b.Host.Handle("/late/1", TestHost.EchoAsync);
        PeerInfo news = (await a.EventAsync<HostEvent.PeerUpdated>()).Peer;
        Assert.True(news.Speaks("/late/1"));
    }

    [Fact]
    public async Task A_protocol_that_is_not_spoken_and_a_handler_that_fails_reset_the_stream_only()
    {
        await using var a = new TestHost();
        await using var b = new TestHost();
        b.Host.Handle("/broken/1", static (_, _) => throw new InvalidOperationException("a bug"));
        b.Host.Handle(Echo, TestHost.EchoAsync);
        await a.Host.DialAsync(b.Listen(), a.Stop);
        foreach (string protocol in new[] { "/none/1", "/broken/1" })
        {
            await using PeerStream stream = await a.Host.OpenStreamAsync(b.Host.Id, [protocol], a.Stop);
            await Assert.ThrowsAsync<StreamException>(
                async () => Assert.NotEqual(0, await stream.ReadAsync(new byte[1], a.Stop)));
        }

        await using PeerStream chosen = await a.Host.OpenStreamAsync(b.Host.Id, ["/none/1", Echo], a.Stop);
        Assert.Equal(Echo, chosen.Protocol);
        await a.AssertEchoAsync(b.Host.Id, Echo, 1_000);
    }

    [Fact]
    public async Task A_stream_that_nobody_reads_stops_its_writer_and_no_other()
    {
        await using var a = new TestHost();
        await using var b = new TestHost();
        b.Host.Handle("/stuck/1", static (_, stop) => Task.Delay(Timeout.Infinite, stop));
        b.Host.Handle(Echo, TestHost.EchoAsync);
        await a.Host.DialAsync(b.Listen(), a.Stop);
        PeerStream stuck = await a.Host.OpenStreamAsync(b.Host.Id, ["/stuck/1"], a.Stop);
        Task write = stuck.WriteAsync(new byte[2 << 20], a.Stop).AsTask();
        await a.AssertEchoAsync(b.Host.Id, Echo, 4 << 20);
        Assert.False(write.IsCompleted);
        stuck.Reset();
        await Assert.ThrowsAsync<StreamException>(() => write);
    }

    [Fact]
    public async Task Connections_that_say_nothing_are_let_in_to_the_limit_of_an_address_and_not_beyond()
    {
        await using var b = new TestHost();
        Assert.True(b.Listen().TryGetTcp(out _, out string host, out int port));
        var silent = new List<System.Net.Sockets.TcpClient>();
        for (int i = 0; i < Limits.Libp2p.PendingConnectionsPerAddress; i++)
        {
            silent.Add(new System.Net.Sockets.TcpClient(host, port));
        }

        await TestHost.UntilAsync(() => b.Host.LinkCount == silent.Count, b.Stop);
        using var extra = new System.Net.Sockets.TcpClient(host, port);
        Assert.Equal(0, await extra.GetStream().ReadAsync(new byte[1], b.Stop));
        Assert.Equal(silent.Count, b.Host.LinkCount);
        silent.ForEach(client => client.Dispose());
        await TestHost.UntilAsync(() => b.Host.LinkCount == 0, b.Stop);
        await using var a = new TestHost();
        await a.Host.DialAsync(b.Host.ListenAddresses[0], a.Stop);
    }

    [Fact]
    public async Task Connections_are_held_to_the_limit_of_the_node_and_not_beyond()
    {
        await using var b = new TestHost(new HostOptions { MaxConnections = 2 });
        Multiaddr address = b.Listen();
        await using var first = new TestHost();
        await using var second = new TestHost();
        await using var third = new TestHost(new HostOptions { DialAttempts = 1 });
        await first.Host.DialAsync(address, first.Stop);
        await second.Host.DialAsync(address, second.Stop);
        await Assert.ThrowsAsync<DialException>(() => third.Host.DialAsync(address, third.Stop));
        var own = await Assert.ThrowsAsync<DialException>(() => b.Host.DialAsync(third.Listen(), b.Stop));
        Assert.Equal("dial-limit", own.Fault.Code);
    }

    [Fact]
    public async Task A_peer_that_dies_fails_its_streams_and_is_told()
    {
        await using var b = new TestHost();
        b.Host.Handle("/stuck/1", static (_, stop) => Task.Delay(Timeout.Infinite, stop));
        Multiaddr address = b.Listen();
        await using var a = new TestHost();
        await a.Host.DialAsync(address, a.Stop);
        await using PeerStream stream = await a.Host.OpenStreamAsync(b.Host.Id, ["/stuck/1"], a.Stop);
        await stream.Opened.WaitAsync(a.Stop);
        ValueTask<int> read = stream.ReadAsync(new byte[1], a.Stop);
        await b.Host.DisposeAsync();
        await Assert.ThrowsAsync<StreamException>(async () => await read);
        await a.EventAsync<HostEvent.PeerDisconnected>();
    }

    [Fact]
    public async Task A_quarter_of_the_connections_is_kept_for_dialling()
    {
        await using var b = new TestHost(new HostOptions { MaxConnections = 4 });
        Multiaddr address = b.Listen();
        var inbound = new List<TestHost>();
        for (int i = 0; i < 4; i++)
        {
            inbound.Add(new TestHost(new HostOptions { DialAttempts = 1 }));
        }

        for (int i = 0; i < 3; i++)
        {
            await inbound[i].Host.DialAsync(address, b.Stop);
        }

        await Assert.ThrowsAsync<DialException>(() => inbound[3].Host.DialAsync(address, b.Stop));
        await b.Host.DialAsync(inbound[3].Listen(), b.Stop);
        foreach (TestHost host in inbound)
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_failed_handshake_is_tried_three_times()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        await using var a = new TestHost();
        Task dial = a.Host.DialAsync(Multiaddr.OfTcp((System.Net.IPEndPoint)listener.LocalEndpoint), a.Stop);
        for (int attempt = 0; attempt < 3; attempt++)
        {
            (await listener.AcceptTcpClientAsync(a.Stop)).Dispose();
        }

        await Assert.ThrowsAsync<DialException>(() => dial);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task A_peer_that_does_not_secure_the_connection_is_given_up_after_ten_seconds()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var a = new TestHost(new HostOptions { DialAttempts = 1 }, time);
        Task dial = a.Host.DialAsync(Multiaddr.OfTcp((System.Net.IPEndPoint)listener.LocalEndpoint), a.Stop);
        using System.Net.Sockets.TcpClient silent = await listener.AcceptTcpClientAsync(a.Stop);
        await TestHost.UntilAsync(() => a.Host.LinkCount == 1, a.Stop);
        while (!dial.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, a.Stop);
        }

        var e = await Assert.ThrowsAsync<DialException>(() => dial);
        Assert.Equal("upgrade-timeout", e.Fault.Code);
    }

    [Fact]
    public async Task A_peer_that_is_slow_to_identify_itself_is_asked_again()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var a = new TestHost(time: time);
        await using var b = new TestHost();
        int asked = 0;
        IdentifyMessage identity = new() { Key = b.Key.Public, Protocols = ["/late/1"] };
        b.Host.Handle(IdentifyMessage.ProtocolId, (stream, stop) => Interlocked.Increment(ref asked) == 1
            ? Task.Delay(Timeout.Infinite, stop)
            : Identification.WriteAsync(stream, identity, SignedPeerRecord.Write(b.Key, 1, []), stop));
        Task<PeerId> dial = a.Host.DialAsync(b.Listen(), a.Stop);
        await TestHost.UntilAsync(() => asked == 1, a.Stop);
        while (!dial.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, a.Stop);
        }

        await dial;
        Assert.True((await a.ConnectedAsync()).Speaks("/late/1"));
    }
}

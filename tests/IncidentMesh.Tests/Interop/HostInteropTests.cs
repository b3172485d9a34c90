using System.Text.Json;
using IncidentMesh.Node.Net;
using IncidentMesh.Tests.Net;
using Xunit;

namespace IncidentMesh.Tests.Interop;

/// <summary>Connection, Identify, Ping and streams against a real js-libp2p peer.</summary>
public sealed class HostInteropTests
{
    private const string Echo = "/incidentmesh/echo/1.0.0";
    private const int EchoBytes = 8 << 20;

    [Fact]
    public async Task We_dial_js_and_both_identify_ping_and_echo_eight_mebibytes()
    {
        await using JsPeer js = await JsPeer.StartAsync();
        await using var ours = new TestHost();
        ours.Listen();
        ours.Host.Handle(Echo, TestHost.EchoAsync);
        Assert.Equal(js.Id, await ours.Host.DialAsync(js.Address, ours.Stop));
        await CheckBothWaysAsync(js, ours);
    }

    [Fact]
    public async Task Js_dials_us_and_both_identify_ping_and_echo_eight_mebibytes()
    {
        await using JsPeer js = await JsPeer.StartAsync();
        await using var ours = new TestHost();
        ours.Host.Handle(Echo, TestHost.EchoAsync);
        js.Say(new { @do = "dial", address = ours.Listen().ToString() });
        JsonElement dialled = await js.EventAsync("dialled");
        Assert.Equal(ours.Host.Id.ToString(), dialled.GetProperty("peer").GetString());
        await CheckBothWaysAsync(js, ours);
    }

    [Fact]
    public async Task Js_refuses_us_under_another_peer_id_and_we_refuse_js()
    {
        await using JsPeer js = await JsPeer.StartAsync();
        await using var ours = new TestHost();
        await using var other = new TestHost();
        js.Say(new { @do = "dial", address = ours.Listen().WithPeer(other.Host.Id).ToString() });
        await js.EventAsync("failed");
        var e = await Assert.ThrowsAsync<DialException>(
            () => ours.Host.DialAsync(js.Address.WithPeer(other.Host.Id), ours.Stop));
        Assert.Equal("noise-peer", e.Fault.Code);
    }

    [Fact]
    public async Task Js_learns_of_a_protocol_that_is_registered_later_by_push()
    {
        await using JsPeer js = await JsPeer.StartAsync();
        await using var ours = new TestHost();
        await ours.Host.DialAsync(js.Address, ours.Stop);
        await js.EventAsync("identified");
        ours.Host.Handle("/late/1.0.0", TestHost.EchoAsync);
        await js.EventAsync("updated", e => Strings(e, "protocols").Contains("/late/1.0.0"));
    }

    private static async Task CheckBothWaysAsync(JsPeer js, TestHost ours)
    {
        PeerInfo seen = await ours.ConnectedAsync();
        Assert.Equal(js.Id, seen.Id);
        Assert.Contains("/meshsub/1.2.0", seen.Protocols);
        Assert.StartsWith("js-libp2p", seen.Identity.AgentVersion, StringComparison.Ordinal);
        Assert.Equal(js.Id, seen.Identity.PeerRecord?.Peer);
        Assert.Contains(js.Address.WithoutPeer(), seen.Identity.ListenAddresses);

        JsonElement identified = await js.EventAsync("identified");
        Assert.Equal(ours.Host.Id.ToString(), identified.GetProperty("peer").GetString());
        Assert.Equal("incidentmesh/0.1.0", identified.GetProperty("agent").GetString());
        Assert.Equal("incidentmesh/1", identified.GetProperty("protocolVersion").GetString());
        Assert.Contains(Echo, Strings(identified, "protocols"));
        string own = ours.Host.ListenAddresses[0].WithoutPeer().ToString();
        Assert.Contains(own, Strings(identified, "addresses"));
        Assert.Contains(own, Strings(identified, "signedRecord"));

        JsonElement connected = await js.EventAsync("connected");
        Assert.Equal("/yamux/1.0.0", connected.GetProperty("muxer").GetString());
        Assert.Equal("/noise", connected.GetProperty("encryption").GetString());

        js.Say(new { @do = "ping", peer = ours.Host.Id.ToString() });
        await js.EventAsync("pong");
        await ours.Host.PingAsync(js.Id, ours.Stop);

        await ours.AssertEchoAsync(js.Id, Echo, EchoBytes);
        js.Say(new { @do = "echo", peer = ours.Host.Id.ToString(), bytes = EchoBytes });
        JsonElement echoed = await js.EventAsync("echoed");
        Assert.Equal(EchoBytes, echoed.GetProperty("bytes").GetInt32());
        Assert.True(echoed.GetProperty("equal").GetBoolean());
    }

    private static string[] Strings(JsonElement e, string name) =>
        [.. e.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];
}

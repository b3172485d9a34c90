using System.Text;
using System.Text.Json;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;
using Xunit;

namespace IncidentMesh.Tests.Interop;

/// <summary>GossipSub with StrictNoSign against a real js-libp2p peer.</summary>
public sealed class GossipInteropTests
{
    [Fact]
    public async Task Messages_travel_both_ways()
    {
        await using JsPeer js = await JsPeer.StartAsync();
        await using var ours = new GossipHost();
        await ours.Net.Host.DialAsync(js.Address, ours.Net.Stop);
        await ours.ReadyAsync(1, inMesh: true);
        await SubscribedAsync(js, ours);

        ours.Publish(Bytes("from ours"));
        Assert.Equal("from ours", await MessageAsync(js));
        js.Say(new { @do = "publish", data = Convert.ToBase64String(Bytes("from js")) });
        Assert.Equal(1, (await js.EventAsync("published")).GetProperty("recipients").GetInt32());
        await ours.DeliveredAsync(Bytes("from js"));
    }

    [Fact]
    public async Task Js_recovers_a_message_that_it_only_heard_of()
    {
        // A js peer of degree 0 is in no mesh, so our heartbeat tells it by IHAVE, and it asks by IWANT.
        await using JsPeer js = await JsPeer.StartAsync("--degree 0");
        await using var ours = new GossipHost(new GossipParameters { FloodPublish = false });
        await ours.Net.Host.DialAsync(js.Address, ours.Net.Stop);
        await ours.ReadyAsync(1, inMesh: false);
        await SubscribedAsync(js, ours);
        await js.EventAsync("prune", e => e.GetProperty("topic").GetString() == GossipTopics.Records);
        ours.Publish(Bytes("heard of"));
        Assert.Equal("heard of", await MessageAsync(js));
    }

    [Fact]
    public async Task We_recover_a_message_that_we_only_heard_of_from_js()
    {
        // A js peer of degree 1 publishes to its one mesh peer, and tells the other by IHAVE.
        await using JsPeer js = await JsPeer.StartAsync("--degree 1 --flood false");
        await using var inMesh = new GossipHost();
        await using var outside = new GossipHost();
        await inMesh.Net.Host.DialAsync(js.Address, inMesh.Net.Stop);
        await inMesh.ReadyAsync(1, inMesh: true);
        await SubscribedAsync(js, inMesh);
        await outside.Net.Host.DialAsync(js.Address, outside.Net.Stop);
        await SubscribedAsync(js, outside);
        await outside.ReadyAsync(1, inMesh: false);
        js.Say(new { @do = "publish", data = Convert.ToBase64String(Bytes("told by js")) });
        Assert.Equal(1, (await js.EventAsync("published")).GetProperty("recipients").GetInt32());
        await outside.DeliveredAsync(Bytes("told by js"));
    }

    [Fact]
    public async Task A_js_relay_stands_between_two_of_our_nodes()
    {
        await using JsPeer js = await JsPeer.StartAsync();
        await using var first = new GossipHost();
        await using var second = new GossipHost();
        await first.Net.Host.DialAsync(js.Address, first.Net.Stop);
        js.Say(new { @do = "dial", address = second.Net.Listen().ToString() });
        await first.ReadyAsync(1, inMesh: true);
        await second.ReadyAsync(1, inMesh: true);
        await SubscribedAsync(js, first);
        await SubscribedAsync(js, second);
        var large = new byte[130_000];
        new Random(5).NextBytes(large);
        first.Publish(large);
        await second.DeliveredAsync(large);
        second.Publish(Bytes("and back"));
        await first.DeliveredAsync(Bytes("and back"));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static Task<JsonElement> SubscribedAsync(JsPeer js, GossipHost ours)
    {
        PeerId id = ours.Net.Host.Id;
        return js.EventAsync("subscriptions", e => e.GetProperty("peer").GetString() == id.ToString());
    }

    private static async Task<string> MessageAsync(JsPeer js)
    {
        JsonElement message = await js.EventAsync("message");
        Assert.Equal("unsigned", message.GetProperty("type").GetString());
        return Encoding.UTF8.GetString(Convert.FromBase64String(message.GetProperty("data").GetString()!));
    }
}

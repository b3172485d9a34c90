using System.Text.Json;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Records;
using Xunit;
using Record = IncidentMesh.Protocol.Records.Record;

namespace IncidentMesh.Tests.Interop;

/// <summary>Records of whole nodes of ours, to and through a real js-libp2p peer.</summary>
public sealed class MeshInteropTests
{
    [Fact]
    public async Task Records_arrive_at_js_and_go_through_it_both_ways_between_two_nodes()
    {
        await using JsPeer js = await JsPeer.StartAsync();
        await using MeshHost first = await MeshHost.StartAsync(1);
        await using MeshHost second = await MeshHost.StartAsync(2);
        await first.TrustAsync(second);
        await second.TrustAsync(first);
        first.Loop.Connect(js.Address);
        js.Say(new { @do = "dial", address = second.Address.ToString() });
        foreach (MeshHost node in new[] { first, second })
        {
            foreach (string topic in new[] { GossipTopics.Identity, GossipTopics.Records })
            {
                await js.EventAsync("graft", e => Is(e, "peer", node.Id.ToString()) && Is(e, "topic", topic));
            }
        }

        await first.PublishIdentityAsync();
        await second.PublishIdentityAsync();
        for (int i = 0; i < 2; i++)
        {
            await js.EventAsync("message", e => Is(e, "topic", GossipTopics.Identity));
        }

        SignedRecord forth = await first.PublishAsync("Chatbot names a wrong deadline");
        await ArrivesAsync(js, forth);
        await second.HoldsAsync(forth.Record.Id.Digest);
        SignedRecord back = await second.PublishAsync("Camera takes a shadow for a pedestrian");
        await ArrivesAsync(js, back);
        await first.HoldsAsync(back.Record.Id.Digest);
    }

    private static async Task ArrivesAsync(JsPeer js, SignedRecord signed)
    {
        JsonElement message = await js.EventAsync("message", e => Is(e, "topic", GossipTopics.Records));
        Assert.Equal("unsigned", message.GetProperty("type").GetString());
        byte[] data = Convert.FromBase64String(message.GetProperty("data").GetString()!);
        Assert.True(Record.TrySplit(data, out Record? record, out ReadOnlyMemory<byte> body, out _));
        Assert.Equal(signed.Record.Id, record.Id);
        Assert.True(record.VerifySignature());
        Assert.Equal(signed.Body.AsSpan(), body.Span);
    }

    private static bool Is(JsonElement e, string field, string value) =>
        e.GetProperty(field).GetString() == value;
}

using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;
using Xunit;

namespace IncidentMesh.Tests.Gossip;

/// <summary>Packing of RPCs, and what a slow peer costs.</summary>
public sealed class QueueTests
{
    [Fact]
    public void Messages_that_wait_share_an_rpc_and_a_large_one_travels_alone()
    {
        LoneRouter lone = new();
        PeerId peer = lone.Connect(1);
        lone.Sent.Clear();
        for (int i = 0; i < 100; i++)
        {
            lone.Router.Publish(LoneRouter.Topic, Data(i, 1_024), lone.Now);
        }

        lone.Router.Publish(LoneRouter.Topic, Data(100, Limits.Gossip.MessageBytes), lone.Now);
        lone.Router.Publish(LoneRouter.Topic, Data(101, 10), lone.Now);
        lone.Drain();
        Assert.Equal([56, 44, 1, 1], lone.Sent.Select(rpc => rpc.Messages.Count));
        Assert.All(lone.Sent, rpc => Assert.True(rpc.Length <= 60_000 || rpc.Messages.Count == 1));
        Assert.All(lone.Sent, rpc => Assert.True(rpc.Length <= Limits.Gossip.RpcBytes));
        IEnumerable<int> numbers = lone.MessagesTo(peer).Select(data => BitConverter.ToInt32(data));
        Assert.Equal(Enumerable.Range(0, 102), numbers);
    }

    [Fact]
    public void Only_a_few_rpcs_are_out_until_the_stream_took_them()
    {
        LoneRouter lone = new();
        PeerId peer = lone.Connect(1);
        lone.Sent.Clear();
        lone.Writes = false;
        for (int i = 0; i < 20; i++)
        {
            lone.Publish(Data(i, 10));
        }

        Assert.Equal([1, 1, 1, 1], lone.Sent.Select(rpc => rpc.Messages.Count));
        lone.Router.Written(peer);
        lone.Drain();
        Assert.Equal(16, lone.Sent[4].Messages.Count);
    }

    [Fact]
    public void A_slow_peer_loses_messages_past_the_limit_and_others_lose_none()
    {
        LoneRouter lone = new() { Writes = false };
        lone.Connect(1);
        PeerId fast = lone.Connect(2);
        int published = 0;
        while (lone.Router.Counters.LostToSlowPeer == 0)
        {
            Assert.InRange(published, 0, Limits.Gossip.QueuedMessages + 10);
            lone.Publish(Data(published++, 4));
            lone.Router.Written(fast);
            lone.Drain();
        }

        // What was handed out before the first confirmation, then a full queue, then the one that was lost.
        Assert.InRange(published, Limits.Gossip.QueuedMessages + 3, Limits.Gossip.QueuedMessages + 5);
        Assert.Equal(published, lone.MessagesTo(fast).Count);
        Assert.False(lone.Router.IsCongested(LoneRouter.Topic));
    }

    [Fact]
    public void A_queue_has_a_limit_of_bytes_and_tells_when_it_is_half_full()
    {
        LoneRouter lone = new() { Writes = false };
        lone.Connect(1);
        int published = 0;
        while (lone.Router.Counters.LostToSlowPeer == 0 && published < 1_000)
        {
            Assert.True(published < 70 || lone.Router.IsCongested(LoneRouter.Topic));
            lone.Publish(Data(published++, 100_000));
        }

        // Three were handed out beside the announcement, the queue holds as many as fit, and one was lost. 31
        // bytes are the message's own fields.
        int queued = Limits.Gossip.QueuedBytes / (100_000 + 4 + 2 + GossipTopics.Records.Length);
        Assert.Equal(3 + queued + 1, published);
    }

    [Fact]
    public void A_peer_that_is_not_yet_writable_costs_nothing()
    {
        LoneRouter lone = new();
        PeerId peer = GossipNet.Peer(1);
        lone.Receive(peer, writer => writer.Subscription(LoneRouter.Utf8(LoneRouter.Topic), subscribe: true));
        lone.Publish([1]);
        lone.Beat(3);
        Assert.Empty(lone.Sent);
        Assert.Equal(0, lone.Router.Counters.Sent);
    }

    private static byte[] Data(int number, int length)
    {
        byte[] data = new byte[length];
        BitConverter.TryWriteBytes(data, number);
        return data;
    }
}

using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Gossip;

/// <summary>Delivery, verdicts, signatures and the queue of a peer.</summary>
public sealed class MessageTests
{
    private const string Topic = LoneRouter.Topic;

    [Fact]
    public void A_message_is_delivered_once_and_forwarded_bare_when_accepted()
    {
        LoneRouter lone = new();
        PeerId[] peers = [lone.Connect(1), lone.Connect(2), lone.Connect(3)];
        lone.Beat();
        Digest id = lone.ReceiveMessage(peers[0], [1, 2, 3]);
        lone.ReceiveMessage(peers[1], [1, 2, 3]);
        GossipOutput.Deliver delivered = Assert.Single(lone.Delivered);
        Assert.Equal((peers[0], Topic, id), (delivered.Peer, delivered.Topic, delivered.MessageId));
        Assert.Equal([1, 2, 3], delivered.Data.ToArray());
        Assert.Empty(lone.MessagesTo(peers[2]));
        lone.Resolve(id, GossipVerdict.Accept);
        Assert.Equal([1, 2, 3], lone.MessagesTo(peers[2]).Single());
        Assert.True(lone.Sent.Last().Messages.Single().IsBare);
        Assert.Empty(lone.MessagesTo(peers[0]));
        Assert.Empty(lone.MessagesTo(peers[1]));
        Assert.Equal(1, lone.Router.Counters.Duplicates);
    }

    [Fact]
    public void A_rejected_message_blames_all_who_sent_it_and_is_not_left_among_the_seen()
    {
        LoneRouter lone = new();
        PeerId first = lone.Connect(1);
        PeerId second = lone.Connect(2);
        Digest id = lone.ReceiveMessage(first, [9]);
        lone.ReceiveMessage(second, [9]);
        lone.Resolve(id, GossipVerdict.Reject);
        Assert.Equal(["gossip-invalid-message", "gossip-invalid-message"], lone.FaultCodes);
        lone.ReceiveMessage(second, [9]);
        Assert.Equal(2, lone.Delivered.Count);
    }

    [Fact]
    public void An_ignored_message_blames_nobody_and_stays_seen_for_its_time()
    {
        LoneRouter lone = new();
        PeerId peer = lone.Connect(1);
        lone.Resolve(lone.ReceiveMessage(peer, [9]), GossipVerdict.Ignore);
        lone.ReceiveMessage(peer, [9]);
        Assert.Single(lone.Delivered);
        Assert.Empty(lone.FaultCodes);
        lone.Beat(122);
        lone.ReceiveMessage(peer, [9]);
        Assert.Equal(2, lone.Delivered.Count);
    }

    [Fact]
    public void Data_under_the_wrong_topic_does_not_hide_it_under_the_right_one()
    {
        LoneRouter lone = new();
        lone.Router.Subscribe(GossipTopics.Identity, lone.Now);
        PeerId peer = lone.Connect(1);
        lone.Resolve(lone.ReceiveMessage(peer, [9], Topic), GossipVerdict.Ignore);
        lone.ReceiveMessage(peer, [9], GossipTopics.Identity);
        Assert.Equal([Topic, GossipTopics.Identity], lone.Delivered.Select(delivered => delivered.Topic));
    }

    [Fact]
    public void A_topic_without_subscription_is_passed_over()
    {
        LoneRouter lone = new();
        lone.ReceiveMessage(lone.Connect(1), [1], "elsewhere");
        Assert.Empty(lone.Delivered);
        Assert.Equal(1, lone.Router.Counters.UnknownTopic);
    }

    [Fact]
    public void A_message_has_a_limit_of_bytes()
    {
        LoneRouter lone = new();
        PeerId peer = lone.Connect(1);
        lone.ReceiveMessage(peer, new byte[Limits.Gossip.MessageBytes]);
        Assert.Single(lone.Delivered);
        lone.ReceiveMessage(peer, new byte[Limits.Gossip.MessageBytes + 1]);
        lone.ReceiveMessage(peer, []);
        Assert.Single(lone.Delivered);
        Assert.Equal(["gossip-message-size", "gossip-message-size"], lone.FaultCodes);
        byte[] longer = new byte[Limits.Gossip.MessageBytes + 1];
        Assert.Throws<ArgumentOutOfRangeException>(() => lone.Publish(longer));
    }

    [Fact]
    public void Messages_that_wait_for_a_verdict_have_a_limit_and_may_come_again()
    {
        LoneRouter lone = new();
        PeerId peer = lone.Connect(1);
        for (int i = 0; i < Limits.Gossip.PendingMessages; i++)
        {
            lone.ReceiveMessage(peer, BitConverter.GetBytes(i));
        }

        Assert.Equal(Limits.Gossip.PendingMessages, lone.Delivered.Count);
        lone.ReceiveMessage(peer, [1, 2, 3, 4, 5]);
        Assert.Equal(Limits.Gossip.PendingMessages, lone.Delivered.Count);
        Assert.Equal(1, lone.Router.Counters.LostToPending);
        lone.Resolve(lone.Delivered[0].MessageId, GossipVerdict.Ignore);
        lone.ReceiveMessage(peer, [1, 2, 3, 4, 5]);
        Assert.Equal(Limits.Gossip.PendingMessages + 1, lone.Delivered.Count);
    }

    [Fact]
    public void The_router_is_behind_past_half_of_what_may_wait()
    {
        LoneRouter lone = new();
        PeerId peer = lone.Connect(1);
        for (int i = 0; i < Limits.Gossip.PendingMessages / 2; i++)
        {
            lone.ReceiveMessage(peer, BitConverter.GetBytes(i));
        }

        Assert.False(lone.Router.IsBehind);
        Digest more = lone.ReceiveMessage(peer, [1, 2, 3, 4, 5]);
        Assert.True(lone.Router.IsBehind);
        lone.Resolve(more, GossipVerdict.Ignore);
        Assert.False(lone.Router.IsBehind);
    }

    [Fact]
    public void A_message_without_verdict_is_given_up()
    {
        LoneRouter lone = new();
        lone.ReceiveMessage(lone.Connect(1), [1]);
        Assert.Equal(1, lone.Router.Pending);
        lone.Beat(122);
        Assert.Equal(0, lone.Router.Pending);
    }

    [Fact]
    public void A_signed_message_is_checked_and_forwarded_bare()
    {
        using SigningKey key = GossipNet.Key(50);
        LoneRouter lone = new();
        PeerId peer = lone.Connect(1);
        PeerId other = lone.Connect(2);
        lone.Beat();
        MessageOrigin origin = MessageOrigin.Sign(key, 1, LoneRouter.Utf8(Topic), [1, 2]);
        lone.Resolve(lone.ReceiveMessage(peer, [1, 2], origin: origin), GossipVerdict.Accept);
        Assert.True(lone.Sent.Last(rpc => rpc.Peer == other).Messages.Single().IsBare);
        lone.ReceiveMessage(peer, [1, 3], origin: origin);
        Assert.Equal(["gossip-signature"], lone.FaultCodes);
        lone.ReceiveMessage(peer, [1, 3]);
        Assert.Equal(2, lone.Delivered.Count);
    }

    [Fact]
    public void In_StrictSign_mode_messages_are_signed_and_bare_ones_refused()
    {
        using SigningKey key = GossipNet.Key(60);
        using SigningKey author = GossipNet.Key(61);
        LoneRouter lone = new(new GossipParameters { Signer = key, FirstSequence = 5 });
        PeerId peer = lone.Connect(1);
        PeerId other = lone.Connect(2);
        lone.Beat();
        lone.Publish([7]);
        byte[] encoded = RpcWriter.EncodeMessage(
            LoneRouter.Utf8(Topic), [7], MessageOrigin.Sign(key, 5, LoneRouter.Utf8(Topic), [7])).Encoded;
        RpcWriter writer = new();
        writer.Message(encoded);
        Assert.Equal(writer.Finish(), lone.Sent.Last(rpc => rpc.Peer == peer).Bytes);
        lone.ReceiveMessage(peer, [1]);
        Assert.Equal(["gossip-signature"], lone.FaultCodes);
        MessageOrigin origin = MessageOrigin.Sign(author, 1, LoneRouter.Utf8(Topic), [1]);
        lone.Resolve(lone.ReceiveMessage(peer, [1], origin: origin), GossipVerdict.Accept);
        Assert.False(lone.Sent.Last(rpc => rpc.Peer == other).Messages.Single().IsBare);
    }

    [Fact]
    public void Own_messages_go_to_every_subscribed_peer()
    {
        LoneRouter lone = new();
        List<PeerId> peers = [.. Enumerable.Range(1, 20).Select(i => lone.Connect(i))];
        lone.Beat();
        Digest id = lone.Publish([1, 2]);
        Assert.All(peers, peer => Assert.Equal([1, 2], lone.MessagesTo(peer).Single()));
        Assert.Equal(id, lone.Publish([1, 2]));
        Assert.All(peers, peer => Assert.Single(lone.MessagesTo(peer)));
    }

    [Fact]
    public void Without_flood_publishing_own_messages_go_to_the_mesh()
    {
        LoneRouter lone = new(new GossipParameters { FloodPublish = false });
        List<PeerId> peers = [.. Enumerable.Range(1, 20).Select(i => lone.Connect(i))];
        lone.Publish([1]);
        Assert.Equal(6, peers.Count(peer => lone.MessagesTo(peer).Count == 1));
        lone.Beat();
        lone.Publish([2]);
        Assert.Equal(
            lone.Router.MeshOf(Topic).Order(),
            peers.Where(peer => lone.MessagesTo(peer).Any(data => data[0] == 2)).Order());
    }

    [Fact]
    public void A_fanout_is_kept_for_its_time_and_becomes_the_mesh()
    {
        LoneRouter lone = new(new GossipParameters { FloodPublish = false }, subscribe: false);
        List<PeerId> peers = [.. Enumerable.Range(1, 20).Select(i => lone.Connect(i))];
        lone.Publish([1]);
        HashSet<PeerId> fanout = [.. peers.Where(peer => lone.MessagesTo(peer).Count == 1)];
        Assert.Equal(6, fanout.Count);
        lone.Beat(59);
        lone.Publish([2]);
        Assert.Equal(fanout, [.. peers.Where(peer => lone.MessagesTo(peer).Count == 2)]);
        lone.Router.Subscribe(Topic, lone.Now);
        lone.Drain();
        Assert.Equal(fanout, [.. lone.Router.MeshOf(Topic)]);
    }

    [Fact]
    public void A_fanout_that_is_not_used_is_forgotten()
    {
        LoneRouter lone = new(new GossipParameters { FloodPublish = false }, subscribe: false);
        List<PeerId> peers = [.. Enumerable.Range(1, 100).Select(i => lone.Connect(i))];
        lone.Publish([1]);
        HashSet<PeerId> fanout = [.. peers.Where(peer => lone.MessagesTo(peer).Count == 1)];
        lone.Beat(62);
        lone.Publish([2]);
        Assert.NotEqual(fanout, [.. peers.Where(peer => lone.MessagesTo(peer).Any(data => data[0] == 2))]);
    }
}

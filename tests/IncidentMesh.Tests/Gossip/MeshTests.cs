using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;
using Xunit;

namespace IncidentMesh.Tests.Gossip;

/// <summary>Subscriptions, GRAFT, PRUNE and backoff, seen by the peers of one router.</summary>
public sealed class MeshTests
{
    private const string Topic = LoneRouter.Topic;

    [Fact]
    public void The_first_rpc_to_a_peer_announces_all_topics()
    {
        LoneRouter lone = new();
        lone.Router.Subscribe(GossipTopics.Identity, lone.Now);
        PeerId peer = lone.Connect(1);
        Assert.Equal([(Topic, true), (GossipTopics.Identity, true)], lone.Sent[0].Subscriptions);
        Assert.Equal(peer, lone.Sent[0].Peer);
    }

    [Fact]
    public void A_stream_that_opens_again_hears_the_topics_again()
    {
        LoneRouter lone = new();
        lone.Connect(1);
        lone.Sent.Clear();
        lone.Connect(1);
        Assert.Equal([(Topic, true)], lone.Sent[0].Subscriptions);
    }

    [Fact]
    public void What_a_peer_says_before_the_stream_to_it_is_open_counts()
    {
        LoneRouter lone = new();
        PeerId peer = GossipNet.Peer(1);
        lone.Receive(peer, writer => writer.Subscription(LoneRouter.Utf8(Topic), subscribe: true));
        lone.Control(peer, RpcControlKind.Graft);
        Assert.Empty(lone.Sent);
        lone.Connect(1, subscribed: false);
        Assert.Equal([peer], lone.Router.PeersOf(Topic));
        Assert.Equal([peer], lone.Router.MeshOf(Topic));
    }

    [Fact]
    public void The_heartbeat_grafts_up_to_D()
    {
        LoneRouter lone = new();
        List<PeerId> peers = [.. Enumerable.Range(1, 10).Select(i => lone.Connect(i))];
        lone.Beat();
        Assert.Equal(6, lone.Router.MeshOf(Topic).Count);
        Assert.Equal(6, peers.Count(peer => lone.ControlsTo(peer, RpcControlKind.Graft).Count == 1));
    }

    [Fact]
    public void Subscribing_grafts_at_once()
    {
        LoneRouter lone = new(subscribe: false);
        PeerId peer = lone.Connect(1);
        lone.Router.Subscribe(Topic, lone.Now);
        lone.Drain();
        Assert.Single(lone.ControlsTo(peer, RpcControlKind.Graft));
        Assert.Contains((Topic, true), lone.Sent.Last().Subscriptions);
    }

    [Fact]
    public void Floodsub_peers_are_never_in_the_mesh_and_get_every_message()
    {
        LoneRouter lone = new();
        PeerId flood = lone.Connect(1, GossipProtocols.Floodsub);
        PeerId other = lone.Connect(2);
        lone.Control(flood, RpcControlKind.Graft);
        lone.Beat();
        Assert.Equal([other], lone.Router.MeshOf(Topic));
        lone.Resolve(lone.ReceiveMessage(other, [1, 2, 3]), GossipVerdict.Accept);
        Assert.Equal([1, 2, 3], lone.MessagesTo(flood).Single());
    }

    [Fact]
    public void Past_D_high_only_dialled_peers_may_graft_and_the_heartbeat_prunes_to_D()
    {
        LoneRouter lone = new();
        for (int i = 1; i <= 12; i++)
        {
            lone.Control(lone.Connect(i), RpcControlKind.Graft);
        }

        PeerId inbound = lone.Connect(13);
        lone.Control(inbound, RpcControlKind.Graft);
        Assert.Single(lone.ControlsTo(inbound, RpcControlKind.Prune));
        PeerId outbound = lone.Connect(14, outbound: true);
        lone.Control(outbound, RpcControlKind.Graft);
        Assert.Equal(13, lone.Router.MeshOf(Topic).Count);
        lone.Beat();
        Assert.Equal(6, lone.Router.MeshOf(Topic).Count);
        Assert.Contains(outbound, lone.Router.MeshOf(Topic));
    }

    [Fact]
    public void A_mesh_without_dialled_peers_takes_in_D_out_of_them()
    {
        LoneRouter lone = new();
        for (int i = 1; i <= 6; i++)
        {
            lone.Control(lone.Connect(i), RpcControlKind.Graft);
        }

        PeerId[] outbound = [lone.Connect(7, outbound: true), lone.Connect(8, outbound: true)];
        lone.Beat();
        Assert.All(outbound, peer => Assert.Contains(peer, lone.Router.MeshOf(Topic)));
    }

    [Fact]
    public void A_graft_within_the_backoff_is_pruned_blamed_and_prolongs_it()
    {
        LoneRouter lone = new();
        PeerId peer = lone.Connect(1);
        lone.Beat();
        lone.Control(peer, RpcControlKind.Prune, backoff: 30);
        Assert.Empty(lone.Router.MeshOf(Topic));
        lone.Control(peer, RpcControlKind.Graft);
        Assert.Equal(["gossip-graft-backoff"], lone.FaultCodes);
        Assert.Equal(60UL, lone.ControlsTo(peer, RpcControlKind.Prune).Single().Backoff);
        lone.Beat(59);
        Assert.Empty(lone.Router.MeshOf(Topic));
        lone.Beat(3);
        Assert.Equal([peer], lone.Router.MeshOf(Topic));
    }

    [Fact]
    public void A_backoff_outlives_the_connection()
    {
        LoneRouter lone = new();
        PeerId peer = lone.Connect(1);
        lone.Control(peer, RpcControlKind.Prune, backoff: 60);
        lone.Router.Disconnected(peer, lone.Now);
        lone.Connect(1);
        lone.Control(peer, RpcControlKind.Graft);
        Assert.Equal(["gossip-graft-backoff"], lone.FaultCodes);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(Limits.Gossip.BackoffSeconds + 1UL)]
    [InlineData(Limits.Gossip.BackoffSeconds)]
    public void A_remote_backoff_is_capped(ulong seconds)
    {
        LoneRouter lone = new();
        PeerId peer = lone.Connect(1);
        lone.Control(peer, RpcControlKind.Prune, backoff: seconds);
        Instant end = lone.Now + TimeSpan.FromSeconds(Limits.Gossip.BackoffSeconds);
        while (lone.Now < end - TimeSpan.FromSeconds(2))
        {
            lone.Beat();
        }

        Assert.Empty(lone.Router.MeshOf(Topic));
        lone.Beat(3);
        Assert.Equal([peer], lone.Router.MeshOf(Topic));
    }

    [Fact]
    public void Leaving_prunes_with_the_short_backoff_and_joining_honours_it()
    {
        LoneRouter lone = new();
        PeerId peer = lone.Connect(1);
        lone.Beat();
        lone.Router.Unsubscribe(Topic, lone.Now);
        lone.Drain();
        Assert.Equal(10UL, lone.ControlsTo(peer, RpcControlKind.Prune).Single().Backoff);
        Assert.Contains((Topic, false), lone.Sent.Last().Subscriptions);
        lone.Router.Subscribe(Topic, lone.Now);
        lone.Beat(5);
        Assert.Empty(lone.Router.MeshOf(Topic));
        lone.Beat(7);
        Assert.Equal([peer], lone.Router.MeshOf(Topic));
    }

    [Fact]
    public void A_prune_to_an_older_peer_has_no_backoff()
    {
        LoneRouter lone = new();
        PeerId peer = lone.Connect(1, GossipProtocols.Meshsub10);
        lone.Beat();
        lone.Router.Unsubscribe(Topic, lone.Now);
        lone.Drain();
        Assert.Equal(0UL, lone.ControlsTo(peer, RpcControlKind.Prune).Single().Backoff);
    }

    [Fact]
    public void Grafts_of_unknown_topics_are_passed_over_and_of_strangers_to_the_topic_refused()
    {
        LoneRouter lone = new();
        PeerId peer = lone.Connect(1, subscribed: false);
        lone.Control(peer, RpcControlKind.Graft, topic: "elsewhere");
        Assert.Empty(lone.ControlsTo(peer, RpcControlKind.Prune));
        lone.Control(peer, RpcControlKind.Graft);
        Assert.Single(lone.ControlsTo(peer, RpcControlKind.Prune));
        Assert.Empty(lone.Router.MeshOf(Topic));
        Assert.Empty(lone.FaultCodes);
    }

    [Fact]
    public void A_peer_that_leaves_the_topic_or_goes_leaves_the_mesh()
    {
        LoneRouter lone = new();
        PeerId leaves = lone.Connect(1);
        PeerId goes = lone.Connect(2);
        lone.Beat();
        Assert.Equal(2, lone.Router.MeshOf(Topic).Count);
        lone.Receive(leaves, writer => writer.Subscription(LoneRouter.Utf8(Topic), subscribe: false));
        lone.Router.Disconnected(goes, lone.Now);
        Assert.Empty(lone.Router.MeshOf(Topic));
        Assert.Empty(lone.Router.PeersOf(Topic));
    }

    [Fact]
    public void A_peer_has_a_limited_number_of_topics()
    {
        LoneRouter lone = new(subscribe: false);
        PeerId peer = lone.Connect(1, subscribed: false);
        Join(lone, peer, Enumerable.Range(0, Limits.Gossip.PeerTopics));
        Assert.Empty(lone.FaultCodes);
        Join(lone, peer, [Limits.Gossip.PeerTopics]);
        Assert.Equal(["gossip-topics"], lone.FaultCodes);
        lone.Router.Subscribe($"t{Limits.Gossip.PeerTopics}", lone.Now);
        lone.Router.Subscribe("t0", lone.Now);
        Assert.Empty(lone.Router.PeersOf($"t{Limits.Gossip.PeerTopics}"));
        Assert.Single(lone.Router.PeersOf("t0"));
    }

    [Fact]
    public void Peers_have_a_limit()
    {
        LoneRouter lone = new();
        for (int i = 0; i < Limits.Gossip.Peers; i++)
        {
            Assert.True(lone.Router.Connected(GossipNet.Peer(i), GossipProtocols.Meshsub12, false, lone.Now));
        }

        PeerId more = GossipNet.Peer(Limits.Gossip.Peers);
        Assert.False(lone.Router.Connected(more, GossipProtocols.Meshsub12, false, lone.Now));
        lone.ReceiveMessage(more, [1]);
        Assert.Empty(lone.Delivered);
    }

    [Fact]
    public void A_tick_before_its_time_does_nothing_and_a_long_pause_beats_once()
    {
        LoneRouter lone = new();
        lone.Connect(1);
        lone.Sent.Clear();
        Instant due = lone.Router.NextTick!.Value;
        lone.Router.Tick(due - TimeSpan.FromMilliseconds(1));
        lone.Drain();
        Assert.Equal(due, lone.Router.NextTick);
        Assert.Empty(lone.Sent);
        Instant late = due + TimeSpan.FromHours(8);
        lone.Router.Tick(late);
        Assert.True(lone.Router.NextTick >= late);
        Assert.Single(lone.Router.MeshOf(Topic));
    }

    private static void Join(LoneRouter lone, PeerId peer, IEnumerable<int> topics) =>
        lone.Receive(peer, writer =>
        {
            foreach (int topic in topics)
            {
                writer.Subscription(LoneRouter.Utf8($"t{topic}"), subscribe: true);
            }
        });
}

using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Gossip;

/// <summary>IHAVE, IWANT and IDONTWANT, seen by the peers of one router.</summary>
public sealed class GossipTests
{
    private const string Topic = LoneRouter.Topic;

    [Fact]
    public void Peers_outside_the_mesh_hear_of_messages_for_three_heartbeats()
    {
        LoneRouter lone = new();
        List<PeerId> peers = [.. Enumerable.Range(1, 7).Select(i => lone.Connect(i))];
        lone.Beat();
        Digest id = lone.Publish([1, 2]);
        lone.Beat(8);
        PeerId outside = peers.Single(peer => !lone.Router.MeshOf(Topic).Contains(peer));
        List<LoneRouter.SentControl> ihaves = lone.ControlsTo(outside, RpcControlKind.Ihave);
        Assert.Equal(3, ihaves.Count);
        Assert.All(ihaves, ihave => Assert.Equal([id], ihave.Ids));
        Assert.All(
            peers.Except([outside]), peer => Assert.Empty(lone.ControlsTo(peer, RpcControlKind.Ihave)));
    }

    [Fact]
    public void A_message_is_served_three_times_to_a_peer_and_from_the_cache_only()
    {
        LoneRouter lone = new();
        PeerId peer = lone.Connect(1);
        PeerId other = lone.Connect(2);
        lone.Beat();
        Digest pending = lone.ReceiveMessage(other, [5]);
        lone.Want(peer, RpcControlKind.Iwant, [pending]);
        Assert.Empty(lone.MessagesTo(peer));
        lone.Resolve(pending, GossipVerdict.Accept);
        for (int i = 0; i < 5; i++)
        {
            lone.Want(peer, RpcControlKind.Iwant, [pending]);
        }

        Assert.Equal(1 + Limits.Gossip.WantRetransmissions, lone.MessagesTo(peer).Count);
        lone.Want(other, RpcControlKind.Iwant, [pending]);
        Assert.Single(lone.MessagesTo(other));
        lone.Beat(5);
        lone.Want(other, RpcControlKind.Iwant, [pending]);
        Assert.Single(lone.MessagesTo(other));
    }

    [Fact]
    public void What_is_offered_and_unknown_is_asked_of_one_peer_a_heartbeat()
    {
        LoneRouter lone = new();
        PeerId first = lone.Connect(1);
        PeerId second = lone.Connect(2);
        Digest known = lone.ReceiveMessage(first, [1]);
        Digest unknown = Digest.Sha256([2]);
        lone.Control(first, RpcControlKind.Ihave, [known, unknown]);
        Assert.Equal([unknown], lone.ControlsTo(first, RpcControlKind.Iwant).Single().Ids);
        lone.Control(second, RpcControlKind.Ihave, [unknown]);
        Assert.Empty(lone.ControlsTo(second, RpcControlKind.Iwant));
        lone.Beat();
        lone.Control(second, RpcControlKind.Ihave, [unknown]);
        Assert.Single(lone.ControlsTo(second, RpcControlKind.Iwant));
    }

    [Fact]
    public void A_broken_promise_is_blamed_and_a_kept_one_is_not()
    {
        LoneRouter lone = new();
        PeerId keeps = lone.Connect(1);
        PeerId breaks = lone.Connect(2);
        lone.Control(keeps, RpcControlKind.Ihave, [Digest.Sha256([1])]);
        lone.ReceiveMessage(keeps, [1]);
        lone.Control(breaks, RpcControlKind.Ihave, [Digest.Sha256([2])]);
        lone.Beat(3);
        Assert.Empty(lone.FaultCodes);
        lone.Beat(2);
        Assert.Equal(["gossip-broken-promise"], lone.FaultCodes);
    }

    [Fact]
    public void Ihave_entries_have_a_limit_in_a_heartbeat()
    {
        LoneRouter lone = new();
        PeerId peer = lone.Connect(1);
        for (int i = 0; i < Limits.Gossip.IhaveMessages; i++)
        {
            lone.Control(peer, RpcControlKind.Ihave, [Digest.Sha256(BitConverter.GetBytes(i))]);
        }

        Assert.Empty(lone.FaultCodes);
        Assert.Equal(Limits.Gossip.IhaveMessages, lone.ControlsTo(peer, RpcControlKind.Iwant).Count);
        lone.Control(peer, RpcControlKind.Ihave, [Digest.Sha256([77])]);
        lone.Control(peer, RpcControlKind.Ihave, [Digest.Sha256([78])]);
        Assert.Equal(["gossip-ihave-flood"], lone.FaultCodes);
        Assert.Equal(Limits.Gossip.IhaveMessages, lone.ControlsTo(peer, RpcControlKind.Iwant).Count);
        lone.Beat();
        lone.Control(peer, RpcControlKind.Ihave, [Digest.Sha256([79])]);
        Assert.Equal(Limits.Gossip.IhaveMessages + 1, lone.ControlsTo(peer, RpcControlKind.Iwant).Count);
    }

    [Fact]
    public void Ids_asked_have_a_limit_for_a_peer_and_for_all()
    {
        LoneRouter lone = new();
        for (int i = 1; i <= 6; i++)
        {
            PeerId peer = lone.Connect(i);
            lone.Control(peer, RpcControlKind.Ihave, Ids(i, Limits.Gossip.IhaveIds + (i == 1 ? 1 : 0)));
            lone.Control(peer, RpcControlKind.Ihave, Ids(i + 100, 1));
            int asked = lone.ControlsTo(peer, RpcControlKind.Iwant).Sum(want => want.Ids.Length);
            Assert.Equal(i <= 4 ? Limits.Gossip.IhaveIds : 0, asked);
        }

        Assert.Equal(Limits.Gossip.AskedIds, lone.Router.Counters.Asked);
    }

    [Fact]
    public void Large_messages_are_announced_to_the_mesh_before_they_are_validated()
    {
        LoneRouter lone = new();
        PeerId sender = lone.Connect(1);
        PeerId newer = lone.Connect(2);
        PeerId older = lone.Connect(3, GossipProtocols.Meshsub11);
        lone.Beat();
        lone.ReceiveMessage(sender, new byte[1_023]);
        Assert.Empty(lone.ControlsTo(newer, RpcControlKind.DontWant));
        Digest id = lone.ReceiveMessage(sender, new byte[1_024]);
        Assert.Equal([id], lone.ControlsTo(newer, RpcControlKind.DontWant).Single().Ids);
        Assert.Empty(lone.ControlsTo(older, RpcControlKind.DontWant));
        Assert.Empty(lone.ControlsTo(sender, RpcControlKind.DontWant));
        Assert.Equal(2, lone.Router.Pending);
    }

    [Fact]
    public void Idontwant_sent_to_a_peer_has_a_limit_in_a_heartbeat()
    {
        LoneRouter lone = new();
        PeerId sender = lone.Connect(1);
        PeerId other = lone.Connect(2);
        lone.Beat();
        for (int i = 0; i <= Limits.Gossip.DontWantSent; i++)
        {
            byte[] data = new byte[1_024];
            BitConverter.TryWriteBytes(data, i);
            lone.ReceiveMessage(sender, data);
        }

        Assert.Equal(
            Limits.Gossip.DontWantSent,
            lone.ControlsTo(other, RpcControlKind.DontWant).Sum(control => control.Ids.Length));
    }

    [Fact]
    public void What_a_peer_does_not_want_is_not_sent_for_three_heartbeats()
    {
        LoneRouter lone = new();
        PeerId peer = lone.Connect(1);
        lone.Beat();
        lone.Want(peer, RpcControlKind.DontWant, [Digest.Sha256([1]), Digest.Sha256([2])]);
        lone.Publish([1]);
        Assert.Empty(lone.MessagesTo(peer));
        Assert.Equal(1, lone.Router.Counters.Suppressed);
        lone.Beat(3);
        lone.Publish([2]);
        Assert.Equal([2], lone.MessagesTo(peer).Single());
    }

    [Fact]
    public void A_message_that_waits_is_dropped_when_the_peer_does_not_want_it()
    {
        LoneRouter lone = new() { Writes = false };
        PeerId peer = lone.Connect(1);
        for (int i = 0; i < 6; i++)
        {
            lone.Publish([(byte)i]);
        }

        int handedOut = lone.MessagesTo(peer).Count;
        lone.Want(peer, RpcControlKind.DontWant, [Digest.Sha256([5])]);
        lone.Writes = true;
        for (int i = 0; i < 5; i++)
        {
            lone.Router.Written(peer);
            lone.Drain();
        }

        Assert.True(handedOut < 5);
        Assert.Equal([0, 1, 2, 3, 4], lone.MessagesTo(peer).Select(data => data[0]));
    }

    [Fact]
    public void Idontwant_ids_have_a_limit_in_a_heartbeat_and_the_newest_are_kept()
    {
        LoneRouter lone = new();
        PeerId peer = lone.Connect(1);
        lone.Want(peer, RpcControlKind.DontWant, Ids(1, 5_000));
        lone.Want(peer, RpcControlKind.DontWant, Ids(2, 4_999));
        lone.Want(peer, RpcControlKind.DontWant, [Digest.Sha256([1])]);
        lone.Want(peer, RpcControlKind.DontWant, [Digest.Sha256([2])]);
        lone.Publish([1]);
        lone.Publish([2]);
        Assert.Equal([2], lone.MessagesTo(peer).Single());
    }

    [Fact]
    public void The_cache_has_a_limit_of_bytes_and_the_oldest_go()
    {
        LoneRouter lone = new();
        PeerId peer = lone.Connect(1);
        List<Digest> ids = [];
        for (int i = 0; i < (Limits.Gossip.CacheBytes / 100_000) + 2; i++)
        {
            byte[] data = new byte[100_000];
            BitConverter.TryWriteBytes(data, i);
            ids.Add(lone.Publish(data));
        }

        lone.Sent.Clear();
        lone.Want(peer, RpcControlKind.Iwant, [ids[0]]);
        Assert.Empty(lone.MessagesTo(peer));
        lone.Want(peer, RpcControlKind.Iwant, [ids[^1]]);
        Assert.Single(lone.MessagesTo(peer));
    }

    private static Digest[] Ids(int group, int count) =>
        [.. Enumerable.Range(0, count).Select(i =>
            Digest.Sha256(BitConverter.GetBytes(((long)group << 32) | (uint)i)))];
}

using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Gossip;

/// <summary>Many routers on a virtual network.</summary>
public sealed class NetworkTests
{
    private const string Topic = GossipTopics.Records;

    private static bool MeshHas(GossipNet.Node node, GossipNet.Node other) =>
        node.Router.MeshOf(Topic).Contains(other.Id);

    [Fact]
    public void A_message_crosses_a_chain()
    {
        GossipNet net = new(GossipNet.Seed());
        net.AddMany(12, Topic);
        net.ConnectChain();
        net.RunFor(3);
        Digest id = net.Publish(net.Nodes[0], Topic, net.RandomData(1_024));
        net.RunFor(0.5);
        Assert.All(net.Nodes.Skip(1), node => Assert.Equal(1, node.CountOf(id)));
        Assert.Equal(0, net.Nodes[0].CountOf(id));
    }

    [Fact]
    public void All_messages_reach_all_once_over_random_graphs()
    {
        GossipNet net = new(GossipNet.Seed()) { Latency = (1, 60) };
        net.AddMany(40, Topic);
        net.ConnectRandomly(4);
        net.RunFor(5);
        List<Digest> ids = [];
        for (int i = 0; i < 60; i++)
        {
            byte[] data = net.RandomData(100 + net.Random.Next(3_000));
            ids.Add(net.Publish(net.Nodes[net.Random.Next(40)], Topic, data));
            net.RunFor(0.02);
        }

        net.RunFor(5);
        foreach (Digest id in ids)
        {
            Assert.Equal(39, net.Nodes.Sum(node => node.CountOf(id)));
            Assert.All(net.Nodes, node => Assert.InRange(node.CountOf(id), 0, 1));
        }

        Assert.All(net.Nodes, node => Assert.Empty(node.Faults));
    }

    [Fact]
    public void The_mesh_settles_between_its_bounds_and_is_mutual()
    {
        GossipNet net = new(GossipNet.Seed());
        net.AddMany(50, Topic);
        net.ConnectRandomly(10);
        net.RunFor(30);
        foreach (GossipNet.Node node in net.Nodes)
        {
            Assert.InRange(node.Router.MeshOf(Topic).Count, 5, 12);
            foreach (GossipNet.Node other in net.Nodes.Where(one => MeshHas(node, one)))
            {
                Assert.Contains(node.Id, other.Router.MeshOf(Topic));
            }
        }
    }

    [Fact]
    public void A_message_that_the_mesh_lost_comes_by_gossip()
    {
        GossipNet net = new(GossipNet.Seed(), new GossipParameters { FloodPublish = false });
        net.AddMany(30, Topic);
        net.ConnectRandomly(12);
        net.RunFor(5);
        GossipNet.Node victim = net.Nodes[7];
        GossipNet.Node[] mesh = [.. net.Nodes.Where(node => MeshHas(victim, node))];
        net.Loses = (from, to, rpc) => to == victim && mesh.Contains(from);
        List<Digest> ids = [];
        for (int i = 0; i < 20; i++)
        {
            ids.Add(net.Publish(net.Nodes[20], Topic, net.RandomData(200)));
        }

        net.RunFor(5);
        Assert.All(ids, id => Assert.Equal(1, victim.CountOf(id)));
        Assert.True(victim.Router.Counters.Asked > 0);
    }

    [Fact]
    public void Loss_and_reordering_do_not_stop_a_dense_network()
    {
        ulong seed = GossipNet.Seed();
        GossipNet net = new(seed) { Latency = (1, 200) };
        net.AddMany(30, Topic);
        net.ConnectRandomly(10);
        net.RunFor(5);
        net.Reorders = true;
        net.Loses = (_, _, _) => net.Random.NextDouble() < 0.15;
        List<Digest> ids = [];
        for (int i = 0; i < 100; i++)
        {
            ids.Add(net.Publish(net.Nodes[net.Random.Next(30)], Topic, net.RandomData(1_200)));
            net.RunFor(0.05);
        }

        net.RunFor(10);
        Assert.Equal(100 * 29, ids.Sum(id => net.Nodes.Sum(node => node.CountOf(id))));
        Assert.All(net.Nodes, node => Assert.All(ids, id => Assert.InRange(node.CountOf(id), 0, 1)));
    }

    [Fact]
    public void Who_stays_gets_everything_while_others_come_and_go()
    {
        GossipNet net = new(GossipNet.Seed()) { Latency = (1, 30) };
        net.AddMany(30, Topic);
        net.ConnectRandomly(6);
        net.RunFor(3);
        List<Digest> ids = [];
        for (int round = 0; round < 60; round++)
        {
            GossipNet.Node comer = net.Nodes[20 + net.Random.Next(10)];
            foreach (GossipNet.Node node in net.Nodes)
            {
                net.Disconnect(comer, node);
            }

            net.RunFor(0.3);
            for (int i = 0; i < 6; i++)
            {
                net.Connect(comer, net.Nodes[net.Random.Next(20)]);
            }

            ids.Add(net.Publish(net.Nodes[net.Random.Next(20)], Topic, net.RandomData(300)));
            net.RunFor(0.3);
        }

        net.RunFor(5);
        Assert.All(ids, id => Assert.Equal(19, net.Nodes.Take(20).Sum(node => node.CountOf(id))));
    }

    [Fact]
    public void Two_islands_that_are_joined_exchange_what_comes_after()
    {
        GossipNet net = new(GossipNet.Seed());
        net.AddMany(16, Topic);
        for (int i = 0; i < 16; i++)
        {
            for (int j = 1; j <= 3; j++)
            {
                net.Connect(net.Nodes[i], net.Nodes[(i / 8 * 8) + ((i + j) % 8)]);
            }
        }

        net.RunFor(3);
        Digest before = net.Publish(net.Nodes[0], Topic, [1]);
        net.RunFor(10);
        net.Connect(net.Nodes[3], net.Nodes[12]);
        net.RunFor(3);
        Digest after = net.Publish(net.Nodes[0], Topic, [2]);
        net.RunFor(3);
        Assert.Equal(7, net.Nodes.Sum(node => node.CountOf(before)));
        Assert.Equal(15, net.Nodes.Sum(node => node.CountOf(after)));
    }

    [Fact]
    public void Idontwant_saves_most_copies_of_large_messages()
    {
        long With(int dontWantBytes)
        {
            GossipParameters parameters = new() { DontWantBytes = dontWantBytes };
            GossipNet net = new(42, parameters) { Latency = (10, 80), ValidationTime = 100 };
            net.AddMany(20, Topic);
            net.ConnectRandomly(10);
            net.RunFor(5);
            for (int i = 0; i < 20; i++)
            {
                Digest id = net.Publish(net.Nodes[net.Random.Next(20)], Topic, net.RandomData(20_000));
                net.RunFor(0.5);
                Assert.Equal(19, net.Nodes.Sum(node => node.CountOf(id)));
            }

            return net.Nodes.Sum(node => node.Router.Counters.Duplicates);
        }

        long without = With(int.MaxValue);
        long with = With(1_024);
        Assert.True(with < without * 0.8, $"{with} duplicates with IDONTWANT, {without} without");
    }

    [Fact]
    public void What_some_nodes_ignore_or_reject_still_reaches_the_others()
    {
        GossipNet net = new(GossipNet.Seed()) { Latency = (1, 20) };
        net.AddMany(20, Topic);
        net.ConnectRandomly(6);
        net.Nodes[5].Validate = _ => GossipVerdict.Ignore;
        net.Nodes[6].Validate = _ => GossipVerdict.Reject;
        net.RunFor(4);
        Digest id = net.Publish(net.Nodes[0], Topic, net.RandomData(500));
        net.RunFor(3);
        Assert.All(net.Nodes.Skip(1), node => Assert.True(node.CountOf(id) >= 1));
        Assert.NotEmpty(net.Nodes[6].Faults);
        Assert.All(net.Nodes.Where(node => node != net.Nodes[6]), node => Assert.Empty(node.Faults));
    }

    [Fact]
    public void One_seed_gives_one_history()
    {
        static string History(ulong seed)
        {
            GossipNet net = new(seed) { Latency = (1, 90) };
            net.AddMany(15, Topic);
            net.ConnectRandomly(4);
            for (int i = 0; i < 20; i++)
            {
                net.Publish(net.Nodes[net.Random.Next(15)], Topic, net.RandomData(50));
                net.RunFor(0.2);
            }

            return string.Join('\n', net.Nodes.Select(node =>
                $"{node.SentBytes} {string.Join(',', node.Delivered.Select(one => one.MessageId))}"));
        }

        Assert.Equal(History(3), History(3));
        Assert.NotEqual(History(3), History(4));
    }

    [Fact]
    public void Random_rpcs_and_calls_never_throw()
    {
        SeededRandom random = new(GossipNet.Seed());
        LoneRouter lone = new();
        for (int i = 0; i < 5; i++)
        {
            lone.Connect(i);
        }

        byte[] rpc = new byte[300];
        for (int i = 0; i < 20_000; i++)
        {
            int length = random.Next(rpc.Length);
            random.Fill(rpc.AsSpan(0, length));
            rpc[0] = (byte)(0x0a + (8 * random.Next(3)));
            rpc[1] = (byte)Math.Max(0, Math.Min(length - 2, 120));
            rpc[2] = (byte)(0x0a + (8 * random.Next(5)));
            lone.ReceiveBytes(GossipNet.Peer(random.Next(6)), rpc.AsSpan(0, length));
            if (random.Next(50) == 0)
            {
                lone.Beat();
            }
        }
    }
}

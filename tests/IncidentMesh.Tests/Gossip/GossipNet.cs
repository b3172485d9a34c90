using System.Collections.Concurrent;
using System.Globalization;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Gossip;

/// <summary>Routers joined by links of a virtual network with a virtual clock. Whatever is random comes from
/// one seed.</summary>
internal sealed class GossipNet(ulong seed, GossipParameters? parameters = null)
{
    private static readonly ConcurrentDictionary<int, PeerId> Ids = new();
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private readonly HashSet<(Node, Node)> _links = [];
    private long _order;

    public SeededRandom Random { get; } = new(seed);

    public Instant Now { get; private set; } = new(1_790_000_000_000);

    public List<Node> Nodes { get; } = [];

    /// <summary>Milliseconds of latency, drawn anew for each RPC between both.</summary>
    public (int Low, int High) Latency { get; set; } = (5, 5);

    /// <summary>RPCs overtake each other on one link; else a link keeps their order, as a stream
    /// does.</summary>
    public bool Reorders { get; set; }

    /// <summary>Milliseconds that validation takes.</summary>
    public int ValidationTime { get; set; }

    /// <summary>Whether an RPC is lost on its way.</summary>
    public Func<Node, Node, byte[], bool> Loses { get; set; } = (_, _, _) => false;

    /// <summary>A seed from the environment, or one of the clock; printed, so that a failure
    /// replays.</summary>
    public static ulong Seed()
    {
        string? given = Environment.GetEnvironmentVariable("INCIDENTMESH_SEED");
        ulong seed = given is null
            ? (ulong)Environment.TickCount64
            : ulong.Parse(given, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"replay with INCIDENTMESH_SEED={seed}");
        return seed;
    }

    public static PeerId Peer(int number) => Ids.GetOrAdd(number, static of =>
    {
        using SigningKey key = Key(of);
        return PeerId.Of(key.Public);
    });

    public static SigningKey Key(int number)
    {
        byte[] bytes = new byte[32];
        BitConverter.TryWriteBytes(bytes, number + 1);
        return SigningKey.FromSeed(bytes);
    }

    public Node Add(params string[] topics)
    {
        GossipRouter router = new(parameters ?? new GossipParameters(), Random.NextUInt64());
        Node node = new(Peer(Nodes.Count), router);
        Nodes.Add(node);
        foreach (string topic in topics)
        {
            node.Router.Subscribe(topic, Now);
        }

        return node;
    }

    public void AddMany(int count, string topic)
    {
        for (int i = 0; i < count; i++)
        {
            Add(topic);
        }
    }

    /// <summary><paramref name="a"/> dials <paramref name="b"/>.</summary>
    public void Connect(Node a, Node b, string protocol = GossipProtocols.Meshsub12)
    {
        if (a == b || !_links.Add((a, b)) || !_links.Add((b, a)))
        {
            return;
        }

        a.Router.Connected(b.Id, protocol, outbound: true, Now);
        b.Router.Connected(a.Id, protocol, outbound: false, Now);
        Drain(a);
        Drain(b);
    }

    public void Disconnect(Node a, Node b)
    {
        if (_links.Remove((a, b)))
        {
            _links.Remove((b, a));
            a.Router.Disconnected(b.Id, Now);
            b.Router.Disconnected(a.Id, Now);
            Drain(a);
            Drain(b);
        }
    }

    public bool AreConnected(Node a, Node b) => _links.Contains((a, b));

    public void ConnectChain()
    {
        for (int i = 1; i < Nodes.Count; i++)
        {
            Connect(Nodes[i], Nodes[i - 1]);
        }
    }

    /// <summary>A chain, so that the graph is connected, and random dials besides.</summary>
    public void ConnectRandomly(int dialsEach)
    {
        ConnectChain();
        foreach (Node node in Nodes)
        {
            for (int i = 0; i < dialsEach; i++)
            {
                Connect(node, Nodes[Random.Next(Nodes.Count)]);
            }
        }
    }

    public Digest Publish(Node node, string topic, byte[] data)
    {
        Digest id = node.Router.Publish(topic, data, Now);
        Drain(node);
        return id;
    }

    public byte[] RandomData(int length)
    {
        byte[] data = new byte[length];
        Random.Fill(data);
        return data;
    }

    /// <summary>Lets time pass, from event to event.</summary>
    public void RunFor(double seconds)
    {
        Instant end = Now + TimeSpan.FromSeconds(seconds);
        while (true)
        {
            long next = _events.TryPeek(out _, out (long At, long Order) first) ? first.At : long.MaxValue;
            foreach (Node node in Nodes)
            {
                next = Math.Min(next, node.Router.NextTick?.Milliseconds ?? long.MaxValue);
            }

            if (next > end.Milliseconds)
            {
                break;
            }

            Now = Instant.Max(Now, new Instant(next));
            Step();
        }

        Now = end;
    }

    private void Step()
    {
        while (_events.TryPeek(out _, out (long At, long Order) due) && due.At <= Now.Milliseconds)
        {
            _events.Dequeue()();
        }

        foreach (Node node in Nodes)
        {
            node.Router.Tick(Now);
            Drain(node);
        }
    }

    private void Drain(Node node)
    {
        while (node.Router.TryTakeOutput(out GossipOutput? output))
        {
            switch (output)
            {
                case GossipOutput.SendRpc send:
                    Send(node, Nodes.Single(other => other.Id == send.Peer), send.Rpc.ToArray());
                    node.Router.Written(send.Peer);
                    break;
                case GossipOutput.Deliver deliver:
                    node.Delivered.Add(deliver);
                    Validate(node, deliver);
                    break;
                case GossipOutput.Misbehaved misbehaved:
                    node.Faults.Add(misbehaved);
                    break;
            }
        }
    }

    private void Validate(Node node, GossipOutput.Deliver deliver)
    {
        if (ValidationTime == 0)
        {
            node.Router.Resolve(deliver.MessageId, node.Validate(deliver), Now);
            return;
        }

        At(Now.Milliseconds + ValidationTime, () =>
        {
            node.Router.Resolve(deliver.MessageId, node.Validate(deliver), Now);
            Drain(node);
        });
    }

    private void At(long milliseconds, Action action) => _events.Enqueue(action, (milliseconds, _order++));

    private void Send(Node from, Node to, byte[] rpc)
    {
        Assert.InRange(rpc.Length, 1, Limits.Gossip.RpcBytes);
        from.SentBytes += rpc.Length;
        if (Loses(from, to, rpc))
        {
            return;
        }

        long at = Now.Milliseconds + Latency.Low + Random.Next(Latency.High - Latency.Low + 1);
        if (!Reorders)
        {
            at = Math.Max(at, from.LastArrival.GetValueOrDefault(to));
            from.LastArrival[to] = at;
        }

        At(at, () =>
        {
            if (_links.Contains((from, to)))
            {
                to.Router.Receive(from.Id, rpc, Now);
                Drain(to);
            }
        });
    }

    internal sealed class Node(PeerId id, GossipRouter router)
    {
        public PeerId Id { get; } = id;

        public GossipRouter Router { get; } = router;

        public Func<GossipOutput.Deliver, GossipVerdict> Validate { get; set; } = _ => GossipVerdict.Accept;

        public List<GossipOutput.Deliver> Delivered { get; } = [];

        public List<GossipOutput.Misbehaved> Faults { get; } = [];

        public Dictionary<Node, long> LastArrival { get; } = [];

        public long SentBytes { get; set; }

        public int CountOf(Digest id) => Delivered.Count(deliver => deliver.MessageId == id);
    }
}

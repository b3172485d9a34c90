using IncidentMesh.Node.Mesh;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Tests.Simulation;

/// <summary>How unkind the network is.</summary>
internal sealed record SimWeather(double Loss, double Duplication, int MostLatency, double Reset);

/// <summary>Nodes, the network between them, their disks and their verify workers, in virtual time from one
/// seed.</summary>
internal sealed class SimWorld(SeededRandom random, IReadOnlyList<SimNode> nodes)
{
    private readonly PriorityQueue<Action, (long At, long Order)> _queue = new();
    private readonly HashSet<(int, int)> _links = [];
    private readonly Dictionary<(int Node, long Session), SimStream> _streams = [];
    private readonly Dictionary<(int, int), long> _lastGossip = [];
    private long _order;

    public Instant Now { get; private set; } = Instant.FromUnixSeconds(1_750_000_000);

    public SimWeather Weather { get; set; } = new(0, 0, 20, 0);

    /// <summary>Sees all bytes that a node sends.</summary>
    public Action<SimNode, ReadOnlyMemory<byte>>? Watch { get; set; }

    private sealed class SimStream(SimNode node, long session, int life)
    {
        public SimNode Node { get; } = node;

        public long Session { get; } = session;

        public int Life { get; } = life;

        public SimStream? Other { get; set; }

        public long NextArrival { get; set; }

        public Queue<byte[]> Unread { get; } = new();

        public bool Closed { get; set; }
    }

    public void At(Instant when, Action action) => _queue.Enqueue(action, (when.Milliseconds, ++_order));

    public void After(int milliseconds, Action action) => At(new Instant(Now.Milliseconds + milliseconds),
        action);

    public void Connect(int a, int b)
    {
        if (nodes[a].Up && nodes[b].Up && _links.Add((Math.Min(a, b), Math.Max(a, b))))
        {
            Up(a, b, outbound: true);
            Up(b, a, outbound: false);
        }
    }

    public void Disconnect(int a, int b)
    {
        if (_links.Remove((Math.Min(a, b), Math.Max(a, b))))
        {
            Down(a, b);
            Down(b, a);
        }
    }

    public void Crash(int number)
    {
        foreach (SimNode other in nodes)
        {
            Disconnect(number, other.Number);
        }

        nodes[number].Crash();
    }

    /// <summary>Runs to a moment.</summary>
    public void RunUntil(Instant end)
    {
        while (true)
        {
            foreach (SimNode node in nodes)
            {
                Drain(node);
            }

            Instant next = end;
            if (_queue.TryPeek(out _, out (long At, long Order) head))
            {
                next = Instant.Earlier(next, new Instant(head.At))!.Value;
            }

            foreach (SimNode node in nodes.Where(node => node.Up))
            {
                next = Instant.Earlier(next, node.Replica.NextTick)!.Value;
            }

            if (next >= end)
            {
                Now = end;
                return;
            }

            Now = Instant.Max(Now, next);
            foreach (SimNode node in nodes.Where(node => node.Up && node.Replica.NextTick <= Now))
            {
                node.Replica.Tick(Now);
            }

            while (_queue.TryPeek(out _, out head) && head.At <= Now.Milliseconds)
            {
                _queue.Dequeue()();
            }
        }
    }

    private bool Linked(int a, int b) => _links.Contains((Math.Min(a, b), Math.Max(a, b)));

    private void Up(int a, int b, bool outbound)
    {
        SimNode node = nodes[a];
        PeerId peer = nodes[b].Peer;
        node.Replica.PeerUp(peer, syncs: true, Now);
        node.Replica.GossipOpened(peer, GossipProtocols.All[0], outbound, Now);
    }

    private void Down(int a, int b)
    {
        foreach ((int Node, long Session) key in _streams.Keys.Where(key => key.Node == a).ToArray())
        {
            if (_streams[key].Other?.Node.Number == b)
            {
                _streams.Remove(key);
            }
        }

        nodes[a].Replica.PeerDown(nodes[b].Peer, Now);
    }

    private void Drain(SimNode node)
    {
        while (node.Up && node.Replica.TryTakeOutput(out ReplicaOutput? output))
        {
            switch (output)
            {
                case ReplicaOutput.SendGossip send:
                    SendGossip(node, send);
                    break;
                case ReplicaOutput.OpenSync open:
                    OpenSync(node, open);
                    break;
                case ReplicaOutput.SyncReady ready:
                    PumpSync(node, ready.Session);
                    break;
                case ReplicaOutput.CloseSync close:
                    EndStream(node, close.Session, reset: false);
                    break;
                case ReplicaOutput.ResetSync reset:
                    EndStream(node, reset.Session, reset: true);
                    break;
                case ReplicaOutput.Verify verify:
                    ForLife(node, random.Next(10), () => node.Replica.Verified(
                        [.. verify.Jobs.Select(RecordVerifier.Run)], Now));
                    break;
                case ReplicaOutput.Persist persist:
                    ForLife(node, 1 + random.Next(20), () =>
                    {
                        node.Persist(persist.Items);
                        node.Replica.Persisted(persist.Batch, Now);
                    });
                    break;
                case ReplicaOutput.Forget forget:
                    ForLife(node, 30, () => node.Forget(forget.Ids));
                    break;
                case ReplicaOutput.Acknowledged acknowledged:
                    if (node.Tokens.TryGetValue(acknowledged.Token, out Digest id))
                    {
                        node.Acknowledged.Add(id);
                    }

                    break;
                case ReplicaOutput.Refused refused:
                    throw new InvalidOperationException($"node {node.Number}: {refused.Fault}");
                case ReplicaOutput.DropPeer drop:
                    throw new InvalidOperationException($"{node.Number} drops an honest peer: {drop.Fault}");
                case ReplicaOutput.SyncEnded { Fault: null } ended:
                    node.Sessions.Add((ended.Peer, ended.Statistics));
                    break;
            }
        }
    }

    private void ForLife(SimNode node, int delay, Action action)
    {
        int life = node.Life;
        After(delay, () =>
        {
            if (node.Up && node.Life == life)
            {
                action();
            }
        });
    }

    private SimNode NodeOf(PeerId peer) => nodes.Single(node => node.Peer == peer);

    // RPCs are lost, doubled and reordered whole.
    private void SendGossip(SimNode from, ReplicaOutput.SendGossip send)
    {
        Watch?.Invoke(from, send.Rpc);
        SimNode to = NodeOf(send.Peer);
        ForLife(from, 1, () => from.Replica.GossipWritten(send.Peer, Now));
        int copies = random.NextDouble() < Weather.Loss ? 0 : random.NextDouble() < Weather.Duplication ? 2
            : 1;
        for (int copy = 0; copy < copies; copy++)
        {
            ForLife(to, 1 + random.Next(Weather.MostLatency), () =>
            {
                if (Linked(from.Number, to.Number))
                {
                    to.Replica.ReceiveGossip(from.Peer, send.Rpc.Span, Now);
                }
            });
        }
    }

    private void OpenSync(SimNode from, ReplicaOutput.OpenSync open)
    {
        SimNode to = NodeOf(open.Peer);
        if (!Linked(from.Number, to.Number))
        {
            return;
        }

        var near = new SimStream(from, open.Session, from.Life);
        _streams.Add((from.Number, open.Session), near);
        if (!to.Replica.AcceptSync(from.Peer, Now, out long session))
        {
            _streams.Remove((from.Number, open.Session));
            ForLife(from, 5, () => from.Replica.SyncReset(open.Session, Now));
            return;
        }

        var far = new SimStream(to, session, to.Life) { Other = near };
        near.Other = far;
        _streams.Add((to.Number, session), far);
    }

    private void PumpSync(SimNode node, long session)
    {
        while (_streams.TryGetValue((node.Number, session), out SimStream? stream)
            && node.Replica.TryTakeSync(session, Now, out ReadOnlyMemory<byte> bytes))
        {
            Watch?.Invoke(node, bytes);
            if (random.NextDouble() < Weather.Reset)
            {
                node.Replica.SyncReset(session, Now);
                EndStream(node, session, reset: true);
                return;
            }

            int cut = random.Next(bytes.Length + 1);
            Transmit(stream, bytes[..cut].ToArray());
            Transmit(stream, bytes[cut..].ToArray());
        }
    }

    private void Transmit(SimStream from, byte[] bytes)
    {
        SimStream to = from.Other!;
        to.NextArrival = Math.Max(to.NextArrival, Now.Milliseconds + 1 + random.Next(Weather.MostLatency));
        At(new Instant(to.NextArrival), () =>
        {
            if (bytes.Length > 0 && IsAlive(to))
            {
                to.Unread.Enqueue(bytes);
                Feed(to);
            }
        });
    }

    private bool IsAlive(SimStream stream) =>
        _streams.GetValueOrDefault((stream.Node.Number, stream.Session)) == stream
        && stream.Node.Up && stream.Node.Life == stream.Life;

    // Hands bytes in only while they are wanted, as a stream with credit does.
    private void Feed(SimStream stream)
    {
        Replica replica = stream.Node.Replica;
        while (IsAlive(stream) && stream.Unread.Count > 0 && replica.WantsSyncInput(stream.Session))
        {
            replica.ReceiveSync(stream.Session, stream.Unread.Dequeue(), Now);
            Drain(stream.Node);
        }

        if (IsAlive(stream) && stream.Unread.Count == 0 && stream.Closed)
        {
            replica.SyncRemoteClosed(stream.Session, Now);
        }
    }

    private void EndStream(SimNode node, long session, bool reset)
    {
        if (!_streams.Remove((node.Number, session), out SimStream? stream) || stream.Other is not { } other)
        {
            return;
        }

        other.NextArrival = Math.Max(other.NextArrival, Now.Milliseconds + 1);
        At(new Instant(other.NextArrival), () =>
        {
            if (!IsAlive(other))
            {
                return;
            }

            if (reset)
            {
                _streams.Remove((other.Node.Number, other.Session));
                other.Node.Replica.SyncReset(other.Session, Now);
            }
            else
            {
                other.Closed = true;
                Feed(other);
            }
        });
    }
}

using System.Globalization;
using System.Security.Cryptography;
using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Policy;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;
using Xunit;
using Record = IncidentMesh.Protocol.Records.Record;

namespace IncidentMesh.Tests.Simulation;

/// <summary>Whole meshes from a seed: nodes with differing policies, a lossy network, a partition, a crash.
/// A failure prints its seed; INCIDENTMESH_SEED replays it.</summary>
public sealed class ConvergenceTests
{
    private const int Seeds = 200;

    [Fact]
    public void Nodes_agree_on_every_author_that_both_admit_whatever_happens_on_the_way()
    {
        if (Environment.GetEnvironmentVariable("INCIDENTMESH_SEED") is { } replay)
        {
            Run(ulong.Parse(replay, CultureInfo.InvariantCulture));
            return;
        }

        ulong first = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
        Parallel.For(0, Seeds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, n =>
        {
            ulong seed = first + (ulong)n;
            try
            {
                Run(seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"replay with INCIDENTMESH_SEED={seed}", e);
            }
        });
    }

    private static void Run(ulong seed)
    {
        using var mesh = new SimMesh(new SeededRandom(seed));
        mesh.Live();
        mesh.Settle();
        SyncAll(mesh, check: null);
        AssertAgreement(mesh);
        AssertNothingLost(mesh);
        AssertEqualSetsCostOneRound(mesh);
    }

    private static void AssertAgreement(SimMesh mesh)
    {
        foreach (SimNode a in mesh.Nodes)
        {
            foreach (SimNode b in mesh.Nodes.Where(b => b.Number > a.Number))
            {
                foreach (SimAuthor author in mesh.Authors)
                {
                    if (!a.Replica.Policy.Admits(author.Id) || !b.Replica.Policy.Admits(author.Id))
                    {
                        continue;
                    }

                    AuthorDigest ofA = a.Replica.DigestOf(author.Id);
                    AuthorDigest ofB = b.Replica.DigestOf(author.Id);
                    Assert.True(ofA.Digest == ofB.Digest,
                        $"{a.Number} and {b.Number}: {ofA.Count} and {ofB.Count} records of an author");
                    Assert.Equal(ofA.Heads, ofB.Heads);
                }
            }
        }
    }

    private static void AssertNothingLost(SimMesh mesh)
    {
        foreach (SimNode node in mesh.Nodes)
        {
            foreach (Digest id in node.Acknowledged)
            {
                Assert.True(node.Replica.Holds(id), $"node {node.Number} lost an acknowledged record");
                foreach (SimNode other in mesh.Nodes.Where(o => o.Replica.Policy.Admits(mesh.AuthorOf(id))))
                {
                    Assert.True(other.Replica.Holds(id), $"{other.Number} lacks a record of {node.Number}");
                }
            }
        }
    }

    private static void AssertEqualSetsCostOneRound(SimMesh mesh)
    {
        // What each declines of the other may have been forgotten with a change of trust: once more round.
        SyncAll(mesh, check: null);
        SyncAll(mesh, (node, other, statistics) =>
        {
            string pair = $"{node.Number} with {other.Number}";
            Assert.True(statistics.Rounds == 2, $"{pair}: {statistics.Rounds} rounds for two sets");
            Assert.True(statistics.Envelopes == 0, $"{pair}: {statistics.Envelopes} envelopes");
        });
    }

    private static void SyncAll(SimMesh mesh, Action<SimNode, SimNode, SyncStatistics>? check)
    {
        foreach (SimNode node in mesh.Nodes)
        {
            foreach (SimNode other in mesh.Nodes.Where(other => other != node))
            {
                node.Sessions.Clear();
                node.Replica.SyncNow(other.Peer, salted: false, mesh.World.Now);
                mesh.World.RunUntil(mesh.World.Now + TimeSpan.FromSeconds(1.5));
                check?.Invoke(node, other, node.Sessions.Last(s => s.Peer == other.Peer).Statistics);
            }
        }
    }
}

/// <summary>Five nodes that live through a bad day.</summary>
internal sealed class SimMesh : IDisposable
{
    private const int Count = 5;
    private static readonly TimeSpan Day = TimeSpan.FromSeconds(180);

    private readonly SeededRandom _random;
    private readonly List<SignedRecord> _signed = [];
    private readonly SimAuthor _outsider;
    private long _token;

    public SimMesh(SeededRandom random)
    {
        _random = random;
        long created = 1_750_000_000 - 1_000;
        SimAuthor[] authors = [.. Enumerable.Range(0, Count + 1).Select(_ => new SimAuthor(random, created))];
        _outsider = authors[Count];
        Authors = authors;
        Nodes = [.. Enumerable.Range(0, Count).Select(n => new SimNode(n, random, authors[n], Lists(n)))];
        World = new SimWorld(random, Nodes)
        {
            Weather = new SimWeather(random.NextDouble() * 0.3, random.NextDouble() * 0.2,
                10 + random.Next(300), random.NextDouble() * 0.02),
            Watch = AssertNotRelayed,
        };
    }

    public IReadOnlyList<SimAuthor> Authors { get; }

    public IReadOnlyList<SimNode> Nodes { get; }

    public SimWorld World { get; }

    public Cid AuthorOf(Digest id) => _signed.Single(s => s.Record.Id.Digest == id).Record.Header.Author;

    public void Dispose()
    {
        foreach (SimAuthor author in Authors)
        {
            author.Dispose();
        }
    }

    /// <summary>Reports are written while links fail, a partition opens and one node crashes.</summary>
    public void Live()
    {
        Instant start = World.Now;
        foreach (SimNode node in Nodes)
        {
            node.Replica.Start(start);
            node.Replica.SubmitEvent(node.Author.Inception, ++_token, start);
        }

        foreach ((int a, int b) in Pairs().Where(_ => _random.Next(3) > 0))
        {
            World.After(_random.Next(5_000), () => World.Connect(a, b));
        }

        for (int n = 0; n < 40; n++)
        {
            World.After(_random.Next((int)Day.TotalMilliseconds), Write);
        }

        World.After(20_000 + _random.Next(50_000), Partition);
        int crashed = _random.Next(Count);
        World.After(30_000 + _random.Next(100_000), () =>
        {
            World.Crash(crashed);
            World.After(1_000 + _random.Next(40_000), () => Rise(crashed));
        });
        World.RunUntil(start + Day);
    }

    /// <summary>The weather clears and every node meets every other.</summary>
    public void Settle()
    {
        World.Weather = new SimWeather(0, 0, 20, 0);
        foreach ((int a, int b) in Pairs())
        {
            World.Connect(a, b);
        }

        World.RunUntil(World.Now + TimeSpan.FromSeconds(60));
    }

    private static IEnumerable<(int A, int B)> Pairs() =>
        from a in Enumerable.Range(0, Count) from b in Enumerable.Range(a + 1, Count - a - 1) select (a, b);

    private Action<TrustPolicy> Lists(int number)
    {
        // Everybody trusts the next in the round and most others; some deny one; the outsider comes by a
        // trust list.
        var lists = new List<Action<TrustPolicy>>();
        for (int other = 0; other < Count; other++)
        {
            Cid author = Authors[other].Id;
            int dice = other == (number + 1) % Count ? 0 : _random.Next(10);
            if (other != number && dice != 9)
            {
                lists.Add(dice < 6 ? p => p.Trust(author) : dice == 6 ? p => p.Deny(author) : _ => { });
            }
        }

        return policy => lists.ForEach(change => change(policy));
    }

    private void Write()
    {
        SimNode node = Nodes[_random.Next(Count)];
        if (!node.Up)
        {
            return;
        }

        long created = World.Now.UnixSeconds - _random.Next(200);
        IReadOnlyList<Head> heads = node.Replica.HeadsOf(node.Author.Key);
        int kind = _random.Next(12);
        if (kind == 0)
        {
            Submit(node, node.Author.TrustList([_outsider.Id], heads, created));
        }
        else if (kind == 1 && node.Replica.Policy.Admits(_outsider.Id))
        {
            SubmitOutsider(node, created);
        }
        else
        {
            Submit(node, node.Author.Report($"report {_signed.Count}", heads, created));
        }
    }

    // A node that admits the outsider has her events from whoever vouched for her; here her operator brings
    // them.
    private void SubmitOutsider(SimNode node, long created)
    {
        IReadOnlyList<Head> heads = node.Replica.HeadsOf(_outsider.Key);
        node.Replica.ImportEvent(_outsider.Inception, World.Now);
        SignedRecord signed = _outsider.Report($"outside {_signed.Count}", heads, created);
        _signed.Add(signed);
        node.Tokens[++_token] = signed.Record.Id.Digest;
        node.Replica.Submit(signed, _token, World.Now);
    }

    private void Submit(SimNode node, SignedRecord signed)
    {
        _signed.Add(signed);
        node.Tokens[++_token] = signed.Record.Id.Digest;
        node.Replica.Submit(signed, _token, World.Now);
    }

    private void Partition()
    {
        int side = 1 + _random.Next((1 << Count) - 2);
        (int A, int B)[] cut = [.. Pairs().Where(pair => ((side >> pair.A) & 1) != ((side >> pair.B) & 1))];
        foreach ((int a, int b) in cut)
        {
            World.Disconnect(a, b);
        }

        World.After(20_000 + _random.Next(60_000), () =>
        {
            foreach ((int a, int b) in cut.Where(_ => _random.Next(4) > 0))
            {
                World.Connect(a, b);
            }
        });
    }

    private void Rise(int number)
    {
        Nodes[number].Restart(World.Now);
        foreach (SimNode other in Nodes.Where(other => other.Number != number && _random.Next(3) > 0))
        {
            World.Connect(number, other.Number);
        }
    }

    // The signature of a record stands in the clear in whatever carries the record.
    private void AssertNotRelayed(SimNode sender, ReadOnlyMemory<byte> bytes)
    {
        foreach (SignedRecord signed in _signed)
        {
            Record record = signed.Record;
            if (!sender.Replica.Policy.Admits(record.Header.Author)
                && bytes.Span.IndexOf(record.Envelope.Span[^64..]) >= 0)
            {
                throw new InvalidOperationException($"node {sender.Number} relays what it does not admit");
            }
        }
    }
}

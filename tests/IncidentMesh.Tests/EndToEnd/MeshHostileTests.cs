using System.Net.Sockets;
using System.Security.Cryptography;
using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Net;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;
using IncidentMesh.Tests.Simulation;
using Xunit;

namespace IncidentMesh.Tests.EndToEnd;

/// <summary>Peers that mean harm, against a real node: it goes on, and takes nothing that is wrong.</summary>
public sealed class MeshHostileTests : IAsyncLifetime
{
    private readonly SimAuthor _author = new(new SeededRandom(7), Now - 1_000);
    private readonly MeshAttacker _attacker = new();
    private readonly MeshNode _node;

    public MeshHostileTests() => _node = new MeshNode("target", _author);

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    public async ValueTask InitializeAsync()
    {
        await _node.StartAsync();
        await _attacker.ConnectAsync(_node);
        await _node.UntilAsync(replica => replica.PeerStates().Count == 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _attacker.DisposeAsync();
        await _node.DisposeAsync();
        _author.Dispose();
    }

    [Fact]
    public async Task Garbage_on_a_bare_socket_ends_that_socket_alone()
    {
        using Socket socket = await MeshAttacker.DialRawAsync(_node);
        await socket.SendAsync(RandomNumberGenerator.GetBytes(4_096));
        await AssertClosedAsync(socket);
        await AssertLivesAsync();
    }

    [Fact]
    public async Task Sockets_that_say_nothing_keep_nobody_out()
    {
        var silent = new List<Socket>();
        for (int n = 0; n < Limits.Libp2p.PendingConnectionsPerAddress - 1; n++)
        {
            silent.Add(await MeshAttacker.DialRawAsync(_node));
        }

        await using var guest = new MeshAttacker();
        await guest.ConnectAsync(_node);
        await AssertLivesAsync();
        silent.ForEach(socket => socket.Dispose());
    }

    [Theory]
    [InlineData(GossipProtocols.Meshsub12)]
    [InlineData(ReplicaOptions.SyncProtocol)]
    public async Task A_frame_that_claims_4_GiB_ends_its_stream(string protocol)
    {
        await using PeerStream stream = await _attacker.OpenAsync(protocol);
        byte[] claim = new byte[Uvarint.MaxLength];
        int length = Uvarint.Write(claim, 4UL << 30);
        await stream.WriteAsync(claim.AsMemory(0, length));
        await AssertClosedAsync(stream);
        await AssertLivesAsync();
    }

    [Theory]
    [InlineData(GossipProtocols.Meshsub12)]
    [InlineData(ReplicaOptions.SyncProtocol)]
    public async Task Garbage_on_a_stream_stops_nobody(string protocol)
    {
        await using PeerStream stream = await _attacker.OpenAsync(protocol);
        await stream.WriteAsync(Frame.Write(RandomNumberGenerator.GetBytes(1_000)));
        await AssertLivesAsync();
    }

    [Fact]
    public async Task A_flood_of_wrong_messages_gets_its_peer_dropped()
    {
        byte[][] flood = [.. Enumerable.Range(0, 200).Select(n =>
            MeshAttacker.Message(GossipTopics.Records, BitConverter.GetBytes(n)))];
        try
        {
            await _attacker.GossipAsync(flood);
        }
        catch (StreamException e)
        {
            // It was cut off while it wrote.
            Assert.NotNull(e.Fault);
        }

        await _node.UntilAsync(replica => replica.PeerStates().Count == 0);
        await _attacker.UntilAloneAsync();
        try
        {
            await _attacker.ConnectAsync(_node);
        }
        catch (DialException e)
        {
            // Refused before it had asked who is there; else cut off as soon as it was known.
            Assert.NotNull(e.Fault);
        }

        await _attacker.UntilAloneAsync();
        Assert.Empty(await _node.Loop.AskAsync(replica => replica.PeerStates()));
        await AssertLivesAsync();
    }

    [Fact]
    public async Task A_peer_that_asks_and_does_not_read_holds_up_nobody()
    {
        await using PeerStream stream = await _attacker.OpenAsync(ReplicaOptions.SyncProtocol);
        await stream.WriteAsync(SyncCodec.Write(new SyncOpen(SyncSet.Records, default)));
        Digest id = await _node.ReportAsync("something to ask for");
        byte[] get = SyncCodec.Write(new SyncGet([.. Enumerable.Repeat(id, Limits.Sync.GetIds)]));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            while (true)
            {
                await stream.WriteAsync(get, limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The window is full: the node reads no more than it may answer.
            Assert.True(limit.IsCancellationRequested);
        }

        await AssertLivesAsync();
    }

    [Fact]
    public Task A_record_with_a_bad_signature_is_not_taken() => AssertRefusedAsync(signed =>
    {
        byte[] data = signed.Data;
        data[signed.Record.Envelope.Length - 1] ^= 1;
        return data;
    });

    [Fact]
    public Task A_record_with_another_body_is_not_taken() => AssertRefusedAsync(signed =>
    {
        byte[] data = signed.Data;
        data[^1] ^= 1;
        return data;
    });

    [Fact]
    public Task A_record_from_the_far_future_is_not_taken() =>
        AssertRefusedAsync(_ => _author.Report("tomorrow", [], Now + 86_400).Data);

    [Fact]
    public Task A_body_over_the_limit_is_not_taken() => AssertRefusedAsync(signed =>
        [.. signed.Record.Envelope.Span, .. new byte[Limits.Records.BodyBytes + 1]]);

    // On one stream: the author's identity, the bad record, and a good one. The good one comes in, the bad
    // never.
    private async Task AssertRefusedAsync(Func<SignedRecord, byte[]> spoil)
    {
        byte[] bad = spoil(_author.Report("bad", [], Now));
        SignedRecord good = _author.Report("good", [], Now);
        await _attacker.GossipAsync(
            MeshAttacker.Message(GossipTopics.Identity, _author.Inception.Envelope.Span),
            MeshAttacker.Message(GossipTopics.Records, bad),
            MeshAttacker.Message(GossipTopics.Records, good.Data));
        await _node.WaitForAsync(good.Record.Id.Digest);
        await AssertLivesAsync();
        Assert.Equal(1, await _node.Loop.AskAsync(replica => replica.DigestOf(_author.Id).Count));
        Assert.Equal(1, await _node.Loop.AskAsync(replica => replica.PeerStates().Count));
    }

    private async Task AssertLivesAsync()
    {
        Digest id = await _node.ReportAsync("the node still works").WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(await _node.HoldsAsync(id));
    }

    private static async Task AssertClosedAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        byte[] buffer = new byte[1_024];
        try
        {
            while (await socket.ReceiveAsync(buffer, limit.Token) > 0)
            {
            }
        }
        catch (SocketException e)
        {
            Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
        }
    }

    private static async Task AssertClosedAsync(PeerStream stream)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        byte[] buffer = new byte[1_024];
        try
        {
            while (await stream.ReadAsync(buffer, limit.Token) > 0)
            {
            }
        }
        catch (StreamException e)
        {
            Assert.NotNull(e.Fault);
        }
    }
}

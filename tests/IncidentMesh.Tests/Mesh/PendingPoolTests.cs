using IncidentMesh.Node.Mesh;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using IncidentMesh.Tests.Simulation;
using Xunit;
using Record = IncidentMesh.Protocol.Records.Record;

namespace IncidentMesh.Tests.Mesh;

public sealed class PendingPoolTests : IDisposable
{
    private static readonly Cid Missing = Cid.Of(Codec.DagCbor, "missing"u8);
    private readonly SimAuthor _author = new(new SeededRandom(1), 0);

    public void Dispose() => _author.Dispose();

    [Fact]
    public void A_peer_has_256_records_waiting_and_not_257()
    {
        var pool = new PendingPool();
        for (int n = 0; n < Limits.Mesh.PendingPeerRecords; n++)
        {
            Assert.True(pool.TryAdd(Pending(0)));
        }

        Assert.False(pool.TryAdd(Pending(0)));
        Assert.True(pool.TryAdd(Pending(1)));
    }

    [Fact]
    public void All_peers_have_2048_records_waiting_and_not_2049()
    {
        var pool = new PendingPool();
        for (int n = 0; n < Limits.Mesh.PendingRecords; n++)
        {
            Assert.True(pool.TryAdd(Pending(n % 100)));
        }

        Assert.False(pool.TryAdd(Pending(200)));
    }

    [Fact]
    public void Sixteen_MiB_wait_and_not_a_byte_more()
    {
        var pool = new PendingPool();
        PendingRecord big = Pending(0, 64 * 1024);
        while (pool.Bytes + big.Bytes <= Limits.Mesh.PendingBytes)
        {
            Assert.True(pool.TryAdd(big));
        }

        int envelope = big.Record.Envelope.Length;
        int room = (int)(Limits.Mesh.PendingBytes - pool.Bytes) - envelope;
        Assert.False(pool.TryAdd(Pending(1, room + 1)));
        Assert.True(pool.TryAdd(Pending(1, room)));
    }

    [Fact]
    public void Records_come_out_when_their_event_comes_or_their_time_is_over()
    {
        var pool = new PendingPool();
        pool.TryAdd(Pending(0));
        pool.TryAdd(Pending(0) with { Missing = Cid.Of(Codec.DagCbor, "other"u8), Until = new Instant(90) });
        Assert.Single(pool.Take(Missing));
        Assert.Empty(pool.Expire(new Instant(89)));
        Assert.Single(pool.Expire(new Instant(90)));
        Assert.Equal((0, 0L), (pool.Count, pool.Bytes));
        Assert.Null(pool.NextTick);
    }

    internal static PeerId Peer(int n)
    {
        byte[] seed = new byte[32];
        BitConverter.TryWriteBytes(seed, n);
        using SigningKey key = SigningKey.FromSeed(seed);
        return PeerId.Of(key.Public);
    }

    private PendingRecord Pending(int peer, int body = 100)
    {
        Record record = _author.Report("r", [], 0).Record;
        return new PendingRecord(Peer(peer), record, new byte[body], default, Missing, new Instant(100));
    }
}

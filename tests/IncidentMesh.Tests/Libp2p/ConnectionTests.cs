using Xunit;
using System.Text;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Libp2p;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Tests.Libp2p;

public sealed class ConnectionTests
{
    private const string Echo = "/echo/1";

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    public void Both_ends_learn_who_the_other_is_however_the_bytes_are_cut(int chunk)
    {
        using Pair pair = new Pair(seed: 3, chunk).Drive();
        Assert.Equal(PeerId.Of(pair.ListenerKey.Public),
            pair.Dialer.Last<ConnectionOutput.Established>()?.Peer);
        Assert.Equal(pair.DialerKey.Public, pair.Listener.Last<ConnectionOutput.Established>()?.Key);
        Assert.True(pair.Dialer.Connection.IsEstablished);
    }

    [Fact]
    public void Another_peer_than_the_one_dialled_fails_the_connection()
    {
        using SigningKey other = SigningKey.FromSeed(new byte[32]);
        using Pair pair = new Pair(expected: PeerId.Of(other.Public)).Drive();
        Assert.Equal("noise-peer", pair.Dialer.Fault?.Code);
        Assert.False(pair.Listener.Connection.IsEstablished);
    }

    [Fact]
    public void A_stream_carries_bytes_both_ways_and_ends_in_halves()
    {
        using Pair pair = new Pair(protocols: Echo).Drive();
        uint id = pair.Dialer.Open(Echo);
        pair.Dialer.Connection.Send(id, "question"u8);
        pair.Dialer.Connection.CloseWrite(id);
        pair.Drive();
        Assert.Equal(new ConnectionOutput.StreamOpened(id, Echo, true),
            pair.Listener.Last<ConnectionOutput.StreamOpened>());
        Assert.Equal("question", Encoding.UTF8.GetString([.. pair.Listener.Received[id]]));
        Assert.NotNull(pair.Listener.Last<ConnectionOutput.StreamRemoteClosed>());

        pair.Listener.Connection.Send(id, "answer"u8);
        pair.Listener.Connection.CloseWrite(id);
        pair.Drive();
        Assert.Equal("answer", Encoding.UTF8.GetString([.. pair.Dialer.Received[id]]));
        Assert.NotNull(pair.Dialer.Last<ConnectionOutput.StreamFinished>());
        Assert.Equal(0, pair.Dialer.Connection.StreamCount);
        Assert.Equal(0, pair.Listener.Connection.StreamCount);
    }

    [Fact]
    public void A_protocol_that_is_not_spoken_resets_the_stream_only()
    {
        using Pair pair = new Pair(protocols: Echo).Drive();
        uint id = pair.Dialer.Open("/other/1");
        pair.Dialer.Connection.Send(id, "early"u8);
        pair.Drive();
        Assert.Equal("multistream-unsupported", pair.Dialer.Last<ConnectionOutput.StreamReset>()?.Fault.Code);
        Assert.Empty(pair.Listener.Events.OfType<ConnectionOutput.StreamOpened>());
        Assert.Equal(0, pair.Listener.Connection.StreamCount);
        Assert.True(pair.Dialer.Connection.IsEstablished);
    }

    [Fact]
    public void The_first_of_several_protocols_that_the_peer_speaks_is_chosen()
    {
        using Pair pair = new Pair(protocols: [Echo, "/old/1"]).Drive();
        uint id = pair.Dialer.Open("/new/9", Echo, "/old/1");
        Assert.Equal(0, pair.Dialer.Connection.Send(id, "early"u8));
        pair.Drive();
        Assert.Equal(Echo, pair.Dialer.Last<ConnectionOutput.StreamOpened>()?.Protocol);
        Assert.Equal(id, pair.Dialer.Last<ConnectionOutput.StreamWritable>()?.Stream);
        Assert.Equal(5, pair.Dialer.Connection.Send(id, "early"u8));
    }

    [Fact]
    public void A_reader_that_stops_holds_its_sender_at_the_window_and_no_other_stream()
    {
        using Pair pair = new Pair(protocols: Echo).Drive();
        pair.Listener.Consumes = false;
        uint slow = pair.Dialer.Open(Echo);
        uint other = pair.Dialer.Open(Echo);
        SendAll(pair, slow, new byte[1_000_000]);
        Assert.InRange(pair.Listener.Received[slow].Count, 1, Limits.Libp2p.YamuxWindowBytes);
        pair.Dialer.Connection.Send(other, "through"u8);
        pair.Drive();
        Assert.Equal(7, pair.Listener.Received[other].Count);

        int held = pair.Listener.Received[slow].Count;
        pair.Listener.Consumes = true;
        pair.Listener.Connection.Consumed(slow, held);
        pair.Drive();
        Assert.True(pair.Listener.Received[slow].Count > held);
    }

    [Fact]
    public void Random_bytes_on_many_streams_arrive_whole_with_any_chunking()
    {
        ulong seed = Seeds.Next();
        using Pair pair = new Pair(seed, chunk: 30_000, protocols: Echo).Drive();
        var random = new SeededRandom(seed);
        var sent = new Dictionary<uint, List<byte>>();
        for (int i = 0; i < 200; i++)
        {
            Pair.Side side = random.Next(2) == 0 ? pair.Dialer : pair.Listener;
            uint id = sent.Count < 6 ? side.Open(Echo) : sent.Keys.ElementAt(random.Next(sent.Count));
            sent.TryAdd(id, []);
            side = id % 2 == 1 ? pair.Dialer : pair.Listener;
            var bytes = new byte[random.Next(random.Next(3) == 0 ? 100_000 : 300)];
            random.Fill(bytes);
            int taken = side.Connection.Send(id, bytes);
            sent[id].AddRange(bytes.AsSpan(0, taken));
            pair.Drive();
        }

        foreach ((uint id, List<byte> bytes) in sent)
        {
            Pair.Side other = id % 2 == 1 ? pair.Listener : pair.Dialer;
            Assert.Equal(bytes, other.Received.GetValueOrDefault(id, []));
        }

        Assert.Null(pair.Dialer.Fault);
        Assert.Null(pair.Listener.Fault);
    }

    [Fact]
    public void A_connection_that_is_not_secured_in_ten_seconds_fails()
    {
        using var pair = new Pair();
        pair.Pass(TimeSpan.FromSeconds(9.9), travel: false);
        Assert.Null(pair.Dialer.Fault);
        pair.Pass(TimeSpan.FromSeconds(0.2), travel: false);
        Assert.Equal("upgrade-timeout", pair.Dialer.Fault?.Code);
        Assert.Equal("upgrade-timeout", pair.Listener.Fault?.Code);
    }

    [Fact]
    public void An_idle_connection_is_kept_alive_by_pings_and_a_dead_one_ends()
    {
        using Pair pair = new Pair().Drive();
        pair.Pass(TimeSpan.FromMinutes(10));
        Assert.Null(pair.Dialer.Fault);
        pair.Pass(TimeSpan.FromSeconds(65), travel: false);
        Assert.Equal("yamux-keepalive", pair.Dialer.Fault?.Code);
    }

    [Fact]
    public void A_stream_that_does_not_end_its_negotiation_in_ten_seconds_is_reset()
    {
        using Pair pair = new Pair(protocols: Echo).Drive();
        uint id = pair.Dialer.Open(Echo);
        pair.Pass(TimeSpan.FromSeconds(11), travel: false);
        Assert.Equal("multistream-timeout", pair.Dialer.Last<ConnectionOutput.StreamReset>()?.Fault.Code);
        Assert.Equal(id, pair.Dialer.Last<ConnectionOutput.StreamReset>()?.Stream);
    }

    [Fact]
    public void A_released_stream_sends_what_was_queued_and_is_reset_when_the_peer_lingers()
    {
        using Pair pair = new Pair(protocols: Echo).Drive();
        uint id = pair.Dialer.Open(Echo);
        pair.Dialer.Connection.Send(id, "last words"u8);
        pair.Dialer.Connection.Release(id, pair.Now);
        pair.Drive();
        Assert.Equal(10, pair.Listener.Received[id].Count);
        Assert.NotNull(pair.Listener.Last<ConnectionOutput.StreamRemoteClosed>());
        pair.Listener.Connection.Send(id, "ignored"u8);
        pair.Pass(TimeSpan.FromSeconds(11));
        Assert.Equal("stream-reset", pair.Listener.Last<ConnectionOutput.StreamReset>()?.Fault.Code);
        Assert.Equal(0, pair.Dialer.Connection.StreamCount);
        Assert.Empty(pair.Dialer.Received);
    }

    [Fact]
    public void Small_sends_share_one_message()
    {
        using Pair pair = new Pair(protocols: Echo).Drive();
        uint id = pair.Dialer.Open(Echo);
        pair.Drive();
        long before = pair.Dialer.BytesSent;
        for (int i = 0; i < 60; i++)
        {
            pair.Dialer.Connection.Send(id, new byte[1_000]);
        }

        pair.Drive();
        Assert.Equal(60_000 + YamuxFrame.HeaderLength + NoiseChannel.Overhead,
            pair.Dialer.BytesSent - before);
    }

    private static void SendAll(Pair pair, uint id, ReadOnlySpan<byte> bytes)
    {
        for (int tries = 0; bytes.Length > 0 && tries < 10; tries++)
        {
            bytes = bytes[pair.Dialer.Connection.Send(id, bytes)..];
            pair.Drive();
        }
    }
}

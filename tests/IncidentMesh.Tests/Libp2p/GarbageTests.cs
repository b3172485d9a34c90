using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Libp2p;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Libp2p;

/// <summary>Bytes that no peer of ours would send: random ones, good ones cut off or with bits flipped, at
/// every stage. Nothing throws, and what fails fails with a fault of the connection or the stream.</summary>
public sealed class GarbageTests
{
    private const string Echo = "/echo/1";

    [Fact]
    public void Random_bytes_to_a_new_connection_never_throw()
    {
        var random = new SeededRandom(Seeds.Next());
        using SigningKey key = SigningKey.FromSeed(new byte[32]);
        for (int round = 0; round < 400; round++)
        {
            using var connection = new Connection(
                key, round % 2 == 0, null, _ => true, new byte[Connection.EntropyBytes], default);
            byte[] prefix = round % 3 == 0 ? []
                : Multistream.Encode(Multistream.Header, NoiseChannel.ProtocolId);
            connection.Receive(prefix, default);
            for (int i = 0; i < 20; i++)
            {
                connection.Receive(Some(random, 400), default);
                Drain(connection);
            }
        }
    }

    [Fact]
    public void Ciphertext_that_is_flipped_anywhere_fails_the_connection()
    {
        ulong seed = Seeds.Next();
        var random = new SeededRandom(seed);
        for (int round = 0; round < 60; round++)
        {
            using Pair pair = new Pair(seed + (ulong)round, protocols: Echo).Drive();
            uint id = pair.Dialer.Open(Echo);
            pair.Dialer.Connection.Send(id, new byte[100 + random.Next(2_000)]);
            var bytes = new byte[100_000];
            int length = pair.Dialer.Connection.TakeBytes(bytes);
            bytes[2 + random.Next(length - 2)] ^= (byte)(1 << random.Next(8));
            pair.Listener.Connection.Receive(bytes.AsSpan(0, length), pair.Now);
            pair.Listener.TakeEvents();
            Assert.Equal("noise-frame", pair.Listener.Fault?.Code);
        }
    }

    [Fact]
    public void Random_frames_to_a_session_never_throw_nor_break_its_bounds()
    {
        var random = new SeededRandom(Seeds.Next());
        for (int round = 0; round < 300; round++)
        {
            var probe = new YamuxProbe(round % 2 == 0);
            for (int i = 0; i < 100; i++)
            {
                Act(probe, random);
                probe.Outputs();
                Assert.True(probe.Session.StreamCount <= Limits.Libp2p.YamuxInboundStreams + 200);
            }
        }
    }

    [Fact]
    public void Random_bytes_inside_streams_never_throw_and_spoil_that_stream_only()
    {
        ulong seed = Seeds.Next();
        var random = new SeededRandom(seed);
        using Pair pair = new Pair(seed, chunk: 500, protocols: Echo).Drive();
        for (int round = 0; round < 200; round++)
        {
            // The protocol ids are garbage of any kind, so the negotiation inside the stream is.
            uint id = pair.Dialer.Open(round % 5 == 0 ? Echo : Convert.ToBase64String(Some(random, 40)));
            pair.Dialer.Connection.Send(id, Some(random, 3_000));
            pair.Drive();
            pair.Dialer.Connection.Reset(id);
            pair.Drive();
        }

        Assert.Null(pair.Dialer.Fault);
        Assert.Null(pair.Listener.Fault);
        Assert.Equal(0, pair.Listener.Connection.StreamCount);
    }

    [Fact]
    public void Random_bytes_to_the_decoders_never_throw()
    {
        var random = new SeededRandom(Seeds.Next());
        using SigningKey key = SigningKey.FromSeed(new byte[32]);
        Assert.True(Multiaddr.TryParse("/ip4/1.2.3.4/tcp/5", out Multiaddr? address, out _));
        byte[] identify = new IdentifyMessage { Key = key.Public, ListenAddresses = [address],
            AgentVersion = "x" }
            .Write(SignedPeerRecord.Write(key, 1, [address]));
        byte[] payload = NoisePayload.Write(key, new byte[32], ["/yamux/1.0.0"]);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = (i % 3) switch
            {
                0 => Some(random, 120),
                1 => Flip(identify, random),
                _ => Flip(payload, random),
            };
            IdentifyMessage.TryRead(bytes, out _, out _);
            SignedPeerRecord.TryRead(bytes, out _, out _);
            NoisePayload.TryRead(bytes, new byte[32], out _, out _);
            Multiaddr.TryRead(bytes, out _, out _);
            Multistream listener = Multistream.Listen(_ => true, default);
            listener.Receive(bytes, default);
            new IdentifyReader(PeerId.Of(key.Public), default).Receive(bytes, default);
        }
    }

    private static void Act(YamuxProbe probe, SeededRandom random)
    {
        uint stream = (uint)random.Next(random.Next(10) == 0 ? int.MaxValue : 8);
        uint length = (uint)random.Next(random.Next(10) == 0 ? int.MaxValue : 300);
        var type = (YamuxType)random.Next(4);
        bool body = type == YamuxType.Data && length < 1_000;
        switch (random.Next(8))
        {
            case 0:
                probe.Session.TryOpen(out _);
                break;
            case 1:
                probe.Session.Send(stream, new byte[random.Next(1_000)]);
                break;
            case 2:
                probe.Session.CloseWrite(stream);
                break;
            case 3:
                probe.Session.Consumed(stream, random.Next(1_000));
                break;
            case 4:
                probe.Frames(13 + random.Next(1_000));
                break;
            case 5 when random.Next(20) == 0:
                probe.Session.Receive(Some(random, 40), default);
                break;
            default:
                probe.Feed(type, (YamuxFlags)random.Next(16), stream, length, body ? new byte[length] : null);
                break;
        }
    }

    private static byte[] Some(SeededRandom random, int most)
    {
        var bytes = new byte[random.Next(most + 1)];
        random.Fill(bytes);
        return bytes;
    }

    private static byte[] Flip(byte[] good, SeededRandom random)
    {
        byte[] bytes = good[..(1 + random.Next(good.Length))];
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    private static void Drain(Connection connection)
    {
        while (connection.TryTakeOutput(out _))
        {
        }
    }
}

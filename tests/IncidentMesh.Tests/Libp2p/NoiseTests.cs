using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Libp2p;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Libp2p;

public sealed class NoiseTests
{
    private static readonly string[] Keys =
    [
        "name", "prologue", "initiator-static", "initiator-ephemeral", "responder-static",
            "responder-ephemeral",
        "handshake-hash", .. Enumerable.Range(1, 6).SelectMany(n => new[] { $"payload-{n}", $"message-{n}" }),
    ];

    [Fact]
    public void The_public_vector_is_reproduced_byte_for_byte()
    {
        Dictionary<string, string> v = VectorFile.Case("noise.txt", "cacophony/xx", Keys);
        byte[] Hex(string key) => Convert.FromHexString(v[key]);
        using var initiator = new NoiseHandshake(
            true, Hex("initiator-static"), Hex("initiator-ephemeral"), Hex("prologue"));
        using var responder = new NoiseHandshake(
            false, Hex("responder-static"), Hex("responder-ephemeral"), Hex("prologue"));
        for (int n = 1; n <= 3; n++)
        {
            (NoiseHandshake from, NoiseHandshake to) = n % 2 == 1 ? (initiator, responder)
                : (responder, initiator);
            Assert.Equal(v[$"message-{n}"], Convert.ToHexStringLower(from.Write(Hex($"payload-{n}"))!));
            Assert.True(to.TryRead(Hex($"message-{n}"), out byte[]? payload, out _));
            Assert.Equal(Hex($"payload-{n}"), payload);
        }

        Assert.Equal(v["handshake-hash"], Convert.ToHexStringLower(initiator.Hash));
        Assert.Equal(v["handshake-hash"], Convert.ToHexStringLower(responder.Hash));
        (NoiseCipher initiatorSend, NoiseCipher initiatorReceive) = initiator.Split();
        (NoiseCipher responderSend, NoiseCipher responderReceive) = responder.Split();
        for (int n = 4; n <= 6; n++)
        {
            NoiseCipher from = n % 2 == 0 ? responderSend : initiatorSend;
            NoiseCipher to = n % 2 == 0 ? initiatorReceive : responderReceive;
            byte[] payload = Hex($"payload-{n}");
            var sealedBytes = new byte[payload.Length + NoiseCipher.TagLength];
            Assert.True(from.TryEncrypt([], payload, sealedBytes));
            Assert.Equal(v[$"message-{n}"], Convert.ToHexStringLower(sealedBytes));
            var opened = new byte[payload.Length];
            Assert.True(to.TryDecrypt([], sealedBytes, opened));
            Assert.Equal(payload, opened);
        }
    }

    [Fact]
    public void The_last_counter_is_never_used()
    {
        using var cipher = new NoiseCipher(new byte[32], ulong.MaxValue - 1);
        var sealedBytes = new byte[17];
        Assert.True(cipher.TryEncrypt([], [1], sealedBytes));
        Assert.True(cipher.IsExhausted);
        Assert.False(cipher.TryEncrypt([], [1], sealedBytes));
        Assert.False(cipher.TryDecrypt([], sealedBytes, new byte[1]));
    }

    [Fact]
    public void A_handshake_message_with_any_bit_changed_is_refused()
    {
        for (int at = 0; at < 200; at += 3)
        {
            using var channels = new Channels();
            byte[] bytes = channels.Until(2);
            bytes[2 + at] ^= 0x10;
            Assert.Equal("noise-message", channels.Feed(2, bytes)?.Code);
        }
    }

    [Fact]
    public void A_transport_frame_that_is_changed_or_replayed_ends_the_channel()
    {
        using var channels = new Channels();
        channels.Finish();
        var frame = new byte[5 + NoiseChannel.Overhead];
        Assert.Equal(frame.Length, channels.Initiator.Seal("hello"u8, frame));
        Assert.Null(channels.Feed(3, frame));
        Assert.Equal("noise-frame", channels.Feed(3, frame)?.Code);
    }

    [Fact]
    public void A_frame_of_65535_bytes_passes()
    {
        using var channels = new Channels();
        channels.Finish();
        var plain = new byte[Limits.Libp2p.NoisePlaintextBytes];
        var frame = new byte[Limits.Libp2p.NoiseMessageBytes + 2];
        Assert.Equal(frame.Length, channels.Initiator.Seal(plain, frame));
        Assert.Null(channels.Feed(3, frame));
        Assert.Equal(plain.Length, channels.Received);
    }

    [Fact]
    public void A_handshake_message_is_read_to_its_limit_and_not_beyond()
    {
        foreach (int length in new[] { Limits.Libp2p.NoiseHandshakeBytes,
            Limits.Libp2p.NoiseHandshakeBytes + 1 })
        {
            using var channels = new Channels();
            var frame = new byte[2 + length];
            frame[0] = (byte)(length >> 8);
            frame[1] = (byte)length;
            channels.InitiatorPublic.CopyTo(frame, 2);

            // Message 1 carries an unencrypted payload, which may be anything.
            bool within = length <= Limits.Libp2p.NoiseHandshakeBytes;
            Assert.Equal(within ? null : "noise-message", channels.Feed(1, frame)?.Code);
        }
    }

    [Fact]
    public void An_ephemeral_key_of_small_order_is_refused()
    {
        using var channels = new Channels();
        var frame = new byte[34];
        frame[1] = 32;
        Assert.Equal("noise-message", channels.Feed(1, frame)?.Code);
    }

    [Fact]
    public void Muxers_are_read_to_their_limit_and_not_beyond()
    {
        using SigningKey key = SigningKey.FromSeed(new byte[32]);
        string[] many = [.. Enumerable.Range(0, Limits.Libp2p.NoiseMuxers + 1).Select(n => $"/m/{n}")];
        byte[] good = NoisePayload.Write(key, new byte[32], many[1..]);
        Assert.True(NoisePayload.TryRead(good, new byte[32], out NoisePayload? payload, out _));
        Assert.Equal(many[1..], payload.Muxers);
        byte[] bad = NoisePayload.Write(key, new byte[32], many);
        Assert.False(NoisePayload.TryRead(bad, new byte[32], out _, out Fault? fault));
        Assert.Equal("noise-muxers", fault.Code);
    }

    [Fact]
    public void A_payload_signed_for_another_static_key_is_refused()
    {
        using SigningKey key = SigningKey.FromSeed(new byte[32]);
        byte[] payload = NoisePayload.Write(key, new byte[32], []);
        Assert.False(NoisePayload.TryRead(payload, Enumerable.Repeat((byte)1, 32).ToArray(), out _,
            out Fault? fault));
        Assert.Equal("noise-signature", fault.Code);
    }

    [Theory]
    [InlineData("080012", "key-type")]
    [InlineData("08021221", "key-type")]
    [InlineData("0801", "key-form")]
    [InlineData("", "key-form")]
    public void A_host_key_that_is_not_ed25519_is_refused(string hex, string code)
    {
        Assert.False(KeyProtobuf.TryRead(Convert.FromHexString(hex), out _, out Fault? fault));
        Assert.Equal(code, fault.Code);
    }

    /// <summary>Two channels whose frames the test carries by hand.</summary>
    private sealed class Channels : IDisposable
    {
        private readonly SigningKey _key = SigningKey.FromSeed(new byte[32]);
        private readonly NoiseChannel _responder;

        public Channels()
        {
            var random = new SeededRandom(11);
            var entropy = new byte[64];
            random.Fill(entropy);
            Initiator = new NoiseChannel(_key, true, null, ["/yamux/1.0.0"], entropy, default);
            InitiatorPublic = Output<NoiseOutput.Send>(Initiator).Bytes[2..34].ToArray();
            random.Fill(entropy);
            _responder = new NoiseChannel(_key, false, null, ["/yamux/1.0.0"], entropy, default);
            First = [0, 32, .. InitiatorPublic];
        }

        public NoiseChannel Initiator { get; }

        public byte[] InitiatorPublic { get; }

        public int Received { get; private set; }

        private byte[] First { get; }

        /// <summary>The bytes of handshake message 1 or 2, the ones before it having passed.</summary>
        public byte[] Until(int message)
        {
            if (message == 1)
            {
                return [.. First];
            }

            _responder.Receive(First, default);
            return Output<NoiseOutput.Send>(_responder).Bytes.ToArray();
        }

        public void Finish()
        {
            Initiator.Receive(Until(2), default);
            _responder.Receive(Output<NoiseOutput.Send>(Initiator).Bytes.Span, default);
            Output<NoiseOutput.Secured>(Initiator);
            Output<NoiseOutput.Secured>(_responder);
        }

        /// <summary>Feeds odd messages to the responder, even ones to the initiator.</summary>
        public Fault? Feed(int message, byte[] bytes)
        {
            NoiseChannel to = message % 2 == 1 ? _responder : Initiator;
            to.Receive(bytes, default);
            Fault? fault = null;
            while (to.TryTakeOutput(out NoiseOutput? output))
            {
                fault = (output as NoiseOutput.Failed)?.Fault ?? fault;
                Received += (output as NoiseOutput.Data)?.Bytes.Length ?? 0;
            }

            return fault;
        }

        public void Dispose()
        {
            Initiator.Dispose();
            _responder.Dispose();
            _key.Dispose();
        }

        private static T Output<T>(NoiseChannel channel)
            where T : NoiseOutput
        {
            Assert.True(channel.TryTakeOutput(out NoiseOutput? output));
            return Assert.IsType<T>(output);
        }
    }
}

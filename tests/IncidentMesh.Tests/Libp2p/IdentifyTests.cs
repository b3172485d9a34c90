using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Libp2p;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Libp2p;

public sealed class IdentifyTests
{
    private static readonly SigningKey Key = SigningKey.FromSeed(new byte[32]);
    private static readonly PeerId Peer = PeerId.Of(Key.Public);

    [Fact]
    public void A_message_reads_back_as_it_was_written()
    {
        IdentifyMessage sent = Sample();
        byte[] bytes = sent.Write(SignedPeerRecord.Write(Key, 1_790_000_000, sent.ListenAddresses));
        Assert.True(bytes.Length < Limits.Libp2p.IdentifyBytes / 2);
        Assert.True(IdentifyMessage.TryRead(bytes, out IdentifyMessage? read, out _));
        Assert.Equal(Key.Public, read.Key);
        Assert.Equal(sent.ListenAddresses, read.ListenAddresses);
        Assert.Equal(sent.Protocols, read.Protocols);
        Assert.Equal(sent.Observed, read.Observed);
        Assert.Equal((sent.ProtocolVersion, sent.AgentVersion), (read.ProtocolVersion, read.AgentVersion));
        Assert.Equal((Peer, 1_790_000_000ul), (read.PeerRecord!.Peer, read.PeerRecord.Sequence));
        Assert.Equal(sent.ListenAddresses, read.PeerRecord.Addresses);
    }

    [Fact]
    public void Unknown_fields_and_unreadable_addresses_are_passed_over()
    {
        var writer = new ProtobufWriter();
        writer.Bytes(2, [0x99]);
        writer.Text(3, "/a/1");
        writer.Varint(77, 5);
        writer.Bytes(8, "no envelope"u8);
        Assert.True(IdentifyMessage.TryRead(writer.Written, out IdentifyMessage? read, out _));
        Assert.Empty(read.ListenAddresses);
        Assert.Equal(["/a/1"], read.Protocols);
        Assert.Null(read.PeerRecord);
    }

    [Fact]
    public void A_message_is_read_to_8192_bytes_and_lists_to_their_limits()
    {
        var writer = new ProtobufWriter();
        for (int i = 0; i <= Limits.Libp2p.IdentifyProtocols; i++)
        {
            writer.Text(3, $"/p/{i}");
        }

        for (int i = 0; i <= Limits.Libp2p.IdentifyAddresses; i++)
        {
            writer.Bytes(2, Address($"/ip4/10.0.0.1/tcp/{i + 1}").Bytes.Span);
        }

        writer.Bytes(99, new byte[Limits.Libp2p.IdentifyBytes - writer.Written.Length - 4]);
        Assert.Equal(Limits.Libp2p.IdentifyBytes, writer.Written.Length);
        Assert.True(IdentifyMessage.TryRead(writer.Written, out IdentifyMessage? read, out _));
        Assert.Equal(Limits.Libp2p.IdentifyProtocols, read.Protocols.Count);
        Assert.Equal(Limits.Libp2p.IdentifyAddresses, read.ListenAddresses.Count);
        byte[] longer = [.. writer.Written, 0x18, 0x01];
        Assert.False(IdentifyMessage.TryRead(longer, out _, out Fault? fault));
        Assert.Equal("identify-size", fault.Code);
    }

    [Fact]
    public void Several_messages_of_a_stream_are_merged_when_it_ends()
    {
        var reader = new IdentifyReader(Peer, default);
        byte[] first = Frame.Write(Sample().Write([]));
        byte[] second = Frame.Write(new IdentifyMessage { Protocols = ["/b/1"] }.Write([]));
        foreach (byte b in (byte[])[.. first, .. second])
        {
            reader.Receive([b], default);
        }

        Assert.False(reader.TryTakeOutput(out _));
        reader.ReceiveEnd(default);
        Assert.True(reader.TryTakeOutput(out IdentifyOutput? output));
        IdentifyMessage merged = Assert.IsType<IdentifyOutput.Identified>(output).Message;
        Assert.Equal(["/b/1"], merged.Protocols);
        Assert.Equal("test/1", merged.AgentVersion);
    }

    [Fact]
    public void Messages_of_a_stream_are_merged_to_the_tenth_and_no_further()
    {
        var reader = new IdentifyReader(Peer, default);
        for (int i = 1; i <= Limits.Libp2p.IdentifyMessages; i++)
        {
            Assert.False(reader.TryTakeOutput(out _));
            reader.Receive(Frame.Write(new IdentifyMessage { AgentVersion = $"v{i}" }.Write([])), default);
        }

        Assert.True(reader.TryTakeOutput(out IdentifyOutput? output));
        Assert.Equal("v10", Assert.IsType<IdentifyOutput.Identified>(output).Message.AgentVersion);
        Assert.Null(reader.NextTick);
    }

    [Fact]
    public void Another_key_than_the_connections_and_a_cut_or_late_stream_fail()
    {
        using SigningKey other = SigningKey.FromSeed([.. Enumerable.Repeat((byte)1, 32)]);
        Assert.Equal("identify-key", FaultOf(r =>
            r.Receive(Frame.Write(new IdentifyMessage { Key = other.Public }.Write([])), default)));
        Assert.Equal("identify-cut", FaultOf(r => r.ReceiveEnd(default)));
        Assert.Equal("frame-too-long", FaultOf(r => r.Receive([0x81, 0x40], default)));
        Assert.Equal("identify-timeout", FaultOf(r => r.Tick(new Instant(10_000))));
    }

    [Fact]
    public void A_signed_record_of_another_peer_is_left_out()
    {
        using SigningKey other = SigningKey.FromSeed([.. Enumerable.Repeat((byte)1, 32)]);
        var reader = new IdentifyReader(Peer, default);
        reader.Receive(Frame.Write(Sample().Write(SignedPeerRecord.Write(other, 1, []))), default);
        reader.ReceiveEnd(default);
        Assert.True(reader.TryTakeOutput(out IdentifyOutput? output));
        Assert.Null(((IdentifyOutput.Identified)output).Message.PeerRecord);
    }

    [Fact]
    public void A_signed_record_with_any_byte_changed_is_refused()
    {
        byte[] good = SignedPeerRecord.Write(Key, 9, [Address("/ip4/192.0.2.1/tcp/1")]);
        Assert.True(SignedPeerRecord.TryRead(good, out _, out _));
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x40;
            Assert.False(SignedPeerRecord.TryRead(bad, out _, out Fault? fault) && fault is null,
                $"byte {i}");
        }
    }

    [Fact]
    public void Pings_are_echoed_in_pieces_of_32_bytes_and_an_idle_stream_is_given_up()
    {
        var responder = new PingResponder(default);
        responder.Receive(new byte[40], default);
        Assert.True(responder.TryTakeOutput(out PingOutput? echo));
        Assert.Equal(32, ((PingOutput.Send)echo).Bytes.Length);
        Assert.False(responder.TryTakeOutput(out _));
        responder.Tick(new Instant(59_999));
        Assert.False(responder.TryTakeOutput(out _));
        responder.Tick(new Instant(60_000));
        Assert.True(responder.TryTakeOutput(out PingOutput? idle));
        Assert.Equal("ping-idle", ((PingOutput.Failed)idle).Fault.Code);
    }

    [Fact]
    public void An_answer_is_timed_and_a_wrong_or_late_one_fails()
    {
        byte[] random = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        var ping = new Ping();
        ping.Send(random, new Instant(5));
        Assert.Equal(random, ((PingOutput.Send)Next(ping)).Bytes.ToArray());
        ping.Receive(random.AsSpan(0, 20), new Instant(6));
        ping.Receive(random.AsSpan(20), new Instant(8));
        Assert.Equal(new PingOutput.Answered(TimeSpan.FromMilliseconds(3)), Next(ping));

        ping.Send(random, new Instant(20));
        Next(ping);
        ping.Tick(new Instant(10_020));
        Assert.Equal("ping-timeout", ((PingOutput.Failed)Next(ping)).Fault.Code);

        var wrong = new Ping();
        wrong.Send(random, default);
        Next(wrong);
        wrong.Receive([9], default);
        Assert.Equal("ping-answer", ((PingOutput.Failed)Next(wrong)).Fault.Code);
    }

    private static PingOutput Next(Ping ping)
    {
        Assert.True(ping.TryTakeOutput(out PingOutput? output));
        return output;
    }

    private static string FaultOf(Action<IdentifyReader> act)
    {
        var reader = new IdentifyReader(Peer, default);
        act(reader);
        Assert.True(reader.TryTakeOutput(out IdentifyOutput? output));
        return Assert.IsType<IdentifyOutput.Failed>(output).Fault.Code;
    }

    private static Multiaddr Address(string text)
    {
        Assert.True(Multiaddr.TryParse(text, out Multiaddr? address, out _));
        return address;
    }

    private static IdentifyMessage Sample() => new()
    {
        Key = Key.Public,
        ListenAddresses = [Address("/ip4/192.0.2.42/tcp/443"), Address("/dns4/node.example.org/tcp/4001")],
        Protocols = ["/a/1", "/ipfs/id/1.0.0"],
        Observed = Address("/ip6/2001:db8::1/tcp/9"),
        ProtocolVersion = "test",
        AgentVersion = "test/1",
    };
}

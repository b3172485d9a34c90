using CsCheck;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Gossip;

public sealed class RpcTests
{
    private static readonly byte[] Topic = LoneRouter.Utf8(GossipTopics.Records);

    [Fact]
    public void Reads_the_bytes_that_the_grammar_says()
    {
        // Written by hand from the .proto of libp2p/specs: subscribe, one bare message, graft, prune with
        // backoff 60.
        byte[] rpc = Convert.FromHexString(
            "0a07" + "0801" + "1203" + "616263"
            + "1207" + "1202" + "0102" + "2201" + "74"
            + "1a10" + "1a05" + "0a03" + "616263" + "2207" + "0a03" + "616263" + "183c");
        Rpc read = Read(rpc);
        Assert.Equal("abc"u8, read.Subscriptions.Single().Topic.Of(rpc));
        Assert.True(read.Subscriptions.Single().Subscribe);
        RpcMessage message = read.Messages.Single();
        Assert.Equal([1, 2], message.Data.Of(rpc).ToArray());
        Assert.Equal("t"u8, message.Topic.Of(rpc));
        Assert.False(message.From.IsPresent || message.Sequence.IsPresent || message.Signature.IsPresent);
        Assert.Equal(
            [RpcControlKind.Graft, RpcControlKind.Prune], read.Controls.Select(control => control.Kind));
        Assert.Equal(60UL, read.Controls[1].Backoff);

        RpcWriter writer = new();
        writer.Subscription("abc"u8, subscribe: true);
        writer.Message(RpcWriter.EncodeMessage("t"u8, [1, 2], null).Encoded);
        writer.Control(RpcControlKind.Graft, "abc"u8, [], 0);
        writer.Control(RpcControlKind.Prune, "abc"u8, [], 60);
        Assert.Equal(Convert.ToHexString(rpc), Convert.ToHexString(writer.Finish()));
    }

    [Fact]
    public void Passes_over_unknown_fields_and_ids_of_other_lengths()
    {
        ProtobufWriter ihave = new();
        ihave.Bytes(1, Topic);
        ihave.Bytes(2, new byte[44]);
        ihave.Bytes(2, Digest.Sha256([1]).ToArray());
        ihave.Varint(9, 5);
        ProtobufWriter control = new();
        control.Bytes(1, ihave.Written);
        control.Bytes(6, [1, 2, 3]);
        ProtobufWriter rpc = new();
        rpc.Varint(1, 3);
        rpc.Bytes(3, control.Written);
        rpc.Bytes(17, [9]);
        Rpc read = Read(rpc.ToArray());
        Assert.Equal([Digest.Sha256([1])], read.Ids);
        Assert.Equal(1, read.Controls.Single().IdCount);
    }

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.String[1, 40], Gen.Int[0, 20], Gen.ULong[0, 5_000]).Sample(
            (data, name, count, backoff) =>
            {
                byte[] topic = LoneRouter.Utf8(name);
                Digest[] ids = new Digest[count];
                for (int i = 0; i < count; i++)
                {
                    ids[i] = Digest.Sha256(BitConverter.GetBytes(i));
                }

                RpcWriter writer = new();
                writer.Message(RpcWriter.EncodeMessage(topic, data, null).Encoded);
                writer.Control(RpcControlKind.Ihave, topic, ids, 0);
                writer.Control(RpcControlKind.Prune, topic, [], backoff);
                byte[] rpc = writer.Finish();
                Rpc read = Read(rpc);
                Assert.Equal(data, read.Messages.Single().Data.Of(rpc).ToArray());
                Assert.Equal(topic, read.Messages.Single().Topic.Of(rpc).ToArray());
                Assert.Equal(ids, read.Ids);
                Assert.Equal(backoff, read.Controls[1].Backoff);
            },
            iter: 500);

    [Theory]
    [InlineData(Limits.Gossip.RpcSubscriptions)]
    public void Subscriptions_have_a_limit(int limit) =>
        Limit(limit, (writer, _) => writer.Subscription("t"u8, true));

    [Theory]
    [InlineData(Limits.Gossip.RpcMessages)]
    public void Messages_have_a_limit(int limit) =>
        Limit(limit, (writer, _) => writer.Message(RpcWriter.EncodeMessage("t"u8, [1], null).Encoded));

    [Theory]
    [InlineData(Limits.Gossip.RpcControls)]
    public void Control_entries_have_a_limit(int limit) =>
        Limit(limit, (writer, _) => writer.Control(RpcControlKind.Graft, "t"u8, [], 0));

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public void Ids_have_a_limit_whatever_their_length(int length)
    {
        int fits = Math.Min(Limits.Gossip.RpcIds, (Limits.Gossip.RpcBytes - 20) / (length + 2));
        Assert.True(TryRead(Iwant(fits, length)));
        Assert.False(TryRead(Iwant(Limits.Gossip.RpcIds + 1, length)));
    }

    [Fact]
    public void An_id_has_a_limit()
    {
        Assert.True(TryRead(Iwant(1, Limits.Gossip.IdBytes)));
        Assert.False(TryRead(Iwant(1, Limits.Gossip.IdBytes + 1)));
    }

    [Fact]
    public void A_topic_has_a_limit_and_is_text()
    {
        Assert.True(TryRead(Subscription(new byte[Limits.Gossip.TopicBytes])));
        Assert.False(TryRead(Subscription(new byte[Limits.Gossip.TopicBytes + 1])));
        Assert.False(TryRead(Subscription([])));
        Assert.False(TryRead(Subscription([0xff, 0xfe])));
    }

    [Fact]
    public void An_rpc_has_a_limit()
    {
        byte[] rpc = Padded(Limits.Gossip.RpcBytes);
        Assert.Equal(Limits.Gossip.RpcBytes, rpc.Length);
        Assert.True(TryRead(rpc));
        Assert.False(TryRead(Padded(Limits.Gossip.RpcBytes + 1)));
    }

    [Fact]
    public void Garbage_never_throws_and_a_refused_rpc_leaves_nothing()
    {
        SeededRandom random = new(GossipNet.Seed());
        RpcWriter writer = new();
        writer.Subscription(Topic, subscribe: true);
        writer.Message(RpcWriter.EncodeMessage(Topic, new byte[50], null).Encoded);
        writer.Control(RpcControlKind.Ihave, Topic, [Digest.Sha256([1]), Digest.Sha256([2])], 0);
        byte[] whole = writer.Finish();
        Rpc rpc = new();
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = [.. whole.Take(random.Next(whole.Length + 1))];
            for (int j = random.Next(4); j > 0 && bytes.Length > 0; j--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (!RpcReader.TryRead(bytes, rpc, out Fault? fault))
            {
                Assert.Equal("gossip-rpc", fault.Code);
                Assert.Empty(rpc.Subscriptions);
                Assert.Empty(rpc.Messages);
                Assert.Empty(rpc.Controls);
                Assert.Empty(rpc.Ids);
            }
        }
    }

    private static void Limit(int limit, Action<RpcWriter, int> write)
    {
        for (int count = limit; count <= limit + 1; count++)
        {
            RpcWriter writer = new();
            for (int i = 0; i < count; i++)
            {
                write(writer, i);
            }

            Assert.Equal(count == limit, TryRead(writer.Finish()));
        }
    }

    private static byte[] Iwant(int count, int length)
    {
        ProtobufWriter ids = new();
        for (int i = 0; i < count; i++)
        {
            ids.Bytes(1, new byte[length]);
        }

        ProtobufWriter control = new();
        control.Bytes((int)RpcControlKind.Iwant, ids.Written);
        ProtobufWriter rpc = new();
        rpc.Bytes(3, control.Written);
        return rpc.ToArray();
    }

    private static byte[] Subscription(byte[] topic)
    {
        RpcWriter writer = new();
        writer.Subscription(topic, subscribe: true);
        return writer.Finish();
    }

    private static byte[] Padded(int length)
    {
        // An unknown field: one tag byte (two for field 17) and three of length before its bytes.
        ProtobufWriter rpc = new();
        rpc.Bytes(15, new byte[length - 4]);
        return rpc.ToArray();
    }

    private static bool TryRead(byte[] rpc) => RpcReader.TryRead(rpc, new Rpc(), out _);

    private static Rpc Read(byte[] rpc)
    {
        Rpc read = new();
        Assert.True(RpcReader.TryRead(rpc, read, out Fault? fault), fault?.ToString());
        return read;
    }
}

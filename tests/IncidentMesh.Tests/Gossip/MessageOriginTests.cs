using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Gossip;

public sealed class MessageOriginTests
{
    private static readonly byte[] Topic = LoneRouter.Utf8(GossipTopics.Records);
    private static readonly byte[] Data = [1, 2, 3];

    [Fact]
    public void A_signature_covers_the_four_fields_in_tag_order_behind_the_domain()
    {
        using SigningKey key = GossipNet.Key(1);
        MessageOrigin origin = MessageOrigin.Sign(key, 0x0102030405060708, Topic, Data);
        byte[] signed =
        [
            .. "libp2p-pubsub:"u8,
            0x0a, 38, .. PeerId.Of(key.Public).Bytes.Span,
            0x12, 3, .. Data,
            0x1a, 8, 1, 2, 3, 4, 5, 6, 7, 8,
            0x22, (byte)Topic.Length, .. Topic,
        ];
        Assert.True(key.Public.Verify(signed, origin.Signature.Span));
        Assert.Equal(38, origin.From.Length);
    }

    [Fact]
    public void A_signed_message_holds_with_and_without_its_key()
    {
        using SigningKey key = GossipNet.Key(1);
        byte[] protobufKey = PeerId.Of(key.Public).Bytes.Span[2..].ToArray();
        Assert.Null(Check(Signed(key)));
        Assert.Null(Check([.. Signed(key), 0x32, 36, .. protobufKey]));
    }

    [Fact]
    public void Another_key_than_the_signers_is_refused()
    {
        using SigningKey key = GossipNet.Key(1);
        byte[] other = GossipNet.Peer(2).Bytes.Span[2..].ToArray();
        Assert.Equal("gossip-signature", Check([.. Signed(key), 0x32, 36, .. other]));
        Assert.Equal("gossip-signature", Check([.. Signed(key), 0x32, 0]));
    }

    [Fact]
    public void Any_changed_byte_is_refused()
    {
        using SigningKey key = GossipNet.Key(1);
        byte[] whole = Signed(key);
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= 1;
            Assert.NotNull(Check(changed) ?? (Reads(changed) ? null : "unreadable"));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_missing_field_is_refused(int field)
    {
        using SigningKey key = GossipNet.Key(1);
        ProtobufReader reader = new(Signed(key));
        ProtobufWriter writer = new();
        while (reader.Read())
        {
            if (reader.Field != field)
            {
                writer.Bytes(reader.Field, reader.Bytes);
            }
        }

        Assert.NotNull(Check(writer.ToArray()));
    }

    [Fact]
    public void A_signer_whose_id_holds_no_key_is_refused()
    {
        byte[] sha256Id = [0x12, 0x20, .. new byte[32]];
        MessageOrigin origin = new(sha256Id, new byte[8], new byte[64]);
        Assert.Equal("gossip-signer", Check(RpcWriter.EncodeMessage(Topic, Data, origin).Encoded));
    }

    private static byte[] Signed(SigningKey key) =>
        RpcWriter.EncodeMessage(Topic, Data, MessageOrigin.Sign(key, 7, Topic, Data)).Encoded;

    private static bool Reads(byte[] message) => TryRead(message, out _, out _);

    private static bool TryRead(byte[] message, out byte[] bytes, out Rpc rpc)
    {
        RpcWriter writer = new();
        writer.Message(message);
        bytes = writer.Finish();
        rpc = new Rpc();
        return RpcReader.TryRead(bytes, rpc, out _);
    }

    private static string? Check(byte[] message)
    {
        if (!TryRead(message, out byte[] bytes, out Rpc rpc))
        {
            return null;
        }

        MessageOrigin.TryVerify(bytes, rpc.Messages.Single(), out _, out Fault? fault);
        return fault?.Code;
    }
}

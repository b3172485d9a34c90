using CsCheck;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Wire;

public sealed class TextFormsTests
{
    // RFC 4648, section 10, lower case without padding.
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "my")]
    [InlineData("fo", "mzxq")]
    [InlineData("foo", "mzxw6")]
    [InlineData("foob", "mzxw6yq")]
    [InlineData("fooba", "mzxw6ytb")]
    [InlineData("foobar", "mzxw6ytboi")]
    public void Base32_matches_the_rfc(string text, string encoded)
    {
        Assert.Equal(encoded, Base32.Encode(System.Text.Encoding.ASCII.GetBytes(text)));
        Assert.Equal(text, System.Text.Encoding.ASCII.GetString(Base32.Decode(encoded)!));
    }

    [Theory]
    [InlineData("MY")]
    [InlineData("m1")]
    [InlineData("mz")]
    [InlineData("m")]
    [InlineData("mzx")]
    public void Base32_refuses_a_second_text_for_the_same_bytes(string text) =>
        Assert.Null(Base32.Decode(text));

    // draft-msporny-base58, "Test Vectors".
    [Theory]
    [InlineData("48656c6c6f20576f726c6421", "2NEpo7TZRRrLZSi2U")]
    [InlineData("0000287fb4cd", "11233QC4")]
    public void Base58_matches_the_draft(string hex, string encoded)
    {
        Assert.Equal(encoded, Base58.Encode(Convert.FromHexString(hex)));
        Assert.Equal(hex, Convert.ToHexStringLower(Base58.Decode(encoded)!));
    }

    [Fact]
    public void Texts_round_trip() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        Assert.Equal(bytes, Base32.Decode(Base32.Encode(bytes)));
        Assert.Equal(bytes, Base58.Decode(Base58.Encode(bytes)));
        Cid cid = Cid.Of(Codec.DagCbor, bytes);
        Assert.True(Cid.TryParse(cid.ToString(), out Cid parsed));
        Assert.Equal(cid, parsed);
        Assert.False(Cid.TryParse(cid.ToString().ToUpperInvariant(), out _));
    });

    [Fact]
    public void Base58_is_bounded()
    {
        Assert.NotNull(Base58.Decode(new string('2', Base58.MaxCharacters)));
        Assert.Null(Base58.Decode(new string('2', Base58.MaxCharacters + 1)));
    }

    // libp2p/specs, peer-ids, "Test vectors": the Ed25519 key.
    [Fact]
    public void A_peer_id_is_the_one_of_the_specification()
    {
        byte[] key = Convert.FromHexString(
            "08011220" + "1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e");
        PeerId id = PeerId.Of(new PublicKey(key.AsSpan(4)));
        Assert.Equal("0024" + Convert.ToHexStringLower(key), Convert.ToHexStringLower(id.Bytes.Span));
        Assert.True(PeerId.TryParse(id.ToString(), out PeerId parsed));
        Assert.Equal(id, parsed);
        Assert.StartsWith("12D3KooW", id.ToString());
        Assert.True(id.TryGetPublicKey(out PublicKey back));
        Assert.Equal(key[4..], back.ToArray());
        string cid = "b" + Base32.Encode([0x01, 0x72, .. id.Bytes.Span]);
        Assert.True(PeerId.TryParse(cid, out PeerId fromCid));
        Assert.Equal(id, fromCid);
    }

    [Theory]
    [InlineData("")]
    [InlineData("b")]
    [InlineData("bafy")]
    [InlineData("12D3KooW")]
    [InlineData("not a peer")]
    public void What_is_no_peer_id_is_refused(string text) => Assert.False(PeerId.TryParse(text, out _));
}

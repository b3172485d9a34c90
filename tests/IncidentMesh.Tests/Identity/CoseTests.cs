using System.Text.Json;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using Xunit;

namespace IncidentMesh.Tests.Identity;

public class CoseTests
{
    private static readonly SigningKey Key = SigningKey.FromSeed(new byte[32]);
    private static readonly byte[] Payload = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];

    [Theory]
    [InlineData("eddsa-sig-01.json")]
    public void Examples_of_the_cose_working_group_have_our_signature_structure(string file)
    {
        using JsonDocument document = JsonDocument.Parse(
            File.ReadAllBytes(Repo.SharedFile("vectors", "cose", file)));
        JsonElement key = document.RootElement.GetProperty("input").GetProperty("sign0").GetProperty("key");
        byte[] cbor = Convert.FromHexString(
            document.RootElement.GetProperty("output").GetProperty("cbor").GetString()!);
        byte[] toBeSigned = Convert.FromHexString(
            document.RootElement.GetProperty("intermediates").GetProperty("ToBeSign_hex").GetString()!);

        // d2 84 45 a201270300 a1 04 42 3131 54 payload(20) 58 40 signature
        byte[] structure = CoseSign1.SigStructure(cbor.AsSpan(3, 5), [], cbor.AsSpan(14, 20));
        Assert.Equal(Convert.ToHexString(toBeSigned), Convert.ToHexString(structure));
        PublicKey publicKey = new(Convert.FromHexString(key.GetProperty("x_hex").GetString()!));
        Assert.True(publicKey.Verify(structure, cbor.AsSpan(^64)));
    }

    [Fact]
    public void An_envelope_is_read_back_and_its_purpose_is_signed_too()
    {
        byte[] envelope = CoseSign1.Sign(Key, "a"u8, Payload);
        Assert.True(CoseSign1.TryRead(envelope, 4096, out Range range, out Fault? fault), fault?.ToString());
        Assert.Equal(Payload, envelope[range]);
        Assert.True(CoseSign1.Verify(Key.Public, "a"u8, envelope));
        Assert.False(CoseSign1.Verify(Key.Public, "b"u8, envelope));
    }

    [Fact]
    public void An_envelope_may_have_the_limit_and_no_byte_more()
    {
        byte[] envelope = CoseSign1.Sign(Key, "a"u8, Payload);
        Assert.True(CoseSign1.TryRead(envelope, envelope.Length, out _, out _));
        Assert.False(CoseSign1.TryRead(envelope, envelope.Length - 1, out _, out Fault? fault));
        Assert.Equal("envelope-size", fault.Code);
    }

    [Fact]
    public void A_longer_length_form_and_trailing_bytes_are_refused()
    {
        byte[] envelope = CoseSign1.Sign(Key, "a"u8, Payload);
        byte[] longer = [.. envelope[..6], 0x59, 0, 100, .. envelope[8..]];
        Assert.False(CoseSign1.TryRead(longer, 4096, out _, out Fault? form));
        Assert.Equal("envelope-form", form.Code);
        Assert.False(CoseSign1.TryRead([.. envelope, 0], 4096, out _, out Fault? trailing));
        Assert.Equal("envelope-form", trailing.Code);
    }

    [Fact]
    public void Every_cut_is_refused()
    {
        byte[] envelope = CoseSign1.Sign(Key, "a"u8, Payload);
        for (int length = 0; length < envelope.Length; length++)
        {
            Assert.False(CoseSign1.TryRead(envelope.AsSpan(0, length), 4096, out _, out _));
        }
    }
}

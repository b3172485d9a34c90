using CsCheck;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Wire;

public sealed class ProtobufTests
{
    [Fact]
    public void Fields_round_trip()
    {
        ProtobufWriter writer = new();
        writer.Varint(1, 150);
        writer.Text(2, "testing");
        writer.Bytes(16, [1, 2, 3]);
        // protobuf.dev, "Encoding": 08 96 01 and 12 07 74 65 73 74 69 6e 67.
        Assert.Equal("089601120774657374696e678201" + "03010203", Convert.ToHexStringLower(writer.Written));
        ProtobufReader reader = new(writer.Written);
        Assert.True(reader.Read() && reader.IsVarint(1) && reader.Varint == 150);
        Assert.True(reader.Read() && reader.IsBytes(2) && reader.Bytes.SequenceEqual("testing"u8));
        Assert.True(reader.Read() && reader.IsBytes(16) && reader.Bytes.Length == 3);
        Assert.False(reader.Read());
        Assert.Null(reader.Fault);
    }

    [Theory]
    [InlineData("0a05")]
    [InlineData("0affffffff0f")]
    [InlineData("00")]
    [InlineData("0b")]
    [InlineData("08ffffffffffffffffff7f")]
    [InlineData("0d0102")]
    public void Malformed_messages_are_faults(string hex)
    {
        ProtobufReader reader = new(Convert.FromHexString(hex));
        while (reader.Read())
        {
        }

        Assert.NotNull(reader.Fault);
    }

    [Fact]
    public void Garbage_never_throws() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        ProtobufReader reader = new(bytes);
        int fields = 0;
        while (reader.Read())
        {
            fields++;
        }

        Assert.True(fields <= bytes.Length);
    });
}

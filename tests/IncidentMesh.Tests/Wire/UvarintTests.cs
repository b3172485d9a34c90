using System.Buffers;
using CsCheck;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Wire;

public sealed class UvarintTests
{
    private static readonly string[] Keys = ["name", "expect", "hex"];

    public static TheoryData<string> Cases => VectorFile.Names("uvarint.txt", Keys);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reads_the_vectors(string name)
    {
        Dictionary<string, string> vector = VectorFile.Case("uvarint.txt", name, Keys);
        byte[] bytes = Convert.FromHexString(vector["hex"]);
        string got = Uvarint.Read(bytes, out ulong value, out int consumed) switch
        {
            OperationStatus.Done => value.ToString(),
            OperationStatus.NeedMoreData => "more",
            _ => "invalid",
        };
        Assert.Equal(vector["expect"], got);
        Assert.Equal(got is "more" or "invalid" ? 0 : bytes.Length, consumed);
    }

    [Fact]
    public void Round_trips() => Gen.ULong[0, long.MaxValue].Sample(value =>
    {
        byte[] buffer = new byte[Uvarint.MaxLength];
        int written = Uvarint.Write(buffer, value);
        Assert.Equal(Uvarint.Size(value), written);
        OperationStatus status = Uvarint.Read(buffer.AsSpan(0, written), out ulong read, out int consumed);
        Assert.Equal(OperationStatus.Done, status);
        Assert.Equal((value, written), (read, consumed));
    });
}

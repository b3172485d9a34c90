using CsCheck;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Wire;

public sealed class DagCborTests
{
    private const string File = "dag-cbor.txt";
    private const long Most = Limits.Wire.CborInteger;
    private static readonly string[] Keys = ["name", "expect", "cid", "hex"];

    private static readonly Gen<IpldNode> Node = Gen.Recursive<IpldNode>((depth, inner) =>
    {
        Gen<IpldNode> leaf = Gen.OneOf(
            Gen.Long[-Most, Most].Select(n => (IpldNode)new IpldInteger(n)),
            Gen.String[Gen.Char['\u0001', '\ud7ff'], 0, 12].Select(t => (IpldNode)new IpldText(t)),
            Gen.Byte.Array[0, 40].Select(b => (IpldNode)new IpldBytes(b)),
            Gen.Bool.Select(b => (IpldNode)new IpldBoolean(b)),
            Gen.Byte.Array[0, 8].Select(b => (IpldNode)new IpldLink(Cid.Of(Codec.DagCbor, b))));
        if (depth > 4)
        {
            return leaf;
        }

        Gen<string> key = Gen.String[Gen.Char['a', 'z'], 1, 8];
        return Gen.OneOf(
            leaf,
            inner.Array[0, 4].Select(items => (IpldNode)new IpldList(items)),
            Gen.Dictionary(key, inner)[0, 4].Select(map => (IpldNode)new IpldMap(map)));
    });

    public static TheoryData<string> Cases => VectorFile.Names(File, Keys);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reads_the_vectors(string name)
    {
        Dictionary<string, string> vector = VectorFile.Case(File, name, Keys);
        byte[] bytes = Convert.FromHexString(vector["hex"]);
        bool read = DagCbor.TryRead(bytes, out IpldNode? node, out Fault? fault);
        Assert.Equal(vector["expect"], read ? "accept" : fault!.Code);
        if (read)
        {
            Assert.Equal(bytes, DagCbor.Write(node!));
        }

        if (vector.TryGetValue("cid", out string? cid))
        {
            Assert.Equal(cid, Cid.Of(Codec.DagCbor, bytes).ToString());
        }
    }

    [Fact]
    public void What_is_written_is_read_back_and_written_alike() => Node.Sample(node =>
    {
        byte[] bytes = DagCbor.Write(node);
        Assert.True(DagCbor.TryRead(bytes, out IpldNode? read, out Fault? fault), fault?.ToString());
        Assert.Equal(bytes, DagCbor.Write(read!));
        CborReader skipping = new(bytes);
        Assert.True(skipping.TrySkip());
        Assert.True(skipping.AtEnd);
    });

    [Fact]
    public void A_value_has_one_byte_string() =>
        Gen.Select(Node, Gen.Int[0, 99], Gen.Byte).Sample((node, at, b) =>
    {
        byte[] bytes = DagCbor.Write(node);
        byte[] changed = [.. bytes];
        changed[at % bytes.Length] = b;
        if (DagCbor.TryRead(changed, out IpldNode? other, out _))
        {
            Assert.Equal(changed, DagCbor.Write(other!));
        }
    });

    [Fact]
    public void Garbage_never_throws() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        bool read = DagCbor.TryRead(bytes, out _, out Fault? fault);
        CborReader skipping = new(bytes);
        bool skipped = skipping.TrySkip() && skipping.AtEnd;
        Assert.Equal(read, skipped);
        Assert.Equal(read, fault is null);
    }, iter: 200_000);

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Items_are_limited(int more, bool allowed)
    {
        int count = Limits.Wire.CborItems - 1 + more;
        IpldNode[] items = [.. Enumerable.Repeat(new IpldInteger(0), count)];
        byte[] bytes = DagCbor.Write(new IpldList(items));
        Assert.Equal(allowed, DagCbor.TryRead(bytes, out _, out _));
    }

    [Fact]
    public void The_writer_refuses_what_has_no_canonical_form()
    {
        Assert.ThrowsAny<ArgumentException>(() => DagCbor.Write(new IpldText("\ud800")));
        Assert.ThrowsAny<ArgumentException>(() => DagCbor.Write(new IpldText("a\0b")));
        Assert.ThrowsAny<ArgumentException>(() => DagCbor.Write(new IpldInteger(Most + 1)));
        KeyValuePair<string, IpldNode> entry = new("a", new IpldInteger(1));
        Assert.ThrowsAny<ArgumentException>(() => new IpldMap([entry, entry]));
    }

    [Fact]
    public void Agrees_with_the_public_fixtures()
    {
        string archive = Repo.SharedFile("vectors", "dag-cbor", "codec-fixtures.tar.xz");
        string folder = Archive.Unpack(archive);
        int accepted = 0;
        int refused = 0;
        foreach (string file in Directory.EnumerateFiles(folder, "*.dag-cbor", SearchOption.AllDirectories))
        {
            byte[] bytes = System.IO.File.ReadAllBytes(file);
            Assert.Equal(Path.GetFileNameWithoutExtension(file), Cid.Of(Codec.DagCbor, bytes).ToString());
            if (DagCbor.TryRead(bytes, out IpldNode? node, out Fault? fault))
            {
                Assert.Equal(bytes, DagCbor.Write(node));
                accepted++;
            }
            else
            {
                string[] narrower =
                [
                    "cbor-float", "cbor-null", "cbor-integer", "cbor-link", "cid-form", "cbor-count",
                    "cbor-nul", "cbor-items", "cbor-key-length",
                ];
                Assert.Contains(fault.Code, narrower);
                refused++;
            }
        }

        Assert.Equal(128, accepted + refused);
        Assert.True(accepted > 60, $"{accepted} accepted");
    }
}

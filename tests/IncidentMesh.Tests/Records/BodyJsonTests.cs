using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Records;

public class BodyJsonTests
{
    private static readonly Cid Some = Cid.Of(Codec.DagCbor, "x"u8);

    [Fact]
    public void A_body_reads_as_people_expect()
    {
        IncidentBody body = new() { Title = "Täuschung", Evidence = [new Evidence(
            Sha256: Digest.Sha256(""u8))] };
        const string Hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        Assert.Equal(
            $$"""{"title":"Täuschung","evidence":[{"sha256":"{{Hash}}"}]}""",
            BodyJson.Write("incident", body.ToMap()));
    }

    [Fact]
    public void Bodies_of_all_types_come_back_byte_for_byte()
    {
        TypedBody[] bodies =
        [
            Sample.Body(),
            CorrectionBody.Of(Sample.Body(), "r"),
            new TrustListBody { Entries = [new TrustEntry(Some, "n", "o")] },
            new ModelBody { Model = new Model("m", W1: Digest.Sha256("w"u8)) },
        ];
        foreach (TypedBody body in bodies)
        {
            IpldMap salted = RecordBody.WithSalt(body.ToMap(), new byte[32]);
            string json = BodyJson.Write(body.Type, salted, indented: true);
            bool ok = BodyJson.TryRead(body.Type, json, out IpldMap? read, out FieldProblem? problem);
            Assert.True(ok, $"{problem}");
            Assert.Equal(salted, read);
        }
    }

    [Fact]
    public void Any_value_comes_back_byte_for_byte()
    {
        SeededRandom random = new(Seeds.Next());
        for (int round = 0; round < 500; round++)
        {
            IpldMap map = (IpldMap)RandomNode(random, 0, "map");
            string type = random.Next(2) == 0 ? "incident" : "correction";
            string json = BodyJson.Write(type, map);
            bool ok = BodyJson.TryRead(type, json, out IpldMap? read, out FieldProblem? problem);
            Assert.True(ok, $"{problem} {json}");
            Assert.Equal(map, read);
        }
    }

    [Theory]
    [InlineData("{\"title\":null}", "title: null is not allowed: leave the field out")]
    [InlineData("{\"n\":0.5}", "n: 0.5 is not a whole number of 53 bits: write decimals as text")]
    [InlineData("{\"n\":1.0}", "n: 1.0 is not a whole number of 53 bits: write decimals as text")]
    [InlineData("{\"n\":9007199254740992}", "n: 9007199254740992 is beyond 2^53 - 1")]
    [InlineData("{\"evidence\":[{\"sha256\":\"zz\"}]}", "evidence[0].sha256: expected 64 hexadecimal digits")]
    [InlineData("{\"title\":\"\\ud800\"}", "title: text with a lone surrogate or U+0000")]
    [InlineData("{\"title\":\"\\u0000\"}", "title: text with a lone surrogate or U+0000")]
    [InlineData("{\"x\":{\"/\":\"bafy\"}}", "x: expected {\"/\": id}")]
    [InlineData("[]", ": expected a JSON object")]
    [InlineData("{\"\":1}", ": a key of 1 to 64 bytes is expected")]
    public void What_has_no_place_in_a_body_is_named_with_its_path(string json, string message)
    {
        Assert.False(BodyJson.TryRead("incident", json, out _, out FieldProblem? problem));
        Assert.Equal(message, problem.ToString());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("nonsense")]
    public void What_is_not_json_is_said_so(string json)
    {
        Assert.False(BodyJson.TryRead("incident", json, out _, out FieldProblem? problem));
        Assert.Contains("JSON", problem.Message);
    }

    [Fact]
    public void A_lone_surrogate_is_no_json()
    {
        Assert.False(BodyJson.TryRead("incident", "{\"a\":\"\ud800\"}", out _, out FieldProblem? problem));
        Assert.Contains("JSON", problem.Message);
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        string deep = "{\"a\":" + new string('[', 15) + new string(']', 15) + "}";
        Assert.True(BodyJson.TryRead("incident", deep, out _, out _));
        Assert.False(BodyJson.TryRead("incident", deep.Replace("[]", "[[]]"), out _, out _));
    }

    private static IpldNode RandomNode(SeededRandom random, int depth, string? kind = null)
    {
        string[] names =
            ["title", "evidence", "sha256", "salt", "entries", "author", "content", "corrects", "/", "x"];
        kind ??= depth > 4
            ? "text" : new[] { "text", "number", "bytes", "link", "list", "map", "bool" }[random.Next(7)];
        switch (kind)
        {
            case "number":
                return new IpldInteger((long)(random.NextUInt64() >> 12) - (1L << 50));
            case "bytes":
                byte[] bytes = new byte[new[] { 0, 1, 16, 32 }[random.Next(4)]];
                random.Fill(bytes);
                return new IpldBytes(bytes);
            case "link":
                return new IpldLink(Some);
            case "bool":
                return new IpldBoolean(random.Next(2) == 0);
            case "list":
                return new IpldList(
                    [.. Enumerable.Range(0, random.Next(4)).Select(_ => RandomNode(random, depth + 1))]);
            case "map":
                return new IpldMap(names.Where(_ => random.Next(3) == 0)
                    .Select(n => KeyValuePair.Create(n, RandomNode(random, depth + 1))));
            default:
                string[] texts =
                    ["", "incident", "ümlaut \u202e", "{\"/\":1}", new string('0', 64), $"{Some}"];
                return new IpldText(texts[random.Next(texts.Length)]);
        }
    }
}

using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Xunit;
using Record = IncidentMesh.Protocol.Records.Record;

namespace IncidentMesh.Tests.Records;

/// <summary>Each limit and rule of the header, at N and at N + 1.</summary>
public class HeaderLimitTests
{
    private static readonly Cid Some = Cid.Of(Codec.DagCbor, "some"u8);

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void Prev_has_eight_entries_at_most(int count, bool ok) =>
        Check("prev", new IpldList([.. Ids(count).Order().Select(i => new IpldLink(i))]), ok, "header-count");

    [Theory]
    [InlineData(1, true)]
    [InlineData(32, true)]
    [InlineData(33, false)]
    [InlineData(0, false)]
    public void Rel_has_one_to_thirty_two_entries(int count, bool ok) =>
        Check("rel", new IpldList([.. Ids(count).Select(i => Relation("related", i))]), ok, "header-count");

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    [InlineData(0, false)]
    public void Must_has_one_to_sixteen_entries(int count, bool ok) =>
        Check(
            "must",
            new IpldList([.. Enumerable.Range(0, count).Select(i => new IpldText($"k{i:00}"))]),
            ok,
            "header-count");

    [Theory]
    [InlineData(0, true)]
    [InlineData(Limits.Records.CreatedSeconds - 1, true)]
    [InlineData(Limits.Records.CreatedSeconds, false)]
    [InlineData(-1, false)]
    public void Created_is_below_two_to_the_forty(long created, bool ok) =>
        Check("created", new IpldInteger(created), ok, "header-field");

    [Theory]
    [InlineData(1, true)]
    [InlineData(Limits.Records.BodyBytes, true)]
    [InlineData(Limits.Records.BodyBytes + 1, false)]
    [InlineData(0, false)]
    public void Size_is_that_of_a_body(long size, bool ok) =>
        Check("size", new IpldInteger(size), ok, "header-field");

    [Theory]
    [InlineData(1, true)]
    [InlineData(Limits.Wire.CborInteger, true)]
    [InlineData(0, false)]
    public void Seq_begins_at_one(long seq, bool ok) =>
        Check("seq", new IpldInteger(seq), ok, "header-field");

    [Theory]
    [InlineData("incident", true)]
    [InlineData("x-unknown-2", true)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    [InlineData("Incident", false)]
    [InlineData("2x", false)]
    [InlineData("", false)]
    [InlineData("a_b", false)]
    public void A_type_is_a_word(string type, bool ok) =>
        Check("type", new IpldText(type), ok, "header-field");

    [Theory]
    [InlineData("de", true)]
    [InlineData("zh-Hant-TW", true)]
    [InlineData("x-klingon", true)]
    [InlineData("d", false)]
    [InlineData("de_AT", false)]
    [InlineData("de-", false)]
    [InlineData("deutschland-x", false)]
    [InlineData("en-aaaaaaaa-bbbbbbbb-cccccccc-dddddd", false)]
    public void Lang_has_the_form_of_bcp_47(string tag, bool ok) =>
        Check("lang", new IpldText(tag), ok, "header-field");

    [Fact]
    public void A_later_version_is_ignored_and_not_rejected()
    {
        Assert.False(
            Read(Header().With("v", new IpldInteger(2)).With("seq", new IpldText("?")), out Fault? fault));
        Assert.IsType<RecordVerdict.Ignore>(RecordVerdict.Of(fault!));
        Assert.False(Read(Header().Without("v"), out fault));
        Assert.IsType<RecordVerdict.Reject>(RecordVerdict.Of(fault!));
    }

    [Theory]
    [InlineData("key")]
    [InlineData("seq")]
    [InlineData("auth")]
    [InlineData("body")]
    [InlineData("prev")]
    [InlineData("size")]
    [InlineData("type")]
    [InlineData("author")]
    [InlineData("created")]
    public void Every_required_field_is_required(string field)
    {
        Assert.False(Read(Header().Without(field), out Fault? fault));
        Assert.Equal("header-field", fault!.Code);
    }

    [Fact]
    public void Unknown_keys_are_kept_and_ignored()
    {
        IpldMap header = Header().With("zzz", new IpldList([new IpldInteger(1)])).With(
            "later", new IpldBoolean(true));
        Assert.True(Read(header, out Fault? fault), fault?.ToString());
    }

    [Fact]
    public void Sets_have_one_order()
    {
        Cid[] ids = [.. Ids(3).OrderDescending()];
        Check("prev", new IpldList([.. ids.Select(i => new IpldLink(i))]), false, "header-order");
        Check("prev", new IpldList([new IpldLink(Some), new IpldLink(Some)]), false, "header-order");
        IpldMap related = Relation("related", Some);
        Check("rel", new IpldList([related, related]), false, "header-order");
        Check("rel", new IpldList([related, Relation("links", Some)]), true, "");
        Check("must", new IpldList([new IpldText("b"), new IpldText("a")]), false, "cbor-key-order");
    }

    [Fact]
    public void Codecs_must_fit()
    {
        Cid raw = Cid.Of(Codec.Raw, "raw"u8);
        Check("body", new IpldLink(raw), false, "header-codec");
        Check("author", new IpldLink(raw), false, "header-field");
        Check("auth", new IpldLink(raw), false, "header-field");
        IpldMap @sealed = Header().With("type", new IpldText("sealed"));
        Assert.False(Read(@sealed, out _));
        Assert.True(Read(@sealed.With("body", new IpldLink(raw)), out _));
        Assert.False(
            Read(@sealed.With("body", new IpldLink(raw)).With("lang", new IpldText("de")), out Fault? fault));
        Assert.Equal("header-sealed", fault!.Code);
    }

    [Fact]
    public void An_envelope_has_four_thousand_and_ninety_six_bytes_at_most()
    {
        static IpldMap Padded(int bytes) => Header().With("zz", new IpldText(new string('x', bytes)));
        int room = Limits.Records.EnvelopeBytes - Sign(Padded(300)).Length + 300;
        Assert.True(Read(Padded(room), out Fault? fault), fault?.ToString());
        Assert.False(Read(Padded(room + 1), out fault));
        Assert.Equal("envelope-size", fault!.Code);
    }

    [Fact]
    public void A_full_header_fits_the_envelope()
    {
        IpldMap header = Header()
            .With("prev", new IpldList([.. Ids(8).Order().Select(i => new IpldLink(i))]))
            .With("rel", new IpldList([.. Ids(32).Select(i => Relation("supersedes", i))]));
        Assert.InRange(Sign(header).Length, 2_400, 2_800);
        Assert.True(Read(header, out _));
    }

    private static void Check(string field, IpldNode value, bool ok, string code)
    {
        Assert.True(
            ok == Read(Header().With(field, value), out Fault? fault), fault?.ToString() ?? "was read");
        if (!ok)
        {
            Assert.Equal(code, fault!.Code);
        }
    }

    private static bool Read(IpldMap header, out Fault? fault) =>
        Record.TryRead(Sign(header), out _, out fault);

    private static byte[] Sign(IpldMap header) =>
        CoseSign1.Sign(Sample.Key(1, 3), Record.ExternalAad, DagCbor.Write(header));

    private static IpldMap Header() => new(new Dictionary<string, IpldNode>
    {
        ["v"] = new IpldInteger(1),
        ["key"] = new IpldBytes(Sample.Key(1, 3).Public.ToMultikey()),
        ["seq"] = new IpldInteger(1),
        ["auth"] = new IpldLink(Some),
        ["body"] = new IpldLink(Some),
        ["prev"] = new IpldList([]),
        ["size"] = new IpldInteger(100),
        ["type"] = new IpldText("incident"),
        ["author"] = new IpldLink(Some),
        ["created"] = new IpldInteger(Sample.Created),
    });

    private static IpldMap Relation(string how, Cid to) =>
        new([new("how", new IpldText(how)), new("to", new IpldLink(to))]);

    private static IEnumerable<Cid> Ids(int count) =>
        Enumerable.Range(0, count).Select(i => Cid.Of(Codec.DagCbor, [(byte)i]));
}

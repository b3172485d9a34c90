using System.Text;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Libp2p;
using Xunit;

namespace IncidentMesh.Tests.Libp2p;

public sealed class MultistreamTests
{
    [Fact]
    public void The_header_is_its_length_its_text_and_a_newline() => Assert.Equal(
        "132f6d756c746973747265616d2f312e302e300a",
            Convert.ToHexStringLower(Multistream.Encode(Multistream.Header)));

    [Fact]
    public void A_pipelined_proposal_is_answered_at_once_and_what_follows_it_is_handed_over()
    {
        Multistream listener = Multistream.Listen(p => p == "/a/1", default);
        listener.Receive([.. Multistream.Encode(Multistream.Header, "/a/1"), .. "data"u8], default);
        Assert.Equal(Multistream.Encode(Multistream.Header), Sent(listener));
        Assert.Equal(Multistream.Encode("/a/1"), Sent(listener));
        var selected = Assert.IsType<MultistreamOutput.Selected>(Next(listener));
        Assert.Equal("/a/1", selected.Protocol);
        Assert.Equal("data", Encoding.UTF8.GetString(selected.Remainder.Span));
        Assert.Null(listener.NextTick);
    }

    [Fact]
    public void A_dialer_goes_through_its_proposals_byte_by_byte()
    {
        Multistream dialer = Multistream.Dial(["/b/1", "/a/1"], default);
        Assert.Equal(Multistream.Encode(Multistream.Header, "/b/1"), Sent(dialer));
        foreach (byte b in Multistream.Encode(Multistream.Header, "na"))
        {
            dialer.Receive([b], default);
        }

        Assert.Equal(Multistream.Encode("/a/1"), Sent(dialer));
        dialer.Receive(Multistream.Encode("/a/1"), default);
        Assert.Equal("/a/1", Assert.IsType<MultistreamOutput.Selected>(Next(dialer)).Protocol);
    }

    [Theory]
    [InlineData("132f6d756c746973747265616d2f322e302e300a", "multistream-header")]
    [InlineData("00", "multistream-message")]
    [InlineData("8108", "multistream-message")]
    [InlineData("808008", "multistream-message")]
    [InlineData("808080", "multistream-message")]
    [InlineData("8000", "multistream-message")]
    [InlineData("0261ff", "multistream-message")]
    [InlineData("02ff0a", "multistream-message")]
    public void What_is_not_a_message_ends_the_negotiation(string hex, string code)
    {
        Multistream listener = Multistream.Listen(_ => true, default);
        listener.Receive(Convert.FromHexString(hex), default);
        Assert.Equal(code, Assert.IsType<MultistreamOutput.Failed>(Next(listener)).Fault.Code);
        listener.Receive("more"u8, default);
        Assert.False(listener.TryTakeOutput(out _));
    }

    [Fact]
    public void An_answer_that_is_neither_the_proposal_nor_na_ends_the_negotiation()
    {
        Multistream dialer = Multistream.Dial(["/a/1"], default);
        Sent(dialer);
        dialer.Receive(Multistream.Encode(Multistream.Header, "/z/1"), default);
        Assert.Equal("multistream-answer", Assert.IsType<MultistreamOutput.Failed>(Next(dialer)).Fault.Code);
    }

    [Fact]
    public void A_message_is_read_to_1024_bytes_and_not_beyond()
    {
        string longest = new('p', Limits.Libp2p.MultistreamMessageBytes - 1);
        Multistream listener = Multistream.Listen(p => p == longest, default);
        listener.Receive(Multistream.Encode(Multistream.Header, longest), default);
        Sent(listener);
        Sent(listener);
        Assert.IsType<MultistreamOutput.Selected>(Next(listener));
        Assert.Throws<ArgumentOutOfRangeException>(() => Multistream.Encode(longest + "p"));
    }

    [Fact]
    public void Proposals_are_refused_to_their_limit_and_not_beyond()
    {
        Multistream listener = Multistream.Listen(_ => false, default);
        listener.Receive(Multistream.Encode(Multistream.Header), default);
        Sent(listener);
        for (int i = 1; i < Limits.Libp2p.MultistreamProposals; i++)
        {
            listener.Receive(Multistream.Encode($"/{i}"), default);
            Assert.Equal(Multistream.Encode("na"), Sent(listener));
        }

        listener.Receive(Multistream.Encode("/last"), default);
        Assert.Equal("multistream-proposals",
            Assert.IsType<MultistreamOutput.Failed>(Next(listener)).Fault.Code);
    }

    [Fact]
    public void A_negotiation_has_ten_seconds()
    {
        Multistream listener = Multistream.Listen(_ => true, new Instant(1_000));
        listener.Tick(new Instant(10_999));
        Assert.False(listener.TryTakeOutput(out _));
        listener.Tick(new Instant(11_000));
        Assert.Equal("multistream-timeout",
            Assert.IsType<MultistreamOutput.Failed>(Next(listener)).Fault.Code);
    }

    private static MultistreamOutput Next(Multistream negotiation)
    {
        Assert.True(negotiation.TryTakeOutput(out MultistreamOutput? output));
        return output;
    }

    private static byte[] Sent(Multistream negotiation) =>
        Assert.IsType<MultistreamOutput.Send>(Next(negotiation)).Bytes.ToArray();
}

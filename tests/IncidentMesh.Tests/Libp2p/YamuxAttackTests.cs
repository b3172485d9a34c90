using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Libp2p;
using Xunit;

namespace IncidentMesh.Tests.Libp2p;

/// <summary>What a peer can try against a session, with the finding that it restates.</summary>
public sealed class YamuxAttackTests
{
    [Theory]
    [InlineData("010000000000000100000000", "yamux-version")]
    [InlineData("000400000000000100000000", "yamux-type")]
    [InlineData("000000100000000100000000", "yamux-flags")]
    [InlineData("000000000000000000000000", "yamux-stream")]
    [InlineData("000200010000000100000000", "yamux-stream")]
    [InlineData("000300000000000200000000", "yamux-stream")]
    public void A_header_that_means_nothing_ends_the_session(string hex, string code)
    {
        var probe = new YamuxProbe(dialer: false);
        probe.Session.Receive(Convert.FromHexString(hex), default);
        Assert.Equal(code, ((YamuxOutput.Failed)probe.Outputs().Single()).Fault.Code);
        Assert.Equal([new YamuxFrame(YamuxType.GoAway, 0, 0, 1)], probe.Frames());
    }

    [Fact]
    public void A_peer_opens_streams_of_its_own_parity_only_and_each_once()
    {
        Assert.Equal("yamux-parity", new YamuxProbe(true).FaultOf(YamuxType.WindowUpdate, YamuxFlags.Syn,
            3)?.Code);
        Assert.Equal("yamux-parity", new YamuxProbe(false).FaultOf(YamuxType.WindowUpdate, YamuxFlags.Syn,
            2)?.Code);
        var probe = new YamuxProbe(false);
        Assert.Null(probe.FaultOf(YamuxType.WindowUpdate, YamuxFlags.Syn, 1));
        Assert.Equal("yamux-duplicate", probe.FaultOf(YamuxType.WindowUpdate, YamuxFlags.Syn, 1)?.Code);
    }

    [Fact]
    public void A_window_grows_to_what_32_bits_hold_and_not_beyond()
    {
        // CVE-2026-31814: the sum overflowed.
        uint most = uint.MaxValue - Limits.Libp2p.YamuxWindowBytes;
        var probe = new YamuxProbe(dialer: true);
        uint id = probe.Open();
        Assert.Null(probe.FaultOf(YamuxType.WindowUpdate, YamuxFlags.Ack, id, most));
        Assert.Equal("yamux-credit", probe.FaultOf(YamuxType.WindowUpdate, 0, id, 1)?.Code);
    }

    [Fact]
    public void A_first_frame_with_data_is_read_to_the_window_and_not_beyond()
    {
        // CVE-2026-32314: state was made before the length was judged.
        var good = new YamuxProbe(dialer: false);
        Assert.Null(good.FaultOf(YamuxType.Data, YamuxFlags.Syn, 1, Limits.Libp2p.YamuxWindowBytes));
        var bad = new YamuxProbe(dialer: false);
        Assert.Equal(
            "yamux-window", bad.FaultOf(YamuxType.Data, YamuxFlags.Syn, 1,
                Limits.Libp2p.YamuxWindowBytes + 1)?.Code);
        Assert.Equal(0, bad.Session.StreamCount);
    }

    [Fact]
    public void Data_beyond_the_credit_ends_the_session()
    {
        // rust-yamux #90.
        var probe = new YamuxProbe(dialer: false);
        probe.Feed(YamuxType.Data, YamuxFlags.Syn, 1, Limits.Libp2p.YamuxWindowBytes,
            new byte[Limits.Libp2p.YamuxWindowBytes]);
        Assert.Equal("yamux-window", probe.FaultOf(YamuxType.Data, 0, 1, 1)?.Code);
    }

    [Fact]
    public void Data_after_the_end_of_a_side_ends_the_session()
    {
        var probe = new YamuxProbe(dialer: false);
        probe.Feed(YamuxType.WindowUpdate, YamuxFlags.Syn | YamuxFlags.Fin, 1);
        Assert.Equal("yamux-closed", probe.FaultOf(YamuxType.Data, 0, 1, 1)?.Code);
    }

    [Fact]
    public void Streams_of_the_peer_are_accepted_to_their_limit_and_reset_beyond()
    {
        var probe = new YamuxProbe(dialer: false);
        for (uint i = 0; i < Limits.Libp2p.YamuxInboundStreams; i++)
        {
            probe.Feed(YamuxType.WindowUpdate, YamuxFlags.Syn, (2 * i) + 1);
        }

        Assert.All(probe.Frames(), f => Assert.Equal(YamuxFlags.Ack, f.Flags));
        uint extra = (2 * Limits.Libp2p.YamuxInboundStreams) + 1;
        probe.Feed(YamuxType.Data, YamuxFlags.Syn, extra, 5, new byte[5]);
        Assert.Equal([new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Rst, extra, 0)], probe.Frames());
        Assert.Equal(Limits.Libp2p.YamuxInboundStreams, probe.Session.StreamCount);

        probe.Feed(YamuxType.WindowUpdate, YamuxFlags.Rst, 1);
        probe.Feed(YamuxType.WindowUpdate, YamuxFlags.Syn, extra + 2);
        Assert.Equal(YamuxFlags.Ack, probe.Frames().Single().Flags);
    }

    [Fact]
    public void A_peer_that_asks_and_does_not_read_is_served_to_the_limit_and_not_beyond()
    {
        var probe = new YamuxProbe(dialer: false);
        for (uint i = 0; i < Limits.Libp2p.YamuxControlFrames; i++)
        {
            Assert.Null(probe.FaultOf(YamuxType.Ping, YamuxFlags.Syn, 0, i));
        }

        Assert.Equal("yamux-control-flood", probe.FaultOf(YamuxType.Ping, YamuxFlags.Syn, 0, 0)?.Code);
    }

    [Fact]
    public void Opening_and_resetting_without_end_leaves_nothing_behind()
    {
        var probe = new YamuxProbe(dialer: false);
        for (uint i = 0; i < 100_000; i++)
        {
            probe.Feed(YamuxType.WindowUpdate, YamuxFlags.Syn, (2 * i) + 1);
            probe.Feed(YamuxType.WindowUpdate, YamuxFlags.Rst, (2 * i) + 1);
            probe.Outputs();
            probe.Frames(64);
        }

        Assert.Equal(0, probe.Session.StreamCount);
    }

    [Fact]
    public void A_failed_session_reads_nothing_more()
    {
        var probe = new YamuxProbe(dialer: false);
        probe.FaultOf(YamuxType.WindowUpdate, YamuxFlags.Syn, 2);
        probe.Feed(YamuxType.WindowUpdate, YamuxFlags.Syn, 1);
        Assert.Empty(probe.Outputs());
        Assert.Null(probe.Session.NextTick);
        Assert.False(probe.Session.TryOpen(out _));
    }
}

using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Libp2p;
using Xunit;

namespace IncidentMesh.Tests.Libp2p;

/// <summary>A session as a good peer meets it; what a bad one can try is in
/// <see cref="YamuxAttackTests"/>.</summary>
public sealed class YamuxTests
{
    [Fact]
    public void A_header_is_twelve_bytes_in_network_order()
    {
        var header = new byte[YamuxFrame.HeaderLength];
        new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Syn | YamuxFlags.Fin, 7, 0x01020304).Write(header);
        Assert.Equal("000100050000000701020304", Convert.ToHexStringLower(header));
        Assert.True(YamuxFrame.TryRead(header, out YamuxFrame frame, out _));
        Assert.Equal(new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Syn | YamuxFlags.Fin, 7, 0x01020304),
            frame);
    }

    [Fact]
    public void The_dialer_opens_odd_streams_and_the_listener_even_ones()
    {
        var dialer = new YamuxProbe(dialer: true);
        var listener = new YamuxProbe(dialer: false);
        Assert.Equal([1u, 3u], [dialer.Open(), dialer.Open()]);
        Assert.Equal([2u, 4u], [listener.Open(), listener.Open()]);
    }

    [Fact]
    public void A_stream_is_opened_accepted_and_ended_by_window_updates_alone()
    {
        var probe = new YamuxProbe(dialer: true);
        uint id = probe.Open();
        probe.Session.Send(id, "abc"u8);
        probe.Session.CloseWrite(id);
        Assert.Equal(
            [
                new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Syn, 1, 0),
                new YamuxFrame(YamuxType.Data, YamuxFlags.None, 1, 3),
                new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Fin, 1, 0),
            ],
            probe.Frames());
        probe.Feed(YamuxType.WindowUpdate, YamuxFlags.Syn, 2);
        Assert.Equal([new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Ack, 2, 0)], probe.Frames());
        Assert.Equal(new YamuxOutput.Opened(2), probe.Outputs().Single());
    }

    [Fact]
    public void A_ping_is_answered_with_its_value_before_data()
    {
        var probe = new YamuxProbe(dialer: true);
        uint id = probe.Open();
        probe.Frames();
        probe.Session.Send(id, new byte[100]);
        probe.Feed(YamuxType.Ping, YamuxFlags.Syn, 0, 0xdeadbeef);
        Assert.Equal(
            [new YamuxFrame(YamuxType.Ping, YamuxFlags.Ack, 0, 0xdeadbeef),
                new YamuxFrame(YamuxType.Data, 0, 1, 100)],
            probe.Frames());
        probe.Feed(YamuxType.Ping, YamuxFlags.Ack, 0, 5);
        Assert.Empty(probe.Frames());
        Assert.Empty(probe.Outputs());
    }

    [Fact]
    public void No_more_than_the_window_is_sent_until_the_peer_adds_to_it()
    {
        var probe = new YamuxProbe(dialer: true);
        uint id = probe.Open();
        int taken = probe.Session.Send(id, new byte[400_000]);
        Assert.Equal(Limits.Libp2p.YamuxSendBufferBytes, taken);
        Assert.Equal(Limits.Libp2p.YamuxWindowBytes,
            probe.Frames().Where(f => f.Type == 0).Sum(f => f.Length));
        Assert.Equal(new YamuxOutput.Writable(id), probe.Outputs().Single());
        Assert.Equal(137_856, probe.Session.Send(id, new byte[137_856]));
        Assert.Empty(probe.Frames());
        probe.Feed(YamuxType.WindowUpdate, YamuxFlags.Ack, id, 1_000);
        Assert.Equal([new YamuxFrame(YamuxType.Data, 0, id, 1_000)], probe.Frames());
    }

    [Fact]
    public void No_frame_is_larger_than_64_KiB_and_streams_take_turns()
    {
        var probe = new YamuxProbe(dialer: true);
        uint first = probe.Open();
        uint second = probe.Open();
        probe.Session.Send(first, new byte[150_000]);
        probe.Session.Send(second, new byte[10]);
        YamuxFrame[] data = [.. probe.Frames(1_000_000).Where(f => f.Type == YamuxType.Data)];
        Assert.Equal([first, second, first, first], data.Select(f => f.Stream));
        Assert.All(data, f => Assert.True(f.Length <= Limits.Libp2p.YamuxFrameBytes));
    }

    [Fact]
    public void Credit_is_returned_on_consumption_only_in_halves_of_the_window()
    {
        var probe = new YamuxProbe(dialer: false);
        probe.Feed(YamuxType.WindowUpdate, YamuxFlags.Syn, 1);
        probe.Feed(YamuxType.Data, 0, 1, 200_000, new byte[200_000]);
        probe.Frames();
        probe.Session.Consumed(1, 131_071);
        Assert.Empty(probe.Frames());
        probe.Session.Consumed(1, 1);
        Assert.Equal([new YamuxFrame(YamuxType.WindowUpdate, 0, 1, 131_072)], probe.Frames());
        probe.Feed(YamuxType.Data, 0, 1, 193_216, new byte[193_216]);
        Assert.DoesNotContain(probe.Outputs(), o => o is YamuxOutput.Failed);
    }

    [Fact]
    public void A_stream_is_forgotten_after_both_ends_and_late_frames_for_it_are_drained()
    {
        var probe = new YamuxProbe(dialer: false);
        probe.Feed(YamuxType.Data, YamuxFlags.Syn | YamuxFlags.Fin, 1, 3, "abc"u8.ToArray());
        probe.Session.CloseWrite(1);
        probe.Frames();
        Assert.Equal(
            [typeof(YamuxOutput.Opened), typeof(YamuxOutput.Data), typeof(YamuxOutput.RemoteClosed),
                typeof(YamuxOutput.Finished)],
            probe.Outputs().Select(o => o.GetType()));
        Assert.Equal(0, probe.Session.StreamCount);
        probe.Feed(YamuxType.Data, 0, 1, 2, [0, 1]);
        probe.Feed(YamuxType.WindowUpdate, YamuxFlags.Rst, 1);
        Assert.Empty(probe.Outputs());
        Assert.Empty(probe.Frames());
    }

    [Fact]
    public void A_reset_may_carry_an_error_code_which_is_no_credit()
    {
        var probe = new YamuxProbe(dialer: true);
        uint id = probe.Open();
        probe.Feed(YamuxType.WindowUpdate, YamuxFlags.Rst, id, 0xffff_ffff);
        Assert.Equal(new YamuxOutput.Reset(id, 0xffff_ffff), probe.Outputs().Single());
        Assert.Equal(0, probe.Session.StreamCount);
        Assert.Equal(5, probe.Session.Send(id, "gone!"u8));
    }

    [Fact]
    public void After_a_go_away_no_stream_is_opened_and_the_open_ones_go_on()
    {
        var probe = new YamuxProbe(dialer: true);
        uint id = probe.Open();
        probe.Frames();
        probe.Feed(YamuxType.GoAway, 0, 0, 0);
        Assert.Equal(new YamuxOutput.GoneAway(0), probe.Outputs().Single());
        Assert.False(probe.Session.TryOpen(out _));
        probe.Session.Send(id, "x"u8);
        Assert.Single(probe.Frames());
    }

    [Fact]
    public void A_closing_session_says_so_once_and_refuses_new_streams()
    {
        var probe = new YamuxProbe(dialer: true);
        probe.Session.Close();
        probe.Session.Close();
        probe.Feed(YamuxType.WindowUpdate, YamuxFlags.Syn, 2);
        Assert.Equal(
            [new YamuxFrame(YamuxType.GoAway, 0, 0, 0),
                new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Rst, 2, 0)],
            probe.Frames());
    }

    [Fact]
    public void Streams_that_the_peer_has_not_accepted_are_opened_to_their_limit_and_not_beyond()
    {
        var probe = new YamuxProbe(dialer: true);
        for (int i = 0; i < Limits.Libp2p.YamuxBacklogStreams; i++)
        {
            probe.Open();
        }

        Assert.False(probe.Session.TryOpen(out _));
        probe.Feed(YamuxType.WindowUpdate, YamuxFlags.Ack, 1);
        Assert.True(probe.Session.TryOpen(out _));
        Assert.False(probe.Session.TryOpen(out _));
    }
}

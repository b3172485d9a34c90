using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Sync;

public sealed class SyncSessionTests
{
    [Fact]
    public void A_session_brings_over_what_is_missing()
    {
        var server = new FakeNode();
        var client = new FakeNode();
        server.Fill(0, 700);
        client.Fill(0, 400);
        var pair = new SyncPair(client, server);
        pair.Drive();
        Assert.Equal(700, client.Records.Count);
        Assert.NotNull(pair.Finished);
        Assert.Equal(300, pair.Finished.Envelopes);
        Assert.Equal(0, pair.Finished.Unknown);
    }

    [Fact]
    public void Equal_nodes_exchange_one_round_for_each_set()
    {
        var server = new FakeNode();
        var client = new FakeNode();
        server.Fill(0, 700);
        client.Fill(0, 700);
        var pair = new SyncPair(client, server);
        pair.Drive();
        Assert.Equal(2, pair.Finished!.Rounds);
        Assert.True(pair.BytesToServer + pair.BytesToClient < 500);
    }

    [Fact]
    public void A_salted_session_brings_over_the_same()
    {
        var server = new FakeNode();
        var client = new FakeNode();
        server.Fill(0, 300);
        client.Fill(100, 200);
        byte[] salt = [.. Enumerable.Range(0, 16).Select(n => (byte)n)];
        var pair = new SyncPair(client, server, salt);
        pair.Drive();
        Assert.Equal(300, client.Records.Count);
        Assert.True(pair.Responder.Salted);
    }

    [Fact]
    public void A_salt_is_refused_where_the_owner_says_so()
    {
        var pair = new SyncPair(new FakeNode(), new FakeNode { MaySalt = false }, new byte[16]);
        pair.Drive();
        Assert.Equal("sync-salt", pair.ResponderFault!.Code);
    }

    [Fact]
    public void Bodies_that_the_owner_does_not_want_are_not_sent()
    {
        var server = new FakeNode();
        server.Fill(0, 40);
        var client = new FakeNode { WantsBodies = false };
        var pair = new SyncPair(client, server);
        pair.Drive();
        Assert.Equal(0, server.BodiesRead);
        Assert.Equal(40, pair.Finished!.Envelopes);
    }

    [Fact]
    public void The_responder_reads_one_block_for_each_output_taken()
    {
        var server = new FakeNode();
        server.Fill(0, 200);
        var responder = new SyncResponder(server, default);
        responder.Receive(SyncCodec.Write(new SyncOpen(SyncSet.Records, default)), default);
        responder.Receive(SyncCodec.Write(new SyncGet([.. server.Records.Keys])), default);
        Assert.Equal(0, server.EnvelopesRead);
        Assert.False(responder.WantsInput);
        for (int n = 1; n <= 200; n++)
        {
            Assert.True(responder.TryTakeOutput(default, out _));
            Assert.Equal(n, server.EnvelopesRead);
        }

        Assert.True(responder.TryTakeOutput(default, out _));
        Assert.True(responder.WantsInput);
        Assert.False(responder.TryTakeOutput(default, out _));
    }

    [Fact]
    public void A_peer_that_offers_what_it_does_not_have_is_found_out()
    {
        foreach ((int hidden, bool fails) in new[] { (2, false), (3, true) })
        {
            var server = new FakeNode();
            server.Fill(0, 200);
            server.Hide(hidden);
            var pair = new SyncPair(new FakeNode(), server);
            pair.Drive();
            Assert.Equal(fails ? "sync-unknown" : null, pair.InitiatorFault?.Code);
        }
    }

    [Fact]
    public void Silence_ends_a_session_after_30_seconds_on_either_side()
    {
        var responder = new SyncResponder(new FakeNode(), default);
        var initiator = new SyncInitiator([new SyncStep(SyncSet.Records,
            new FakeNode().View(SyncSet.Records))], [], default);
        while (initiator.TryTakeOutput(out _))
        {
        }

        var almost = new Instant(Limits.Sync.FrameMilliseconds - 1);
        responder.Tick(almost);
        initiator.Tick(almost);
        Assert.False(responder.TryTakeOutput(almost, out _));
        Assert.False(initiator.TryTakeOutput(out _));
        var late = new Instant(Limits.Sync.FrameMilliseconds);
        Assert.Equal(late, responder.NextTick);
        Assert.Equal(late, initiator.NextTick);
        responder.Tick(late);
        initiator.Tick(late);
        Assert.True(responder.TryTakeOutput(late, out SyncOutput? a) && a is SyncFailed);
        Assert.True(initiator.TryTakeOutput(out SyncOutput? b) && b is SyncFailed);
    }

    [Fact]
    public void Exchanges_of_one_session_are_counted()
    {
        var responder = new SyncResponder(new FakeNode(), default);
        byte[] open = SyncCodec.Write(new SyncOpen(SyncSet.Records, default));
        for (int n = 0; n < Limits.Sync.Opens; n++)
        {
            responder.Receive(open, default);
        }

        Assert.False(responder.HasOutput);
        responder.Receive(open, default);
        Assert.True(responder.TryTakeOutput(default, out SyncOutput? output));
        Assert.Equal("sync-opens", Assert.IsType<SyncFailed>(output).Fault.Code);
    }

    [Fact]
    public void Rounds_of_one_exchange_are_counted()
    {
        var responder = new SyncResponder(new FakeNode(), default);
        responder.Receive(SyncCodec.Write(new SyncOpen(SyncSet.Records, default)), default);
        ReconciliationView view = new FakeNode().View(SyncSet.Records);
        byte[] message = SyncCodec.Write(new SyncReconcile(Negentropy.Initiate(view)));
        SyncOutput? output = null;
        for (int n = 0; n < Limits.Sync.Rounds; n++)
        {
            responder.Receive(message, default);
            Assert.True(responder.TryTakeOutput(default, out output));
            Assert.IsType<SyncSend>(output);
        }

        responder.Receive(message, default);
        Assert.True(responder.TryTakeOutput(default, out output));
        Assert.Equal("sync-budget", Assert.IsType<SyncFailed>(output).Fault.Code);
    }

    [Fact]
    public void A_hint_reaches_the_owner()
    {
        var responder = new SyncResponder(new FakeNode(), default);
        responder.Receive(SyncCodec.Write(new SyncHint()), default);
        Assert.True(responder.TryTakeOutput(default, out SyncOutput? output));
        Assert.IsType<SyncHinted>(output);
    }

    [Fact]
    public void What_was_not_asked_for_fails_the_session()
    {
        SyncFrame[] frames =
        [
            new SyncEnd(), new SyncEnvelope("x"u8.ToArray()), new SyncBody(default, default), new SyncHint(),
            new SyncNone(default, SyncReason.Gone), new SyncGet([default]),
        ];
        foreach (SyncFrame frame in frames)
        {
            var initiator = new SyncInitiator(
                [new SyncStep(SyncSet.Records, new FakeNode().View(SyncSet.Records))], [], default);
            initiator.Receive(SyncCodec.Write(frame), default);
            Assert.True(initiator.TryTakeOutput(out SyncOutput? output));
            Assert.Equal("sync-unexpected", Assert.IsType<SyncFailed>(output).Fault.Code);
        }
    }
}

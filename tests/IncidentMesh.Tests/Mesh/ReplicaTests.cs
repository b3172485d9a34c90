using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Policy;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;
using IncidentMesh.Tests.Simulation;
using Xunit;

namespace IncidentMesh.Tests.Mesh;

/// <summary>What one replica does with what comes to it.</summary>
public sealed class ReplicaTests : IRecordSource, IDisposable
{
    private static readonly Instant Start = Instant.FromUnixSeconds(1_750_000_000);

    private readonly SimAuthor _me = new(new SeededRandom(1), 1_749_000_000);
    private readonly SimAuthor _other = new(new SeededRandom(2), 1_749_000_000);
    private readonly Dictionary<Digest, PersistItem> _disk = [];
    private readonly List<ReplicaOutput> _seen = [];
    private readonly TrustPolicy _policy = new();
    private readonly Replica _replica;

    public ReplicaTests()
    {
        _policy.AddOwn(_me.Id);
        _replica = new Replica(new ReplicaOptions { Entropy = count => new byte[count] }, _policy, this);
        _replica.Start(Start);
    }

    public void Dispose()
    {
        _me.Dispose();
        _other.Dispose();
    }

    public bool TryReadEnvelope(Digest id, out ReadOnlyMemory<byte> envelope)
    {
        envelope = _disk.GetValueOrDefault(id)?.Envelope ?? default;
        return !envelope.IsEmpty;
    }

    public bool TryReadBody(Digest id, out ReadOnlyMemory<byte> body)
    {
        body = _disk.GetValueOrDefault(id)?.Body ?? default;
        return !body.IsEmpty;
    }

    [Fact]
    public void A_record_is_acknowledged_only_when_it_is_durable()
    {
        _replica.SubmitEvent(_me.Inception, 1, Start);
        SignedRecord signed = Report(_me);
        _replica.Submit(signed, 2, Start);
        Drain(persist: false);
        Assert.DoesNotContain(_seen, output =>
            output is ReplicaOutput.Acknowledged or ReplicaOutput.Admitted);
        foreach (ReplicaOutput.Persist persist in _seen.OfType<ReplicaOutput.Persist>().ToArray())
        {
            Persist(persist);
        }

        Drain();
        Assert.Equal([1, 2], _seen.OfType<ReplicaOutput.Acknowledged>().Select(a => a.Token));
        Assert.True(_replica.Holds(signed.Record.Id.Digest));
    }

    [Fact]
    public void What_the_disk_refuses_is_refused_to_the_submitter_and_can_be_submitted_again()
    {
        _replica.SubmitEvent(_me.Inception, 1, Start);
        Drain();
        SignedRecord signed = Report(_me);
        _replica.Submit(signed, 2, Start);
        Drain(persist: false);
        long batch = _seen.OfType<ReplicaOutput.Persist>().Last().Batch;
        _replica.PersistFailed(batch, [], Fault.Message("disk", "full"), Start);
        Drain();
        Assert.Equal(2, _seen.OfType<ReplicaOutput.Refused>().Single().Token);
        _replica.Submit(signed, 3, Start);
        Drain();
        Assert.Contains(_seen, output => output is ReplicaOutput.Acknowledged { Token: 3 });
    }

    [Fact]
    public void After_a_failed_batch_the_next_record_names_only_what_is_durable()
    {
        _replica.SubmitEvent(_me.Inception, 1, Start);
        SignedRecord kept = Report(_me);
        _replica.Submit(kept, 2, Start);
        Drain();
        long[] batches = [.. Enumerable.Range(3, 2).Select(token => SubmitUnstored(token))];
        _replica.Submit(Report(_me), 5, Start);
        _replica.PersistFailed(batches[0], [], Fault.Message("disk", "full"), Start);
        Drain();
        Assert.Equal([3, 4, 5], _seen.OfType<ReplicaOutput.Refused>().Select(r => r.Token));
        _replica.Persisted(batches[1], Start);
        Assert.Equal(kept.Record.Id, Assert.Single(_replica.HeadsOf(_me.Key)).Id);
        SignedRecord next = Report(_me);
        Assert.Equal([kept.Record.Id], next.Record.Header.Previous);
        _replica.Submit(next, 6, Start);
        Drain();
        Assert.Contains(_seen, output => output is ReplicaOutput.Acknowledged { Token: 6 });
        Assert.Empty(_replica.MissingOf(_me.Key));
        Assert.Equal(2, _replica.RecordCount);
    }

    [Fact]
    public void Of_a_batch_that_was_stored_in_part_the_beginning_counts()
    {
        _replica.SubmitEvent(_me.Inception, 1, Start);
        Drain();
        SignedRecord stored = Report(_me);
        _replica.Submit(stored, 2, Start);
        _replica.Submit(Report(_me), 3, Start);
        Drain(persist: false);
        ReplicaOutput.Persist batch = _seen.OfType<ReplicaOutput.Persist>().Last();
        Assert.Equal(2, batch.Items.Count);
        _replica.PersistFailed(batch.Batch, [batch.Items[0]], Fault.Message("disk", "full"), Start);
        Drain();
        Assert.Contains(_seen, output => output is ReplicaOutput.Acknowledged { Token: 2 });
        Assert.Contains(_seen, output => output is ReplicaOutput.Refused { Token: 3 });
        Assert.Equal(stored.Record.Id, Assert.Single(_replica.HeadsOf(_me.Key)).Id);
    }

    [Fact]
    public void An_event_that_the_disk_refused_is_acknowledged_only_when_it_is_stored_after_all()
    {
        _replica.SubmitEvent(_me.Inception, 1, Start);
        Drain(persist: false);
        long batch = _seen.OfType<ReplicaOutput.Persist>().Single().Batch;
        _replica.PersistFailed(batch, [], Fault.Message("disk", "full"), Start);
        _replica.SubmitEvent(_me.Inception, 2, Start);
        Drain(persist: false);
        Assert.DoesNotContain(_seen, output => output is ReplicaOutput.Acknowledged);
        Persist(_seen.OfType<ReplicaOutput.Persist>().Last());
        Drain();
        Assert.Contains(_seen, output => output is ReplicaOutput.Acknowledged { Token: 2 });
    }

    [Fact]
    public void A_record_that_lies_600_s_ahead_is_taken_and_one_of_601_s_is_not()
    {
        _replica.SubmitEvent(_me.Inception, 1, Start);
        _replica.Submit(Report(_me, Start.UnixSeconds + Limits.Records.FutureSeconds), 2, Start);
        _replica.Submit(Report(_me, Start.UnixSeconds + Limits.Records.FutureSeconds + 1), 3, Start);
        Drain();
        Assert.Contains(_seen, output => output is ReplicaOutput.Acknowledged { Token: 2 });
        Assert.Contains(_seen, output => output is ReplicaOutput.Refused { Token: 3 });
    }

    [Fact]
    public void A_record_waits_for_its_identity_event_and_counts_when_that_comes()
    {
        PeerId peer = Connect(1);
        _replica.ChangePolicy(policy => policy.Trust(_other.Id), Start);
        SignedRecord signed = Report(_other);
        Gossip(peer, GossipTopics.Records, signed.Data);
        Drain();
        Assert.False(_replica.Holds(signed.Record.Id.Digest));
        Gossip(peer, GossipTopics.Identity, _other.Inception.Envelope.ToArray());
        Drain();
        Assert.True(_replica.Holds(signed.Record.Id.Digest));
        Assert.Contains(_seen, output => output is ReplicaOutput.Admitted { Origin: RecordOrigin.Gossip });
    }

    [Fact]
    public void Sixteen_wrong_messages_of_an_hour_are_borne_and_one_more_drops_the_peer()
    {
        PeerId peer = Connect(1);
        for (int n = 0; n < Limits.Mesh.PeerFaults; n++)
        {
            Gossip(peer, GossipTopics.Records, [.. BitConverter.GetBytes(n)]);
        }

        Drain();
        Assert.DoesNotContain(_seen, output => output is ReplicaOutput.DropPeer);
        Gossip(peer, GossipTopics.Records, "one more"u8.ToArray());
        Drain();
        ReplicaOutput.DropPeer drop = _seen.OfType<ReplicaOutput.DropPeer>().Single();
        Assert.Equal(Start + TimeSpan.FromMilliseconds(Limits.Sync.DropMilliseconds), drop.Until);
    }

    [Fact]
    public void A_peer_has_four_sync_streams_and_not_five()
    {
        PeerId peer = Connect(1);
        for (int n = 0; n < Limits.Sync.InboundStreams; n++)
        {
            Assert.True(_replica.AcceptSync(peer, Start, out _));
        }

        Assert.False(_replica.AcceptSync(peer, Start, out _));
        Assert.False(_replica.AcceptSync(PendingPoolTests.Peer(99), Start, out _));
    }

    [Fact]
    public void Four_sessions_are_served_at_a_time_one_for_each_peer()
    {
        byte[] open = SyncCodec.Write(new SyncOpen(SyncSet.Records, default));
        PeerId first = Connect(0);
        for (int n = 0; n < Limits.Sync.InboundSessions; n++)
        {
            Assert.Null(OpenSession(n == 0 ? first : Connect(n), open));
        }

        Assert.Equal("sync-busy", OpenSession(Connect(50), open)!.Code);
        Assert.Equal("sync-busy", OpenSession(first, open)!.Code);
    }

    [Fact]
    public void A_peer_may_ask_for_a_salted_set_once_in_ten_minutes_even_if_it_reconnects()
    {
        byte[] open = SyncCodec.Write(new SyncOpen(SyncSet.Records, new byte[Limits.Sync.SaltBytes]));
        PeerId peer = Connect(1);
        Assert.Null(OpenSession(peer, open));
        _replica.PeerDown(peer, Start);
        Connect(1);
        Assert.Equal("sync-salt", OpenSession(peer, open)!.Code);
    }

    [Fact]
    public void Gossip_of_256_peers_is_borne_before_they_are_connected_and_of_no_more()
    {
        for (int n = 0; n <= Limits.Mesh.UnconfirmedPeers; n++)
        {
            Gossip(PendingPoolTests.Peer(n), "no such topic", [1]);
        }

        Assert.Equal(Limits.Mesh.UnconfirmedPeers, _replica.GossipCounters.UnknownTopic);
        _replica.Tick(Start + TimeSpan.FromMilliseconds(Limits.Mesh.UnconfirmedMilliseconds));
        Gossip(PendingPoolTests.Peer(1_000), "no such topic", [1]);
        Assert.Equal(Limits.Mesh.UnconfirmedPeers + 1, _replica.GossipCounters.UnknownTopic);
    }

    [Fact]
    public void An_author_who_is_denied_leaves_the_set_and_one_who_is_trusted_again_comes_back()
    {
        PeerId peer = Connect(1);
        _replica.ChangePolicy(policy => policy.Trust(_other.Id), Start);
        Gossip(peer, GossipTopics.Identity, _other.Inception.Envelope.ToArray());
        Gossip(peer, GossipTopics.Records, Report(_other).Data);
        Drain();
        Assert.Equal((1, 1), (_replica.RecordCount, _replica.IdentityCount));
        _replica.ChangePolicy(policy => policy.Deny(_other.Id), Start);
        Drain();
        Assert.Equal((0, 0), (_replica.RecordCount, _replica.IdentityCount));
        Assert.Contains(_seen, output => output is ReplicaOutput.Withdrawn);
        _replica.ChangePolicy(policy => policy.Trust(_other.Id), Start);
        Drain();
        Assert.Equal((1, 1), (_replica.RecordCount, _replica.IdentityCount));
    }

    [Fact]
    public void A_stored_record_whose_event_was_lost_counts_again_when_the_event_comes()
    {
        _replica.SubmitEvent(_me.Inception, 1, Start);
        SignedRecord signed = Report(_me);
        _replica.Submit(signed, 2, Start);
        Drain();
        var again = new Replica(new ReplicaOptions { Entropy = count => new byte[count] }, _policy, this);
        again.Restore(signed.Record, signed.Body);
        again.Start(Start);
        Assert.Equal((true, 0), (again.Holds(signed.Record.Id.Digest), again.RecordCount));
        again.ImportEvent(_me.Inception, Start);
        Assert.Equal(_replica.RecordDigest(), again.RecordDigest());
    }

    [Fact]
    public void A_peer_that_says_later_that_it_speaks_sync_is_asked_at_once()
    {
        PeerId peer = PendingPoolTests.Peer(1);
        _replica.PeerUp(peer, syncs: false, Start);
        Drain();
        Assert.Empty(_seen.OfType<ReplicaOutput.OpenSync>());
        _replica.PeerUp(peer, syncs: true, Start);
        Drain();
        Assert.Equal(peer, Assert.Single(_seen.OfType<ReplicaOutput.OpenSync>()).Peer);
    }

    private SignedRecord Report(SimAuthor author, long? created = null) =>
        author.Report("report", _replica.HeadsOf(author.Key), created ?? Start.UnixSeconds);

    private long SubmitUnstored(long token)
    {
        _replica.Submit(Report(_me), token, Start);
        Drain(persist: false);
        return _seen.OfType<ReplicaOutput.Persist>().Last().Batch;
    }

    private PeerId Connect(int number)
    {
        PeerId peer = PendingPoolTests.Peer(number);
        _replica.PeerUp(peer, syncs: true, Start);
        _replica.GossipOpened(peer, GossipProtocols.Meshsub12, outbound: false, Start);
        return peer;
    }

    private Fault? OpenSession(PeerId peer, byte[] open)
    {
        Assert.True(_replica.AcceptSync(peer, Start, out long session));
        _replica.ReceiveSync(session, open, Start);
        _replica.TryTakeSync(session, Start, out _);
        Drain();
        return _seen.OfType<ReplicaOutput.ResetSync>().LastOrDefault(reset =>
            reset.Session == session)?.Fault;
    }

    private void Gossip(PeerId peer, string topic, byte[] data)
    {
        var message = new ProtobufWriter();
        message.Bytes(2, data);
        message.Text(4, topic);
        var rpc = new ProtobufWriter();
        rpc.Bytes(2, message.Written);
        _replica.ReceiveGossip(peer, rpc.Written, Start);
        Drain();
    }

    private void Persist(ReplicaOutput.Persist persist)
    {
        foreach (PersistItem item in persist.Items)
        {
            _disk[item.Id] = item;
        }

        _replica.Persisted(persist.Batch, Start);
    }

    private void Drain(bool persist = true)
    {
        while (_replica.TryTakeOutput(out ReplicaOutput? output))
        {
            _seen.Add(output);
            switch (output)
            {
                case ReplicaOutput.Verify verify:
                    _replica.Verified([.. verify.Jobs.Select(RecordVerifier.Run)], Start);
                    break;
                case ReplicaOutput.Persist items when persist:
                    Persist(items);
                    break;
                default:
                    break;
            }
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Node.Policy;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Mesh;

/// <summary>The heart of a node without its sockets and files: joins gossip, sync, policy, the identity book
/// and what is stored. Everything that it wants done comes out of <see cref="TryTakeOutput"/>; signatures
/// are checked and bytes made durable by its owner, who tells it when that is done. One owner, no threads.
/// <c>specs/mesh.md</c>.</summary>
/// <remarks>Verbs: inputs (each with the time), <see cref="Tick"/>, <see cref="NextTick"/>,
/// <see cref="TryTakeOutput"/>. A record goes: verified, judged, made durable, counted. It is relayed once
/// it is judged, acknowledged and served once it is durable.</remarks>
public sealed partial class Replica
{
    private readonly ReplicaOptions _options;
    private readonly IRecordSource _source;
    private readonly SeededRandom _random;
    private readonly GossipRouter _router;
    private readonly IdentityBook _book = new();
    private readonly TrustPolicy _policy;
    private readonly Quarantine _quarantine = new();
    private readonly RecordTable _table = new();
    private readonly ReconciliationSet _identities = new();
    private readonly DeclinedOverlays _overlays = new();
    private readonly SaltClock _salts;
    private readonly PendingPool _pending = new();
    private readonly GapQueue _gaps = new();
    private readonly Dictionary<PeerId, ReplicaPeer> _peers = [];

    // Peers whose gossip came before they were said to be connected, or after they were said to be gone.
    private readonly Dictionary<PeerId, Instant> _unconfirmed = [];
    private readonly Dictionary<long, ReplicaSession> _sessions = [];
    private readonly Dictionary<long, Work> _work = [];
    private readonly Dictionary<Digest, Storing> _storing = [];
    private readonly Dictionary<long, IReadOnlyList<PersistItem>> _batches = [];
    private readonly Queue<ReplicaOutput> _outputs = new();
    private List<VerifyJob> _jobs = [];
    private List<PersistItem> _toPersist = [];
    private Instant _now;
    private Instant? _nextRandomSync;
    private long _lastNumber;
    private long _storingBytes;
    private bool _declinedPending;

    /// <summary>A replica that holds nothing. Restore what is stored before the first other call.</summary>
    /// <param name="options">How it behaves.</param>
    /// <param name="policy">Whose records it takes; change it only through <see
    /// cref="ChangePolicy"/>.</param>
    /// <param name="source">Reads what was persisted.</param>
    public Replica(ReplicaOptions options, TrustPolicy policy, IRecordSource source)
    {
        _options = options;
        _policy = policy;
        _source = source;
        _random = new SeededRandom(BitConverter.ToUInt64(options.Entropy(8)));
        _salts = new SaltClock(options.SaltedInterval, _random);
        _router = new GossipRouter(options.Gossip, _random.NextUInt64());
    }

    /// <summary>What a job in the workers is for.</summary>
    private sealed record Work(RecordOrigin Origin, PeerId Peer, Digest MessageId, ReplicaSession? Session);

    /// <summary>A record on its way to the disk.</summary>
    private sealed record Storing(
        Record Record, ReadOnlyMemory<byte> Body, RecordOrigin Origin, PeerId? From, bool Quarantined)
    {
        public List<long> Tokens { get; } = [];

        public List<ReplicaSession> Sessions { get; } = [];
    }

    /// <summary>Identities known, whether admitted or not. Read only.</summary>
    public IdentityBook Identities => _book;

    /// <summary>What is held back. Read only.</summary>
    public Quarantine Quarantine => _quarantine;

    /// <summary>Whose records are taken. Read only: see <see cref="ChangePolicy"/>.</summary>
    public TrustPolicy Policy => _policy;

    /// <summary>Records that count.</summary>
    public int RecordCount => _table.Set.Count;

    /// <summary>Identity events of admitted authors.</summary>
    public int IdentityCount => _identities.Count;

    /// <summary>Records and events that wait for the disk.</summary>
    public int StoringCount => _storing.Count;

    /// <summary>Whether as much waits for the disk as may: an owner then takes nothing more from
    /// peers.</summary>
    public bool IsCongested =>
        _storing.Count >= Limits.Mesh.StoringRecords || _storingBytes >= Limits.Mesh.StoringBytes;

    /// <summary>Records that wait for an identity event.</summary>
    public int PendingCount => _pending.Count;

    /// <summary>Gossip counters.</summary>
    public GossipCounters GossipCounters => _router.Counters;

    /// <summary>Peers to which records are gossiped.</summary>
    public IReadOnlyList<PeerId> GossipPeers => _router.PeersOf(GossipTopics.Records);

    /// <summary>Whether many gossiped messages wait for a verdict. While it is true, read no more of the
    /// gossip streams: past its limit the router drops messages.</summary>
    public bool IsGossipBehind => _router.IsBehind;

    /// <summary>Whether every gossip peer has a long queue: a bulk import that waits then loses
    /// none.</summary>
    public bool IsGossipCongested => _router.IsCongested(GossipTopics.Records);

    /// <summary>Starts the clock and joins the topics.</summary>
    public void Start(Instant now)
    {
        _now = now;
        RecheckRestored();
        Review();
        _router.Subscribe(GossipTopics.Records, now);
        _router.Subscribe(GossipTopics.Identity, now);
        ScheduleRandomSync();
    }

    /// <summary>When <see cref="Tick"/> is next due.</summary>
    public Instant? NextTick
    {
        get
        {
            Instant? next = Instant.Earlier(_router.NextTick, _nextRandomSync);
            next = Instant.Earlier(next, _pending.NextTick);
            next = Instant.Earlier(next, _gaps.NextTick);
            next = Instant.Earlier(next, _quarantine.NextExpiry);
            foreach (ReplicaPeer peer in _peers.Values)
            {
                next = Instant.Earlier(next, peer.Outbound is null ? peer.NextSync : null);
                next = Instant.Earlier(next, peer.HintDue);
                next = Instant.Earlier(next, peer.OverlayDue);
            }

            foreach (ReplicaSession session in _sessions.Values)
            {
                next = Instant.Earlier(next, session.NextTick);
            }

            return next;
        }
    }

    /// <summary>Acts on whatever is due; without anything due it does nothing.</summary>
    public void Tick(Instant now)
    {
        _now = now;
        if (_router.NextTick <= now)
        {
            _router.Tick(now);
        }

        foreach (ReplicaSession session in _sessions.Values.Where(session =>
            session.NextTick <= now).ToArray())
        {
            session.Initiator?.Tick(now);
            session.Responder?.Tick(now);
            Pump(session);
        }

        foreach (PendingRecord record in _pending.Expire(now))
        {
            _router.Resolve(record.MessageId, GossipVerdict.Ignore, now);
        }

        if (_quarantine.NextExpiry <= now)
        {
            Forget(_quarantine.Expire(now));
        }

        foreach ((PeerId peer, Instant since) in _unconfirmed)
        {
            if (now >= since + TimeSpan.FromMilliseconds(Limits.Mesh.UnconfirmedMilliseconds))
            {
                _unconfirmed.Remove(peer);
                _router.Disconnected(peer, now);
            }
        }

        TickGaps();
        TickPeers();
    }

    /// <summary>The next thing for the owner to do.</summary>
    public bool TryTakeOutput([NotNullWhen(true)] out ReplicaOutput? output)
    {
        while (_router.TryTakeOutput(out GossipOutput? gossip))
        {
            switch (gossip)
            {
                case GossipOutput.SendRpc send:
                    output = new ReplicaOutput.SendGossip(send.Peer, send.Rpc);
                    return true;
                case GossipOutput.Deliver deliver:
                    Delivered(deliver);
                    break;
                case GossipOutput.Misbehaved bad:
                    Misbehaved(bad.Peer, bad.Fault);
                    break;
            }
        }

        if (_outputs.TryDequeue(out output))
        {
            return true;
        }

        if (_jobs.Count > 0)
        {
            output = new ReplicaOutput.Verify(_jobs);
            _jobs = [];
            return true;
        }

        if (_toPersist.Count > 0)
        {
            long batch = ++_lastNumber;
            _batches.Add(batch, _toPersist);
            output = new ReplicaOutput.Persist(batch, _toPersist);
            _toPersist = [];
            return true;
        }

        return false;
    }

    /// <summary>A peer is connected, or says that it speaks other protocols than it said before.</summary>
    /// <param name="peer">Who.</param>
    /// <param name="syncs">Whether it speaks the sync protocol.</param>
    /// <param name="now">The time.</param>
    public void PeerUp(PeerId peer, bool syncs, Instant now)
    {
        _now = now;
        _unconfirmed.Remove(peer);
        if (!_peers.TryGetValue(peer, out ReplicaPeer? state))
        {
            state = new ReplicaPeer(peer, now) { Interval = _options.SyncInterval };
            _peers.Add(peer, state);
        }

        if (syncs && !state.Syncs)
        {
            state.NextSync = now;
        }

        state.Syncs = syncs;
        TickPeers();
    }

    /// <summary>The connection to a peer is gone, and every stream with it.</summary>
    public void PeerDown(PeerId peer, Instant now)
    {
        _now = now;
        _unconfirmed.Remove(peer);
        _router.Disconnected(peer, now);
        if (_peers.Remove(peer, out ReplicaPeer? state))
        {
            foreach (ReplicaSession session in _sessions.Values.Where(s => s.Peer == state).ToArray())
            {
                _sessions.Remove(session.Id);
            }
        }
    }

    /// <summary>A gossip stream to a peer is open for writing. Passed over where the peer is gone
    /// meanwhile.</summary>
    /// <param name="peer">Who.</param>
    /// <param name="protocol">The protocol agreed on.</param>
    /// <param name="outbound">Whether this node dialled.</param>
    /// <param name="now">The time.</param>
    public void GossipOpened(PeerId peer, string protocol, bool outbound, Instant now)
    {
        _now = now;
        if (_peers.ContainsKey(peer))
        {
            _router.Connected(peer, protocol, outbound, now);
        }
    }

    /// <summary>A peer sent a gossip RPC, without its length. It may come shortly before
    /// <see cref="PeerUp"/>.</summary>
    public void ReceiveGossip(PeerId peer, ReadOnlySpan<byte> rpc, Instant now)
    {
        _now = now;
        if (!_peers.ContainsKey(peer) && !_unconfirmed.ContainsKey(peer))
        {
            if (_unconfirmed.Count >= Limits.Mesh.UnconfirmedPeers)
            {
                return;
            }

            _unconfirmed.Add(peer, now);
        }

        _router.Receive(peer, rpc, now);
    }

    /// <summary>The stream of a peer took the oldest RPC that was handed out for it.</summary>
    public void GossipWritten(PeerId peer, Instant now)
    {
        _now = now;
        _router.Written(peer);
    }

    private void Misbehaved(PeerId peer, Fault fault)
    {
        if (!_peers.TryGetValue(peer, out ReplicaPeer? state))
        {
            return;
        }

        state.LastFault = fault;
        if (_now >= state.FaultsUntil)
        {
            state.Faults = 0;
            state.FaultsUntil = _now + TimeSpan.FromHours(1);
        }

        if (fault.Scope == FaultScope.Connection || ++state.Faults > Limits.Mesh.PeerFaults)
        {
            Drop(state, fault);
        }
    }

    private void Drop(ReplicaPeer peer, Fault fault)
    {
        peer.LastFault = fault;
        Instant until = _now + TimeSpan.FromMilliseconds(Limits.Sync.DropMilliseconds);
        _outputs.Enqueue(new ReplicaOutput.DropPeer(peer.Id, fault, until));
        PeerDown(peer.Id, _now);
    }

    private void Forget(IReadOnlyList<QuarantineEntry> entries)
    {
        if (entries.Count > 0)
        {
            _outputs.Enqueue(new ReplicaOutput.Forget([.. entries.Select(entry => entry.Id)]));
        }
    }
}

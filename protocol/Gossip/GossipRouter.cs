using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Gossip;

/// <summary>A GossipSub 1.1 router with 1.2's IDONTWANT, as a state machine: the owner moves bytes and time,
/// and validates messages. Not safe for use from two threads at once. Drain <see cref="TryTakeOutput"/> after
/// each call, or after several: what is queued for a peer meanwhile goes out in one RPC.
/// Source: libp2p/specs, gossipsub 1.0 to 1.2; <c>specs/gossip.md</c>.</summary>
public sealed partial class GossipRouter
{
    private readonly GossipParameters _parameters;
    private readonly SeededRandom _random;
    private readonly DigestComparer _comparer;
    private readonly Dictionary<PeerId, PeerState> _peers = [];
    private readonly List<TopicState> _topics = [];
    private readonly Dictionary<Digest, GossipMessage> _pending;
    private readonly MessageCache _cache;
    private readonly HashSet<Digest> _asked;
    private readonly List<Promise> _promises = [];
    private readonly Queue<GossipOutput> _events = new();
    private readonly Queue<PeerState> _ready = new();
    private readonly Rpc _rpc = new();
    private readonly RpcWriter _writer = new();
    private readonly List<PeerState> _candidates = [];
    private readonly List<Digest> _ids = [];
    private long _pendingBytes;
    private long _window;
    private ulong _sequence;
    private Instant? _nextHeartbeat;

    /// <summary>A router without peers and topics.</summary>
    /// <param name="parameters">The numbers that a node may choose.</param>
    /// <param name="seed">Seeds the choice of peers, and keys its hash tables against chosen ids.</param>
    public GossipRouter(GossipParameters parameters, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = parameters;
        _random = new SeededRandom(seed);
        _comparer = new DigestComparer(_random.NextUInt64());
        _pending = new Dictionary<Digest, GossipMessage>(_comparer);
        _cache = new MessageCache(parameters.CacheWindows, _comparer);
        _asked = new HashSet<Digest>(_comparer);
        _sequence = parameters.FirstSequence;
    }

    /// <summary>A message that a peer offered, was asked for, and has to send in time.</summary>
    private readonly record struct Promise(PeerState Peer, TopicState Topic, Digest Id, Instant Deadline);

    /// <summary>What it did so far.</summary>
    public GossipCounters Counters { get; } = new();

    /// <summary>Messages delivered and not yet resolved.</summary>
    public int Pending => _pending.Count;

    /// <summary>Whether half of what may wait for a verdict does. An owner that reads no more of its
    /// streams until it is false again loses none.</summary>
    public bool IsBehind => _pending.Count > Limits.Gossip.PendingMessages / 2
        || _pendingBytes > Limits.Gossip.PendingBytes / 2;

    /// <summary>When <see cref="Tick"/> has work; null before the first peer or topic.</summary>
    public Instant? NextTick => _nextHeartbeat;

    /// <summary>A gossip stream to a peer is open for writing, for the first time or again. Announces all
    /// topics.</summary>
    /// <param name="peer">Who.</param>
    /// <param name="protocol">The protocol that was negotiated, one of <see
    /// cref="GossipProtocols.All"/>.</param>
    /// <param name="outbound">Whether this node dialled the connection.</param>
    /// <param name="now">The time.</param>
    /// <returns>False where the router holds <see cref="Limits.Gossip.Peers"/> others: the peer is left
    /// out.</returns>
    public bool Connected(PeerId peer, string protocol, bool outbound, Instant now)
    {
        if (!TryGetOrAdd(peer, now, out PeerState? state))
        {
            return false;
        }

        state.Open(protocol, outbound);
        foreach (TopicState topic in _topics)
        {
            if (!state.Meshes)
            {
                topic.Mesh.Remove(state);
            }

            if (topic.Subscribed)
            {
                state.Queue.Subscription(topic, subscribe: true);
                MarkReady(state);
            }
        }

        return true;
    }

    /// <summary>The connection to a peer is gone, whether a stream to it was open or not. Its backoffs
    /// stay.</summary>
    public void Disconnected(PeerId peer, Instant now)
    {
        StartClock(now);
        if (!_peers.Remove(peer, out PeerState? state))
        {
            return;
        }

        state.Queue.Clear();
        _promises.RemoveAll(promise => promise.Peer == state);
        foreach (TopicState topic in _topics)
        {
            topic.Forget(state);
        }
    }

    /// <summary>Joins a topic: tells all peers and grafts those that may be grafted.</summary>
    public void Subscribe(string topic, Instant now)
    {
        StartClock(now);
        TopicState state = GetOrAddTopic(topic);
        if (state.Subscribed)
        {
            return;
        }

        state.Subscribed = true;
        AnnounceAll(state);
        foreach (PeerState peer in state.Fanout.Where(peer => !state.Backoffs.Holds(peer.Id, now)))
        {
            Graft(state, peer);
        }

        state.Fanout.Clear();
        FillMesh(state, _parameters.Degree, outboundOnly: false, now);
    }

    /// <summary>Leaves a topic: prunes its mesh and tells all peers.</summary>
    public void Unsubscribe(string topic, Instant now)
    {
        StartClock(now);
        TopicState state = GetOrAddTopic(topic);
        if (!state.Subscribed)
        {
            return;
        }

        state.Subscribed = false;
        AnnounceAll(state);
        foreach (PeerState peer in state.Mesh.ToArray())
        {
            PruneFromMesh(state, peer, _parameters.UnsubscribeBackoff, now);
        }
    }

    /// <summary>Peers of the mesh of a topic.</summary>
    public IReadOnlyList<PeerId> MeshOf(string topic) => IdsOf(FindTopic(topic)?.Mesh);

    /// <summary>Connected peers that subscribed to a topic.</summary>
    public IReadOnlyList<PeerId> PeersOf(string topic) => IdsOf(FindTopic(topic)?.Peers);

    /// <summary>Whether everybody who would get an own message of a topic has a queue that is half full: a
    /// bulk import that waits loses none. One slow peer does not hold it up.</summary>
    public bool IsCongested(string topic)
    {
        List<PeerState>? peers = FindTopic(topic)?.Peers;
        return peers is { Count: > 0 } && peers.TrueForAll(peer => peer.Queue.IsHalfFull);
    }

    /// <summary>The stream of a peer took the oldest RPC that was handed out for it.</summary>
    public void Written(PeerId peer)
    {
        if (_peers.TryGetValue(peer, out PeerState? state))
        {
            state.Queue.InFlight = Math.Max(0, state.Queue.InFlight - 1);
            MarkReady(state);
        }
    }

    /// <summary>Takes the next thing to do: RPCs first, so that an IDONTWANT leaves before its message is
    /// validated.</summary>
    public bool TryTakeOutput([NotNullWhen(true)] out GossipOutput? output)
    {
        while (_ready.TryDequeue(out PeerState? peer))
        {
            peer.Ready = false;
            if (!peer.Writable || peer.Queue.InFlight >= _parameters.InFlight || !_peers.ContainsKey(peer.Id))
            {
                continue;
            }

            byte[]? rpc = peer.Queue.Pack(_writer, _parameters.PackBytes, peer.DontWant, out int suppressed);
            Counters.Suppressed += suppressed;
            if (rpc is null)
            {
                continue;
            }

            peer.Queue.InFlight++;
            MarkReady(peer);
            output = new GossipOutput.SendRpc(peer.Id, rpc);
            return true;
        }

        return _events.TryDequeue(out output);
    }

    private bool TryGetOrAdd(PeerId id, Instant now, [NotNullWhen(true)] out PeerState? peer)
    {
        StartClock(now);
        if (_peers.TryGetValue(id, out peer))
        {
            return true;
        }

        if (_peers.Count >= Limits.Gossip.Peers)
        {
            return false;
        }

        peer = new PeerState(id, _comparer);
        _peers.Add(id, peer);
        return true;
    }

    private TopicState GetOrAddTopic(string name)
    {
        TopicState? topic = FindTopic(name);
        if (topic is null)
        {
            topic = new TopicState(name, _comparer);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(topic.Utf8.Length, Limits.Gossip.TopicBytes);
            topic.Peers.AddRange(_peers.Values.Where(peer => peer.Topics.Contains(name)));
            _topics.Add(topic);
        }

        return topic;
    }

    private TopicState? FindTopic(string name) => _topics.Find(topic => topic.Name == name);

    private static PeerId[] IdsOf(List<PeerState>? peers) =>
        peers is null ? [] : [.. peers.Select(peer => peer.Id)];

    private void AnnounceAll(TopicState topic)
    {
        foreach (PeerState peer in _peers.Values.Where(peer => peer.Writable))
        {
            peer.Queue.Subscription(topic, topic.Subscribed);
            MarkReady(peer);
        }
    }

    private void MarkReady(PeerState peer)
    {
        if (!peer.Ready && peer.Writable && !peer.Queue.IsEmpty && peer.Queue.InFlight < _parameters.InFlight)
        {
            peer.Ready = true;
            _ready.Enqueue(peer);
        }
    }

    private void Blame(PeerState peer, Fault fault) =>
        _events.Enqueue(new GossipOutput.Misbehaved(peer.Id, fault));
}

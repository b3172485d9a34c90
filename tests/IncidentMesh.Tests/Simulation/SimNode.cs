using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Policy;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Tests.Simulation;

/// <summary>A node of a simulation: a replica, a disk that outlives it, and an author.</summary>
internal sealed class SimNode : IRecordSource
{
    private readonly Action<TrustPolicy> _lists;
    private readonly SeededRandom _random;

    // The disk: what was made durable, in order.
    private readonly List<PersistItem> _log = [];
    private readonly Dictionary<Digest, PersistItem> _records = [];
    private readonly Dictionary<Digest, PersistItem> _held = [];

    public SimNode(int number, SeededRandom random, SimAuthor author, Action<TrustPolicy> lists)
    {
        Number = number;
        Author = author;
        _random = random;
        _lists = lists;
        Span<byte> seed = stackalloc byte[32];
        random.Fill(seed);
        using SigningKey host = SigningKey.FromSeed(seed);
        Peer = PeerId.Of(host.Public);
        Replica = NewReplica();
    }

    public int Number { get; }

    public PeerId Peer { get; }

    public SimAuthor Author { get; }

    public Replica Replica { get; private set; }

    /// <summary>Grows with each restart: what was under way for an earlier life is void.</summary>
    public int Life { get; private set; }

    public bool Up { get; private set; } = true;

    /// <summary>Records whose submission was acknowledged.</summary>
    public HashSet<Digest> Acknowledged { get; } = [];

    public List<(PeerId Peer, SyncStatistics Statistics)> Sessions { get; } = [];

    public Dictionary<long, Digest> Tokens { get; } = [];

    public IEnumerable<Digest> OnDisk => _records.Keys;

    public void Persist(IReadOnlyList<PersistItem> items)
    {
        foreach (PersistItem item in items)
        {
            _log.Add(item);
            if (item.Kind == PersistKind.Record)
            {
                _records[item.Id] = item;
            }
            else if (item.Kind == PersistKind.QuarantinedRecord)
            {
                _held[item.Id] = item;
            }
        }
    }

    public void Forget(IReadOnlyList<Digest> ids)
    {
        foreach (Digest id in ids)
        {
            _held.Remove(id);
        }
    }

    public void Crash()
    {
        Up = false;
        Life++;
    }

    /// <summary>Starts again with nothing but the disk.</summary>
    public void Restart(Instant now)
    {
        Up = true;
        Replica = NewReplica();
        foreach (PersistItem item in _log)
        {
            switch (item.Kind)
            {
                case PersistKind.IdentityEvent or PersistKind.QuarantinedEvent:
                    IdentityEvent.TryRead(item.Envelope, out IdentityEvent? known, out _);
                    Replica.RestoreEvent(known!, item.Kind == PersistKind.QuarantinedEvent);
                    break;
                case PersistKind.Record:
                    Record.TryRead(item.Envelope, out Record? record, out _);
                    Replica.Restore(record!, item.Body);
                    break;
                case PersistKind.QuarantinedRecord when _held.ContainsKey(item.Id):
                    Record.TryRead(item.Envelope, out Record? held, out _);
                    Replica.RestoreQuarantined(held!, item.Received);
                    break;
            }
        }

        Replica.Start(now);
    }

    public bool TryReadEnvelope(Digest id, out ReadOnlyMemory<byte> envelope)
    {
        bool found = TryFind(id, out PersistItem? item);
        envelope = item?.Envelope ?? default;
        return found;
    }

    public bool TryReadBody(Digest id, out ReadOnlyMemory<byte> body)
    {
        bool found = TryFind(id, out PersistItem? item);
        body = item?.Body ?? default;
        return found;
    }

    private bool TryFind(Digest id, out PersistItem? item) =>
        _records.TryGetValue(id, out item) || _held.TryGetValue(id, out item);

    private Replica NewReplica()
    {
        var policy = new TrustPolicy();
        policy.AddOwn(Author.Id);
        _lists(policy);
        var options = new ReplicaOptions
        {
            Entropy = count =>
            {
                byte[] bytes = new byte[count];
                _random.Fill(bytes);
                return bytes;
            },
        };
        return new Replica(options, policy, this);
    }
}

using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Mesh;

/// <summary>A verified record that waits for the identity event that its header names.</summary>
internal sealed record PendingRecord(
    PeerId Peer, Record Record, ReadOnlyMemory<byte> Body, Digest MessageId, Cid Missing, Instant Until)
{
    public int Bytes => Record.Envelope.Length + Body.Length;
}

/// <summary>Records that came before the identity event that they need: few, small in all, and for a minute.
/// <c>specs/mesh.md</c>, "Pending".</summary>
internal sealed class PendingPool
{
    private readonly LinkedList<PendingRecord> _records = [];
    private readonly Dictionary<PeerId, int> _perPeer = [];

    public int Count => _records.Count;

    /// <summary>All records, oldest first.</summary>
    public IEnumerable<PendingRecord> All => _records;

    public long Bytes { get; private set; }

    /// <summary>When <see cref="Expire"/> next has work.</summary>
    public Instant? NextTick => _records.First?.Value.Until;

    /// <summary>False where the peer, or all together, have as many waiting as may.</summary>
    public bool TryAdd(PendingRecord record)
    {
        int ofPeer = _perPeer.GetValueOrDefault(record.Peer);
        if (ofPeer >= Limits.Mesh.PendingPeerRecords || Count >= Limits.Mesh.PendingRecords
            || Bytes + record.Bytes > Limits.Mesh.PendingBytes)
        {
            return false;
        }

        _records.AddLast(record);
        _perPeer[record.Peer] = ofPeer + 1;
        Bytes += record.Bytes;
        return true;
    }

    /// <summary>Takes out the records that waited for an event.</summary>
    public IReadOnlyList<PendingRecord> Take(Cid found) => TakeWhere(record => record.Missing == found);

    /// <summary>Takes out the records whose time is over.</summary>
    public IReadOnlyList<PendingRecord> Expire(Instant now) => TakeWhere(record => record.Until <= now);

    private List<PendingRecord> TakeWhere(Func<PendingRecord, bool> wanted)
    {
        var taken = new List<PendingRecord>();
        for (LinkedListNode<PendingRecord>? node = _records.First; node is not null;)
        {
            LinkedListNode<PendingRecord>? next = node.Next;
            if (wanted(node.Value))
            {
                _records.Remove(node);
                taken.Add(node.Value);
                Bytes -= node.Value.Bytes;
                if (--_perPeer[node.Value.Peer] == 0)
                {
                    _perPeer.Remove(node.Value.Peer);
                }
            }

            node = next;
        }

        return taken;
    }
}

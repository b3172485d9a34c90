using System.Diagnostics;
using IncidentMesh.Node.Cluster;
using IncidentMesh.Node.Embed;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

// How reports that have a vector come into the clusters. The model comes first: as long as it has work, they
// wait, and are then compared many at a time, on all cores.
internal sealed partial class ReportIndex
{
    // Reports that wait for their clusters while the model works: more are not kept waiting for it.
    private const int MostUnjoined = 4_096;

    // Nobody else sees the clusters while so many are compared.
    private const int JoinsAtATime = 256;

    // Clustering anew for each of a stream of reports would take the cores from the model: it has one part in
    // so many of the time, and waits at least this long.
    private const int SettleShare = 30;
    private static readonly TimeSpan SettlePause = TimeSpan.FromMilliseconds(500);

    private readonly Queue<Digest> _unjoined = new();
    private readonly HashSet<Digest> _joined = [];
    private long _settledAt;
    private TimeSpan _settling;

    private void EnqueueMissing()
    {
        if (_vectors is null || _clusters is null)
        {
            return;
        }

        foreach (RecordRow row in Rows(r => RecordTypes.IsReport(r.Type) || r.Type == RecordTypes.Correction))
        {
            if (_clusters.Contains(row.Id))
            {
                continue;
            }

            if (_vectors.Contains(row.Id))
            {
                SetWaiting(row.Id, true);
                _unjoined.Enqueue(row.Id);
            }
            else if (Read(row.Id) is { } stored
                && ReportReader.ReportOf(row.Type, stored.Map) is { } report)
            {
                Enqueue(row.Id, row.Created, report);
            }
        }
    }

    private void Embedded(EmbeddedText text)
    {
        if (_vectors is null || text.Graph != _vectors.Graph
            || !_mesh.Columns.TryFind(text.Id, out RecordRow row)
            || (row.Flags & (Hidden | RowFlags.Erased | RowFlags.BodyMissing)) != 0)
        {
            SetWaiting(text.Id, false);
            return;
        }

        _vectors.Add(text.Id, text.Graph, text.Vector);
        _unjoined.Enqueue(text.Id);
    }

    private bool JoinsAreDue => _unjoined.Count >= MostUnjoined
        || (_unjoined.Count > 0 && _held.Count == 0 && Queue.Waiting == 0);

    // What else is to be taken in does not wait for long.
    private void JoinDue()
    {
        for (bool first = true; JoinsAreDue && (first || _work.Reader.Count == 0); first = false)
        {
            JoinSome();
        }
    }

    private void JoinAll()
    {
        while (_unjoined.Count > 0)
        {
            JoinSome();
        }
    }

    private void JoinSome()
    {
        HashSet<Digest> taken = [];
        while (taken.Count < JoinsAtATime && _unjoined.TryDequeue(out Digest id))
        {
            taken.Add(id);
        }

        ClusterItem[] items = [.. taken.Select(ItemOf).OfType<ClusterItem>()];
        lock (_clusterGate)
        {
            _clusters!.AddRange(items);
        }

        _unsaved += items.Length;
        _joined.UnionWith(items.Select(item => item.Id));
        foreach (Digest id in taken)
        {
            SetWaiting(id, false);
        }
    }

    private ClusterItem? ItemOf(Digest id) =>
        _mesh.Columns.TryFind(id, out RecordRow row) && (row.Flags & NotCurrent) == 0
        && _vectors!.Get(id) is { } vector && Read(id) is { } stored
        && ReportReader.ReportOf(row.Type, stored.Map) is { } report
            ? ItemOf(stored.Record, stored.Map, report, vector) : null;

    // Tells the text index of the clusters of those that joined since the last time.
    private void MarkJoined(bool now)
    {
        TimeSpan pause = _settling * SettleShare;
        pause = pause > SettlePause ? pause : SettlePause;
        if (_joined.Count == 0 || (!now && Stopwatch.GetElapsedTime(_settledAt) < pause))
        {
            return;
        }

        long started = Stopwatch.GetTimestamp();
        Dictionary<Digest, EventShare> changed = [];
        lock (_clusterGate)
        {
            foreach (Digest id in _joined.Where(_clusters!.Contains))
            {
                IReadOnlyList<Digest> members = _clusters.Members(id);
                if (members.Count > 1 && !changed.ContainsKey(id))
                {
                    EventShare share = ShareOf(_clusters, id);
                    foreach (Digest member in members)
                    {
                        changed[member] = share;
                    }
                }
            }
        }

        _joined.Clear();
        foreach ((Digest member, EventShare share) in changed)
        {
            Mark(member, share);
        }

        _settledAt = Stopwatch.GetTimestamp();
        _settling = Stopwatch.GetElapsedTime(started, _settledAt);
    }
}

using System.Diagnostics;
using System.Globalization;
using IncidentMesh.Node.Cluster;
using IncidentMesh.Node.Embed;
using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Policy;
using IncidentMesh.Node.Search;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace IncidentMesh.Node.Serve;

// How each change reaches each index.
internal sealed partial class ReportIndex
{
    private const RowFlags Hidden = RowFlags.Dropped | RowFlags.Quarantined;
    private const RowFlags NotCurrent = Hidden | RowFlags.Superseded | RowFlags.Retracted | RowFlags.Erased
        | RowFlags.BodyMissing;

    // Who the authors are is known before the first answer.
    private void ReadProfiles()
    {
        foreach (RecordRow row in Rows(r => r.Type == RecordTypes.Profile))
        {
            Feed(row);
        }
    }

    // Rows that the text index has not seen, and the statuses of all, which it keeps in memory alone.
    private void CatchUp()
    {
        int from = int.TryParse(_position, NumberStyles.None, CultureInfo.InvariantCulture, out int fed)
            ? fed : 0;
        int rows = _mesh.Columns.Count;
        if (from > rows)
        {
            DropLost();
        }

        for (int row = 0; row < rows; row++)
        {
            RecordRow at = _mesh.Columns[row];
            if ((at.Flags & Hidden) != 0 || !_authors.Admits(at))
            {
                if (_text.Contains(at.Id))
                {
                    Drop(at.Id);
                }

                continue;
            }

            bool isReport = RecordTypes.IsReport(at.Type) || at.Type == RecordTypes.Correction;
            if (isReport && (row >= from || !_text.Contains(at.Id)))
            {
                Feed(at);
            }
            else if (isReport)
            {
                Mark(at.Id);
            }
        }

        _fed = rows;
    }

    // The log lost its tail after the index had taken it in: what is not in the log is not found either.
    private void DropLost()
    {
        foreach (Digest id in _text.Ids().Where(id => !_mesh.Columns.TryFind(id, out _)))
        {
            Drop(id);
        }
    }

    private void Feed(RecordRow row)
    {
        if (Read(row.Id) is not { } stored)
        {
            return;
        }

        if (TypedBody.Read(row.Type, stored.Map) is ProfileBody profile)
        {
            _authors.SetProfile(stored.Record.Header.Author, profile);
        }

        if (ReportReader.ReportOf(row.Type, stored.Map) is not null)
        {
            _text.Put(ReportDocument.Of(stored.Record, stored.Map, row.Received.Milliseconds));
            _dirty++;
            Mark(row.Id);
        }
    }

    private void Admit(MeshChange.Admitted admitted)
    {
        Record record = admitted.Record;
        _authors.SetStanding(record.Header.Author, admitted.Standing);
        if (_mesh.Columns.TryFind(record.Id.Digest, out RecordRow row) && row.Row >= _fed)
        {
            _fed = row.Row + 1;
        }

        IpldMap? map = ReportReader.ReadMap(record, admitted.Body);
        TypedBody? body = map is null ? null : TypedBody.Read(record.Header.Type, map);
        switch (body)
        {
            case ProfileBody profile:
                _authors.SetProfile(record.Header.Author, profile);
                break;
            case LinkBody link:
                AddLink(record, link, admitted.Standing);
                break;
            case AttestationBody attestation:
                AddAttestation(record, attestation);
                break;
        }

        ReportBody? report = map is null ? null : ReportReader.ReportOf(record.Header.Type, map);
        if (report is not null)
        {
            _text.Put(ReportDocument.Of(record, map!, row.Received.Milliseconds));
            _dirty++;
        }

        foreach (Relation relation in record.Header.Relations)
        {
            Restate(relation.To.Digest);
        }

        if (report is not null)
        {
            Restate(record.Id.Digest);
            Enqueue(record.Id.Digest, record.Header.Created, report);
        }

        Indexed?.Invoke(record);
    }

    // A correction or a retraction changes what stands of all versions of a report; what people said of one
    // of them holds for the current one.
    private void Restate(Digest id)
    {
        IReadOnlyList<RecordRow> versions = _mesh.Columns.Versions(id);
        foreach (RecordRow version in versions)
        {
            Mark(version.Id);
            if ((version.Flags & NotCurrent) != 0)
            {
                Uncluster(version.Id);
                RemoveAttestation(version.Id);
                RemoveLink(version.Id);
            }

            if (version.Id != versions[^1].Id)
            {
                lock (_clusterGate)
                {
                    _clusters?.Carry(version.Id, versions[^1].Id);
                }
            }
        }
    }

    private void Enqueue(Digest id, long created, ReportBody report)
    {
        if (!_mesh.Columns.TryFind(id, out RecordRow row) || (row.Flags & NotCurrent) != 0
            || (_vectors is not null && _vectors.Contains(id) && _clusters!.Contains(id)))
        {
            return;
        }

        // Counted before the model is there, so that "nothing waits" is never said too early.
        SetWaiting(id, true);
        if (_clusters is not null)
        {
            string text = ClusterItem.EmbeddedText(report.Title ?? "", report.Description ?? "");
            _heldSince = _held.Count == 0 ? Stopwatch.GetTimestamp() : _heldSince;
            _held.Add(new EmbeddingJob(id, text, created));
        }
    }

    // The model is loaded, or another took its place: what has a vector joins the clusters, the rest waits
    // for one.
    private void StartClusters(Digest graph)
    {
        _vectors?.Dispose();
        _vectors = VectorIndex.Open(_folder, graph);
        lock (_clusterGate)
        {
            _clusters = ClusterEngine.Load(ModelFolder.Shipped, graph);
        }

        foreach (RecordRow row in Rows(r => r.Type == RecordTypes.Link))
        {
            if (Read(row.Id) is { } stored && TypedBody.Read(row.Type, stored.Map) is LinkBody link)
            {
                AddLink(stored.Record, link, _authors.Of(stored.Record.Header.Author).Standing);
            }
        }

        AttestAll();
        _waiting.Clear();
        _unjoined.Clear();
        RecallPairs();
        EnqueueMissing();
        _log.LogInformation("clusters start with {Count} reports", _clusters.Count);
    }

    private void SetWaiting(Digest id, bool waits)
    {
        _ = waits ? _waiting.Add(id) : _waiting.Remove(id);
        Volatile.Write(ref _waitingCount, _waiting.Count);
    }

    private void Uncluster(Digest id)
    {
        SetWaiting(id, false);
        IReadOnlyList<Digest> members = [];
        lock (_clusterGate)
        {
            if (_clusters?.Contains(id) == true)
            {
                members = _clusters.Members(id);
                _clusters.Remove(id);
                _unsaved++;
            }
        }

        foreach (Digest member in members)
        {
            Mark(member);
        }
    }

    /// <summary>What people say of a report, also before it has a vector.</summary>
    public IReadOnlyList<ClusterLink> Claims(Digest id) =>
    [
        .. _mesh.Columns.Versions(id).SelectMany(version => _mesh.Columns.Naming(version.Id))
            .Where(row => row.Type == RecordTypes.Link && (row.Flags & NotCurrent) == 0)
            .DistinctBy(row => row.Id).Select(row => Read(row.Id) is { } stored
                && TypedBody.Read(row.Type, stored.Map) is LinkBody link
                    ? LinkOf(stored.Record, link, _authors.Of(stored.Record.Header.Author).Standing) : null)
            .OfType<ClusterLink>(),
    ];

    private void AddLink(Record record, LinkBody body, Standing standing)
    {
        if (LinkOf(record, body, standing) is { } link)
        {
            lock (_clusterGate)
            {
                _clusters?.AddLink(link);
            }
        }
    }

    private ClusterLink? LinkOf(Record record, LinkBody body, Standing standing)
    {
        Cid[] ends = [.. record.Header.Relations.Where(r => r.How == Relation.Links).Select(r => r.To)];
        bool own = record.Header.Author == _authors.Self;
        bool judges = body.Kind is "same-event" or "duplicate" or "not-same-event";
        return ends.Length != 2 || !judges || (!own && standing != Standing.Trusted) ? null
            : new ClusterLink(
                record.Id.Digest, _mesh.Columns.CurrentOf(ends[0].Digest),
                _mesh.Columns.CurrentOf(ends[1].Digest), body.Kind != "not-same-event",
                record.Header.Author.Digest, record.Header.Created, own);
    }

    private void RemoveLink(Digest id)
    {
        lock (_clusterGate)
        {
            _clusters?.RemoveLink(id);
        }
    }

    private void Drop(Digest id)
    {
        _text.Remove(id);
        _dirty++;
        Queue.Cancel(id);
        RemoveAttestation(id);
        _held.RemoveAll(job => job.Id == id);
        RemoveLink(id);
        Uncluster(id);
    }

    private void Mark(Digest id) => Mark(id, WithClusters(c => ShareOf(c, id)));

    private void Mark(Digest id, EventShare share)
    {
        if (_mesh.Columns.TryFind(id, out RecordRow row))
        {
            _text.Mark(id, StatusOf(row, share));
        }
    }

    private static EventShare ShareOf(ClusterEngine clusters, Digest id) =>
        !clusters.Contains(id) ? new EventShare(null, 1)
        : new EventShare(
            clusters.Members(id).Count > 1 ? clusters.ClusterOf(id) : null, clusters.Independent(id));

    private ReportStatus StatusOf(RecordRow row, EventShare share)
    {
        ReportState state = row.Flags switch
        {
            _ when row.Flags.HasFlag(RowFlags.Quarantined) => ReportState.Quarantined,
            _ when row.Flags.HasFlag(RowFlags.Erased) => ReportState.Erased,
            _ when row.Flags.HasFlag(RowFlags.Superseded) => ReportState.Superseded,
            _ when row.Flags.HasFlag(RowFlags.Retracted) => ReportState.Retracted,
            _ when row.Flags.HasFlag(RowFlags.Corrects) => ReportState.Corrected,
            _ => ReportState.Current,
        };
        ReportMarks marks = row.Author == _authors.Self.Digest ? ReportMarks.Mine : ReportMarks.None;
        marks |= row.Flags.HasFlag(RowFlags.Disputed) ? ReportMarks.Disputed : ReportMarks.None;
        marks |= _authors.HasRead(row) ? ReportMarks.Read : ReportMarks.None;
        marks |= row.Flags.HasFlag(RowFlags.Bookmarked) ? ReportMarks.Bookmarked : ReportMarks.None;
        return new ReportStatus(state, marks, Math.Max(1, share.Sources), share.Cluster);
    }

    private IEnumerable<RecordRow> Rows(Func<RecordRow, bool> wanted)
    {
        for (int row = 0; row < _mesh.Columns.Count; row++)
        {
            RecordRow at = _mesh.Columns[row];
            if ((at.Flags & NotCurrent) == 0 && _authors.Admits(at) && wanted(at))
            {
                yield return at;
            }
        }
    }

    private (Record Record, IpldMap Map)? Read(Digest id) =>
        _mesh.Find(id) is { } frame && Record.TryRead(frame.Head, out Record? record, out _)
        && ReportReader.ReadMap(record, frame.Body) is { } map
            ? (record, map) : null;

    // What a report shares with those of the same event.
    private readonly record struct EventShare(Digest? Cluster, int Sources);
}

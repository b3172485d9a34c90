using System.Text.Json;
using IncidentMesh.Node.Cluster;
using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

/// <summary>Makes what the API shows of records out of what is stored.</summary>
internal sealed partial class ReportViews(MeshLoop mesh, AuthorBook authors, ReportIndex index)
{
    /// <summary>A record as it is stored.</summary>
    internal sealed record Stored(RecordRow Row, Record Record, IpldMap? Map, LogFrame Frame)
    {
        /// <summary>The report it tells, or null.</summary>
        public ReportBody? Report => Map is null ? null : ReportReader.ReportOf(Record.Header.Type, Map);
    }

    /// <summary>Reads a stored record, or null.</summary>
    public Stored? Read(Digest id)
    {
        if (mesh.Find(id) is not { } frame || !Record.TryRead(frame.Head, out Record? record, out _))
        {
            return null;
        }

        IpldMap? map = ReportReader.ReadMap(record, frame.Body);
        RecordRow row = mesh.Columns.TryFind(id, out RecordRow known)
            ? known
            : HeldBack(ReportReader.RowOf(record, map, frame.Received, frame.Position));
        return new Stored(row, record, map, frame);
    }

    /// <summary>What lists show.</summary>
    public ReportItem Item(Stored stored, double? score = null)
    {
        RecordHeader header = stored.Record.Header;
        ReportBody? report = stored.Report;
        return new ReportItem
        {
            Id = stored.Record.Id.ToString(),
            Short = stored.Record.Id.Short,
            Type = report?.Type ?? header.Type,
            Author = authors.View(header.Author),
            Created = DateTimeOffset.FromUnixTimeSeconds(Math.Min(header.Created, MostSeconds)),
            Received = DateTimeOffset.FromUnixTimeMilliseconds(stored.Row.Received.Milliseconds),
            Tlp = "CLEAR",
            Lang = header.Language,
            Title = report?.Title ?? $"({header.Type})",
            Severity = report?.Severity is { } s ? new SeverityView(s.Value, s.Scheme, s.Raw) : null,
            Harm = report?.HarmTypes ?? [],
            Countries = report?.Countries ?? [],
            Models = report is null ? [] : [.. ReportReader.ModelsOf(report).Select(m => m.Purl ?? m.Name)],
            State = StateOf(stored.Row.Flags),
            ExternalIds = report is null ? [] : [.. report.ExternalIds.Select(e => e.ToString())],
            Occurred = report?.Occurred?.Start,
            Cluster = ClusterOf(stored.Row.Id),
            Disputed = stored.Row.Flags.HasFlag(RowFlags.Disputed),
            Read = authors.HasRead(stored.Row),
            Bookmarked = stored.Row.Flags.HasFlag(RowFlags.Bookmarked),
            Verified = new VerifiedView(true, stored.Map is not null, 0),
            Score = score,
        };
    }

    /// <summary>Everything about a record, checked now.</summary>
    public async Task<ReportView> ViewAsync(Stored stored, bool raw)
    {
        (RecordVerification verification, int missing) = await VerifyAsync(stored);
        ReportItem item = Item(stored);
        VerifiedView verified = new(Holds(verification, "signature"), Holds(verification, "body"), missing);
        IReadOnlyList<VersionView> history = History(stored);
        return new ReportView
        {
            Report = item with { Verified = verified },
            Description = stored.Report?.Description,
            Body = stored.Map is null ? null : Json(stored),
            Checks = [.. verification.Checks.Select(c =>
                new CheckView(
                c.Name, c.State == CheckState.Ok, c.Why, c.State switch
                {
                    CheckState.Ok => "ok",
                    CheckState.Failed => "failed",
                    _ => "unknown",
                }))],
            Answers = [.. Answers(history.Select(v => v.Id))],
            History = history,
            Evidence = stored.Report is null ? [] : [.. stored.Report.Evidence.Select(EvidenceText)],
            Key = stored.Record.Header.Key.ToString(),
            Seq = stored.Record.Header.Seq,
            Envelope = raw ? Convert.ToBase64String(stored.Frame.Head.Span) : null,
            Corroboration = CorroborationOf(stored.Row.Id),
            RawBody = raw ? Convert.ToBase64String(stored.Frame.Body.Span) : null,
        };
    }

    /// <summary>Checks a stored record against what this node knows of its author.</summary>
    public async Task<(RecordVerification Verification, int Missing)> VerifyAsync(Stored stored) =>
        await mesh.AskAsync(r => (
            RecordVerification.Verify(stored.Frame.Head, stored.Frame.Body, r.Identities, id =>
                r.Holds(id.Digest)),
            r.MissingOf(stored.Record.Header.Key).Count));

    /// <summary>The cluster that a report belongs to, or null.</summary>
    public ClusterRef? ClusterOf(Digest id) =>
        index.WithClusters(c =>
        {
            if (!c.Contains(id))
            {
                return null;
            }

            (int reports, int told) = (c.Members(id).Count, c.Told(id));
            string cluster = new Cid(Codec.DagCbor, c.ClusterOf(id)!.Value).ToString();
            return new ClusterRef(cluster, reports, c.Independent(id), told == reports ? null : told);
        });

    /// <summary>A claim of people.</summary>
    public ClaimView Claim(ClusterLink link)
    {
        string? reason = Read(link.Id) is { Map: { } map }
            && TypedBody.Read(RecordTypes.Link, map) is LinkBody body
            ? body.Reason : null;
        Cid author = new(Codec.DagCbor, link.Author);
        return new ClaimView(
            Text(link.Id), Text(link.A), Text(link.B), link.Same ? "same-event" : "not-same-event",
            authors.View(author), DateTimeOffset.FromUnixTimeSeconds(link.Created), reason);
    }

    /// <summary>The CID of a record as text.</summary>
    public static string Text(Digest id) => new Cid(Codec.DagCbor, id).ToString();

    // What is in quarantine has no row of its own.
    private static RecordRow HeldBack(RowFields f) => new(
        -1, f.Id, f.Author, f.Key, f.Type, f.Created, f.Received, f.Position, f.Seq, f.ContentHash,
        f.Severity, f.Verdict, f.Language, f.Countries ?? [], RowFlags.Quarantined);

    private const long MostSeconds = 253_402_300_799; // the last second of the year 9999

    private static bool Holds(RecordVerification verification, string name) =>
        verification.Checks.All(c => c.Name != name || c.State == CheckState.Ok);

    private static string StateOf(RowFlags flags) => flags switch
    {
        _ when flags.HasFlag(RowFlags.Quarantined) => "quarantined",
        _ when flags.HasFlag(RowFlags.Erased) => "erased",
        _ when flags.HasFlag(RowFlags.Superseded) => "superseded",
        _ when flags.HasFlag(RowFlags.Retracted) => "retracted",
        _ when flags.HasFlag(RowFlags.Corrects) => "corrected",
        _ => "current",
    };

    private static string EvidenceText(Evidence evidence) =>
        evidence.Url ?? evidence.ArchiveUrl
            ?? (evidence.Sha256 is { } hash ? $"sha256:{hash} {evidence.Name}".Trim()
            : "kept by the author, not shared");

    private static JsonElement Json(Stored stored)
    {
        ReportBody? report = stored.Report;
        string json = report is null
            ? BodyJson.Write(stored.Record.Header.Type, stored.Map!)
            : BodyJson.Write(report.Type, report.ToMap());
        return JsonDocument.Parse(json).RootElement;
    }

    /// <summary>What others attested of any of the versions of a report.</summary>
    public IEnumerable<AnswerView> Answers(IEnumerable<string> versions)
    {
        IEnumerable<Stored> found = versions
            .SelectMany(v => Cid.TryParse(v, out Cid id) ? mesh.Columns.Naming(id.Digest) : [])
            .Where(r => r.Type == RecordTypes.Attestation).DistinctBy(r => r.Id)
            .Select(r => Read(r.Id)).OfType<Stored>();
        foreach (Stored answer in found)
        {
            if (answer.Map is not null
                && TypedBody.Read(RecordTypes.Attestation, answer.Map) is AttestationBody body)
            {
                RecordHeader header = answer.Record.Header;
                yield return new AnswerView(
                    answer.Record.Id.ToString(), body.Verdict ?? "", body.Basis, body.Reason,
                    authors.View(header.Author), DateTimeOffset.FromUnixTimeSeconds(header.Created));
            }
        }
    }

    /// <summary>All versions of the same report by its author, oldest first, and what takes it
    /// back.</summary>
    public IReadOnlyList<VersionView> History(Stored stored)
    {
        Corrections corrections = new();
        HashSet<Digest> seen = [];
        Queue<Digest> open = new([stored.Row.Id]);
        Dictionary<Digest, Stored> versions = [];
        while (open.TryDequeue(out Digest id))
        {
            if (!seen.Add(id) || Read(id) is not { } one)
            {
                continue;
            }

            versions[id] = one;
            corrections.Add(one.Record.Id, one.Record.Header);
            foreach (Relation relation in one.Record.Header.Relations.Where(IsVersion))
            {
                open.Enqueue(relation.To.Digest);
            }

            foreach (RecordRow row in mesh.Columns.Naming(id).Where(r =>
                r.Type is RecordTypes.Correction or RecordTypes.Retraction
                && (r.Flags & (RowFlags.Quarantined | RowFlags.Dropped)) == 0))
            {
                open.Enqueue(row.Id);
            }
        }

        Cid author = stored.Record.Header.Author;
        Cid current = corrections.CurrentOf(stored.Record.Id, author);
        return
        [
            .. versions.Values.Where(v => v.Record.Header.Author == author)
                .OrderBy(v => v.Record.Header.Created).ThenBy(v => v.Record.Header.Seq)
                .Select(v => Version(v, v.Record.Id == current)),
        ];
    }

    private static bool IsVersion(Relation relation) =>
        relation.How is Relation.Supersedes or Relation.Retracts;

    private static VersionView Version(Stored stored, bool current)
    {
        TypedBody? body = stored.Map is null ? null : TypedBody.Read(stored.Record.Header.Type, stored.Map);
        (string kind, string? reason) = body switch
        {
            CorrectionBody correction => ("correction", correction.Reason),
            RetractionBody retraction => ("retraction", retraction.Reason),
            _ => ("original", null),
        };
        DateTimeOffset created = DateTimeOffset.FromUnixTimeSeconds(stored.Record.Header.Created);
        return new VersionView(stored.Record.Id.ToString(), kind, created, reason, current);
    }
}

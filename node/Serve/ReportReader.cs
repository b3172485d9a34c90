using System.Buffers.Binary;
using System.Globalization;
using IncidentMesh.Node.Cluster;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

/// <summary>What a record says, for each index that keeps a part of it: columns, text, clusters.</summary>
internal static class ReportReader
{
    /// <summary>Reads the columns' fields out of a frame of the log (<see cref="RowReader"/>).</summary>
    public static bool TryReadRow(LogFrame frame, out RowFields fields)
    {
        fields = default;
        if (frame.Kind != FrameKind.Record || !Record.TryRead(frame.Head, out Record? record, out _))
        {
            return false;
        }

        IpldMap? map = ReadMap(record, frame.Body);
        fields = RowOf(record, map, frame.Received, frame.Position);
        RowFlags missing = frame.BodyState == BodyState.Erased ? RowFlags.Erased
            : map is null ? RowFlags.BodyMissing : RowFlags.None;
        fields = fields with { Flags = missing };
        return true;
    }

    /// <summary>The columns' fields of a record.</summary>
    public static RowFields RowOf(Record record, IpldMap? map, Instant received, LogPosition position)
    {
        RecordHeader header = record.Header;
        ReportBody? report = map is null ? null : ReportOf(header.Type, map);
        return new RowFields
        {
            Id = record.Id.Digest,
            Author = header.Author.Digest,
            Key = header.Key,
            Type = header.Type,
            Created = header.Created,
            Received = received,
            Position = position,
            Seq = header.Seq,
            ContentHash = map is null ? 0 : ContentHash(map),
            Severity = report?.Severity?.Value,
            Verdict = Verdict(header.Type, map),
            Language = header.Language,
            Countries = report?.Countries,
            Links =
            [
                .. header.Previous.Select(p => new RowLink(RowLink.Previous, p.Digest)),
                .. header.Relations.Select(r => new RowLink(r.How, r.To.Digest)),
            ],
        };
    }

    /// <summary>The first 8 bytes of the hash of what a record says, without its salt: equal for two records
    /// that
    /// say the same.</summary>
    public static ulong ContentHash(IpldMap map)
    {
        ulong value = BinaryPrimitives.ReadUInt64BigEndian(RecordBody.ContentHash(map).ToArray());
        return value == 0 ? 1 : value;
    }

    /// <summary>The body as a map, or null where it cannot be had.</summary>
    public static IpldMap? ReadMap(Record record, ReadOnlyMemory<byte> body) =>
        body.Length > 0 && record.MatchesBody(body.Span, out _)
            && RecordBody.TryRead(body.Span, out IpldMap? map, out _)
            ? map : null;

    /// <summary>The report that a body tells: an incident, a model risk, or the corrected one of a
    /// correction.</summary>
    public static ReportBody? ReportOf(string type, IpldMap map) => TypedBody.Read(type, map) switch
    {
        ReportBody report => report,
        CorrectionBody correction => correction.Corrected() as ReportBody,
        _ => null,
    };

    /// <summary>What the clusters keep; the vector follows when the model is done.</summary>
    public static ClusterItem Item(
        Digest id, Cid author, string? language, ReportBody report, Digest? bodyHash) => new()
    {
        Id = id,
        Type = report.Type,
        Title = report.Title ?? "",
        Summary = report.Description ?? "",
        Author = author.Digest,
        Language = language,
        Date = Date(report.Occurred?.Start),
        Systems = [.. report.Systems.Select(s => s.Name), .. ModelsOf(report).Select(m => m.Name)],
        Developers = [.. report.Developers.Concat(report.Deployers).Select(p => p.Name).Distinct()],
        Countries = report.Countries,
        Urls = Urls(report),
        Hashes = [.. report.Evidence.Select(e => e.Sha256).OfType<Digest>()],
        ExternalIds = [.. report.ExternalIds.Select(e => e.ToString())],
        Measures = report is ModelRiskBody risk ? [.. risk.Evals.Select(e => e.Metric).OfType<string>()] : [],
        BodyHash = bodyHash,
    };

    /// <summary>What an attestation says of a report; null where it neither supports nor disputes it. One
    /// from a document that it does not name rests on the report itself.</summary>
    public static Testimony? Testimony(Record record, AttestationBody body, Digest report)
    {
        if (body.Verdict is not ("corroborate" or "dispute"))
        {
            return null;
        }

        string[] roots =
        [
            .. body.Evidence.Select(e => e.Sha256).OfType<Digest>().Select(EvidenceRoots.Hash),
            .. body.Evidence.Select(e => e.Url is null ? null : EvidenceRoots.Page(e.Url)).OfType<string>(),
        ];
        bool onReport = roots.Length == 0 && body.Basis == "document";
        return new Testimony(
            record.Id.Digest, record.Header.Author.Digest, body.Verdict == "corroborate",
            onReport ? [EvidenceRoots.Record(report)] : roots, record.Header.Created);
    }

    /// <summary>The models that a report names.</summary>
    public static IReadOnlyList<Model> ModelsOf(ReportBody report) =>
    [
        .. report.Systems.SelectMany(s => s.Models ?? []),
        .. report is ModelRiskBody risk ? risk.Models : [],
    ];

    /// <summary>The links of a report's evidence.</summary>
    public static IReadOnlyList<string> Urls(ReportBody report) =>
        [.. report.Evidence.SelectMany(e => new[] { e.Url, e.ArchiveUrl }).OfType<string>()];

    private static string? Verdict(string type, IpldMap? map) =>
        map is null ? null : TypedBody.Read(type, map) switch
    {
        AttestationBody attestation => attestation.Verdict,
        LinkBody link => link.Kind,
        _ => null,
    };

    private static DateOnly? Date(string? time) =>
        time is { Length: >= 10 } && DateOnly.TryParseExact(
            time[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)
            ? date : null;
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Node.Mesh;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

// Reports of other systems. A batch is signed in one step and on disk before the next is read.
internal sealed partial class LocalNode
{
    private const int BatchRows = 256;
    private const int ShownReasons = 20;

    /// <summary>How the reason begins why another author's record is left out.</summary>
    public const string NotTaken = "the record of";

    public async IAsyncEnumerable<ImportView> ImportAsync(
        ImportRequest request, [EnumeratorCancellation] CancellationToken stop)
    {
        if (!Path.Exists(request.Path))
        {
            throw ApiException.NotFound($"no such file: {request.Path}");
        }

        if (!Importer.TryOpen(
            request.Path, FormatOf(request), out IEnumerable<ImportRow>? rows, out _, out string? problem,
            request.MapFile))
        {
            throw ApiException.Usage(
                problem, request.MapFile is { } map && problem.Contains(map, StringComparison.Ordinal)
                    ? "a map is like {\"columns\": {\"Heading\": \"title\"}}"
                    : $"--format={ImportFormats}, or --map=FILE for a table");
        }

        ImportRun run = new(Stopwatch.StartNew(), request.DryRun, Directory.Exists(request.Path));
        bool noted = !request.DryRun || request.ErrorsFile is not null;
        string left = request.ErrorsFile ?? ErrorsFile.Beside(request.Path);
        if (noted && Importer.Reads(request.Path, request.MapFile, left))
        {
            throw ApiException.Usage($"{left} is read and would be written over", "give another name");
        }

        using ErrorsFile? errors = noted ? new(left, request.Append, request.Source) : null;
        _index.BeginPour();
        try
        {
            foreach (ImportRow[] batch in rows.Chunk(BatchRows))
            {
                stop.ThrowIfCancellationRequested();
                await ImportBatchAsync(batch, run, errors);
                yield return View(run, errors, done: false);
            }
        }
        finally
        {
            _index.EndPour();
        }

        _ = await _mesh.AskAsync(r => r.RecordCount);
        _index.Await();
        yield return View(run, errors, done: true);
    }

    private const string ImportFormats = "aiid, avid, atlas, csv, stix, misp or jsonl";

    private static ImportFormat FormatOf(ImportRequest request) => request.Format switch
    {
        "auto" => ImportFormat.Auto,
        // Titles, incidents and objects of AIID are told apart by what is in the file.
        "aiid" => ImportFormat.Auto,
        "avid" => ImportFormat.Avid,
        "atlas" => ImportFormat.Atlas,
        "csv" => ImportFormat.Csv,
        "stix" => ImportFormat.Stix,
        "misp" => ImportFormat.Misp,
        "jsonl" => ImportFormat.Lines,
        _ => throw ApiException.Usage($"unknown format \"{request.Format}\"", "auto, " + ImportFormats),
    };

    private async Task ImportBatchAsync(ImportRow[] batch, ImportRun run, ErrorsFile? errors)
    {
        List<(string, IpldMap, string?, Relation[], long?)> sign = [];
        foreach (ImportRow row in batch.Select(Timely))
        {
            run.Read++;
            run.Weigh(row);
            if (row.Error is not null)
            {
                errors?.Add(row);
                run.Leave(row);
            }
            else if (row.Record is not null)
            {
                await ImportSignedAsync(row, run, errors);
            }
            else
            {
                IpldMap content = row.Body!.ToMap();
                bool known = !run.Seen.Add(RecordBody.ContentHash(content))
                    || Known(row.Body.Type, content) is not null;
                run.Count(!known);
                if (!known)
                {
                    sign.Add((row.Body.Type, content, row.Language, [], row.Created));
                }
            }
        }

        if (sign.Count > 0 && !run.Dry)
        {
            await SignAsync(sign);
        }
    }

    // Signing would refuse it, and with it all of its batch.
    private ImportRow Timely(ImportRow row)
    {
        const long LastOfYear9999 = 253_402_300_799;
        long latest = _mesh.Now.UnixSeconds + Limits.Records.FutureSeconds;
        if (row.Error is not null || row.Created is not { } created || created <= latest)
        {
            return row;
        }

        string when = DateTimeOffset.FromUnixTimeSeconds(Math.Min(created, LastOfYear9999))
            .ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return row with { Body = null, Record = null, Error = $"dated {when} UTC, which is yet to come" };
    }

    // A record of another author keeps its signature; the policy decides what becomes of it, as with a
    // peer's.
    private async Task ImportSignedAsync(ImportRow row, ImportRun run, ErrorsFile? errors)
    {
        Record record = row.Record!;
        Cid author = record.Header.Author;
        (bool held, string? refused) = await _mesh.AskAsync(r => (
            r.Holds(record.Id.Digest), r.Policy.Admits(author) ? null : r.Policy.Explain(author)));
        if (!held && refused is null && !run.Dry)
        {
            await ImportEventsAsync(row.Identity);
            refused = await StoreSignedAsync(new SignedRecord(record, row.RecordBody.ToArray()));
        }

        if (refused is null)
        {
            run.Count(!held);
            return;
        }

        ImportRow left = row with { Error = $"{NotTaken} {author} was not taken: {refused}" };
        errors?.Add(left);
        run.Leave(left);
    }

    private Task<int> ImportEventsAsync(IReadOnlyList<ReadOnlyMemory<byte>> events) => _mesh.AskAsync(r =>
    {
        int read = 0;
        foreach (ReadOnlyMemory<byte> envelope in events)
        {
            if (IdentityEvent.TryRead(envelope, out IdentityEvent? @event, out _))
            {
                r.ImportEvent(@event, _mesh.Now);
                read++;
            }
        }

        return read;
    });

    private async Task<string?> StoreSignedAsync(SignedRecord signed)
    {
        try
        {
            await _mesh.SubmitAsync(signed);
            return null;
        }
        catch (RefusedException e) when (!e.IsOfDisk)
        {
            return e.Fault.Detail;
        }
    }

    private ImportView View(ImportRun run, ErrorsFile? errors, bool done) => new(
        run.Read, run.New, run.Known, run.Bad, [.. run.Reasons], errors?.Count > 0 ? errors.Path : null,
        Math.Round(run.Clock.Elapsed.TotalSeconds, 2), _index.Backlog, done, done ? run.Loss() : null);

    /// <summary>How far an import is.</summary>
    private sealed class ImportRun(Stopwatch clock, bool dry, bool folder)
    {
        private readonly Dictionary<string, LossReport> _loss = [];

        public Stopwatch Clock { get; } = clock;

        /// <summary>Nothing is stored.</summary>
        public bool Dry { get; } = dry;

        public HashSet<Digest> Seen { get; } = [];

        public List<ImportReason> Reasons { get; } = [];

        public long Read { get; set; }

        public long New { get; private set; }

        public long Known { get; private set; }

        public long Bad { get; private set; }

        public void Count(bool isNew)
        {
            New += isNew ? 1 : 0;
            Known += isNew ? 0 : 1;
        }

        public void Leave(ImportRow row)
        {
            Bad++;
            if (Reasons.Count < ShownReasons)
            {
                string? file = folder ? Path.GetFileName(row.File) : null;
                Reasons.Add(new ImportReason(row.Line, row.Error!, file));
            }
        }

        /// <summary>Counts what becomes of the fields of a row.</summary>
        public void Weigh(ImportRow row)
        {
            if (row.Format is { } format && row.Body is ReportBody body)
            {
                if (!_loss.TryGetValue(format, out LossReport? report))
                {
                    _loss.Add(format, report = new LossReport(Mapping.Of(format), export: false));
                }

                report.Add(row.Fields, body.MissingMandatory());
            }
        }

        public IReadOnlyList<LossView> Loss() =>
            [.. _loss.OrderBy(one => one.Key).Select(one => one.Value.View())];
    }
}

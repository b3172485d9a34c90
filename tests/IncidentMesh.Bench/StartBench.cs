using System.Diagnostics;
using System.Globalization;
using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Policy;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Bench;

/// <summary>Time and memory to open a node with 100,000 reports: without any index, and with the snapshot
/// that the first start leaves. Each start is a process of its own, measured from inside.
/// <c>--reports=100000 --rounds=3 --dir=FOLDER</c>; a folder given keeps its archive for the next
/// run.</summary>
internal static class StartBench
{
    private const double SecondsAim = 3, MegabytesAim = 500;

    public static async Task<int> RunAsync(string[] args)
    {
        var output = new BenchOutput("start", args);
        if (output.Option("child", "") is { Length: > 0 } child) { return await StartAsync(child); }
        string node = output.Option("node", "");
        if (node.Length > 0) { return await StartNode.RunAsync(node, Tell); }
        using BenchHome archive = await BenchHome.OpenAsync(output, 100_000);
        DataFolder folder = archive.Folder;
        string home = folder.Home;
        var measures = new Dictionary<string, List<double>>();
        for (int round = 0; round < output.Option("rounds", 3); round++)
        {
            BenchOutput.Progress($"round {round + 1}");
            if (Directory.Exists(folder.Index)) { Directory.Delete(folder.Index, recursive: true); }
            await MeasureAsync("child", home, "store, no index", measures);
            await MeasureAsync("child", home, "store", measures);
            await MeasureAsync("node", home, "node, no text index", measures);
            await MeasureAsync("node", home, "node", measures);
        }
        foreach ((string name, List<double> values) in measures)
        {
            values.Sort();
            string unit = name[(name.LastIndexOf(' ') + 1)..];
            bool time = name.EndsWith("whole start, s", StringComparison.Ordinal)
                || name.EndsWith("first answer, s", StringComparison.Ordinal);
            double? aim = time ? SecondsAim : unit == "MB" ? MegabytesAim : null;
            output.Add(name[..name.LastIndexOf(',')], values[values.Count / 2], unit, aim, less: true);
        }
        long bytes = new DirectoryInfo(folder.Log).GetFiles().Sum(file => file.Length);
        output.Note(
            $"{archive.Reports:#,0} reports in {bytes >> 20} MiB of segments; files in the page cache");
        output.Note("ms and us are processor time");
        return output.Finish();
    }

    private static async Task MeasureAsync(
        string what, string home, string kind, Dictionary<string, List<double>> measures)
    {
        string[] self = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [typeof(StartBench).Assembly.Location]
            : [];
        var start = new ProcessStartInfo(Environment.ProcessPath!, [.. self, "start", $"--{what}={home}"])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            string[] parts = line.Split('\t');
            string name = $"{kind}: {parts[0]}";
            if (!measures.TryGetValue(name, out List<double>? values)) { measures.Add(name, values = []); }
            values.Add(double.Parse(parts[1], CultureInfo.InvariantCulture));
        }
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"the start ended with {process.ExitCode}");
        }
    }

    // The child: what a node does before it can answer and sync, step by step.
    private static async Task<int> StartAsync(string home)
    {
        DateTime began = Process.GetCurrentProcess().StartTime.ToUniversalTime();
        TimeSpan lap = Used;
        Tell("start the runtime, ms", lap.TotalMilliseconds);
        DataFolder folder = DataFolder.Resolve(home);
        using IDisposable held = folder.Lock();
        await using RecordLog log = RecordLog.Open(folder.Log);
        Tell("open the log, ms", Lap(ref lap));
        using Columns columns = ColumnsLoader.Open(folder.Index, log, ReadRow, out _);
        Tell("open the columns, ms", Lap(ref lap));
        var policy = new TrustPolicy();
        foreach (LogPosition at in columns.IdentityFrames)
        {
            if (IdentityEvent.TryRead(log.Read(at)!.Head, out IdentityEvent? @event, out _))
            {
                policy.Trust(@event.Author);
            }
        }
        var replica = new Replica(new ReplicaOptions(), policy, new Source(log, columns));
        foreach (LogFrame frame in log.ReadFrom(LogPosition.Start)) { Restore(replica, frame); }
        replica.Start(new Instant(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        Tell("fill the replica, ms", Lap(ref lap));
        await using StateDb state = await StateDb.OpenAsync(Path.Combine(folder.Index, "state.db"), _ => { });
        Tell("open the state database, ms", Lap(ref lap));
        Tell("whole start, s", (DateTime.UtcNow - began).TotalSeconds);
        Tell("processor time of it, s", Used.TotalSeconds);
        Tell("peak memory, MB", PeakBytes() / 1e6);
        Ask(columns);
        ColumnsLoader.Save(columns, folder.Index, log, log.End);
        return replica.RecordCount == columns.Count ? 0 : 1;
    }

    private static void Ask(Columns columns)
    {
        Digest[] ids = [.. columns.Latest(new RowFilter(), 50_000).Select(row => row.Id)];
        var rare = new RowFilter { Countries = ["DE"], Severities = ["disaster"], Languages = ["ja"] };
        Tell("find by id, us", Each(2_000_000, n => columns.TryFindPosition(ids[n % ids.Length], out _)));
        Tell("latest 50 of all, us", Each(5_000, _ => columns.Latest(new RowFilter(), 50)));
        Tell("latest 50 of three clauses, us", Each(2_000, _ => columns.Latest(rare, 50)));
        Tell("count by country, us", Each(500, _ => columns.CountBy(RowColumn.Country, new RowFilter())));
    }

    // Processor time, as the machine may be busy with other things.
    private static double Each(int times, Action<int> ask)
    {
        for (int n = 0; n < times / 4; n++) { ask(n); }
        TimeSpan before = Used;
        for (int n = 0; n < times; n++) { ask(n); }
        return (Used - before).TotalMicroseconds / times;
    }

    private static TimeSpan Used => Process.GetCurrentProcess().TotalProcessorTime;

    private static void Restore(Replica replica, LogFrame frame)
    {
        if (frame.Kind == FrameKind.IdentityEvent
            && IdentityEvent.TryRead(frame.Head, out IdentityEvent? @event, out _))
        {
            replica.RestoreEvent(@event, quarantined: false);
        }
        else if (frame.Kind == FrameKind.Record && Record.TryRead(frame.Head, out Record? record, out _))
        {
            replica.Restore(record, frame.Body);
        }
    }

    private static bool ReadRow(LogFrame frame, out RowFields fields)
    {
        fields = default;
        if (!Record.TryRead(frame.Head, out Record? record, out _)
            || !RecordBody.TryRead(frame.Body.Span, out IpldMap? map, out _))
        {
            return false;
        }
        RecordHeader header = record.Header;
        var body = TypedBody.Read(header.Type, map) as ReportBody;
        fields = new RowFields
        {
            Id = record.Id.Digest,
            Author = header.Author.Digest,
            Key = header.Key,
            Type = header.Type,
            Created = header.Created,
            Received = frame.Received,
            Position = frame.Position,
            Seq = header.Seq,
            Language = header.Language,
            Severity = body?.Severity?.Value,
            Countries = body?.Countries,
            ContentHash = (ulong)RecordBody.ContentHash(map).GetHashCode(),
            Links = [.. header.Previous.Select(id => new RowLink(RowLink.Previous, id.Digest))],
        };
        return true;
    }

    private static double Lap(ref TimeSpan lap)
    {
        TimeSpan before = lap;
        lap = Used;
        return (lap - before).TotalMilliseconds;
    }

    private static void Tell(string what, double value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}\t{value}"));

    internal static long PeakBytes()
    {
        const string field = "VmHWM:";
        string? line = File.Exists("/proc/self/status")
            ? File.ReadLines("/proc/self/status")
                .FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal))
            : null;
        return line is null
            ? Process.GetCurrentProcess().PeakWorkingSet64
            : 1_024 * long.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(),
                CultureInfo.InvariantCulture);
    }

    private sealed class Source(RecordLog log, Columns columns) : IRecordSource
    {
        public bool TryReadEnvelope(Digest id, out ReadOnlyMemory<byte> envelope)
        {
            LogFrame? frame = columns.TryFindPosition(id, out LogPosition at) ? log.Read(at) : null;
            envelope = frame?.Head ?? default;
            return frame is not null;
        }

        public bool TryReadBody(Digest id, out ReadOnlyMemory<byte> body)
        {
            LogFrame? frame = columns.TryFindPosition(id, out LogPosition at) ? log.Read(at) : null;
            body = frame?.Body ?? default;
            return body.Length > 0;
        }
    }
}

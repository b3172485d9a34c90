using CsCheck;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using Xunit;

namespace IncidentMesh.Tests.Store;

public sealed class LogPropertyTests
{
    private static readonly string? Seed = Environment.GetEnvironmentVariable("INCIDENTMESH_SEED");

    private static readonly Gen<LogEntry> Entry = Gen.Select(
        Gen.Int[1, 3], Gen.Byte.Array[0, 300], Gen.Byte.Array[0, 900], Gen.Long,
        (kind, head, body, at) => new LogEntry((FrameKind)kind, head, body, new Instant(at)));

    [Fact]
    public void Any_frames_come_back_as_they_were_over_any_number_of_openings() =>
        Gen.Select(Entry.Array[0, 12].Array[1, 4], Gen.Int[1, 12]).Sample(
            (rounds, erase) => RoundTripAsync(rounds, erase).GetAwaiter().GetResult(), iter: 60, seed: Seed);

    [Fact]
    public void Any_damage_is_told_and_costs_only_frames_that_it_touches() =>
        Gen.Select(Gen.Int[1, 18], Gen.Int[Segment.DataStart, 3_500], Gen.Byte.Array[1, 60]).Sample(
            (frames, at, junk) => DamageAsync(frames, at, junk).GetAwaiter().GetResult(),
            iter: 150, seed: Seed);

    private static async Task<bool> RoundTripAsync(LogEntry[][] rounds, int erase)
    {
        using var folder = new TempFolder();
        var options = new RecordLogOptions { FirstSegmentBytes = 8_192, SegmentBytes = 8_192 };
        var written = new List<(LogPosition At, LogEntry Entry)>();
        LogPosition? erased = null;
        foreach (LogEntry[] round in rounds)
        {
            await using RecordLog log = RecordLog.Open(folder.Path, options);
            LogPosition[] at = await log.AppendAsync(round);
            written.AddRange(at.Zip(round));
            if (erased is null && written.Count > erase)
            {
                await log.EraseBodyAsync(written[erase].At);
                erased = written[erase].At;
            }
        }
        await using RecordLog end = RecordLog.Open(folder.Path, options);
        LogFrame[] read = [.. end.ReadFrom(LogPosition.Start).Where(f => f.Kind != FrameKind.Erasure)];
        return end.Recovery.Clean && read.Length == written.Count && read.Zip(written).All(pair =>
            pair.First.Position == pair.Second.At
            && Same(pair.First, pair.Second.Entry, pair.First.Position == erased));
    }

    private static bool Same(LogFrame frame, LogEntry entry, bool erased) =>
        frame.Kind == entry.Kind && frame.Received == entry.Received
        && frame.Head.Span.SequenceEqual(entry.Head.Span)
        && (erased ? frame.BodyState == BodyState.Erased : frame.Body.Span.SequenceEqual(entry.Body.Span));

    private static async Task<bool> DamageAsync(int frames, int at, byte[] junk)
    {
        using var folder = new TempFolder();
        (string path, LogPosition[] positions) = await LogSamples.MakeAsync(folder.Path, frames, body: 60);
        byte[] before = File.ReadAllBytes(path), after = [.. before];
        junk.CopyTo(after.AsSpan(at));
        File.WriteAllBytes(path, after);
        await using RecordLog log = RecordLog.Open(folder.Path, LogSamples.Small);
        bool changed = !before.AsSpan().SequenceEqual(after);
        var read = log.ReadFrom(LogPosition.Start).ToDictionary(frame => frame.Position);
        for (int n = 0; n < frames; n++)
        {
            LogEntry entry = LogSamples.Entry(n, 60);
            int start = positions[n].Offset;
            int end = start + FrameLayout.Size(entry.Head.Length, entry.Body.Length);
            bool touched = !before.AsSpan(start..end).SequenceEqual(after.AsSpan(start..end));
            bool there = read.TryGetValue(positions[n], out LogFrame? frame)
                && LogSamples.IsEntry(frame, n, 60);
            if (!there && !touched) { return false; }
        }
        return changed != log.Recovery.Clean && read.Values.All(f => positions.Contains(f.Position));
    }
}

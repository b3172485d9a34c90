using IncidentMesh.Node.Store;
using Xunit;

namespace IncidentMesh.Tests.Store;

public sealed class SnapshotTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Snapshot => _folder.At("index", ColumnsLoader.FileName);

    [Fact]
    public async Task Only_the_frames_behind_the_snapshot_are_read_at_a_start()
    {
        await using RecordLog log = RecordLog.Open(_folder.At("log"));
        await FillAsync(log, 0, 300);
        Columns first = Load(log, out ColumnsReport report);
        Assert.Equal((0, 303, 0), (report.FromSnapshot, report.Replayed, report.Unread));
        ColumnsLoader.Save(first, _folder.At("index"), log, log.End);
        await FillAsync(log, 300, 40);
        Columns second = Load(log, out report);
        Assert.Equal((300, 43), (report.FromSnapshot, report.Replayed));
        Assert.Empty(report.Notes);
        AssertSame(Rebuilt(log), second);
    }

    [Fact]
    public async Task A_deleted_snapshot_changes_nothing()
    {
        await using RecordLog log = RecordLog.Open(_folder.At("log"));
        await FillAsync(log, 0, 100);
        ColumnsLoader.Save(Load(log, out _), _folder.At("index"), log, log.End);
        Directory.Delete(_folder.At("index"), recursive: true);
        Columns columns = Load(log, out ColumnsReport report);
        Assert.Equal((0, 103), (report.FromSnapshot, report.Replayed));
        AssertSame(Rebuilt(log), columns);
    }

    [Fact]
    public async Task A_damaged_snapshot_is_moved_aside_and_told()
    {
        await using RecordLog log = RecordLog.Open(_folder.At("log"));
        await FillAsync(log, 0, 50);
        ColumnsLoader.Save(Load(log, out _), _folder.At("index"), log, log.End);
        byte[] good = File.ReadAllBytes(Snapshot);
        var random = new Random(5);
        for (int round = 0; round < 60; round++)
        {
            byte[] bad = round % 3 == 0 ? good[..random.Next(good.Length)] : [.. good];
            if (round % 3 != 0) { bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8)); }
            File.WriteAllBytes(Snapshot, bad);
            Columns columns = Load(log, out ColumnsReport report);
            Assert.Equal(0, report.FromSnapshot);
            Assert.Contains("log is read instead", Assert.Single(report.Notes));
            Assert.Equal(50, columns.Count);
            Array.ForEach(Directory.GetFiles(_folder.At("index"), "*.bad-*"), File.Delete);
        }
    }

    [Fact]
    public async Task A_snapshot_of_another_log_or_of_more_than_the_log_holds_is_not_used()
    {
        await using (RecordLog other = RecordLog.Open(_folder.At("other")))
        {
            await FillAsync(other, 0, 20);
            ColumnsLoader.Save(Load(other, out _), _folder.At("index"), other, other.End);
        }
        await using RecordLog log = RecordLog.Open(_folder.At("log"));
        await FillAsync(log, 0, 10);
        Columns columns = Load(log, out ColumnsReport report);
        Assert.Contains("another log", Assert.Single(report.Notes));
        ColumnsLoader.Save(columns, _folder.At("index"), log, new LogPosition(2, 64));
        Assert.Equal(10, Load(log, out report).Count);
        Assert.Contains("more than the log holds", Assert.Single(report.Notes));
    }

    [Fact]
    public async Task An_erased_body_is_known_after_a_snapshot_and_after_a_rebuild()
    {
        await using RecordLog log = RecordLog.Open(_folder.At("log"));
        await FillAsync(log, 0, 10);
        Columns columns = Load(log, out _);
        ColumnsLoader.Save(columns, _folder.At("index"), log, log.End);
        Assert.True(columns.TryFindPosition(RowSamples.Id(4), out LogPosition at));
        await log.EraseBodyAsync(at);
        foreach (Columns loaded in new[] { Load(log, out _), Rebuilt(log) })
        {
            Assert.True(loaded.TryFind(RowSamples.Id(4), out RecordRow row));
            Assert.True(row.Flags.HasFlag(RowFlags.Erased));
            Assert.True(loaded.TryFind(RowSamples.Id(5), out row));
            Assert.False(row.Flags.HasFlag(RowFlags.Erased));
        }
    }

    [Fact]
    public async Task A_body_that_came_again_takes_the_place_of_the_lost_one()
    {
        LogPosition[] at;
        await using (RecordLog log = RecordLog.Open(_folder.At("log")))
        {
            at = await log.AppendAsync([RowSamples.Entry(0), RowSamples.Entry(1)]);
        }
        using (FileStream file = File.OpenWrite(_folder.At("log", "00000001.seg")))
        {
            file.Position = at[0].Offset + FrameLayout.HeaderBytes + 4 + 90;
            file.WriteByte(0xff);
        }
        await using RecordLog again = RecordLog.Open(_folder.At("log"));
        Columns columns = Rebuilt(again);
        Assert.True(columns.TryFind(RowSamples.Id(0), out RecordRow lost));
        Assert.Equal((at[0], RowFlags.BodyMissing), (lost.Position, lost.Flags));
        LogPosition anew = await again.AppendAsync(RowSamples.Entry(0));
        columns = Rebuilt(again);
        Assert.True(columns.TryFind(RowSamples.Id(0), out RecordRow found));
        Assert.Equal((anew, RowFlags.None), (found.Position, found.Flags));
    }

    private static async Task FillAsync(RecordLog log, int from, int count)
    {
        await log.AppendAsync([.. Enumerable.Range(from, count).Select(RowSamples.Entry)]);
        await log.AppendAsync(
        [
            new LogEntry(FrameKind.IdentityEvent, new byte[] { 1, (byte)from }, default, default),
            new LogEntry(FrameKind.Local, default, "{}"u8.ToArray(), default),
            new LogEntry(FrameKind.Local, default, "{}"u8.ToArray(), default),
        ]);
    }

    private Columns Load(RecordLog log, out ColumnsReport report) =>
        ColumnsLoader.Open(_folder.At("index"), log, RowSamples.Read, out report);

    private Columns Rebuilt(RecordLog log) =>
        ColumnsLoader.Open(_folder.At("no-index"), log, RowSamples.Read, out _);

    private static void AssertSame(Columns expected, Columns actual)
    {
        Assert.Equal(Rows(expected), Rows(actual));
        Assert.Equal(expected.IdentityFrames, actual.IdentityFrames);
        Assert.Equal(expected.LocalFrames, actual.LocalFrames);
        for (int row = 0; row < expected.Count; row++)
        {
            Assert.Equal(expected.LinksOf(row), actual.LinksOf(row));
        }
    }

    private static List<string> Rows(Columns columns)
    {
        var rows = new List<string>();
        columns.ForEach(new RowFilter(), r => rows.Add(
            $"{r with { Countries = [] }} {string.Join(',', r.Countries)}"));
        return rows;
    }
}

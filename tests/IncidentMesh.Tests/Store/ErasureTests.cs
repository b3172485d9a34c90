using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using Xunit;

namespace IncidentMesh.Tests.Store;

public sealed class ErasureTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_erased_body_is_gone_from_the_disk_and_its_head_stays()
    {
        byte[] secret = [.. LogSamples.Fill(77, 300)];
        LogPosition[] at;
        await using (RecordLog log = RecordLog.Open(_folder.Path, LogSamples.Small))
        {
            at = await log.AppendAsync(
            [
                LogSamples.Entry(0),
                new LogEntry(FrameKind.Record, LogSamples.Fill(1, 30), secret, new Instant(5)),
                LogSamples.Entry(2),
            ]);
            await log.EraseBodyAsync(at[1]);
            await log.EraseBodyAsync(at[1]);
            AssertErased(log, at[1]);
        }
        Assert.DoesNotContain(
            Directory.GetFiles(_folder.Path), file => File.ReadAllBytes(file).AsSpan().IndexOf(secret) >= 0);
        await using RecordLog again = RecordLog.Open(_folder.Path, LogSamples.Small);
        Assert.True(again.Recovery.Clean);
        AssertErased(again, at[1]);
        Assert.Empty(again.Verify(out _));
        Assert.True(LogSamples.IsEntry(again.Read(at[2])!, 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_erasure_that_a_crash_cut_short_is_finished_at_the_next_opening(bool marked)
    {
        (string path, LogPosition[] at) = await LogSamples.MakeAsync(_folder.Path, 3);
        byte[] before = File.ReadAllBytes(path);
        await using (RecordLog log = RecordLog.Open(_folder.Path, LogSamples.Small))
        {
            await log.EraseBodyAsync(at[1]);
        }
        // The intention is durable; of the overwriting, the mark at most.
        byte[] after = File.ReadAllBytes(path);
        before.AsSpan(at[1].Offset, at[2].Offset - at[1].Offset).CopyTo(after.AsSpan(at[1].Offset));
        if (marked) { after[at[1].Offset + FrameLayout.StateOffset] = FrameLayout.Erased; }
        File.WriteAllBytes(path, after);
        await using RecordLog again = RecordLog.Open(_folder.Path, LogSamples.Small);
        AssertErased(again, at[1]);
        Assert.Empty(again.Verify(out _));
    }

    [Fact]
    public async Task What_is_no_frame_cannot_be_erased()
    {
        (_, LogPosition[] at) = await LogSamples.MakeAsync(_folder.Path, 3);
        await using RecordLog log = RecordLog.Open(_folder.Path, LogSamples.Small);
        LogPosition[] wrongs = [log.End, new(1, at[1].Offset + 8), new(7, 64)];
        foreach (LogPosition wrong in wrongs)
        {
            StoreException e = await Assert.ThrowsAsync<StoreException>(() => log.EraseBodyAsync(wrong));
            Assert.Equal((StoreError.Damaged, 6), (e.Error, e.ExitCode));
        }
        Assert.Equal(3, log.ReadFrom(LogPosition.Start).Count());
    }

    private static void AssertErased(RecordLog log, LogPosition at)
    {
        LogFrame frame = log.Read(at)!;
        Assert.Equal(BodyState.Erased, frame.BodyState);
        Assert.True(frame.Body.IsEmpty);
        Assert.False(frame.Head.IsEmpty);
    }
}

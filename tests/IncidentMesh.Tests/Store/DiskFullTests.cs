using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using Xunit;

namespace IncidentMesh.Tests.Store;

public sealed class DiskFullTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SmallDisk _disk;

    public DiskFullTests() => _disk = new SmallDisk(_folder.At("disk"), "3m");

    public void Dispose()
    {
        _disk.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task On_a_full_disk_nothing_acknowledged_is_lost_and_the_log_goes_on_when_there_is_room()
    {
        _disk.SkipUnlessMounted();
        var options = new RecordLogOptions { FirstSegmentBytes = 512 << 10, SegmentBytes = 512 << 10 };
        string ballast = _folder.At("disk", "ballast");
        File.WriteAllBytes(ballast, new byte[700_000]);
        var held = new List<(LogPosition At, int N)>();
        await using (RecordLog log = RecordLog.Open(_folder.At("disk", "log"), options))
        {
            StoreException e = await FillAsync(log, held);
            Assert.Equal((StoreError.NoRoom, 9), (e.Error, e.ExitCode));
            Assert.True(held.Count > 20);
            Assert.All(held, h => Assert.True(LogSamples.IsEntry(log.Read(h.At)!, h.N, 50_000)));
            e = Assert.Throws<StoreException>(
                () => Files.WriteAtomic(_folder.At("disk", "x"), new byte[3_000_000]));
            Assert.Equal(StoreError.NoRoom, e.Error);
            Assert.False(File.Exists(_folder.At("disk", "x")));

            File.Delete(ballast);
            await Task.Delay(1_100);
            held.Add((await log.AppendAsync(LogSamples.Entry(held.Count, 50_000)), held.Count));
        }
        await using RecordLog again = RecordLog.Open(_folder.At("disk", "log"), options);
        Assert.True(again.Recovery.Clean);
        Assert.Equal(held.Select(h => h.N), LogSamples.NumbersIn(again.ReadFrom(LogPosition.Start)));
    }

    [Fact]
    public void A_disk_without_room_for_the_first_segment_is_told_at_opening()
    {
        _disk.SkipUnlessMounted();
        StoreException e = Assert.Throws<StoreException>(() => RecordLog.Open(_folder.At("disk", "log")));
        Assert.Equal(StoreError.NoRoom, e.Error);
        Assert.Empty(Directory.GetFiles(_folder.At("disk", "log")));
    }

    private static async Task<StoreException> FillAsync(RecordLog log, List<(LogPosition At, int N)> held)
    {
        while (true)
        {
            try
            {
                held.Add((await log.AppendAsync(LogSamples.Entry(held.Count, 50_000)), held.Count));
            }
            catch (StoreException e)
            {
                return e;
            }
        }
    }
}

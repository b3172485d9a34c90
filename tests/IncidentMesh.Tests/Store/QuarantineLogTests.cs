using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Store;

public sealed class QuarantineLogTests : IDisposable
{
    private static readonly RecordLogOptions Small =
        new() { FirstSegmentBytes = 8_192, SegmentBytes = 8_192 };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Digest? IdOf(LogFrame frame) => Digest.Sha256(frame.Head.Span);

    private static (Digest Id, LogEntry Entry) Item(int n)
    {
        LogEntry entry = LogSamples.Entry(n, 500);
        entry = entry with { Head = LogSamples.Fill(n, 40 + n % 50) };
        return (Digest.Sha256(entry.Head.Span), entry);
    }

    private QuarantineLog Open(long room = 1 << 20) => QuarantineLog.Open(_folder.Path, IdOf, Small, room);

    [Fact]
    public async Task What_is_not_forgotten_is_there_after_it_is_opened_again()
    {
        await using (QuarantineLog log = Open())
        {
            await log.AppendAsync([.. Enumerable.Range(0, 40).Select(Item)]);
            Digest[] thirds = [.. Enumerable.Range(0, 40).Where(n => n % 3 == 0).Select(n => Item(n).Id)];
            await log.ForgetAsync(thirds, default);
        }
        await using QuarantineLog again = Open();
        Assert.True(again.Recovery.Clean);
        Assert.Equal(Enumerable.Range(0, 40).Where(n => n % 3 != 0), LogSamples.NumbersIn(again.Frames()));
        Assert.Null(again.Read(Item(0).Id));
        Assert.NotNull(again.Read(Item(1).Id));
    }

    [Fact]
    public async Task Files_that_hold_nothing_else_are_given_back()
    {
        await using QuarantineLog log = Open();
        await log.AppendAsync([.. Enumerable.Range(0, 60).Select(Item)]);
        long full = log.DiskBytes;
        await log.ForgetAsync([.. Enumerable.Range(0, 50).Select(n => Item(n).Id)], default);
        Assert.True(log.DiskBytes < full / 2, $"{log.DiskBytes} of {full}");
        Assert.Equal(Enumerable.Range(50, 10), LogSamples.NumbersIn(log.Frames()));
    }

    [Fact]
    public async Task One_old_record_does_not_keep_the_files_behind_it()
    {
        await using (QuarantineLog log = Open(room: 40_000))
        {
            await log.AppendAsync([Item(0)]);
            for (int n = 1; n < 400; n++)
            {
                await log.AppendAsync([Item(n)]);
                await log.ForgetAsync([Item(n).Id], default);
            }
            Assert.True(log.DiskBytes <= 60_000, $"{log.DiskBytes}");
            Assert.Equal([0], LogSamples.NumbersIn(log.Frames()));
        }
        await using QuarantineLog again = Open();
        Assert.Equal([0], LogSamples.NumbersIn(again.Frames()));
    }
}

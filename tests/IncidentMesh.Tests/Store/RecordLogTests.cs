using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using Xunit;

namespace IncidentMesh.Tests.Store;

public sealed class RecordLogTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_an_append_that_failed_the_log_writes_nothing_that_builds_on_it()
    {
        using TempFolder folder = new();
        var options = new RecordLogOptions
        {
            FirstSegmentBytes = 64 << 10, SegmentBytes = 64 << 10,
        };
        await using RecordLog log = RecordLog.Open(folder.At("log"), options);
        var chain = new AppendChain();
        LogEntry[] entries = [LogSamples.Entry(0, 20_000), LogSamples.Entry(1, 120_000), LogSamples.Entry(2)];
        (LogPosition[] written, StoreException? failure) = await log.TryAppendAsync(entries, chain);
        Assert.Equal(StoreError.NoRoom, failure?.Error);
        Assert.Equal(0, LogSamples.NumbersIn([log.Read(Assert.Single(written))!]).Single());
        (written, failure) = await log.TryAppendAsync([LogSamples.Entry(3)], chain);
        Assert.Empty(written);
        Assert.NotNull(failure);
        await log.AppendAsync(LogSamples.Entry(4));
        Assert.Equal([0, 4], LogSamples.NumbersIn(log.ReadFrom(LogPosition.Start)));
    }

    [Fact]
    public async Task What_is_appended_is_read_back_at_its_position()
    {
        await using RecordLog log = RecordLog.Open(_folder.Path, LogSamples.Small);
        for (int n = 0; n < 12; n++)
        {
            LogPosition at = await log.AppendAsync(LogSamples.Entry(n));
            LogFrame? frame = log.Read(at);
            Assert.NotNull(frame);
            Assert.Equal(at, frame.Position);
            Assert.True(LogSamples.IsEntry(frame, n));
        }
        Assert.Empty(log.Verify(out long frames));
        Assert.Equal(12, frames);
        Assert.Null(log.Read(log.End));
        Assert.Null(log.Read(new LogPosition(1, 71)));
        Assert.Null(log.Read(new LogPosition(9, 64)));
    }

    [Fact]
    public async Task A_log_goes_on_where_it_was_closed_and_over_segments()
    {
        var expected = new List<int>();
        for (int round = 0; round < 5; round++)
        {
            await using RecordLog log = RecordLog.Open(_folder.Path, LogSamples.Small);
            Assert.True(log.Recovery.Clean);
            Assert.Equal(expected, LogSamples.NumbersIn(log.ReadFrom(LogPosition.Start)));
            for (int i = 0; i < 40; i++)
            {
                expected.Add(expected.Count);
                await log.AppendAsync(LogSamples.Entry(expected.Count - 1));
            }
        }
        Assert.True(Directory.GetFiles(_folder.Path, "*.seg").Length >= 6);
    }

    [Fact]
    public async Task Appends_that_wait_together_keep_their_order_and_get_their_own_positions()
    {
        await using RecordLog log = RecordLog.Open(_folder.Path);
        LogPosition[] positions = await Task.WhenAll(
            Enumerable.Range(0, 2_000).Select(n => log.AppendAsync(LogSamples.Entry(n))));
        Assert.Equal(positions.Order(), positions);
        Assert.Equal(2_000, positions.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 2_000), LogSamples.NumbersIn(log.ReadFrom(LogPosition.Start)));
        Assert.All(positions.Index(), p => Assert.True(LogSamples.IsEntry(log.Read(p.Item)!, p.Index)));
    }

    [Fact]
    public async Task Appends_of_many_threads_are_all_there_while_others_read()
    {
        var options = new RecordLogOptions { FirstSegmentBytes = 1 << 20, SegmentBytes = 1 << 20 };
        await using RecordLog log = RecordLog.Open(_folder.Path, options);
        using var stop = new CancellationTokenSource();
        Task<int> reader = Task.Run(() =>
        {
            int most = 0;
            while (!stop.IsCancellationRequested)
            {
                int seen = log.ReadFrom(LogPosition.Start, d => Assert.Fail(d.ToString())).Count();
                Assert.True(seen >= most);
                most = seen;
            }
            return most;
        });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(w => Task.Run(async () =>
        {
            for (int i = 0; i < 200; i++)
            {
                await log.AppendAsync(LogSamples.Entry((w * 200) + i, body: 2_000));
            }
        })));
        await stop.CancelAsync();
        await reader;
        List<int> numbers = LogSamples.NumbersIn(log.ReadFrom(LogPosition.Start));
        Assert.Equal(Enumerable.Range(0, 1_600), numbers.Order());
        for (int w = 0; w < 8; w++)
        {
            int[] own = [.. numbers.Where(n => n / 200 == w)];
            Assert.Equal(own.Order(), own);
        }
    }

    [Fact]
    public async Task A_list_over_one_append_is_cut_and_stays_in_order()
    {
        await using RecordLog log = RecordLog.Open(_folder.Path);
        LogEntry[] entries = [.. Enumerable.Range(0, 60).Select(n => LogSamples.Entry(n, body: 100_000))];
        LogPosition[] at = await log.AppendAsync(entries);
        Assert.Equal(60, at.Length);
        Assert.Equal(Enumerable.Range(0, 60), LogSamples.NumbersIn(log.ReadFrom(LogPosition.Start)));
        Assert.Empty(await log.AppendAsync([]));
    }

    [Fact]
    public async Task Reading_from_a_position_starts_with_its_frame()
    {
        await using RecordLog log = RecordLog.Open(_folder.Path, LogSamples.Small);
        LogPosition[] at = [];
        at = await log.AppendAsync([.. Enumerable.Range(0, 100).Select(n => LogSamples.Entry(n))]);
        foreach (int n in new[] { 0, 1, 30, 50, 99 })
        {
            Assert.Equal(Enumerable.Range(n, 100 - n), LogSamples.NumbersIn(log.ReadFrom(at[n])));
        }
        Assert.Empty(log.ReadFrom(log.End));
    }

    [Fact]
    public async Task A_frame_at_the_limits_fits_and_one_byte_more_is_refused()
    {
        await using RecordLog log = RecordLog.Open(_folder.Path);
        byte[] head = LogSamples.Fill(1, Limits.Store.HeadBytes);
        byte[] body = LogSamples.Fill(2, Limits.Store.BodyBytes);
        LogPosition at = await log.AppendAsync(new LogEntry(FrameKind.Record, head, body, default));
        Assert.True(log.Read(at)!.Body.Span.SequenceEqual(body));
        byte[] more = new byte[Limits.Store.HeadBytes + 1];
        await Assert.ThrowsAsync<ArgumentException>(
            () => log.AppendAsync(new LogEntry(FrameKind.Record, more, body, default)));
        more = new byte[Limits.Store.BodyBytes + 1];
        await Assert.ThrowsAsync<ArgumentException>(
            () => log.AppendAsync(new LogEntry(FrameKind.Record, head, more, default)));
    }

    [Fact]
    public async Task A_closed_log_takes_nothing()
    {
        RecordLog log = RecordLog.Open(_folder.Path, LogSamples.Small);
        await log.DisposeAsync();
        await log.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => log.AppendAsync(LogSamples.Entry(1)));
    }

    [Fact]
    public void The_checksum_is_that_of_RFC_3720()
    {
        Assert.Equal(0xe3069283u, Crc32C.Of("123456789"u8));
        Assert.Equal(0x8a9136aau, Crc32C.Of(new byte[32]));
        Assert.Equal(0x62a8ab43u, Crc32C.Of(Enumerable.Repeat((byte)0xff, 32).ToArray()));
    }
}

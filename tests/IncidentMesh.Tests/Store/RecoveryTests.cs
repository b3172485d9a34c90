using IncidentMesh.Node.Store;
using Xunit;

namespace IncidentMesh.Tests.Store;

public sealed class RecoveryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_a_cut_at_any_offset_the_frames_before_it_are_there_and_the_log_goes_on()
    {
        (string path, LogPosition[] at) = await LogSamples.MakeAsync(_folder.At("log"), 6);
        byte[] whole = File.ReadAllBytes(path);
        int end = await EndAsync(_folder.At("log"));
        for (int cut = Segment.DataStart; cut <= end; cut++)
        {
            byte[] torn = [.. whole];
            torn.AsSpan(cut, end - cut).Clear();
            File.WriteAllBytes(path, torn);
            await using RecordLog log = RecordLog.Open(_folder.At("log"), LogSamples.Small);
            // Padding is zero anyway, so a cut inside of it loses nothing.
            int whole2 = Enumerable.Range(0, 6).Count(n => DataEnd(at[n], n) <= cut);
            List<int> found = LogSamples.NumbersIn(log.ReadFrom(LogPosition.Start));
            Assert.Equal(Enumerable.Range(0, whole2), found);
            bool torn2 = cut != (whole2 == 0 ? Segment.DataStart : 0) && cut > DataEndOrStart(at, whole2)
                && torn.AsSpan(DataEndOrStart(at, whole2)..cut).ContainsAnyExcept((byte)0);
            Assert.Equal(torn2, log.Recovery.CutBytes > 0);
            LogPosition next = await log.AppendAsync(LogSamples.Entry(9));
            Assert.True(LogSamples.IsEntry(log.Read(next)!, 9));
            Assert.Empty(log.Verify(out _));
        }
    }

    [Fact]
    public async Task Every_flipped_byte_is_detected_and_costs_at_most_its_own_frame()
    {
        (string path, LogPosition[] at) = await LogSamples.MakeAsync(_folder.At("log"), 4);
        byte[] whole = File.ReadAllBytes(path);
        int end = await EndAsync(_folder.At("log"));
        for (int flip = 0; flip < end; flip++)
        {
            byte[] bad = [.. whole];
            bad[flip] ^= (byte)(1 << (flip % 8));
            File.WriteAllBytes(path, bad);
            await using RecordLog log = RecordLog.Open(_folder.At("log"), LogSamples.Small);
            Assert.False(log.Recovery.Clean, $"byte {flip} went unnoticed");
            List<LogFrame> frames = [.. log.ReadFrom(LogPosition.Start)];
            int hit = Array.FindLastIndex(at, p => p.Offset <= flip);
            for (int n = 0; n < 4; n++)
            {
                LogFrame? frame = frames.Find(f => f.Position == at[n]);
                Assert.True(frame is null ? n == hit : LogSamples.IsEntry(frame, n), $"{n} lost by {flip}");
            }
        }
    }

    [Fact]
    public async Task A_flipped_bit_in_a_body_keeps_the_head_and_is_told_with_its_place()
    {
        (string path, LogPosition[] at) = await LogSamples.MakeAsync(_folder.At("log"), 4);
        Overwrite(path, at[1].Offset + FrameLayout.HeaderBytes + 30, [0xaa]);
        await using RecordLog log = RecordLog.Open(_folder.At("log"), LogSamples.Small);
        LogDamage damage = Assert.Single(log.Recovery.Damages);
        Assert.Equal((at[1], "damaged body"), (damage.Position, damage.What));
        LogFrame frame = log.Read(at[1])!;
        Assert.Equal(BodyState.Damaged, frame.BodyState);
        Assert.True(frame.Body.IsEmpty);
        Assert.Equal(4, log.ReadFrom(LogPosition.Start).Count());
    }

    [Fact]
    public async Task A_lost_sector_in_the_middle_hides_nothing_behind_it()
    {
        (string path, LogPosition[] at) = await LogSamples.MakeAsync(_folder.At("log"), 20, body: 100);
        Overwrite(path, 512, new byte[512]);
        await using RecordLog log = RecordLog.Open(_folder.At("log"), LogSamples.Small);
        Assert.NotEmpty(log.Recovery.Damages);
        Assert.Equal(0, log.Recovery.CutBytes);
        List<int> found = LogSamples.NumbersIn(log.ReadFrom(LogPosition.Start));
        int[] untouched = [.. Enumerable.Range(0, 20)
            .Where(n => DataEnd(at[n], n, 100) <= 512 || at[n].Offset >= 1_024)];
        Assert.Empty(untouched.Except(found));
        Assert.DoesNotContain(-1_000, found);
        LogPosition next = await log.AppendAsync(LogSamples.Entry(20));
        Assert.True(next > at[19]);
    }

    [Fact]
    public async Task A_torn_tail_is_cut_and_its_bytes_are_kept()
    {
        (string path, LogPosition[] at) = await LogSamples.MakeAsync(_folder.At("log"), 3);
        byte[] junk = LogSamples.Fill(5, 200);
        int end = await EndAsync(_folder.At("log"));
        Overwrite(path, end, junk);
        await using RecordLog log = RecordLog.Open(_folder.At("log"), LogSamples.Small);
        Assert.Equal(junk.Length, log.Recovery.CutBytes);
        LogDamage damage = Assert.Single(log.Recovery.Damages);
        Assert.Equal(junk, File.ReadAllBytes(damage.KeptAs!));
        Assert.Equal(3, log.ReadFrom(LogPosition.Start).Count());
        Assert.Equal(at[2].Segment, log.End.Segment);
    }

    [Fact]
    public async Task Bytes_of_a_peer_that_look_like_a_frame_are_not_taken_for_one()
    {
        await using (RecordLog log = RecordLog.Open(_folder.At("log"), LogSamples.Small))
        {
            byte[] decision = "{\"deny\":\"everyone\"}"u8.ToArray();
            var inner = new LogEntry(FrameKind.Local, default, decision, default);
            byte[] forged = new byte[FrameLayout.Size(0, inner.Body.Length)];
            FrameLayout.Write(forged, inner, key: 1, new LogPosition(1, 112));
            await log.AppendAsync(new LogEntry(FrameKind.Record, new byte[8], forged, default));
            await log.AppendAsync(LogSamples.Entry(1));
        }
        Overwrite(_folder.At("log", "00000001.seg"), Segment.DataStart, [0xff, 0xff]);
        await using RecordLog again = RecordLog.Open(_folder.At("log"), LogSamples.Small);
        Assert.DoesNotContain(again.ReadFrom(LogPosition.Start), f => f.Kind == FrameKind.Local);
        Assert.Single(again.ReadFrom(LogPosition.Start));
    }

    [Fact]
    public async Task Zeros_behind_the_end_are_no_damage_and_a_prepared_segment_is_used()
    {
        (string path, _) = await LogSamples.MakeAsync(_folder.At("log"), 40);
        Assert.True(File.Exists(_folder.At("log", "00000002.seg")));
        await using RecordLog log = RecordLog.Open(_folder.At("log"), LogSamples.Small);
        Assert.True(log.Recovery.Clean);
        Assert.Equal(40, log.ReadFrom(LogPosition.Start).Count());
        Assert.Equal(4_096, new FileInfo(path).Length);
    }

    [Fact]
    public async Task A_half_made_segment_is_removed_and_a_missing_one_is_told()
    {
        await LogSamples.MakeAsync(_folder.At("log"), 120);
        File.WriteAllBytes(_folder.At("log", "00000099.seg.tmp"), [1, 2, 3]);
        File.Delete(_folder.At("log", "00000002.seg"));
        await using RecordLog log = RecordLog.Open(_folder.At("log"), LogSamples.Small);
        Assert.False(File.Exists(_folder.At("log", "00000099.seg.tmp")));
        Assert.Contains(log.Recovery.Damages, d => d.What.Contains("missing"));
        Assert.Contains(119, LogSamples.NumbersIn(log.ReadFrom(LogPosition.Start)));
    }

    [Fact]
    public async Task A_file_that_lost_its_end_keeps_what_is_left()
    {
        (string path, LogPosition[] at) = await LogSamples.MakeAsync(_folder.At("log"), 10);
        using (FileStream file = File.OpenWrite(path)) { file.SetLength(at[7].Offset + 10); }
        await using RecordLog log = RecordLog.Open(_folder.At("log"), LogSamples.Small);
        Assert.Equal(Enumerable.Range(0, 7), LogSamples.NumbersIn(log.ReadFrom(LogPosition.Start)));
        await log.AppendAsync(LogSamples.Entry(7));
        Assert.Empty(log.Verify(out long frames));
        Assert.Equal(8, frames);
    }

    private static int DataEnd(LogPosition at, int n, int body = 40)
    {
        var entry = LogSamples.Entry(n, body);
        return at.Offset + FrameLayout.HeaderBytes + entry.Head.Length + entry.Body.Length;
    }

    private static int DataEndOrStart(LogPosition[] at, int count) =>
        count == 0 ? Segment.DataStart : DataEnd(at[count - 1], count - 1);

    private static async Task<int> EndAsync(string folder)
    {
        await using RecordLog log = RecordLog.Open(folder, LogSamples.Small);
        return log.End.Offset;
    }

    private static void Overwrite(string path, int offset, byte[] bytes)
    {
        using FileStream file = File.OpenWrite(path);
        file.Position = offset;
        file.Write(bytes);
    }
}

using System.Diagnostics;
using System.Globalization;
using IncidentMesh.Node.Store;
using Xunit;

namespace IncidentMesh.Tests.Store;

public sealed class CrashTests : IDisposable
{
    private const int Kills = 20;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_acknowledged_is_missing_after_twenty_kills_at_random_moments()
    {
        Assert.SkipUnless(File.Exists(Environment.ProcessPath), "needs to start its own program again");
        string? given = Environment.GetEnvironmentVariable("INCIDENTMESH_SEED");
        int seed = int.TryParse(given, out int parsed) ? parsed : 20261125;
        var random = new Random(seed);
        for (int kill = 0; kill < Kills; kill++)
        {
            await RunAndKillAsync(TimeSpan.FromMilliseconds(random.Next(1, 200)));
            await CheckAsync($"kill {kill} of seed {seed}");
        }
    }

    private async Task RunAndKillAsync(TimeSpan after)
    {
        string acked = CrashWriter.AckedIn(_folder.Path);
        long before = File.Exists(acked) ? new FileInfo(acked).Length : 0;
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(CrashTests).Assembly.Location);
        }
        start.Environment[CrashWriter.Variable] = _folder.Path;
        using Process writer = Process.Start(start)!;
        var clock = Stopwatch.StartNew();
        while (!File.Exists(acked) || new FileInfo(acked).Length == before)
        {
            Assert.False(writer.HasExited, "the writer ended by itself");
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "the writer acknowledged nothing");
            await Task.Delay(2);
        }
        await Task.Delay(after);
        writer.Kill();
        await writer.WaitForExitAsync();
    }

    private async Task CheckAsync(string when)
    {
        await using RecordLog log = RecordLog.Open(_folder.At("log"), CrashWriter.Options);
        Assert.All(log.Recovery.Damages, d => Assert.Equal("torn tail", d.What));
        var held = new HashSet<int>();
        foreach (LogFrame frame in log.ReadFrom(LogPosition.Start, d => Assert.Fail($"{when}: {d}")))
        {
            int n = (int)frame.Received.Milliseconds;
            LogEntry entry = CrashWriter.Entry(n);
            Assert.True(frame.Head.Span.SequenceEqual(entry.Head.Span), $"{when}: head of {n}");
            Assert.True(frame.Body.Span.SequenceEqual(entry.Body.Span), $"{when}: body of {n}");
            Assert.True(held.Add(n), $"{when}: {n} is there twice");
        }
        string text = File.ReadAllText(CrashWriter.AckedIn(_folder.Path));
        // A line that the kill cut off was not acknowledged to anybody.
        int[] acked = [.. text[..(text.LastIndexOf('\n') + 1)]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
        int missing = acked.Count(n => !held.Contains(n));
        Assert.True(missing == 0, $"{when}: {missing} of {acked.Length} acknowledged are missing");
    }
}

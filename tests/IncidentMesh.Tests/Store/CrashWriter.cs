using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;

namespace IncidentMesh.Tests.Store;

/// <summary>The process that <see cref="CrashTests"/> kills: the test program itself, started with
/// <see cref="Variable"/> set to a folder. It appends to a log in it from four tasks, and writes each
/// acknowledged number to a file, until it is killed.</summary>
internal static class CrashWriter
{
    public const string Variable = "INCIDENTMESH_CRASH_FOLDER";
    private const int AtOnce = 6;

    public static RecordLogOptions Options { get; } = new()
    {
        FirstSegmentBytes = 256 << 10, SegmentBytes = 512 << 10,
    };

    public static string AckedIn(string folder) => Path.Combine(folder, "acked");

    public static LogEntry Entry(int n) => new(
        FrameKind.Record, BitConverter.GetBytes(n), LogSamples.Fill(n, 50 + (n % 1_500)), new Instant(n));

    // Before the test framework starts, which would cost most of a second a kill. All code of this assembly
    // stays on this thread, as others would wait for the end of the initialiser.
    [ModuleInitializer]
    internal static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder) { Write(folder); }
    }

    private static void Write(string folder)
    {
        RecordLog log = RecordLog.Open(Path.Combine(folder, "log"), Options);
        IEnumerable<long> numbers = log.ReadFrom(LogPosition.Start).Select(f => f.Received.Milliseconds);
        int next = 1 + (int)numbers.Append(0).Max();
        using var acked = new FileStream(
            AckedIn(folder), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var waiting = new List<(int First, int Count, Task Done)>();
        while (true)
        {
            while (waiting.Count < AtOnce)
            {
                int count = next % 3 == 0 ? 7 : 1;
                waiting.Add((next, count, log.AppendAsync([.. Enumerable.Range(next, count).Select(Entry)])));
                next += count;
            }
            int done = Task.WaitAny([.. waiting.Select(w => w.Done)]);
            waiting[done].Done.GetAwaiter().GetResult();
            acked.Write(Encoding.ASCII.GetBytes(string.Concat(
                Enumerable.Range(waiting[done].First, waiting[done].Count)
                    .Select(n => n.ToString(CultureInfo.InvariantCulture) + "\n"))));
            waiting.RemoveAt(done);
        }
    }
}

using System.Diagnostics;

namespace IncidentMesh.Node.Serve;

// Who writes and then searches finds what was written: a search waits for own records, and for no others,
// as those of peers may pour in for minutes.
internal sealed partial class ReportIndex
{
    private static readonly TimeSpan MostAwaited = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AwaitPause = TimeSpan.FromMilliseconds(5);

    private long _posted;
    private long _taken;
    private long _visible;
    private long _awaited;

    /// <summary>From now on a search waits for all that was admitted so far.</summary>
    public void Await() => Volatile.Write(ref _awaited, Volatile.Read(ref _posted));

    /// <summary>Waits until what is awaited can be found; no longer than five seconds.</summary>
    public async Task VisibleAsync(CancellationToken stop)
    {
        long wanted = Volatile.Read(ref _awaited);
        long start = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _visible) < wanted && Stopwatch.GetElapsedTime(start) < MostAwaited)
        {
            await Task.Delay(AwaitPause, stop);
        }
    }

    private void RefreshText()
    {
        Guard(_text.Refresh);
        Volatile.Write(ref _visible, _taken);
    }
}

using System.Diagnostics;
using System.Globalization;
using IncidentMesh.Node.Search;
using IncidentMesh.Node.Store;
using Microsoft.Extensions.Logging;

namespace IncidentMesh.Node.Serve;

// A disk that is full must not end the indexes: what was found before is found still, and once there is room
// the rest is fed from the log.
internal sealed partial class ReportIndex
{
    private const int ProbeBytes = 1 << 20;

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            if (_brokenSince is null)
            {
                _log.LogError("cannot index: {Why}", e.Message);
            }

            _brokenSince ??= Stopwatch.GetTimestamp();
        }
    }

    private void Commit()
    {
        _text.Commit(_fed.ToString(CultureInfo.InvariantCulture));
        _dirty = 0;
    }

    private void Repair()
    {
        if (_brokenSince is not { } since || Stopwatch.GetElapsedTime(since) < RepairPause)
        {
            return;
        }

        _brokenSince = Stopwatch.GetTimestamp();
        string probe = Path.Combine(_folder, "probe");
        try
        {
            // The old index answers until it is sure that a new one can be written.
            Files.WriteAtomic(probe, new byte[ProbeBytes]);
            _text.Dispose();
            _text = TextIndex.Open(Path.Combine(_folder, "text"), out IndexReport report);
            _position = report.Position;
            Searcher = new Searcher(_text, _authors, new Meaning(this));
            CatchUp();
            EnqueueMissing();
            _brokenSince = null;
            _log.LogWarning("the disk has room again: the index is up to date");
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _log.LogDebug("still no room for the index: {Why}", e.Message);
        }
        finally
        {
            Files.TryDelete(probe);
        }
    }
}

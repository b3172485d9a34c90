using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Serve;

/// <summary>Tells readers of new records. An event's id is the record's row in the columns, which is its
/// place in the log:
/// a reader that comes back with the last id it saw gets what it missed, also after a restart.</summary>
internal sealed class EventHub(MeshLoop mesh, ReportViews views) : IDisposable
{
    private readonly ConcurrentDictionary<Channel<bool>, bool> _readers = [];

    /// <summary>A record was indexed.</summary>
    public void Arrived(Record record)
    {
        foreach (Channel<bool> reader in _readers.Keys)
        {
            reader.Writer.TryWrite(true);
        }
    }

    /// <summary>Events after an id, or from now on.</summary>
    public async IAsyncEnumerable<EventView> ReadAsync(
        long? after, [EnumeratorCancellation] CancellationToken stop)
    {
        // One waiting wake-up stands for any number of records: a slow reader costs no memory.
        Channel<bool> wake = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        _readers[wake] = true;
        try
        {
            int row = after is { } last ? (int)Math.Clamp(last + 1, 0, mesh.Columns.Count)
                : mesh.Columns.Count;
            while (!stop.IsCancellationRequested)
            {
                for (; row < mesh.Columns.Count; row++)
                {
                    if (View(row) is { } view)
                    {
                        yield return view;
                    }
                }

                if (!await wake.Reader.WaitToReadAsync(stop))
                {
                    yield break;
                }

                wake.Reader.TryRead(out _);
            }
        }
        finally
        {
            _readers.TryRemove(wake, out _);
        }
    }

    public void Dispose()
    {
        foreach (Channel<bool> reader in _readers.Keys)
        {
            reader.Writer.TryComplete();
        }
    }

    private EventView? View(int row)
    {
        RecordRow at = mesh.Columns[row];
        bool shown = !at.Flags.HasFlag(RowFlags.Dropped);
        return shown && views.Read(at.Id) is { } stored ? new EventView(row, "record", views.Item(stored))
            : null;
    }
}

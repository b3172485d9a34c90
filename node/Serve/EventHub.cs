using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

/// <summary>Tells readers of new records. An event's id is the record's row in the columns, which is its
/// place in the log: a reader that comes back with the last id it saw gets what it missed, also after a
/// restart.</summary>
/// <param name="mesh">What is stored.</param>
/// <param name="authors">Whose records count.</param>
/// <param name="views">Makes the items.</param>
/// <param name="arrived">The ids that a query finds among what was received after a moment.</param>
internal sealed class EventHub(
    MeshLoop mesh,
    AuthorBook authors,
    ReportViews views,
    Func<string, Instant, CancellationToken, Task<IReadOnlySet<Digest>>> arrived) : IDisposable
{
    // Rows that a query is asked about at once.
    private const int RowsAtOnce = 1_024;
    private readonly ConcurrentDictionary<Channel<bool>, bool> _readers = [];

    /// <summary>A record was indexed.</summary>
    public void Arrived(Record record)
    {
        foreach (Channel<bool> reader in _readers.Keys)
        {
            reader.Writer.TryWrite(true);
        }
    }

    /// <summary>The events of a request; the first is a <c>start</c>.</summary>
    public async IAsyncEnumerable<EventView> ReadAsync(
        EventRequest request, [EnumeratorCancellation] CancellationToken stop)
    {
        // One waiting wake-up stands for any number of records: a slow reader costs no memory.
        Channel<bool> wake = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        _readers[wake] = true;
        try
        {
            int row = StartOf(request);
            yield return new EventView(row - 1, "start", null);
            while (!stop.IsCancellationRequested)
            {
                while (row < mesh.Columns.Count)
                {
                    int end = Math.Min(mesh.Columns.Count, row + RowsAtOnce);
                    IReadOnlySet<Digest>? wanted = request.Query is null ? null
                        : await arrived(request.Query, FirstReceived(row, end), stop);
                    for (; row < end; row++)
                    {
                        if (View(row, wanted) is { } view)
                        {
                            yield return view;
                        }
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

    private int StartOf(EventRequest request)
    {
        int rows = mesh.Columns.Count;
        if (request.After is { } last)
        {
            return (int)Math.Clamp(last + 1, 0, rows);
        }

        if (request.Since is not { } since)
        {
            return rows;
        }

        // A clock that was set back must not hide what came later: the first row that is late enough counts.
        int row = 0;
        while (row < rows && mesh.Columns[row].Received.Milliseconds < since.ToUnixTimeMilliseconds())
        {
            row++;
        }

        return row;
    }

    private Instant FirstReceived(int from, int end)
    {
        long first = long.MaxValue;
        for (int row = from; row < end; row++)
        {
            first = Math.Min(first, mesh.Columns[row].Received.Milliseconds);
        }

        return new Instant(first - 1);
    }

    private EventView? View(int row, IReadOnlySet<Digest>? wanted)
    {
        RecordRow at = mesh.Columns[row];
        bool shown = !at.Flags.HasFlag(RowFlags.Dropped) && authors.Admits(at)
            && wanted?.Contains(at.Id) != false;
        return shown && views.Read(at.Id) is { } stored ? new EventView(row, "record", views.Item(stored))
            : null;
    }
}

using System.Threading.Channels;

namespace IncidentMesh.Node.Net;

/// <summary>Wakes one waiter. A signal that comes before the wait is kept; several before it count as
/// one.</summary>
internal sealed class Signal
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Wakes the waiter, now or at its next wait.</summary>
    public void Set() => _channel.Writer.TryWrite(true);

    /// <summary>Waits for a signal.</summary>
    public async ValueTask WaitAsync(CancellationToken stop) => await _channel.Reader.ReadAsync(stop);
}

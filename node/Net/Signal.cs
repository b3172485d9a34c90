namespace IncidentMesh.Node.Net;

/// <summary>Wakes one waiter. A signal that comes before the wait is kept; several before it count as
/// one.</summary>
internal sealed class Signal : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(0);
    private int _set;

    /// <summary>Wakes the waiter, now or at its next wait.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _set, 1) == 0)
        {
            _semaphore.Release();
        }
    }

    /// <summary>Waits for a signal.</summary>
    public async ValueTask WaitAsync(CancellationToken stop)
    {
        await _semaphore.WaitAsync(stop);
        Interlocked.Exchange(ref _set, 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _semaphore.Dispose();
}

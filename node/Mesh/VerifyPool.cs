using System.Threading.Channels;

namespace IncidentMesh.Node.Mesh;

/// <summary>Workers that check signatures away from the owner: Ed25519 is 95 % of the cost of a record, so
/// the owner
/// never does it. Jobs are handed out in whole batches and come back in the order in which each batch is
/// done.</summary>
internal sealed class VerifyPool : IAsyncDisposable
{
    private const int PieceJobs = 64;
    private readonly Channel<VerifyJob[]> _jobs = Channel.CreateUnbounded<VerifyJob[]>();
    private readonly Task[] _workers;

    /// <param name="workers">How many work side by side.</param>
    /// <param name="done">Takes results, on a worker's thread.</param>
    public VerifyPool(int workers, Func<IReadOnlyList<VerifyResult>, ValueTask> done)
    {
        _workers = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(() => WorkAsync(done)))];
    }

    /// <summary>Queues jobs. The replica bounds how many are out at one time.</summary>
    public void Add(IReadOnlyList<VerifyJob> jobs)
    {
        foreach (VerifyJob[] piece in jobs.Chunk(PieceJobs))
        {
            _jobs.Writer.TryWrite(piece);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _jobs.Writer.TryComplete();
        await Task.WhenAll(_workers);
    }

    private async Task WorkAsync(Func<IReadOnlyList<VerifyResult>, ValueTask> done)
    {
        await foreach (VerifyJob[] piece in _jobs.Reader.ReadAllAsync())
        {
            await done([.. piece.Select(RecordVerifier.Run)]);
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Node.Net;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace IncidentMesh.Node.Mesh;

// What the owner does: takes inputs, and does what the replica wants done.
public sealed partial class MeshLoop
{
    private const int InputsAtOnce = 256;

    /// <summary>Runs something beside the loop that ends with it.</summary>
    internal void Run(Func<Task> work)
    {
        Task task = Task.Run(async () =>
        {
            try
            {
                await work();
            }
            catch (Exception e) when (e is OperationCanceledException or StreamException)
            {
                _options.Log.LogDebug("ended: {Why}", e.Message);
            }
        });
        lock (_running)
        {
            _running.Add(task);
        }

        _ = task.ContinueWith(
            done =>
            {
                lock (_running)
                {
                    _running.Remove(done);
                }
            },
            TaskScheduler.Default);
    }

    private ValueTask FinishAsync(Action<Replica> input) => WriteAsync(_finished, input);

    private async Task OwnAsync()
    {
        Task<bool>? more = null;
        Task<bool>? done = null;
        while (true)
        {
            int taken = 0;
            while (taken < InputsAtOnce && TryTake(out Action<Replica>? input))
            {
                input(_replica);
                taken++;
            }

            DoOutputs();
            _sync?.WakeReaders(_replica);
            _gossip?.WakeReaders(_replica);
            if (taken == InputsAtOnce)
            {
                continue;
            }

            // A channel of one reader takes one waiter: the one that did not fire is kept for the next time.
            more ??= _inputs.Reader.WaitToReadAsync().AsTask();
            done ??= _finished.Reader.WaitToReadAsync().AsTask();
            await Task.WhenAny(DiskIsBehind ? done : more, done);
            if (more.IsCompleted && !await more)
            {
                await LastAsync();
                return;
            }

            more = more.IsCompleted ? null : more;
            done = done.IsCompleted ? null : done;
        }
    }

    // While the disk is behind, what peers send waits in their windows.
    private bool DiskIsBehind => _replica.StoringCount > Limits.Mesh.StoringRecords;

    private bool TryTake([NotNullWhen(true)] out Action<Replica>? input) =>
        _finished.Reader.TryRead(out input) || (!DiskIsBehind && _inputs.Reader.TryRead(out input));

    // What is on its way to the disk is waited for, so that its submitters are told.
    private async Task LastAsync()
    {
        await _persisting;
        while (_finished.Reader.TryRead(out Action<Replica>? input))
        {
            input(_replica);
            DoOutputs();
        }

        foreach (TaskCompletionSource waiting in _tokens.Values)
        {
            waiting.TrySetCanceled();
        }
    }

    private async Task TickAsync()
    {
        using PeriodicTimer timer = new(TickInterval, _options.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await PostAsync(r =>
                {
                    if (r.NextTick <= Now)
                    {
                        r.Tick(Now);
                    }
                });
            }
        }
        catch (OperationCanceledException)
        {
            _options.Log.LogDebug("the clock stops");
        }
    }

    private async Task WatchPeersAsync()
    {
        await foreach (HostEvent change in _host!.Events.ReadAllAsync())
        {
            switch (change)
            {
                case HostEvent.PeerConnected connected:
                    await PeerUpAsync(connected.Peer);
                    break;
                case HostEvent.PeerUpdated updated:
                    await PeerUpAsync(updated.Peer);
                    break;
                case HostEvent.PeerDisconnected gone:
                    _gossip!.Close(gone.Peer);
                    await PostAsync(r => r.PeerDown(gone.Peer, Now));
                    break;
            }

            Changed?.Invoke(new MeshChange.Peers());
        }
    }

    private async Task PeerUpAsync(PeerInfo peer)
    {
        await PostAsync(r => r.PeerUp(peer.Id, peer.Speaks(ReplicaOptions.SyncProtocol), Now));
        _gossip!.Open(peer);
    }

    private void DoOutputs()
    {
        while (_replica.TryTakeOutput(out ReplicaOutput? output))
        {
            switch (output)
            {
                case ReplicaOutput.SendGossip send:
                    _gossip?.Send(send.Peer, send.Rpc);
                    break;
                case ReplicaOutput.Verify verify:
                    _verify.Add(verify.Jobs);
                    break;
                case ReplicaOutput.Persist persist:
                    Persist(persist);
                    break;
                case ReplicaOutput.Acknowledged done:
                    Complete(done.Token, null);
                    break;
                case ReplicaOutput.Refused refused:
                    Complete(refused.Token, new RefusedException(refused.Fault));
                    break;
                case ReplicaOutput.Forget forget:
                    Enqueue(() => _archive.ForgetAsync(forget.Ids, Now));
                    break;
                default:
                    DoSync(output);
                    Tell(output);
                    break;
            }
        }
    }

    private void DoSync(ReplicaOutput output)
    {
        switch (output)
        {
            case ReplicaOutput.OpenSync open:
                _sync!.Start(open.Session, open.Peer);
                break;
            case ReplicaOutput.SyncReady ready:
                _sync!.Pump(_replica, ready.Session);
                break;
            case ReplicaOutput.CloseSync close:
                _sync!.Close(_replica, close.Session);
                break;
            case ReplicaOutput.ResetSync reset:
                _options.Log.LogInformation("sync reset: {Why}", reset.Fault);
                _sync!.Reset(reset.Session);
                break;
            case ReplicaOutput.DropPeer drop:
                _options.Log.LogWarning("dropped {Peer}: {Why}", drop.Peer, drop.Fault);
                _host!.Ban(drop.Peer, drop.Until - Now);
                break;
        }
    }

    // What counts follows from the policy and the identity events of today, not from those of the snapshot.
    private void MarkRows()
    {
        for (int row = 0; row < Columns.Count; row++)
        {
            RecordRow at = Columns[row];
            if (_replica.Counts(at.Id) == at.Flags.HasFlag(RowFlags.Quarantined))
            {
                MarkRow(at.Id);
            }
        }
    }

    private void MarkRow(Digest id) => _ = _replica.Counts(id)
        ? Columns.Mark(id, RowFlags.None, clear: RowFlags.Quarantined)
        : Columns.Mark(id, RowFlags.Quarantined);

    private void Tell(ReplicaOutput output)
    {
        switch (output)
        {
            case ReplicaOutput.Admitted { Origin: RecordOrigin.Promotion } admitted:
                MarkRow(admitted.Record.Id.Digest);
                break;
            case ReplicaOutput.Withdrawn gone:
                foreach (Digest id in gone.Ids)
                {
                    MarkRow(id);
                }

                break;
        }

        MeshChange? change = output switch
        {
            ReplicaOutput.Admitted admitted =>
                new MeshChange.Admitted(
                    admitted.Record, admitted.Body,
                        _replica.Policy.StandingOf(admitted.Record.Header.Author)),
            ReplicaOutput.Quarantined held => new MeshChange.Quarantined(held.Record, held.Body),
            ReplicaOutput.Withdrawn gone => new MeshChange.Withdrawn(gone.Author, gone.Ids),
            ReplicaOutput.SyncEnded => new MeshChange.Peers(),
            _ => null,
        };
        if (change is not null)
        {
            Changed?.Invoke(change);
        }
    }

    private void Persist(ReplicaOutput.Persist persist)
    {
        // Appends are handed to the log in order; the log joins those that wait into one fsync, so they may
        // overlap.
        AppendChain chain = _chain;
        var appended = _archive.PersistAsync(persist.Items, chain);
        Task after = _persisting;
        _persisting = Task.Run(async () =>
        {
            IReadOnlyList<PersistItem> stored = [];
            Fault? fault = null;
            try
            {
                (stored, StoreException? failure) = await appended;
                fault = failure is null ? null : RefusedException.Of(failure);
            }
            catch (ObjectDisposedException e)
            {
                fault = Fault.Message(RefusedException.Disk, e.Message);
            }

            await after;
            await FinishAsync(r => Persisted(r, persist.Batch, stored, fault, chain));
        });
    }

    // What was handed out after a batch that failed fails with it; what the replica hands out from now on
    // builds on what is durable alone.
    private void Persisted(
        Replica replica, long batch, IReadOnlyList<PersistItem> stored, Fault? fault, AppendChain chain)
    {
        if (fault is null)
        {
            replica.Persisted(batch, Now);
            return;
        }

        _options.Log.LogError("cannot store: {Why}", fault.Detail);
        replica.PersistFailed(batch, stored, fault, Now);
        if (ReferenceEquals(_chain, chain))
        {
            _chain = new AppendChain();
        }
    }

    private void Enqueue(Func<Task> work)
    {
        Task after = _persisting;
        _persisting = Task.Run(async () =>
        {
            await after;
            await work();
        });
    }

    private async Task WithTokenAsync(Action<Replica, long> submit)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await AskAsync(r =>
        {
            _tokens.Add(++_lastToken, done);
            submit(r, _lastToken);
            return true;
        });
        await done.Task.WaitAsync(_stop.Token);
    }

    private void Complete(long token, Exception? refused)
    {
        if (!_tokens.Remove(token, out TaskCompletionSource? waiting))
        {
            return;
        }

        if (refused is null)
        {
            waiting.TrySetResult();
        }
        else
        {
            waiting.TrySetException(refused);
        }
    }
}

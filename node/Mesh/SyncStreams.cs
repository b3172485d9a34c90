using System.Threading.Channels;
using IncidentMesh.Node.Net;
using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Node.Mesh;

/// <summary>The sync streams: bytes in while the session wants them, bytes out as the stream takes them, so
/// that neither
/// side ever holds more than a window of the other's (<c>specs/sync.md</c>).</summary>
internal sealed class SyncStreams(MeshLoop loop, Host host)
{
    private const int ReadBytes = 65_536;
    private const int WritesAhead = 4;

    // A peer that does not end its side may not hold the stream for ever.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(30);

    // Touched by the owner alone.
    private readonly Dictionary<long, Open> _open = [];
    private readonly List<(long Session, TaskCompletionSource Wanted)> _waiting = [];

    private sealed record Open(Channel<ReadOnlyMemory<byte>> Queue)
    {
        public PeerStream? Stream { get; set; }

        public int Ahead { get; set; }

        public bool Closing { get; set; }
    }

    /// <summary>Answers streams that peers open.</summary>
    public void Register() => host.Handle(ReplicaOptions.SyncProtocol, AcceptAsync);

    /// <summary>Opens the stream of a session. Owner only.</summary>
    public void Start(long session, PeerId peer)
    {
        Open open = new(Channel.CreateUnbounded<ReadOnlyMemory<byte>>());
        _open[session] = open;
        loop.Run(() => DialAsync(session, peer, open));
    }

    /// <summary>Hands out what a session has to say, as far as the stream takes it. Owner only.</summary>
    public void Pump(Replica replica, long session)
    {
        if (!_open.TryGetValue(session, out Open? open))
        {
            return;
        }

        while (open.Ahead < WritesAhead
            && replica.TryTakeSync(session, loop.Now, out ReadOnlyMemory<byte> bytes))
        {
            open.Ahead++;
            open.Queue.Writer.TryWrite(bytes);
        }

        if (open.Closing && open.Ahead == 0)
        {
            Forget(session);
        }
    }

    /// <summary>Ends a session in good order once its bytes are written. Owner only.</summary>
    public void Close(Replica replica, long session)
    {
        if (_open.TryGetValue(session, out Open? open))
        {
            open.Closing = true;
            Pump(replica, session);
        }
    }

    /// <summary>Breaks a session off. Owner only.</summary>
    public void Reset(long session)
    {
        if (_open.TryGetValue(session, out Open? open))
        {
            open.Stream?.Reset();
            Forget(session);
        }
    }

    /// <summary>Lets readers go on whose session wants more. Owner only, after its outputs were
    /// taken.</summary>
    public void WakeReaders(Replica replica)
    {
        for (int i = _waiting.Count - 1; i >= 0; i--)
        {
            if (replica.WantsSyncInput(_waiting[i].Session))
            {
                _waiting[i].Wanted.TrySetResult();
                _waiting.RemoveAt(i);
            }
        }
    }

    private void Forget(long session)
    {
        if (_open.Remove(session, out Open? open))
        {
            open.Queue.Writer.TryComplete();
        }
    }

    private async Task DialAsync(long session, PeerId peer, Open open)
    {
        try
        {
            await using PeerStream stream =
                await host.OpenStreamAsync(peer, [ReplicaOptions.SyncProtocol], loop.Stopping);
            await ServeAsync(session, stream, open);
        }
        catch (Exception e) when (e is StreamException or OperationCanceledException)
        {
            await loop.PostAsync(r => Break(r, session));
        }
    }

    private async Task AcceptAsync(PeerStream stream, CancellationToken stop)
    {
        long session = await loop.AskAsync(r => r.AcceptSync(stream.Peer, loop.Now, out long id) ? id : -1);
        if (session < 0)
        {
            stream.Reset();
            return;
        }

        Open open = new(Channel.CreateUnbounded<ReadOnlyMemory<byte>>());
        await loop.PostAsync(r =>
        {
            _open[session] = open;
            Pump(r, session);
        });
        try
        {
            await ServeAsync(session, stream, open);
        }
        catch (Exception e) when (e is StreamException or OperationCanceledException)
        {
            await loop.PostAsync(r => Break(r, session));
        }
    }

    private void Break(Replica replica, long session)
    {
        replica.SyncReset(session, loop.Now);
        Forget(session);
    }

    private async Task ServeAsync(long session, PeerStream stream, Open open)
    {
        open.Stream = stream;
        Task reading = ReadAsync(session, stream);
        await foreach (ReadOnlyMemory<byte> bytes in open.Queue.Reader.ReadAllAsync(loop.Stopping))
        {
            await stream.WriteAsync(bytes, loop.Stopping);
            await loop.PostAsync(r =>
            {
                open.Ahead--;
                Pump(r, session);
            });
        }

        stream.CloseWrite();
        try
        {
            await reading.WaitAsync(Linger, loop.Time, loop.Stopping);
        }
        catch (TimeoutException)
        {
            stream.Reset();
        }
    }

    private async Task ReadAsync(long session, PeerStream stream)
    {
        byte[] buffer = new byte[ReadBytes];
        try
        {
            while (await stream.ReadAsync(buffer, loop.Stopping) is int length and > 0)
            {
                TaskCompletionSource wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
                byte[] bytes = buffer[..length];
                await loop.PostAsync(r =>
                {
                    r.ReceiveSync(session, bytes, loop.Now);
                    _waiting.Add((session, wanted));
                });
                await wanted.Task.WaitAsync(loop.Stopping);
            }

            await loop.PostAsync(r => r.SyncRemoteClosed(session, loop.Now));
        }
        catch (Exception e) when (e is StreamException or OperationCanceledException)
        {
            await loop.PostAsync(r => Break(r, session));
        }
    }
}

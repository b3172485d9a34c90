using System.Collections.Concurrent;
using System.Threading.Channels;
using IncidentMesh.Node.Net;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;
using IncidentMesh.Tests.Net;

namespace IncidentMesh.Tests.Interop;

/// <summary>A gossip router over a real host: as little as the interoperability tests need. Every message is
/// accepted.</summary>
internal sealed class GossipHost : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly GossipRouter _router;
    private readonly ConcurrentDictionary<PeerId, Channel<ReadOnlyMemory<byte>>> _outgoing = new();
    private readonly Channel<byte[]> _delivered = Channel.CreateUnbounded<byte[]>();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _tasks = [];

    public GossipHost(GossipParameters? parameters = null)
    {
        _router = new GossipRouter(parameters ?? new GossipParameters(), 7);
        foreach (string protocol in GossipProtocols.All)
        {
            Net.Host.Handle(protocol, ReceiveAsync);
        }

        _router.Subscribe(GossipTopics.Records, Now);
        _tasks.Add(FollowPeersAsync());
        _tasks.Add(TickAsync());
    }

    public TestHost Net { get; } = new();

    private static Instant Now => new(Environment.TickCount64);

    public void Publish(byte[] data) => With(router => router.Publish(GossipTopics.Records, data, Now));

    /// <summary>Waits until a message with that content was delivered.</summary>
    public async Task DeliveredAsync(byte[] data)
    {
        while (!(await _delivered.Reader.ReadAsync(Net.Stop)).AsSpan().SequenceEqual(data))
        {
        }
    }

    /// <summary>Waits until so many peers have subscribed, or are in the mesh.</summary>
    public async Task ReadyAsync(int peers, bool inMesh)
    {
        while (With(r => (inMesh ? r.MeshOf(GossipTopics.Records)
            : r.PeersOf(GossipTopics.Records)).Count) < peers)
        {
            await Task.Delay(20, Net.Stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Net.DisposeAsync();
        await Task.WhenAll(_tasks);
        _stop.Dispose();
    }

    private T With<T>(Func<GossipRouter, T> use)
    {
        lock (_gate)
        {
            T result = use(_router);
            while (_router.TryTakeOutput(out GossipOutput? output))
            {
                switch (output)
                {
                    case GossipOutput.SendRpc send when _outgoing.TryGetValue(send.Peer, out var queue):
                        queue.Writer.TryWrite(send.Rpc);
                        break;
                    case GossipOutput.Deliver deliver:
                        _delivered.Writer.TryWrite(deliver.Data.ToArray());
                        _router.Resolve(deliver.MessageId, GossipVerdict.Accept, Now);
                        break;
                }
            }

            return result;
        }
    }

    private async Task FollowPeersAsync()
    {
        await foreach (HostEvent happened in Net.Host.Events.ReadAllAsync(CancellationToken.None))
        {
            if (happened is HostEvent.PeerDisconnected gone)
            {
                _outgoing.TryRemove(gone.Peer, out _);
                With(router => { router.Disconnected(gone.Peer, Now); return 0; });
            }
            else if (happened is HostEvent.PeerConnected { Peer: var peer }
                && GossipProtocols.All.FirstOrDefault(peer.Speaks) is { } protocol)
            {
                _tasks.Add(SendAsync(peer, protocol));
            }
        }
    }

    private async Task SendAsync(PeerInfo peer, string protocol)
    {
        var queue = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();
        try
        {
            await using PeerStream stream = await Net.Host.OpenStreamAsync(peer.Id, [protocol], _stop.Token);
            _outgoing[peer.Id] = queue;
            With(router => router.Connected(peer.Id, protocol, peer.Outbound, Now));
            await foreach (ReadOnlyMemory<byte> rpc in queue.Reader.ReadAllAsync(_stop.Token))
            {
                await stream.WriteAsync(Frame.Write(rpc.Span), _stop.Token);
                With(router => { router.Written(peer.Id); return 0; });
            }
        }
        catch (Exception e) when (e is StreamException or OperationCanceledException)
        {
            queue.Writer.TryComplete();
        }
    }

    private async Task ReceiveAsync(PeerStream stream, CancellationToken stop)
    {
        var frames = new FrameReader(Limits.Gossip.RpcBytes);
        var buffer = new byte[65_536];
        while (await stream.ReadAsync(buffer, stop) is var length and > 0)
        {
            frames.Append(buffer.AsSpan(0, length));
            while (frames.TryTake(out ReadOnlyMemory<byte> rpc, out _))
            {
                With(router => { router.Receive(stream.Peer, rpc.Span, Now); return 0; });
            }
        }
    }

    private async Task TickAsync()
    {
        try
        {
            while (true)
            {
                With(router => { router.Tick(Now); return 0; });
                await Task.Delay(50, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            _delivered.Writer.TryComplete();
        }
    }
}

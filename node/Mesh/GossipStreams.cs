using System.Collections.Concurrent;
using System.Threading.Channels;
using IncidentMesh.Node.Net;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Mesh;

/// <summary>The gossip streams of all peers: one that this node opened and writes, one that the peer opened
/// and this node
/// reads (libp2p/specs, pubsub). Reading waits while the owner is behind, so a flood stops at the
/// peer.</summary>
internal sealed class GossipStreams(MeshLoop loop, Host host)
{
    private const int ReadBytes = 65_536;
    private const int WriteBytes = 16_384;
    private static readonly TimeSpan RetryTime = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<PeerId, Channel<ReadOnlyMemory<byte>>> _writers = [];

    // Set while the owner is behind: readers wait for it. Written by the owner alone.
    private volatile TaskCompletionSource? _behind;

    /// <summary>Protocols that it speaks, best first.</summary>
    public static IReadOnlyList<string> Protocols => GossipProtocols.All;

    /// <summary>Answers streams that peers open.</summary>
    public void Register()
    {
        foreach (string protocol in Protocols)
        {
            host.Handle(protocol, ReadAsync);
        }
    }

    /// <summary>Opens the stream that this node writes; nothing where it is open, or the peer speaks no
    /// gossip.</summary>
    public void Open(PeerInfo peer)
    {
        string[] spoken = [.. Protocols.Where(peer.Speaks)];
        if (spoken.Length > 0 && !_writers.ContainsKey(peer.Id))
        {
            loop.Run(() => WriteAsync(peer, spoken));
        }
    }

    /// <summary>Queues an RPC. The router bounds how many are out for one peer.</summary>
    public void Send(PeerId peer, ReadOnlyMemory<byte> rpc)
    {
        if (_writers.TryGetValue(peer, out Channel<ReadOnlyMemory<byte>>? writer))
        {
            writer.Writer.TryWrite(rpc);
        }
    }

    /// <summary>Stops readers while the owner is behind, and lets them go on. Owner only, after its outputs
    /// were taken.</summary>
    public void WakeReaders(Replica replica)
    {
        if (replica.IsGossipBehind)
        {
            _behind ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        else if (_behind is { } waiting)
        {
            _behind = null;
            waiting.SetResult();
        }
    }

    /// <summary>The peer is gone.</summary>
    public void Close(PeerId peer)
    {
        if (_writers.TryRemove(peer, out Channel<ReadOnlyMemory<byte>>? writer))
        {
            writer.Writer.TryComplete();
        }
    }

    // A stream that breaks while the connection lives is opened again after a while: without it the peer
    // would hear nothing more. The end of the connection ends the loop.
    private async Task WriteAsync(PeerInfo peer, string[] protocols)
    {
        bool again = true;
        while (again)
        {
            Channel<ReadOnlyMemory<byte>> queue = Channel.CreateUnbounded<ReadOnlyMemory<byte>>(
                new UnboundedChannelOptions { SingleReader = true });
            try
            {
                await using PeerStream stream =
                    await host.OpenStreamAsync(peer.Id, protocols, loop.Stopping);

                // Another queue: the peer went and came back, and that queue is the newer one's.
                again = _writers.TryAdd(peer.Id, queue);
                if (again)
                {
                    await WriteAsync(peer, stream, queue.Reader);
                    again = false;
                }
            }
            catch (StreamException e)
            {
                again = e.Fault.Scope != FaultScope.Connection;
            }
            finally
            {
                _writers.TryRemove(new KeyValuePair<PeerId, Channel<ReadOnlyMemory<byte>>>(peer.Id, queue));
            }

            if (again)
            {
                await Task.Delay(RetryTime, loop.Time, loop.Stopping);
            }
        }
    }

    private async Task WriteAsync(PeerInfo peer, PeerStream stream, ChannelReader<ReadOnlyMemory<byte>> queue)
    {
        await loop.PostAsync(r => r.GossipOpened(peer.Id, stream.Protocol, peer.Outbound, loop.Now));
        byte[] buffer = new byte[WriteBytes];
        while (await queue.WaitToReadAsync(loop.Stopping))
        {
            int written = 0;
            while (queue.TryRead(out ReadOnlyMemory<byte> rpc))
            {
                int prefix = Uvarint.Write(buffer, (ulong)rpc.Length);

                // A short one goes in one piece, so that its length does not travel alone.
                int head = Math.Min(rpc.Length, buffer.Length - prefix);
                rpc.Span[..head].CopyTo(buffer.AsSpan(prefix));
                await stream.WriteAsync(buffer.AsMemory(0, prefix + head), loop.Stopping);
                if (head < rpc.Length)
                {
                    await stream.WriteAsync(rpc[head..], loop.Stopping);
                }

                written++;
            }

            await loop.PostAsync(r => Written(r, peer.Id, written));
        }
    }

    private void Written(Replica replica, PeerId peer, int count)
    {
        for (int i = 0; i < count; i++)
        {
            replica.GossipWritten(peer, loop.Now);
        }
    }

    private async Task ReadAsync(PeerStream stream, CancellationToken stop)
    {
        FrameReader frames = new(Limits.Gossip.RpcBytes);
        byte[] buffer = new byte[ReadBytes];
        Task taken = Task.CompletedTask;
        while (await stream.ReadAsync(buffer, stop) is int length and > 0)
        {
            frames.Append(buffer.AsSpan(0, length));
            List<byte[]> rpcs = [];
            Fault? fault;
            while (frames.TryTake(out ReadOnlyMemory<byte> frame, out fault))
            {
                rpcs.Add(frame.ToArray());
            }

            if (rpcs.Count > 0)
            {
                // One piece waits for the owner while the next is read, no more; a flood stops at the peer.
                await taken.WaitAsync(stop);
                await (_behind?.Task ?? Task.CompletedTask).WaitAsync(stop);
                TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
                await loop.PostAsync(r =>
                {
                    Receive(r, stream.Peer, rpcs);
                    done.SetResult();
                });
                taken = done.Task;
            }

            if (fault is not null)
            {
                throw new StreamException(fault);
            }
        }
    }

    private void Receive(Replica replica, PeerId peer, List<byte[]> rpcs)
    {
        foreach (byte[] rpc in rpcs)
        {
            replica.ReceiveGossip(peer, rpc, loop.Now);
        }
    }
}

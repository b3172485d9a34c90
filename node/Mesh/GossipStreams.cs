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
    private readonly ConcurrentDictionary<PeerId, Channel<ReadOnlyMemory<byte>>> _writers = [];

    /// <summary>Protocols that it speaks, best first.</summary>
    public static IReadOnlyList<string> Protocols { get; } =
        [GossipProtocols.Meshsub12, GossipProtocols.Meshsub11, GossipProtocols.Meshsub10,
            GossipProtocols.Floodsub];

    /// <summary>Answers streams that peers open.</summary>
    public void Register()
    {
        foreach (string protocol in Protocols)
        {
            host.Handle(protocol, ReadAsync);
        }
    }

    /// <summary>Opens the stream that this node writes.</summary>
    public void Open(PeerInfo peer)
    {
        string[] spoken = [.. Protocols.Where(peer.Speaks)];
        if (spoken.Length > 0)
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

    /// <summary>The peer is gone.</summary>
    public void Close(PeerId peer)
    {
        if (_writers.TryRemove(peer, out Channel<ReadOnlyMemory<byte>>? writer))
        {
            writer.Writer.TryComplete();
        }
    }

    private async Task WriteAsync(PeerInfo peer, string[] protocols)
    {
        Channel<ReadOnlyMemory<byte>> queue = Channel.CreateUnbounded<ReadOnlyMemory<byte>>(
            new UnboundedChannelOptions { SingleReader = true });
        try
        {
            await using PeerStream stream = await host.OpenStreamAsync(peer.Id, protocols, loop.Stopping);
            _writers[peer.Id] = queue;
            await loop.PostAsync(r => r.GossipOpened(peer.Id, stream.Protocol, peer.Outbound, loop.Now));
            byte[] prefix = new byte[Uvarint.MaxLength];
            while (await queue.Reader.WaitToReadAsync(loop.Stopping))
            {
                int written = 0;
                while (queue.Reader.TryRead(out ReadOnlyMemory<byte> rpc))
                {
                    int length = Uvarint.Write(prefix, (ulong)rpc.Length);
                    await stream.WriteAsync(prefix.AsMemory(0, length), loop.Stopping);
                    await stream.WriteAsync(rpc, loop.Stopping);
                    written++;
                }

                await loop.PostAsync(r => Written(r, peer.Id, written));
            }
        }
        catch (Exception e) when (e is StreamException or OperationCanceledException)
        {
            // The peer may be back already, with a queue of its own.
            _writers.TryRemove(new KeyValuePair<PeerId, Channel<ReadOnlyMemory<byte>>>(peer.Id, queue));
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
                await loop.PostAsync(r => Receive(r, stream.Peer, rpcs));
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

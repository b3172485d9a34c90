using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using IncidentMesh.Node.Net;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Tests.EndToEnd;

/// <summary>A peer with a key of its own that says what it likes.</summary>
internal sealed class MeshAttacker : IAsyncDisposable
{
    private readonly SigningKey _key = SigningKey.FromSeed(RandomNumberGenerator.GetBytes(32));
    private readonly Host _host;
    private PeerId _target;

    public MeshAttacker() => _host = new Host(_key, new HostOptions(), TimeProvider.System);

    public PeerId Id => _host.Id;

    public async Task ConnectAsync(MeshNode node) => _target = await _host.DialAsync(node.Address);

    public Task<PeerStream> OpenAsync(string protocol) => _host.OpenStreamAsync(_target, [protocol]);

    /// <summary>Waits until the node has cut it off.</summary>
    public async Task UntilAloneAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_host.Peers.Count > 0)
        {
            await Task.Delay(10, limit.Token);
        }
    }

    /// <summary>An RPC with one message, behind its length.</summary>
    public static byte[] Message(string topic, ReadOnlySpan<byte> data)
    {
        var message = new ProtobufWriter();
        message.Bytes(2, data);
        message.Text(4, topic);
        var rpc = new ProtobufWriter();
        rpc.Bytes(2, message.Written);
        return Frame.Write(rpc.Written);
    }

    /// <summary>Sends messages over one gossip stream and leaves it open.</summary>
    public async Task GossipAsync(params byte[][] messages)
    {
        PeerStream stream = await OpenAsync(GossipProtocols.Meshsub12);
        foreach (byte[] message in messages)
        {
            await stream.WriteAsync(message);
        }
    }

    /// <summary>A bare TCP connection to a node.</summary>
    public static async Task<Socket> DialRawAsync(MeshNode node)
    {
        node.Address.TryGetTcp(out _, out string host, out int port);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Parse(host), port);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _key.Dispose();
    }
}

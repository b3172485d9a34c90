using Xunit;
using IncidentMesh.Node.Net;
using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Tests.Net;

/// <summary>A host with a random key on loopback, bounded in time.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly SigningKey _key = SigningKey.FromSeed(
        System.Security.Cryptography.RandomNumberGenerator.GetBytes(SigningKey.SeedLength));

    private readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(60));

    public TestHost(HostOptions? options = null, TimeProvider? time = null) =>
        Host = new Host(_key, options ?? new HostOptions(), time ?? TimeProvider.System);

    public Host Host { get; }

    public SigningKey Key => _key;

    public CancellationToken Stop => _stop.Token;

    public static async Task EchoAsync(PeerStream stream, CancellationToken stop)
    {
        var buffer = new byte[65_536];
        while (await stream.ReadAsync(buffer, stop) is var length and > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, length), stop);
        }
    }

    public static Multiaddr Address(string text)
    {
        Assert.True(Multiaddr.TryParse(text, out Multiaddr? address, out _));
        return address;
    }

    public static async Task UntilAsync(Func<bool> condition, CancellationToken stop)
    {
        while (!condition())
        {
            await Task.Delay(10, stop);
        }
    }

    public Multiaddr Listen() => Host.Listen(Address("/ip4/127.0.0.1/tcp/0"));

    public async Task<T> EventAsync<T>()
        where T : HostEvent
    {
        while (true)
        {
            if (await Host.Events.ReadAsync(Stop) is T wanted)
            {
                return wanted;
            }
        }
    }

    public async Task<PeerInfo> ConnectedAsync() => (await EventAsync<HostEvent.PeerConnected>()).Peer;

    public async Task AssertEchoAsync(PeerId peer, string protocol, int bytes)
    {
        var sent = new byte[bytes];
        new Random(1).NextBytes(sent);
        await using PeerStream stream = await Host.OpenStreamAsync(peer, [protocol], Stop);
        Task writing = Task.Run(async () =>
        {
            await stream.WriteAsync(sent, Stop);
            stream.CloseWrite();
        });
        var received = new byte[bytes];
        int at = 0;
        while (at < bytes && await stream.ReadAsync(received.AsMemory(at), Stop) is var length and > 0)
        {
            at += length;
        }

        await writing;
        Assert.Equal(bytes, at);
        Assert.True(sent.AsSpan().SequenceEqual(received));
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Stop));
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _key.Dispose();
        _stop.Dispose();
    }
}

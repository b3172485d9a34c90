using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using Microsoft.Extensions.Logging;

namespace IncidentMesh.Node.Net;

/// <content>Dialling.</content>
public sealed partial class Host
{
    private const int RetryMilliseconds = 100;
    private const int JitterMilliseconds = 900;

    private readonly Dictionary<PeerId, Task<PeerId>> _dialling = [];

    /// <summary>Connects to a peer, and waits until it has identified itself. When the peer is connected, or
    /// being dialled, already, that connection is used.</summary>
    /// <param name="address">A TCP address; with a peer id at its end another peer is refused.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>Who answered.</returns>
    /// <exception cref="DialException">The address cannot be reached, or not as that peer.</exception>
    public async Task<PeerId> DialAsync(Multiaddr address, CancellationToken stop = default)
    {
        if (address.Peer is not { } peer)
        {
            return await DialNewAsync(address, stop);
        }

        Task<PeerId>? dial;
        lock (_gate)
        {
            if (_table.Find(peer) is { IsClosing: false })
            {
                return peer;
            }

            if (!_dialling.TryGetValue(peer, out dial))
            {
                // Shared by all who ask, so one who stops waiting does not end it.
                dial = Task.Run(() => DialSharedAsync(address, peer), _stop.Token);
                _dialling.Add(peer, dial);
            }
        }

        return await dial.WaitAsync(stop);
    }

    private static int Jitter(int attempt) =>
        (RetryMilliseconds * attempt) + RandomNumberGenerator.GetInt32(JitterMilliseconds);

    private async Task<PeerId> DialSharedAsync(Multiaddr address, PeerId peer)
    {
        try
        {
            return await DialNewAsync(address, _stop.Token);
        }
        finally
        {
            lock (_gate)
            {
                _dialling.Remove(peer);
            }
        }
    }

    private async Task<PeerId> DialNewAsync(Multiaddr address, CancellationToken stop)
    {
        if (!address.TryGetTcp(out MultiaddrProtocol family, out string host, out int port))
        {
            var unsupported = Fault.Connection("dial-unsupported", "only plain TCP is dialled");
            throw new DialException(address, unsupported);
        }

        if (!HasRoom())
        {
            throw new DialException(address, Fault.Connection("dial-limit", "no more connections"));
        }

        for (int attempt = 1; ; attempt++)
        {
            Socket socket = await ConnectAsync(address, family, host, port, stop);
            PeerLink link = Start(socket, dialer: true, address.Peer);
            Fault? fault = await UpgradeOutboundAsync(link, stop);
            if (fault is null || (fault.Code == "peer-duplicate" && IsConnected(link.Peer)))
            {
                return link.Peer;
            }

            if (attempt >= _options.DialAttempts || !IsWorthRetrying(fault))
            {
                throw new DialException(address, fault);
            }

            _log.LogDebug("dialling {Address} again after {Fault}", address, fault);
            await Task.Delay(TimeSpan.FromMilliseconds(Jitter(attempt)), _clock.Time, stop);
            if (address.Peer is { } peer && IsConnected(peer))
            {
                return peer;
            }
        }
    }

    /// <summary>When both ends dial each other at the same port, both are initiators and the handshake fails:
    /// such a thing passes. An answer by the wrong peer does not.</summary>
    private static bool IsWorthRetrying(Fault fault) => fault.Code is not
        ("noise-peer" or "noise-signature" or "key-type" or "peer-self" or "peer-banned" or "host-stopped"
        or "host-busy");

    private bool IsConnected(PeerId peer)
    {
        lock (_gate)
        {
            return _table.Find(peer) is { IsClosing: false };
        }
    }

    private async Task<Fault?> UpgradeOutboundAsync(PeerLink link, CancellationToken stop)
    {
        try
        {
            await link.Established.WaitAsync(stop);
            return await IdentifyAsync(link).WaitAsync(stop);
        }
        catch (StreamException e)
        {
            return link.Fault ?? e.Fault;
        }
        catch (OperationCanceledException)
        {
            link.Close(null);
            throw;
        }
    }

    private async Task<Socket> ConnectAsync(
        Multiaddr address, MultiaddrProtocol family, string host, int port, CancellationToken stop)
    {
        SocketException? last = null;
        foreach (IPAddress ip in await ResolveAsync(address, family, host, stop))
        {
            var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _clock.Time);
            using var either =
                CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token, _stop.Token);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(ip, port), either.Token);
                return socket;
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch (OperationCanceledException)
            {
                socket.Dispose();
                stop.ThrowIfCancellationRequested();
                last = new SocketException((int)SocketError.TimedOut);
            }
        }

        string why = last?.SocketErrorCode.ToString() ?? "the name has no address";
        throw new DialException(address, Fault.Connection("dial-unreachable", why), last);
    }

    private static async Task<IPAddress[]> ResolveAsync(
        Multiaddr address, MultiaddrProtocol family, string host, CancellationToken stop)
    {
        if (family is MultiaddrProtocol.Ip4 or MultiaddrProtocol.Ip6)
        {
            return [IPAddress.Parse(host)];
        }

        AddressFamily wanted = family switch
        {
            MultiaddrProtocol.Dns4 => AddressFamily.InterNetwork,
            MultiaddrProtocol.Dns6 => AddressFamily.InterNetworkV6,
            _ => AddressFamily.Unspecified,
        };
        try
        {
            return await Dns.GetHostAddressesAsync(host, wanted, stop);
        }
        catch (SocketException e)
        {
            throw new DialException(
                address, Fault.Connection("dial-name", $"{host} cannot be resolved: {e.SocketErrorCode}"), e);
        }
    }
}

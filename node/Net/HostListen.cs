using System.Net;
using System.Net.Sockets;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Libp2p;
using Microsoft.Extensions.Logging;

namespace IncidentMesh.Node.Net;

/// <content>Listening and accepting.</content>
public sealed partial class Host
{
    private const int Backlog = 128;

    private readonly List<Socket> _listeners = [];
    private readonly List<Task> _accepting = [];
    private readonly List<Multiaddr> _listening = [];
    private readonly PendingInbound _pending = new();

    /// <summary>Where this node listens, with its peer id; a port that was asked for as 0 is the real
    /// one.</summary>
    public IReadOnlyList<Multiaddr> ListenAddresses
    {
        get
        {
            lock (_gate)
            {
                return [.. _listening.Select(address => address.WithPeer(Id))];
            }
        }
    }

    /// <summary>Starts to listen.</summary>
    /// <param name="address"><c>/ip4</c> or <c>/ip6</c> with <c>/tcp</c>; port 0 takes a free one.</param>
    /// <returns>The address listened on, with the real port and the peer id.</returns>
    /// <exception cref="ListenException">The address cannot be used; it says why.</exception>
    public Multiaddr Listen(Multiaddr address)
    {
        if (!address.TryGetTcp(out _, out string host, out int port)
            || !IPAddress.TryParse(host, out IPAddress? ip))
        {
            throw new ListenException(address, ListenFailure.Unsupported);
        }

        var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (ip.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            socket.Bind(new IPEndPoint(ip, port));
            socket.Listen(Backlog);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new ListenException(address, Reason(e.SocketErrorCode), e);
        }

        var actual = Multiaddr.OfTcp((IPEndPoint)socket.LocalEndPoint!);
        lock (_gate)
        {
            _listeners.Add(socket);
            _listening.Add(actual);
            _accepting.Add(AcceptAsync(socket));
        }

        PushToPeers();
        return actual.WithPeer(Id);
    }

    private static ListenFailure Reason(SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse => ListenFailure.AddressInUse,
        SocketError.AddressNotAvailable => ListenFailure.AddressNotAvailable,
        SocketError.AccessDenied => ListenFailure.AccessDenied,
        SocketError.AddressFamilyNotSupported => ListenFailure.Unsupported,
        _ => ListenFailure.Other,
    };

    private void CloseListeners()
    {
        foreach (Socket socket in _listeners)
        {
            socket.Dispose();
        }

        _listeners.Clear();
        _listening.Clear();
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket? socket = null;
            try
            {
                socket = await listener.AcceptAsync(_stop.Token);
                Admit(socket);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // The peer left before it was accepted, or the process has no more file handles: wait and go
                // on.
                socket?.Dispose();
                _log.LogWarning("accepting failed: {Error}", e.SocketErrorCode);
                await Task.Delay(_tick, _clock.Time, CancellationToken.None);
            }
        }
    }

    private void Admit(Socket socket)
    {
        IPAddress from = ((IPEndPoint)socket.RemoteEndPoint!).Address;
        if (!HasInboundRoom() || !_pending.TryEnter(from))
        {
            _log.LogInformation("turned away a connection from {Address}: too many", from);
            socket.Dispose();
            return;
        }

        PeerLink link = Start(socket, dialer: false, expected: null);
        _ = UpgradeInboundAsync(link, from);
    }

    private async Task UpgradeInboundAsync(PeerLink link, IPAddress from)
    {
        try
        {
            await link.Established;
        }
        catch (StreamException e)
        {
            _log.LogInformation("an inbound connection from {Address} failed: {Fault}", from, e.Fault);
            return;
        }
        finally
        {
            _pending.Leave(from);
        }

        await IdentifyAsync(link);
    }

    /// <summary>A quarter of the connections is kept for dialling, so that strangers cannot choose all of a
    /// node's peers.</summary>
    private bool HasInboundRoom()
    {
        lock (_gate)
        {
            int most = _options.MaxConnections - (_options.MaxConnections / 4);
            return _links.Keys.Count(static link => !link.Outbound) < most && HasRoom();
        }
    }

    private bool HasRoom()
    {
        lock (_gate)
        {
            return _links.Count < _options.MaxConnections && _events.Reader.Count < WaitingEvents;
        }
    }

    private PeerLink Start(Socket socket, bool dialer, PeerId? expected)
    {
        socket.NoDelay = true;
        var link = new PeerLink(socket, _key, dialer, expected, _handlers.ContainsKey, Serve, _clock);
        lock (_gate)
        {
            _links.Add(link, RunAsync(link));
        }

        if (_stop.IsCancellationRequested)
        {
            link.Close(null);
        }

        return link;
    }
}

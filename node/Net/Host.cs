using System.Collections.Concurrent;
using System.Threading.Channels;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Libp2p;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentMesh.Node.Net;

/// <summary>Serves one stream that a peer opened. When it returns the stream is left in good order; when it
/// throws the stream is reset.</summary>
/// <param name="stream">The stream, its protocol agreed on.</param>
/// <param name="stop">Set when the host stops.</param>
public delegate Task StreamHandler(PeerStream stream, CancellationToken stop);

/// <summary>A libp2p host over TCP: listens, dials, keeps one connection a peer, answers Identify, Identify
/// Push and Ping, and hands streams to the protocols registered (<c>specs/libp2p.md</c>).</summary>
/// <remarks>Every member may be called from any thread. What happens to peers is told in order through
/// <see cref="Events"/>, which somebody must read: while 1,024 events wait, new peers are turned
/// away.</remarks>
public sealed partial class Host : IAsyncDisposable
{
    private const int WaitingEvents = 1_024;

    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(250);

    private readonly SigningKey _key;
    private readonly HostOptions _options;
    private readonly NetClock _clock;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, StreamHandler> _handlers = new(StringComparer.Ordinal);
    private readonly Channel<HostEvent> _events = Channel.CreateUnbounded<HostEvent>();

    // Guards the tables of links, bans and listeners, and with them the order of events.
    private readonly Lock _gate = new();
    private readonly PeerTable _table;
    private readonly Dictionary<PeerLink, Task> _links = [];
    private readonly Dictionary<PeerId, Instant> _banned = [];
    private readonly Task _ticking;

    /// <summary>A host that does not listen yet.</summary>
    /// <param name="key">The host key; stays the caller's to dispose, after the host.</param>
    /// <param name="options">How it presents and limits itself.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where refusals and failures are told; none when null.</param>
    public Host(SigningKey key, HostOptions options, TimeProvider time, ILogger? log = null)
    {
        _key = key;
        _options = options;
        _clock = new NetClock(time);
        _log = log ?? NullLogger.Instance;
        Id = PeerId.Of(key.Public);
        _table = new PeerTable(Id);
        _handlers[IdentifyMessage.ProtocolId] = AnswerIdentifyAsync;
        _handlers[IdentifyMessage.PushProtocolId] = TakePushAsync;
        _handlers[Ping.ProtocolId] = AnswerPingAsync;
        _ticking = TickAsync();
    }

    /// <summary>This node's peer id.</summary>
    public PeerId Id { get; }

    /// <summary>What happens to peers, for one reader.</summary>
    public ChannelReader<HostEvent> Events => _events.Reader;

    /// <summary>Connections that are open, those not yet identified among them.</summary>
    public int LinkCount
    {
        get
        {
            lock (_gate)
            {
                return _links.Count;
            }
        }
    }

    /// <summary>The peers that are connected and identified.</summary>
    public IReadOnlyList<PeerInfo> Peers
    {
        get
        {
            lock (_gate)
            {
                return [.. _table.Links.Select(static link => link.Info!)];
            }
        }
    }

    /// <summary>Registers a protocol, and tells connected peers of it.</summary>
    /// <param name="protocol">The protocol id, e.g. <c>/incidentmesh/sync/1.0.0</c>.</param>
    /// <param name="handler">Called for each stream of it that a peer opens, each on a task of its
    /// own.</param>
    public void Handle(string protocol, StreamHandler handler)
    {
        _handlers[protocol] = handler;
        PushToPeers();
    }

    /// <summary>Opens a stream to a connected peer.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="protocols">Protocol ids, best first. With one, the stream is usable at once, and a
    /// refusal shows as its reset; with several, the answer is waited for.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="StreamException">The peer is not connected, or refused.</exception>
    public async Task<PeerStream> OpenStreamAsync(
        PeerId peer, IReadOnlyList<string> protocols, CancellationToken stop = default)
    {
        PeerLink? link;
        lock (_gate)
        {
            link = _table.Find(peer);
        }

        if (link is null)
        {
            throw new StreamException(Fault.Connection("connection-none", $"{peer} is not connected"));
        }

        PeerStream stream = link.Open(protocols);
        if (protocols.Count > 1)
        {
            await stream.Opened.WaitAsync(stop);
        }

        return stream;
    }

    /// <summary>Pings a connected peer.</summary>
    /// <returns>The time to the peer and back.</returns>
    /// <exception cref="StreamException">The peer is not connected, or does not answer in ten
    /// seconds.</exception>
    public async Task<TimeSpan> PingAsync(PeerId peer, CancellationToken stop = default)
    {
        await using PeerStream stream = await OpenStreamAsync(peer, [Ping.ProtocolId], stop);
        return await Identification.PingAsync(stream, _clock, stop);
    }

    /// <summary>Ends the connection to a peer in good order.</summary>
    public void Disconnect(PeerId peer)
    {
        lock (_gate)
        {
            _table.Find(peer)?.Close(null);
        }
    }

    /// <summary>Ends the connection to a peer, and refuses another until the time is over.</summary>
    public void Ban(PeerId peer, TimeSpan duration)
    {
        lock (_gate)
        {
            _banned[peer] = _clock.Now + duration;
            _table.Find(peer)?.Close(Fault.Connection("peer-banned", "the peer was banned"));
        }
    }

    /// <summary>Lets a banned peer connect again.</summary>
    public void Unban(PeerId peer)
    {
        lock (_gate)
        {
            _banned.Remove(peer);
        }
    }

    /// <summary>Stops listening, ends every connection in good order, and completes
    /// <see cref="Events"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        Task[] running;
        lock (_gate)
        {
            CloseListeners();
            foreach (PeerLink link in _links.Keys)
            {
                link.Close(null);
            }

            running = [.. _links.Values, .. _accepting, _ticking];
        }

        await Task.WhenAll(running);
        _events.Writer.TryComplete();
    }

    private void DropBansBefore(Instant now)
    {
        foreach ((PeerId peer, Instant until) in _banned.ToArray())
        {
            if (until <= now)
            {
                _banned.Remove(peer);
            }
        }
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(_tick, _clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                PeerLink[] links;
                lock (_gate)
                {
                    links = [.. _links.Keys];
                    DropBansBefore(_clock.Now);
                }

                foreach (PeerLink link in links)
                {
                    link.Tick();
                }
            }
        }
        catch (OperationCanceledException)
        {
            _log.LogDebug("the host stops");
        }
    }
}

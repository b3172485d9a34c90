using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Libp2p;
using Microsoft.Extensions.Logging;

namespace IncidentMesh.Node.Net;

/// <content>What becomes of a connection: identified, announced, served, ended.</content>
public sealed partial class Host
{
    private const int IdentifyAttempts = 3;

    private async Task RunAsync(PeerLink link)
    {
        await Task.Yield();
        await link.RunAsync();
        lock (_gate)
        {
            _links.Remove(link);
            if (_table.Remove(link))
            {
                _events.Writer.TryWrite(new HostEvent.PeerDisconnected(link.Peer, link.Fault));
            }
        }

        link.Dispose();
    }

    /// <summary>Asks a peer who it is, and announces it.</summary>
    /// <returns>Why the link was closed instead; null when it speaks for its peer.</returns>
    private async Task<Fault?> IdentifyAsync(PeerLink link)
    {
        var established = await link.Established;
        if (Refusal(established.Peer) is { } refusal)
        {
            link.Close(refusal);
            return refusal;
        }

        IdentifyMessage identity;
        try
        {
            identity = await AskAsync(link);
        }
        catch (StreamException e)
        {
            if (link.IsClosing)
            {
                return link.Fault ?? e.Fault;
            }

            // Small stacks speak no Identify: such a peer is connected, and known to speak nothing.
            _log.LogInformation("{Peer} did not identify itself: {Fault}", established.Peer, e.Fault);
            identity = new IdentifyMessage();
        }
        catch (OperationCanceledException)
        {
            return Fault.Connection("host-stopped", "the host stops");
        }

        link.Info = new PeerInfo(
            established.Peer, established.Key, link.Outbound, link.RemoteAddress, identity);
        return Announce(link);
    }

    // A peer that is busy may be late, and one that is taken to speak nothing would not be asked for records
    // until it comes again.
    private async Task<IdentifyMessage> AskAsync(PeerLink link)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await using PeerStream stream = link.Open([IdentifyMessage.ProtocolId]);
                return await Identification.ReadAsync(stream, _clock, _stop.Token);
            }
            catch (StreamException e) when (
                e.Fault.Code == Identification.TimedOut && attempt < IdentifyAttempts && !link.IsClosing)
            {
                _log.LogInformation("{Peer} is slow to identify itself", link.Peer);
            }
        }
    }

    private Fault? Refusal(PeerId peer)
    {
        lock (_gate)
        {
            return peer == Id ? Fault.Connection("peer-self", "this is the node itself")
                : _banned.ContainsKey(peer) ? Fault.Connection("peer-banned", "the peer is banned")
                : _events.Reader.Count < WaitingEvents ? null
                : Fault.Connection("host-busy", "too many events wait");
        }
    }

    private Fault? Announce(PeerLink link)
    {
        lock (_gate)
        {
            if (link.IsClosing || !_links.ContainsKey(link))
            {
                return link.Fault ?? Fault.Connection("connection-closed", "the connection was closed");
            }

            if (_banned.ContainsKey(link.Peer))
            {
                // Banned while it identified itself.
                var banned = Fault.Connection("peer-banned", "the peer is banned");
                link.Close(banned);
                return banned;
            }

            bool added = _table.TryAdd(link, out PeerLink? loser);
            var duplicate = Fault.Connection("peer-duplicate", "another connection to the peer stays");
            loser?.Close(duplicate);
            if (!added)
            {
                return duplicate;
            }

            if (loser is not null)
            {
                _events.Writer.TryWrite(new HostEvent.PeerDisconnected(link.Peer, duplicate));
            }

            _events.Writer.TryWrite(new HostEvent.PeerConnected(link.Info!));
            return null;
        }
    }

    /// <summary>Hands a stream to its protocol; called under the link's lock, so only starts a
    /// task.</summary>
    private void Serve(PeerStream stream)
    {
        if (_handlers.TryGetValue(stream.Protocol, out StreamHandler? handler))
        {
            _ = Task.Run(() => ServeAsync(stream, handler));
        }
        else
        {
            _ = Task.Run(stream.Reset);
        }
    }

    private async Task ServeAsync(PeerStream stream, StreamHandler handler)
    {
        try
        {
            await handler(stream, _stop.Token);
            await stream.DisposeAsync();
        }
        catch (Exception e) when (e is StreamException or OperationCanceledException)
        {
            stream.Reset();
        }
#pragma warning disable CA1031 // A handler's bug ends its stream and is told; it must not end the process.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _log.LogError(e, "the handler of {Protocol} failed", stream.Protocol);
            stream.Reset();
        }
    }

    private IdentifyMessage Describe(Multiaddr? observed)
    {
        IReadOnlyList<Multiaddr> addresses;
        lock (_gate)
        {
            addresses = _options.Announce.Count > 0 ? _options.Announce : [.. _listening];
        }

        return new IdentifyMessage
        {
            Key = _key.Public,
            ListenAddresses = addresses,
            Protocols = [.. _handlers.Keys.Order(StringComparer.Ordinal)],
            Observed = observed,
            ProtocolVersion = Identification.ProtocolVersion,
            AgentVersion = _options.Agent,
        };
    }

    private byte[] SignAddresses(IdentifyMessage message) =>
        SignedPeerRecord.Write(_key, (ulong)_clock.Now.UnixSeconds, message.ListenAddresses);

    private async Task AnswerIdentifyAsync(PeerStream stream, CancellationToken stop)
    {
        IdentifyMessage message = Describe(stream.RemoteAddress);
        await Identification.WriteAsync(stream, message, SignAddresses(message), stop);
    }

    private async Task AnswerPingAsync(PeerStream stream, CancellationToken stop)
    {
        if (!stream.TryEnterPing())
        {
            throw new StreamException(Fault.Stream("ping-streams", "two ping streams are open already"));
        }

        try
        {
            await Identification.AnswerPingsAsync(stream, _clock, stop);
        }
        finally
        {
            stream.LeavePing();
        }
    }

    private async Task TakePushAsync(PeerStream stream, CancellationToken stop)
    {
        IdentifyMessage news = await Identification.ReadAsync(stream, _clock, stop);
        lock (_gate)
        {
            if (_table.Find(stream.Peer) is { } link && _events.Reader.Count < WaitingEvents)
            {
                link.Info = link.Info! with { Identity = link.Info.Identity.Merge(news) };
                _events.Writer.TryWrite(new HostEvent.PeerUpdated(link.Info));
            }
        }
    }

    /// <summary>Tells connected peers what this node speaks now.</summary>
    private void PushToPeers()
    {
        PeerInfo[] peers;
        lock (_gate)
        {
            peers = [.. _table.Links.Select(static link => link.Info!)
                .Where(static info => info.Speaks(IdentifyMessage.PushProtocolId))];
        }

        foreach (PeerInfo peer in peers)
        {
            _ = PushAsync(peer);
        }
    }

    private async Task PushAsync(PeerInfo peer)
    {
        try
        {
            IdentifyMessage message = Describe(peer.RemoteAddress);
            await using PeerStream stream =
                await OpenStreamAsync(peer.Id, [IdentifyMessage.PushProtocolId], _stop.Token);
            await Identification.WriteAsync(stream, message, SignAddresses(message), _stop.Token)
                ;
        }
        catch (Exception e) when (e is StreamException or OperationCanceledException)
        {
            _log.LogDebug("a push to {Peer} failed: {Error}", peer.Id, e.Message);
        }
    }
}

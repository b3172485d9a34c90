using IncidentMesh.Node.Net;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using Microsoft.Extensions.Logging;

namespace IncidentMesh.Node.Mesh;

/// <summary>Keeps this node connected to the peers it was told of: dials at once, then with a backoff from a
/// second to
/// five minutes, each wait drawn at random from the upper half of its step.</summary>
internal sealed class Dialler(MeshLoop loop, Host host, ILogger log)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(5);
    private readonly Dictionary<Multiaddr, CancellationTokenSource> _targets = [];
    private readonly Lock _gate = new();

    /// <summary>Addresses that it keeps dialling.</summary>
    public IReadOnlyList<Multiaddr> Targets
    {
        get
        {
            lock (_gate)
            {
                return [.. _targets.Keys];
            }
        }
    }

    /// <summary>What went wrong last at an address.</summary>
    public IReadOnlyDictionary<Multiaddr, string> Failures => _failures;

    private readonly System.Collections.Concurrent.ConcurrentDictionary<Multiaddr, string> _failures = [];

    /// <summary>Starts to keep a connection to an address, which must name the peer.</summary>
    public void Add(Multiaddr address)
    {
        lock (_gate)
        {
            if (!_targets.ContainsKey(address))
            {
                CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(loop.Stopping);
                _targets.Add(address, stop);
                loop.Run(() => KeepAsync(address, stop.Token));
            }
        }
    }

    /// <summary>Stops dialling a peer.</summary>
    public void Remove(PeerId peer)
    {
        lock (_gate)
        {
            foreach (Multiaddr address in _targets.Keys.Where(a => a.Peer == peer).ToArray())
            {
                _targets[address].Cancel();
                _targets.Remove(address);
            }
        }
    }

    private async Task KeepAsync(Multiaddr address, CancellationToken stop)
    {
        TimeSpan wait = First;
        try
        {
            while (true)
            {
                if (host.Peers.Any(p => p.Id == address.Peer))
                {
                    wait = First;
                }
                else
                {
                    wait = await TryAsync(address, stop) ? First : TimeSpan.FromTicks(
                        Math.Min(wait.Ticks * 2, Most.Ticks));
                }

                double share = 0.5 + (Random.Shared.NextDouble() / 2);
                await Task.Delay(wait * share, loop.Time, stop);
            }
        }
        catch (OperationCanceledException)
        {
            log.LogDebug("no longer dialling {Address}", address);
        }
    }

    private async Task<bool> TryAsync(Multiaddr address, CancellationToken stop)
    {
        try
        {
            await host.DialAsync(address, stop);
            _failures.TryRemove(address, out _);
            return true;
        }
        catch (DialException e)
        {
            _failures[address] = e.Fault.Detail;
            log.LogInformation("cannot reach {Address}: {Why}", address, e.Fault);
            return false;
        }
    }
}

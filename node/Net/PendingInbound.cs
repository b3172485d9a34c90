using System.Net;
using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Net;

/// <summary>Counts inbound connections whose peer is not yet known, so that strangers cannot fill the node
/// before they have proved anything.</summary>
internal sealed class PendingInbound
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private int _count;

    /// <summary>Lets one more in, unless the address or the node has too many.</summary>
    public bool TryEnter(IPAddress address)
    {
        lock (_gate)
        {
            int same = _byAddress.GetValueOrDefault(address);
            if (_count >= Limits.Libp2p.PendingConnections
                || same >= Limits.Libp2p.PendingConnectionsPerAddress)
            {
                return false;
            }

            _byAddress[address] = same + 1;
            _count++;
            return true;
        }
    }

    /// <summary>The peer is known, or gone.</summary>
    public void Leave(IPAddress address)
    {
        lock (_gate)
        {
            _count--;
            if (--_byAddress[address] == 0)
            {
                _byAddress.Remove(address);
            }
        }
    }
}

using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Fuzz;

/// <summary>Feeds RPCs to a router with two peers. Each input is a sequence of <c>u16be length || RPC</c>;
/// the first bit of the length names the peer.</summary>
internal static class GossipFuzz
{
    private static readonly PeerId[] Peers = [Peer(1), Peer(2)];

    /// <summary>Runs one input; an exception is a finding.</summary>
    public static void Run(ReadOnlySpan<byte> input)
    {
        Instant now = new(1_790_000_000_000);
        GossipRouter router = new(new GossipParameters(), 1);
        router.Subscribe(GossipTopics.Records, now);
        foreach (PeerId peer in Peers)
        {
            router.Connected(peer, GossipProtocols.Meshsub12, outbound: false, now);
        }

        while (input.Length >= 2)
        {
            int header = (input[0] << 8) | input[1];
            int length = Math.Min(header & 0x7fff, input.Length - 2);
            router.Receive(Peers[header >> 15], input.Slice(2, length), now);
            input = input[(2 + length)..];
            Drain(router, now);
            now += TimeSpan.FromMilliseconds(500);
            router.Tick(now);
            Drain(router, now);
        }
    }

    private static void Drain(GossipRouter router, Instant now)
    {
        while (router.TryTakeOutput(out GossipOutput? output))
        {
            if (output is GossipOutput.Deliver deliver)
            {
                router.Resolve(deliver.MessageId, (GossipVerdict)(deliver.Data.Length % 3), now);
            }
            else if (output is GossipOutput.SendRpc send)
            {
                if (send.Rpc.Length > Limits.Gossip.RpcBytes)
                {
                    throw new InvalidOperationException($"an RPC of {send.Rpc.Length} bytes");
                }

                router.Written(send.Peer);
            }
        }
    }

    private static PeerId Peer(byte seed)
    {
        byte[] bytes = new byte[SigningKey.SeedLength];
        bytes[0] = seed;
        using SigningKey key = SigningKey.FromSeed(bytes);
        return PeerId.Of(key.Public);
    }
}

using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Fuzz;

/// <summary>Feeds bytes to both sides of a sync session. The first byte chooses: a responder, an initiator,
/// or a bare negentropy message.</summary>
internal static class SyncFuzz
{
    private static readonly Source Served = new();

    /// <summary>Runs one input; an exception is a finding.</summary>
    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        ReadOnlySpan<byte> bytes = input[1..];
        switch (input[0] % 3)
        {
            case 0:
                Respond(bytes);
                break;
            case 1:
                Initiate(bytes);
                break;
            default:
                Negentropy.TryRespond(Served.View(SyncSet.Records), bytes, out byte[]? reply, out _);
                if (reply?.Length > Limits.Sync.NegentropyBytes)
                {
                    throw new InvalidOperationException($"a reply of {reply.Length} bytes");
                }

                break;
        }
    }

    private static void Respond(ReadOnlySpan<byte> bytes)
    {
        var responder = new SyncResponder(Served, default);
        while (!bytes.IsEmpty)
        {
            int length = Math.Min(64, bytes.Length);
            responder.Receive(bytes[..length], default);
            bytes = bytes[length..];
            while (responder.TryTakeOutput(default, out _))
            {
            }
        }
    }

    private static void Initiate(ReadOnlySpan<byte> bytes)
    {
        SyncStep[] plan = [new(SyncSet.Identities, Served.View(SyncSet.Identities)),
            new(SyncSet.Records, Served.View(SyncSet.Records))];
        var initiator = new SyncInitiator(plan, [], default);
        initiator.Receive(bytes, default);
        while (initiator.TryTakeOutput(out SyncOutput? output))
        {
            switch (output)
            {
                case SyncNeed need:
                    initiator.Get(need.Ids, default);
                    break;
                case SyncEnvelopes got:
                    initiator.GetBodies([.. got.Envelopes.Select(e => Digest.Sha256(e.Span))], default);
                    break;
                case SyncBatchEnd:
                    initiator.Proceed(default);
                    break;
                default:
                    break;
            }
        }
    }

    private sealed class Source : ISyncSource
    {
        private readonly ReconciliationSet _set = new();

        public Source()
        {
            for (int n = 0; n < 100; n++)
            {
                _set.Add(new ReconciliationItem((ulong)(n / 3), Digest.Sha256(BitConverter.GetBytes(n))));
            }
        }

        public bool TryOpen(SyncOpen open, [NotNullWhen(false)] out Fault? fault)
        {
            fault = null;
            return true;
        }

        public ReconciliationView View(SyncSet set) => new(_set);

        public bool TryGetEnvelope(
            SyncSet set, Digest id, out ReadOnlyMemory<byte> envelope, out SyncReason reason)
        {
            (envelope, reason) = ("envelope"u8.ToArray(), SyncReason.Unknown);
            return id.GetHashCode() % 2 == 0;
        }

        public bool TryGetBody(Digest id, out ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> tombstone)
        {
            (body, tombstone) = (default, "tombstone"u8.ToArray());
            return id.GetHashCode() % 2 == 0;
        }
    }
}

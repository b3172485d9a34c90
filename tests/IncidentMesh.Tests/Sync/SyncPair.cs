using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Tests.Sync;

/// <summary>A node of a sync test: records whose envelope is any bytes.</summary>
internal sealed class FakeNode : ISyncSource
{
    private readonly ReconciliationSet _identities = new();
    private readonly ReconciliationSet _set = new();
    private readonly HashSet<Digest> _hidden = [];

    public Dictionary<Digest, byte[]> Records { get; } = [];

    public bool WantsBodies { get; init; } = true;

    public bool MaySalt { get; init; } = true;

    public int EnvelopesRead { get; private set; }

    public int BodiesRead { get; private set; }

    public void Fill(int from, int to)
    {
        for (int n = from; n < to; n++)
        {
            byte[] envelope = new byte[40];
            BinaryPrimitives.WriteInt32BigEndian(envelope, n);
            Add(envelope);
        }
    }

    public void Hide(int count) => _hidden.UnionWith(Records.Keys.Take(count));

    public void Add(byte[] envelope)
    {
        var id = Digest.Sha256(envelope);
        Records[id] = envelope;
        _set.Add(new ReconciliationItem(1_000 + (ulong)BinaryPrimitives.ReadInt32BigEndian(envelope), id));
    }

    public bool TryOpen(SyncOpen open, [NotNullWhen(false)] out Fault? fault)
    {
        fault = open.Salt.IsEmpty || MaySalt ? null : Fault.Stream("sync-salt", "not now");
        return fault is null;
    }

    public ReconciliationView View(SyncSet set) => new(set == SyncSet.Identities ? _identities : _set);

    public bool TryGetEnvelope(SyncSet set, Digest id, out ReadOnlyMemory<byte> envelope,
        out SyncReason reason)
    {
        EnvelopesRead++;
        reason = SyncReason.Unknown;
        bool found = Records.TryGetValue(id, out byte[]? bytes) && !_hidden.Contains(id);
        envelope = bytes;
        return found;
    }

    public bool TryGetBody(Digest id, out ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> tombstone)
    {
        BodiesRead++;
        body = Records[id];
        tombstone = default;
        return true;
    }
}

/// <summary>An initiator and a responder joined back to back, run until both are quiet.</summary>
internal sealed class SyncPair
{
    private readonly FakeNode _client;
    private readonly byte[] _salt;

    public SyncPair(FakeNode client, FakeNode server, byte[]? salt = null)
    {
        _client = client;
        _salt = salt ?? [];
        Responder = new SyncResponder(server, default);
        Initiator = new SyncInitiator([Step(SyncSet.Identities), Step(SyncSet.Records)], _salt, default);
    }

    public SyncInitiator Initiator { get; }

    public SyncResponder Responder { get; }

    public SyncStatistics? Finished { get; private set; }

    public Fault? InitiatorFault { get; private set; }

    public Fault? ResponderFault { get; private set; }

    public int BytesToServer { get; private set; }

    public int BytesToClient { get; private set; }

    public void Drive()
    {
        bool busy = true;
        while (busy)
        {
            busy = false;
            while (Initiator.TryTakeOutput(out SyncOutput? output))
            {
                busy = true;
                OfInitiator(output!);
            }

            while (Responder.TryTakeOutput(default, out SyncOutput? output))
            {
                busy = true;
                OfResponder(output!);
            }
        }
    }

    private SyncStep Step(SyncSet set)
    {
        ReconciliationView view = _client.View(set);
        return new SyncStep(set, _salt.Length == 0 ? view : SyncSalt.Copy(_salt, view).View);
    }

    private void OfInitiator(SyncOutput output)
    {
        switch (output)
        {
            case SyncSend send:
                BytesToServer += send.Bytes.Length;
                Responder.Receive(send.Bytes.Span, default);
                break;
            case SyncNeed need:
                Initiator.Get(need.Ids, default);
                break;
            case SyncEnvelopes got:
                Initiator.GetBodies(
                    _client.WantsBodies ? [.. got.Envelopes.Select(e => Digest.Sha256(e.Span))] : [],
                        default);
                break;
            case SyncBodyReceived body:
                _client.Add(body.Body.ToArray());
                break;
            case SyncBatchEnd:
                Initiator.Proceed(default);
                break;
            case SyncFinished finished:
                Finished = finished.Statistics;
                break;
            case SyncFailed failed:
                InitiatorFault = failed.Fault;
                break;
        }
    }

    private void OfResponder(SyncOutput output)
    {
        if (output is SyncSend send)
        {
            BytesToClient += send.Bytes.Length;

            // Split, so that frames arrive in pieces.
            Initiator.Receive(send.Bytes.Span[..(send.Bytes.Length / 2)], default);
            Initiator.Receive(send.Bytes.Span[(send.Bytes.Length / 2)..], default);
        }
        else if (output is SyncFailed failed)
        {
            ResponderFault = failed.Fault;
        }
    }
}

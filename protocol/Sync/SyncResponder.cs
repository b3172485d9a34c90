using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Sync;

/// <summary>What a responder serves to one peer.</summary>
public interface ISyncSource
{
    /// <summary>Whether the peer may start an exchange now.</summary>
    bool TryOpen(SyncOpen open, [NotNullWhen(false)] out Fault? fault);

    /// <summary>The set, together with what this peer offered and this node declined.</summary>
    ReconciliationView View(SyncSet set);

    /// <summary>The envelope of an id, read when its turn comes.</summary>
    /// <param name="set">What it belongs to.</param>
    /// <param name="id">The id.</param>
    /// <param name="envelope">The bytes.</param>
    /// <param name="reason">Why there is none.</param>
    bool TryGetEnvelope(SyncSet set, Digest id, out ReadOnlyMemory<byte> envelope, out SyncReason reason);

    /// <summary>The body of a record, read when its turn comes.</summary>
    /// <param name="id">The record.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="tombstone">The erasure record's envelope where the body is gone; empty otherwise.</param>
    bool TryGetBody(Digest id, out ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> tombstone);
}

/// <summary>The side that answers. It reads its source only when <see cref="TryTakeOutput"/> is called, and
/// takes the next request only when the last is answered: an owner that calls it as the stream's credit
/// allows is never made to hold more than one frame. <c>specs/sync.md</c>, section 5.</summary>
public sealed class SyncResponder
{
    private readonly ISyncSource _source;
    private readonly FrameReader _frames = new(Limits.Sync.RequestFrameBytes);
    private readonly Queue<SyncOutput> _outputs = new();
    private readonly Queue<Digest> _ids = new();
    private ReconciliationView? _view;
    private IReadOnlyDictionary<Digest, Digest>? _names;
    private SyncSet _set;
    private bool _bodies;
    private bool _answering;
    private bool _over;
    private int _opens;
    private int _rounds;
    private long _bytes;
    private Instant _deadline;

    /// <summary>Starts to answer.</summary>
    /// <param name="source">What is served.</param>
    /// <param name="now">The time.</param>
    public SyncResponder(ISyncSource source, Instant now)
    {
        _source = source;
        _deadline = now + TimeSpan.FromMilliseconds(Limits.Sync.FrameMilliseconds);
    }

    /// <summary>Whether more bytes may come: false while a request is being answered.</summary>
    public bool WantsInput => !_over && !_answering && _outputs.Count == 0;

    /// <summary>Whether <see cref="TryTakeOutput"/> has something.</summary>
    public bool HasOutput => _outputs.Count > 0 || _answering;

    /// <summary>Whether a salted set was asked for.</summary>
    public bool Salted { get; private set; }

    /// <summary>What the session took so far.</summary>
    public SyncStatistics Statistics { get; } = new();

    /// <summary>When <see cref="Tick"/> is next due; null while an answer waits to be taken.</summary>
    public Instant? NextTick => WantsInput ? _deadline : null;

    /// <summary>Takes bytes from the initiator, in any pieces.</summary>
    public void Receive(ReadOnlySpan<byte> bytes, Instant now)
    {
        if (_over)
        {
            return;
        }

        _frames.Append(bytes);
        Advance(now);
    }

    /// <summary>Fails the session when the initiator has been silent for too long.</summary>
    public void Tick(Instant now)
    {
        if (WantsInput && now >= _deadline)
        {
            Fail(Fault.Stream("sync-timeout", "the initiator sent no frame in time"));
        }
    }

    /// <summary>The next thing for the owner to do. Reads the source for one block at most.</summary>
    public bool TryTakeOutput(Instant now, out SyncOutput? output)
    {
        if (!_outputs.TryDequeue(out output))
        {
            if (!_answering)
            {
                return false;
            }

            output = new SyncSend(SyncCodec.Write(NextAnswer()));
        }

        if (WantsInput)
        {
            _deadline = now + TimeSpan.FromMilliseconds(Limits.Sync.FrameMilliseconds);
            Advance(now);
        }

        return true;
    }

    private void Advance(Instant now)
    {
        Fault? fault = null;
        while (WantsInput && _frames.TryTake(out ReadOnlyMemory<byte> payload, out fault))
        {
            if (!SyncCodec.TryRead(payload.Span, out SyncFrame? frame, out fault))
            {
                break;
            }

            _deadline = now + TimeSpan.FromMilliseconds(Limits.Sync.FrameMilliseconds);
            Take(frame);
        }

        if (fault is not null)
        {
            Fail(fault);
        }
    }

    private void Take(SyncFrame frame)
    {
        switch (frame)
        {
            case SyncHint:
                _outputs.Enqueue(new SyncHinted());
                break;
            case SyncOpen open:
                Open(open);
                break;
            case SyncReconcile reconcile when _view is not null:
                Reconcile(reconcile.Message.Span);
                break;
            case SyncGet get when _view is not null:
                Answer(get.Ids, bodies: false);
                break;
            case SyncGetBodies get when _view is not null && _set == SyncSet.Records:
                Answer(get.Ids, bodies: true);
                break;
            default:
                Fail(Fault.Stream("sync-unexpected", $"{frame.GetType().Name} is out of place"));
                break;
        }
    }

    private void Open(SyncOpen open)
    {
        if (++_opens > Limits.Sync.Opens)
        {
            Fail(Fault.Stream("sync-opens", $"more than {Limits.Sync.Opens} exchanges in one session"));
            return;
        }

        if (!_source.TryOpen(open, out Fault? fault))
        {
            Fail(fault);
            return;
        }

        _set = open.Set;
        _rounds = 0;
        _bytes = 0;
        _view = _source.View(open.Set);
        _names = null;
        if (!open.Salt.IsEmpty)
        {
            Salted = true;
            (_view, _names) = SyncSalt.Copy(open.Salt.Span, _view);
        }
    }

    private void Reconcile(ReadOnlySpan<byte> message)
    {
        _bytes += message.Length;
        Statistics.BytesReceived += message.Length;
        if (!Negentropy.TryRespond(_view!, message, out byte[]? reply, out Fault? fault))
        {
            Fail(fault);
            return;
        }

        _bytes += reply.Length;
        Statistics.BytesSent += reply.Length;
        Statistics.Rounds++;
        if (++_rounds > Limits.Sync.Rounds || _bytes > Limits.Sync.ExchangeBytes)
        {
            Fail(Fault.Stream("sync-budget", $"{_rounds} rounds and {_bytes} bytes in one exchange"));
            return;
        }

        _outputs.Enqueue(new SyncSend(SyncCodec.Write(new SyncReconcile(reply))));
    }

    private void Answer(IReadOnlyList<Digest> ids, bool bodies)
    {
        _answering = true;
        _bodies = bodies;
        foreach (Digest id in ids)
        {
            _ids.Enqueue(id);
        }
    }

    private SyncFrame NextAnswer()
    {
        while (_ids.TryDequeue(out Digest id))
        {
            if (!_bodies)
            {
                return EnvelopeOf(id);
            }

            if (_source.TryGetBody(id, out ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> tombstone))
            {
                return new SyncBody(id, body);
            }

            if (!tombstone.IsEmpty)
            {
                return new SyncGone(id, tombstone);
            }
        }

        _answering = false;
        return new SyncEnd();
    }

    private SyncFrame EnvelopeOf(Digest name)
    {
        Digest id = _names is not null && _names.TryGetValue(name, out Digest mapped) ? mapped : name;
        if (!_source.TryGetEnvelope(_set, id, out ReadOnlyMemory<byte> envelope, out SyncReason reason))
        {
            return new SyncNone(name, reason);
        }

        Statistics.Envelopes++;
        return new SyncEnvelope(envelope);
    }

    private void Fail(Fault fault)
    {
        _over = true;
        _answering = false;
        _ids.Clear();
        _outputs.Clear();
        _outputs.Enqueue(new SyncFailed(fault));
    }
}

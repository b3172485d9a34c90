using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Sync;

/// <summary>One thing that a session does: compare a set, or fetch what is known to be missing.</summary>
/// <param name="Set">Which set.</param>
/// <param name="View">This side's set, to compare; salted where the session is.</param>
/// <param name="Ids">Ids to fetch without comparing, or null. Never salted.</param>
public sealed record SyncStep(SyncSet Set, ReconciliationView? View, IReadOnlyList<Digest>? Ids = null);

/// <summary>The side that pulls: compares each set of its plan in order, gets the envelopes that it lacks,
/// lets its owner verify and judge them, then gets the bodies that the owner wants. <c>specs/sync.md</c>,
/// section 5. The owner closes the stream after <see cref="SyncFinished"/> and resets it after <see
/// cref="SyncFailed"/>.</summary>
public sealed class SyncInitiator
{
    private readonly Queue<SyncStep> _plan;
    private readonly byte[] _salt;
    private readonly FrameReader _frames = new(Limits.Sync.AnswerFrameBytes);
    private readonly Queue<SyncOutput> _outputs = new();
    private readonly Queue<Digest> _toGet = new();
    private readonly Queue<Digest> _toGetBodies = new();
    private readonly HashSet<Digest> _asked = [];
    private readonly List<ReadOnlyMemory<byte>> _envelopes = [];
    private readonly List<SyncNone> _refused = [];
    private SyncStep? _step;
    private State _state = State.Deciding;
    private List<Digest> _need = [];
    private int _bodyRequests;
    private int _rounds;
    private long _bytes;
    private Instant _deadline;

    /// <summary>Starts a session.</summary>
    /// <param name="plan">What to do, in order: the identities come before the records that need
    /// them.</param>
    /// <param name="salt">Empty, or 16 random bytes for a salted session.</param>
    /// <param name="now">The time.</param>
    public SyncInitiator(IEnumerable<SyncStep> plan, ReadOnlySpan<byte> salt, Instant now)
    {
        _plan = new Queue<SyncStep>(plan);
        _salt = salt.ToArray();
        NextStep(now);
    }

    private enum State
    {
        Reconciling,
        AwaitingEnvelopes,
        AwaitingBodies,
        Deciding,
        Over,
    }

    /// <summary>What the session took so far.</summary>
    public SyncStatistics Statistics { get; } = new();

    /// <summary>When <see cref="Tick"/> is next due; null while the session waits for its owner.</summary>
    public Instant? NextTick => Waiting ? _deadline : null;

    private bool Waiting => _state is State.Reconciling or State.AwaitingEnvelopes or State.AwaitingBodies;

    /// <summary>Takes bytes from the responder, in any pieces.</summary>
    public void Receive(ReadOnlySpan<byte> bytes, Instant now)
    {
        if (_state == State.Over)
        {
            return;
        }

        _frames.Append(bytes);
        Fault? fault = null;
        while (_state != State.Over && _frames.TryTake(out ReadOnlyMemory<byte> payload, out fault))
        {
            if (!SyncCodec.TryRead(payload.Span, out SyncFrame? frame, out fault))
            {
                break;
            }

            _deadline = now + TimeSpan.FromMilliseconds(Limits.Sync.FrameMilliseconds);
            Take(frame, now);
        }

        if (fault is not null)
        {
            Fail(fault);
        }
    }

    /// <summary>Fails the session when the responder has been silent for too long.</summary>
    public void Tick(Instant now)
    {
        if (Waiting && now >= _deadline)
        {
            Fail(Fault.Stream("sync-timeout", "the responder sent no frame in time"));
        }
    }

    /// <summary>The next thing for the owner to do.</summary>
    public bool TryTakeOutput(out SyncOutput? output) => _outputs.TryDequeue(out output);

    /// <summary>The owner's answer to <see cref="SyncNeed"/>: get these envelopes (in the exchange's own
    /// names).</summary>
    public void Get(IReadOnlyList<Digest> ids, Instant now)
    {
        foreach (Digest id in ids)
        {
            _toGet.Enqueue(id);
        }

        SendGet(now);
    }

    /// <summary>The owner's answer to <see cref="SyncEnvelopes"/>: get the bodies of these records.</summary>
    public void GetBodies(IReadOnlyList<Digest> ids, Instant now)
    {
        foreach (Digest id in ids)
        {
            _toGetBodies.Enqueue(id);
        }

        if (_toGetBodies.Count == 0)
        {
            SendGet(now);
            return;
        }

        Await(State.AwaitingBodies, now);
        SendBodyRequests();
    }

    /// <summary>The owner's answer to <see cref="SyncBatchEnd"/>: go on.</summary>
    public void Proceed(Instant now) => SendGet(now);

    private void NextStep(Instant now)
    {
        if (!_plan.TryDequeue(out _step))
        {
            _state = State.Over;
            _outputs.Enqueue(new SyncFinished(Statistics));
            return;
        }

        Send(new SyncOpen(_step.Set, _salt));
        if (_step.Ids is { } ids)
        {
            Get(ids, now);
            return;
        }

        _need = [];
        _rounds = 0;
        _bytes = 0;
        Await(State.Reconciling, now);
        SendReconcile(Negentropy.Initiate(_step.View!));
    }

    private void Take(SyncFrame frame, Instant now)
    {
        switch (frame)
        {
            case SyncReconcile reconcile when _state == State.Reconciling:
                Reconcile(reconcile.Message.Span);
                break;
            case SyncEnvelope envelope when _state == State.AwaitingEnvelopes:
                TakeEnvelope(envelope);
                break;
            case SyncNone none when _state == State.AwaitingEnvelopes && _asked.Remove(none.Id):
                Statistics.Unknown += none.Reason == SyncReason.Unknown && _step!.Ids is null ? 1 : 0;
                _refused.Add(none);
                break;
            case SyncEnd when _state == State.AwaitingEnvelopes:
                EndEnvelopes(now);
                break;
            case SyncBody body when _state == State.AwaitingBodies && _asked.Remove(body.Id):
                _outputs.Enqueue(new SyncBodyReceived(body.Id, body.Bytes));
                break;
            case SyncGone gone when _state == State.AwaitingBodies && _asked.Remove(gone.Id):
                _outputs.Enqueue(new SyncBodyGone(gone.Id, gone.Tombstone));
                break;
            case SyncEnd when _state == State.AwaitingBodies:
                _bodyRequests--;
                SendBodyRequests();
                break;
            default:
                Fail(Fault.Stream("sync-unexpected", $"{frame.GetType().Name} was not asked for"));
                break;
        }
    }

    private void Reconcile(ReadOnlySpan<byte> message)
    {
        Statistics.BytesReceived += message.Length;
        _bytes += message.Length;
        if (!Negentropy.TryContinue(_step!.View!, message, _need, out byte[]? reply, out Fault? fault))
        {
            Fail(fault);
            return;
        }

        bool atLimit = reply is not null && (_rounds >= Limits.Sync.Rounds
            || _bytes + reply.Length + Limits.Sync.NegentropyBytes > Limits.Sync.ExchangeBytes
            || _need.Count >= Limits.Sync.NeedIds);
        if (reply is not null && !atLimit)
        {
            SendReconcile(reply);
            return;
        }

        Statistics.Partial |= atLimit;
        _state = State.Deciding;
        // Ranges that are compared again after a full frame may name an id twice.
        _outputs.Enqueue(new SyncNeed(_step.Set, [.. _need.Distinct()]));
    }

    private void TakeEnvelope(SyncEnvelope envelope)
    {
        var id = Digest.Sha256(envelope.Bytes.Span);
        Digest named = _step!.Ids is null ? SyncSalt.Apply(_salt, id) : id;
        if (!_asked.Remove(named))
        {
            Fail(Fault.Stream("sync-unexpected", "an envelope that was not asked for"));
            return;
        }

        Statistics.Envelopes++;
        _envelopes.Add(envelope.Bytes);
    }

    private void EndEnvelopes(Instant now)
    {
        if (_asked.Count > 0)
        {
            Fail(Fault.Stream("sync-incomplete", $"{_asked.Count} ids were left without an answer"));
            return;
        }

        if (Statistics.Unknown > Math.Max(1, Statistics.Asked / Limits.Sync.UnknownPerOffered))
        {
            Fail(Fault.Connection("sync-unknown",
                $"the peer does not know {Statistics.Unknown} of {Statistics.Asked} ids that it offered"));
            return;
        }

        _state = State.Deciding;
        _outputs.Enqueue(new SyncEnvelopes(_step!.Set, [.. _envelopes], [.. _refused]));
        _envelopes.Clear();
        _refused.Clear();
        _deadline = now;
    }

    private void SendGet(Instant now)
    {
        if (_toGet.Count == 0)
        {
            NextStep(now);
            return;
        }

        var ids = new List<Digest>(Math.Min(_toGet.Count, Limits.Sync.GetIds));
        while (ids.Count < Limits.Sync.GetIds && _toGet.TryDequeue(out Digest id))
        {
            if (_asked.Add(id))
            {
                ids.Add(id);
            }
        }

        Statistics.Asked += _step!.Ids is null ? ids.Count : 0;
        Await(State.AwaitingEnvelopes, now);
        Send(new SyncGet(ids));
    }

    private void SendBodyRequests()
    {
        while (_bodyRequests < Limits.Sync.BodyRequestsAhead && _toGetBodies.Count > 0)
        {
            var ids = new List<Digest>(Limits.Sync.BodyIds);
            while (ids.Count < Limits.Sync.BodyIds && _toGetBodies.TryDequeue(out Digest id))
            {
                ids.Add(id);
                _asked.Add(id);
            }

            _bodyRequests++;
            Send(new SyncGetBodies(ids));
        }

        if (_bodyRequests == 0)
        {
            // What stays in the set was held back: the records are offered again in the next session.
            _asked.Clear();
            _state = State.Deciding;
            _outputs.Enqueue(new SyncBatchEnd());
        }
    }

    private void SendReconcile(byte[] message)
    {
        _rounds++;
        _bytes += message.Length;
        Statistics.Rounds++;
        Statistics.BytesSent += message.Length;
        Send(new SyncReconcile(message));
    }

    private void Await(State state, Instant now)
    {
        _state = state;
        _deadline = now + TimeSpan.FromMilliseconds(Limits.Sync.FrameMilliseconds);
    }

    private void Send(SyncFrame frame) => _outputs.Enqueue(new SyncSend(SyncCodec.Write(frame)));

    private void Fail(Fault fault)
    {
        _state = State.Over;
        _outputs.Clear();
        _outputs.Enqueue(new SyncFailed(fault));
    }
}

using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Shell;

/// <summary>Records on their way. What is signed and sent cannot be called back, so each is held for a while,
/// in which it can be taken back as a draft.</summary>
internal sealed class Outbox(Desk desk)
{
    // Before a record that the node did not take is sent again.
    private static readonly TimeSpan RetryTime = TimeSpan.FromSeconds(10);

    private readonly List<Held> held = [];
    private readonly Dictionary<string, int> sentTo = new(StringComparer.Ordinal);
    private bool counting;

    private sealed class Held(string what, SubmitRequest request, Action back, Action? sent)
    {
        public string What { get; } = what;

        public SubmitRequest Request { get; } = request;

        public Action Back { get; } = back;

        public Action? Sent { get; } = sent;

        public required DateTimeOffset Due { get; set; }

        // Several that were held with one key have one number.
        public required long Act { get; set; }

        public bool Sending { get; set; }

        // Whether it was sent and no answer came: the node may have it.
        public bool Tried { get; set; }

        // Why the node did not take it. It waits to be opened: no page comes up under a person's hands.
        public string? Refused { get; set; }
    }

    /// <summary>Records that were not sent yet, in words.</summary>
    public IReadOnlyList<string> Waiting => [.. held.Select(h => h.What)];

    /// <summary>The same, with what each waits for.</summary>
    public IReadOnlyList<string> Rows =>
        [.. held.Select(h => h.Refused is null ? T($"{h.What}: waits to be sent") : Refused(h))];

    /// <summary>Whether some will be sent without anybody doing anything.</summary>
    public bool IsSending => held.Any(h => h.Refused is null);

    /// <summary>The line that tells of the last one, or null.</summary>
    public Span? Line => held is not [.., { } last] ? null
        : last.Refused is not null ? new Span(Refused(last), Ink.Bad)
        : new Span(
            last.Sending
                ? T($"{last.What}: sending")
                : T($"{last.What}: goes in {Words.Ago(Left(last))}   {KeyMap.Of(Verb.Undo).Key} undo")
                    + (held.Count > 1 ? "   " + T($"{held.Count - 1} more") : ""),
            Style.Plain);

    /// <summary>Holds a record, then sends it; asks first where it holds what looks like private
    /// data.</summary>
    /// <param name="what">The record in words that are safe to show.</param>
    /// <param name="request">The record.</param>
    /// <param name="back">Brings it back as a draft.</param>
    /// <param name="sent">Called once the record is on disk, or null.</param>
    /// <param name="act">Number that it shares with what was held with the same key, or null.</param>
    public void Hold(
        string what, SubmitRequest request, Action back, Action? sent = null, long? act = null)
    {
        string[] open = [.. PrivateData.ToBeSureOf(request.Body).Except(request.Accept)];
        if (open.Length > 0)
        {
            void Warn() => desk.Say(T($"not sent: \"{PrivateData.Sure}\" was not typed"), Ink.Warn);
            desk.Ask(new Dialog(
                $"{what}: {string.Join(", ", open)}", [new(T($"private data? type {PrivateData.Sure}"), [])],
                answers =>
                {
                    if (answers[0] == PrivateData.Sure)
                    {
                        desk.Answered();
                        Hold(what, request with { Accept = [.. request.Accept, .. open] }, back, sent, act);
                        return;
                    }

                    Warn();
                })
            {
                Stays = true,
                Shown = width =>
                {
                    Views.LineBuilder lines = new(width);
                    Views.PrivateLines.Add(lines, request.Body, field => field);
                    return lines.Lines;
                },
                GivenUp = () =>
                {
                    Warn();
                    back();
                },
            });
            return;
        }

        held.Add(new Held(what, request, back, sent)
        {
            Due = desk.Time.GetUtcNow() + desk.HoldTime, Act = act ?? desk.Act(),
        });
        Count();
        desk.Changed();
    }

    /// <summary>The number of what was held last and can be taken back, or null.</summary>
    public long? LastAct => held.Where(h => !h.Sending).Max(h => (long?)h.Act);

    /// <summary>Takes back what was held under a number.</summary>
    public void TakeBack(long act)
    {
        Held[] taken = [.. held.Where(h => !h.Sending && h.Act == act)];
        held.RemoveAll(taken.Contains);
        string what = taken is [{ } alone] ? alone.What
            : Plural(taken.Length, $"{taken.Length} record", $"{taken.Length} records");
        if (taken is [{ Refused: { } why }])
        {
            desk.Say(why, Ink.Bad);
        }
        else
        {
            desk.Say(taken.Any(h => h.Tried)
                ? T($"{what}: taken back; the node was away, whether it has it shows when it is back")
                : T($"{what}: taken back, nothing was sent"));
        }

        foreach (Held one in taken)
        {
            one.Back();
        }
    }

    /// <summary>Peers that a record went to when it was signed here; 0 where it was not.</summary>
    public int SentTo(string id) => sentTo.GetValueOrDefault(id);

    /// <summary>Sends all that is held now.</summary>
    public void SendAll()
    {
        foreach (Held one in held.ToArray())
        {
            Send(one);
        }
    }

    private static string Refused(Held one) =>
        T($"! {one.What} was not taken, {KeyMap.Of(Verb.Undo).Key} opens it: {one.Refused}");

    private double Left(Held one) =>
        Math.Max(0, Math.Ceiling((one.Due - desk.Time.GetUtcNow()).TotalSeconds));

    // Redraws once a second while something is held, and sends what is due. The only timer: a record that was
    // lost on its way has a new time, none of its own.
    private void Count()
    {
        if (counting || held.All(h => h.Sending || h.Refused is not null))
        {
            return;
        }

        counting = true;
        desk.After(TimeSpan.FromSeconds(1), () =>
        {
            counting = false;
            foreach (Held due in held.Where(
                h => h.Refused is null && h.Due <= desk.Time.GetUtcNow()).ToArray())
            {
                Send(due);
            }

            Count();
        });
    }

    private void Send(Held one)
    {
        if (one.Sending || !held.Contains(one))
        {
            return;
        }

        (one.Sending, one.Refused) = (true, null);
        desk.Courier.Ask(
            (node, stop) => node.SubmitAsync(one.Request, stop),
            answer =>
            {
                held.Remove(one);
                one.Sent?.Invoke();
                sentTo[answer.Id] = answer.Peers;
                string where = answer.Held is { } due
                    ? AnonymousSource.State(due, desk.Time.GetUtcNow()) + T(", 6 lists it") : answer.Sent
                    ? Plural(answer.Peers, $"sent to {answer.Peers} peer", $"sent to {answer.Peers} peers")
                    : answer.Known ? T("it was there before") : T("on disk, goes when a peer is there");
                desk.Say($"{one.What}: {where}   {Words.Short(answer.Id)}", Ink.Good);
                desk.Top.Refresh();
            },
            failure =>
            {
                one.Sending = false;
                if (failure.IsLost)
                {
                    desk.Failed(failure);
                    (one.Tried, one.Due) = (true, desk.Time.GetUtcNow() + RetryTime);
                    Count();
                    return;
                }

                (one.Refused, one.Act) = (failure.Line[2..], desk.Act());
                desk.Say(Refused(one), Ink.Bad);
            });
    }
}

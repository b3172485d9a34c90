using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Data;

namespace IncidentMesh.Tui.Shell;

/// <summary>Carries questions of the pages to the node and brings the answers back to the UI
/// thread.</summary>
/// <param name="node">The node.</param>
/// <param name="post">Runs an action on the UI thread, later.</param>
/// <param name="inline">Asks on the calling thread: for tests, whose node answers at once.</param>
/// <param name="stop">Gives all questions up.</param>
internal sealed class Courier(INodeClient node, Action<Action> post, bool inline, CancellationToken stop)
{
    private int waiting;

    /// <summary>Questions on the way that are not jobs.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>Asks; exactly one of <paramref name="answered"/> and <paramref name="refused"/> follows,
    /// unless the program ends before.</summary>
    public void Ask<T>(
        Func<INodeClient, CancellationToken, Task<T>> question,
        Action<T> answered,
        Action<NodeFailure> refused,
        CancellationToken cancel = default)
    {
        // A job goes on for long; nobody waits for it. Counted down on the UI thread, so that with none
        // waiting all answers were taken.
        int counts = cancel.CanBeCanceled ? 0 : 1;
        Interlocked.Add(ref waiting, counts);
        void Post(Action action) => post(() =>
        {
            Interlocked.Add(ref waiting, -counts);
            action();
        });

        async Task CarryAsync()
        {
            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, cancel);
                T answer = await question(node, either.Token).ConfigureAwait(false);
                Post(() => answered(answer));
            }
            catch (NodeFailure failure)
            {
                Post(() => refused(failure));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                Post(() => refused(new NodeFailure(NodeFailure.Stopped, Texts.T("stopped"), null, 0)));
            }
            catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
            {
                // A view that fails says so; the rest goes on.
                string what = Texts.T($"the terminal UI failed: {e.Message}");
                Post(() => refused(new NodeFailure("internal", what, null, 1)));
            }
        }

        // Off the UI thread even until the first await: connecting and decoding cost time that keys need.
        _ = inline ? CarryAsync() : Task.Run(CarryAsync, stop);
    }
}

/// <summary>Asks the same question again and again with one question on the way at most: of those asked
/// meanwhile only the last is sent. So a fast typist never waits for answers that nobody wants, and needs no
/// timer.</summary>
internal sealed class LatestOnly
{
    private Action<Action>? next;
    private bool busy;

    /// <summary>Whether a question is on the way.</summary>
    public bool Busy => busy;

    /// <summary>Starts <paramref name="ask"/> now or after the one on the way; it must call its argument
    /// when it has its answer.</summary>
    public void Submit(Action<Action> ask)
    {
        if (busy)
        {
            next = ask;
            return;
        }

        busy = true;
        ask(Done);
    }

    private void Done()
    {
        busy = false;
        if (next is { } waiting)
        {
            next = null;
            Submit(waiting);
        }
    }
}

using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Tui.Data;

/// <summary>Follows the node's events for as long as the program runs, connects again when the node went
/// away, and asks for its status now and then. All it learns goes to <see cref="IFeedListener"/> on the
/// thread of <paramref name="post"/>.</summary>
internal sealed class EventFeed(
    INodeClient node, IFeedListener listener, Action<Action> post, TimeProvider time)
{
    private static readonly TimeSpan StatusEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);

    /// <summary>Runs until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(FollowAsync(stop), AskStatusAsync(stop)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        long? last = null;
        TimeSpan retry = FirstRetry;
        while (true)
        {
            try
            {
                await foreach (EventView e in node.EventsAsync(last, stop).ConfigureAwait(false))
                {
                    last = e.Id;
                    retry = FirstRetry;
                    post(() => listener.Happened(e));
                }
            }
            catch (NodeFailure failure)
            {
                post(() => listener.Failed(failure));
            }

            await Task.Delay(retry, time, stop).ConfigureAwait(false);
            retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
        }
    }

    private async Task AskStatusAsync(CancellationToken stop)
    {
        TimeSpan retry = FirstRetry;
        while (true)
        {
            TimeSpan wait = StatusEvery;
            try
            {
                StatusView status = await node.StatusAsync(stop).ConfigureAwait(false);
                retry = FirstRetry;
                post(() => listener.Told(status));
            }
            catch (NodeFailure failure)
            {
                post(() => listener.Failed(failure));
                wait = retry;
                retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
            }

            await Task.Delay(wait, time, stop).ConfigureAwait(false);
        }
    }
}

/// <summary>Hears what the node says without being asked.</summary>
internal interface IFeedListener
{
    /// <summary>Something happened at the node.</summary>
    void Happened(EventView e);

    /// <summary>The node told its status: it is there.</summary>
    void Told(StatusView status);

    /// <summary>The node did not answer, or refused.</summary>
    void Failed(NodeFailure failure);
}

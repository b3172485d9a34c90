using System.Security.Cryptography;
using System.Text.Json;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using Microsoft.Extensions.Logging;

namespace IncidentMesh.Node.Serve;

// Reports of anonymous sources: when they were written must not tell when the source was here.
internal sealed partial class LocalNode
{
    private static readonly TimeSpan HeldLook = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _closing = new();
    private readonly ILogger _log;

    // What is held is signed by one at a time.
    private readonly SemaphoreSlim _holding = new(1, 1);
    private Task _releasing = Task.CompletedTask;

    /// <summary>Signs what was held until <paramref name="now"/>. One that cannot be signed stays, is told in
    /// the log, and keeps none of the others back.</summary>
    /// <returns>How many were signed.</returns>
    internal async Task<int> ReleaseHeldAsync(DateTimeOffset now)
    {
        int released = 0;
        await _holding.WaitAsync();
        try
        {
            foreach ((int number, HeldReport held) in _drafts.Held().Where(h => h.Report.Due <= now))
            {
                try
                {
                    // Signed first: a crash in between signs it again, which adds nothing.
                    await PublishAsync(held.Request, CreatedOf(held.Request, now));
                    _drafts.Released(number);
                    released++;
                }
                catch (Exception e) when (Failure.Of(e) is { } error)
                {
                    _log.LogWarning("held report {Number} was not signed: {Message}", number, error.Message);
                }
            }
        }
        finally
        {
            _holding.Release();
        }

        return released;
    }

    // Of an anonymous source the day alone.
    private static long CreatedOf(SubmitRequest request, DateTimeOffset now)
    {
        long created = now.ToUnixTimeSeconds();
        return AnonymousSource.Is(request.Body) ? AnonymousSource.DayOf(created) : created;
    }

    // Until the links are on disk too it lies among what is held: a crash in between loses none of them.
    private async Task<SubmitView> PublishLinkedAsync(SubmitRequest request)
    {
        await _holding.WaitAsync();
        try
        {
            DateTimeOffset now = DateTimeOffset.UtcNow;
            int number = _drafts.Hold(new HeldReport(now, request));
            try
            {
                SubmitView done = await PublishAsync(request, CreatedOf(request, now));
                _drafts.Released(number);
                return done;
            }
            catch (Exception e) when (Failure.Of(e) is not null)
            {
                // Whoever asked is told, and asks again.
                _drafts.Released(number);
                throw;
            }
        }
        finally
        {
            _holding.Release();
        }
    }

    private SubmitView Hold(SubmitRequest request)
    {
        (int number, HeldReport? held) = _drafts.Held().FirstOrDefault(h =>
            h.Report.Request.Type == request.Type
            && JsonElement.DeepEquals(h.Report.Request.Body, request.Body));
        bool known = held is not null;
        if (held is null)
        {
            int wait = RandomNumberGenerator.GetInt32((int)AnonymousSource.LongestHold.TotalSeconds + 1);
            held = new HeldReport(DateTimeOffset.UtcNow.AddSeconds(wait), request);
            number = _drafts.Hold(held);
        }

        return new SubmitView("", "", true, false, 0, known, [], [], held.Due, number);
    }

    // A node without the network signs nothing of it: what is signed shall leave.
    private async Task ReleaseAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            await ReleaseHeldAsync(DateTimeOffset.UtcNow);
            await Task.Delay(HeldLook, _closing.Token).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

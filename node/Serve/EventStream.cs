using System.Globalization;
using System.Text.Json;
using IncidentMesh.Protocol.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IncidentMesh.Node.Serve;

/// <summary>Server-sent events (WHATWG HTML, "Server-sent events"). The id of an event is the place of its
/// record in the order of arrival at this node, so a reader that sends <c>Last-Event-ID</c> misses none and
/// sees none twice, also across a restart of the node.</summary>
internal static class EventStream
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static async Task WriteAsync(HttpContext http, INodeApi node)
    {
        // Before the status is sent: a wrong query is refused with one of its own.
        CancellationToken stopping =
            http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using CancellationTokenSource ended =
            CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        IAsyncEnumerable<EventView> stream = node.EventsAsync(Read(http.Request), ended.Token);
        try
        {
            await WriteAsync(http, stream, ended.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The node ends, and does not wait for its readers: they come back with the last id.
        }
    }

    private static async Task WriteAsync(
        HttpContext http, IAsyncEnumerable<EventView> stream, CancellationToken stop)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        await SendAsync(http, ": incidentmesh\n\n", stop);
        await using IAsyncEnumerator<EventView> events = stream.GetAsyncEnumerator(stop);
        Task<bool> next = events.MoveNextAsync().AsTask();
        while (true)
        {
            bool waited = await Task.WhenAny(next, Task.Delay(Heartbeat, stop)) != next;
            if (waited && !stop.IsCancellationRequested)
            {
                await SendAsync(http, ": alive\n\n", stop);
                continue;
            }

            if (!await next)
            {
                return;
            }

            await SendAsync(http, Text(events.Current), stop);
            next = events.MoveNextAsync().AsTask();
        }
    }

    private static async Task SendAsync(HttpContext http, string text, CancellationToken stop)
    {
        await http.Response.WriteAsync(text, stop);
        await http.Response.Body.FlushAsync(stop);
    }

    // An event without data only sets the last id of a reader (HTML, 9.2.6), so that one that is cut off
    // before the first record misses none either.
    private static string Text(EventView view)
    {
        string number = view.Id.ToString(CultureInfo.InvariantCulture);
        return view.Kind == "start"
            ? $"id: {number}\n\n"
            : $"id: {number}\nevent: {view.Kind}\n"
                + $"data: {JsonSerializer.Serialize(view, ApiJson.Default.EventView)}\n\n";
    }

    private static EventRequest Read(HttpRequest http)
    {
        string last = http.Headers["Last-Event-ID"].ToString();
        last = last.Length > 0 ? last : http.Query["after"].ToString();
        string since = http.Query["since"].ToString();
        string query = http.Query["q"].ToString();
        DateTimeOffset from = default;
        if (since.Length > 0 && !DateTimeOffset.TryParse(
            since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out from))
        {
            throw ApiException.Usage($"\"{since}\" is not a time", "RFC 3339, e.g. 2026-11-25T12:00:00Z");
        }

        long id = 0;
        if (last.Length > 0 && !long.TryParse(
            last, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out id))
        {
            throw ApiException.Usage($"\"{last}\" is not the id of an event", "a number, as after=42");
        }

        return new EventRequest(
            last.Length > 0 ? id : null, since.Length > 0 ? from : null, query.Length > 0 ? query : null);
    }
}

using System.Globalization;
using System.Text.Json;
using IncidentMesh.Protocol.Api;
using Microsoft.AspNetCore.Http;

namespace IncidentMesh.Node.Serve;

/// <summary>Server-sent events (WHATWG HTML, "Server-sent events"). The id of an event is the place of its
/// record in
/// the order of arrival at this node, so a reader that sends <c>Last-Event-ID</c> misses none and sees none
/// twice,
/// also across a restart of the node.</summary>
internal static class EventStream
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static async Task WriteAsync(HttpContext http, INodeApi node)
    {
        string last = http.Request.Headers["Last-Event-ID"].ToString();
        last = last.Length > 0 ? last : http.Request.Query["after"].ToString();
        bool given = long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out long id);
        long? after = given ? id : null;
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsync(": incidentmesh\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        await using IAsyncEnumerator<EventView> events =
            node.EventsAsync(after, http.RequestAborted).GetAsyncEnumerator(http.RequestAborted);
        Task<bool> next = events.MoveNextAsync().AsTask();
        while (true)
        {
            if (await Task.WhenAny(next, Task.Delay(Heartbeat, http.RequestAborted)) != next)
            {
                http.RequestAborted.ThrowIfCancellationRequested();
                await http.Response.WriteAsync(": alive\n\n", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                continue;
            }

            if (!await next)
            {
                return;
            }

            EventView view = events.Current;
            string json = JsonSerializer.Serialize(view, ApiJson.Default.EventView);
            string number = view.Id.ToString(CultureInfo.InvariantCulture);
            await http.Response.WriteAsync($"id: {number}\nevent: {view.Kind}\ndata: {json}\n\n");
            await http.Response.Body.FlushAsync(http.RequestAborted);
            next = events.MoveNextAsync().AsTask();
        }
    }
}

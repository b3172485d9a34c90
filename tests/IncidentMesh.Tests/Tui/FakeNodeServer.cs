using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Data;

namespace IncidentMesh.Tests.Tui;

/// <summary>Serves a <see cref="FakeNode"/> over a Unix socket: enough of HTTP/1.1 for one request a
/// connection.</summary>
internal sealed class FakeNodeServer : IDisposable
{
    private readonly FakeNode node;
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource stop = new();

    public FakeNodeServer(FakeNode node, string path)
    {
        this.node = node;
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        _ = AcceptAsync();
    }

    /// <summary>The head of the last request.</summary>
    public string LastRequest { get; private set; } = "";

    /// <summary>Sends bodies in chunks of this many bytes instead of with a length; 0 for a length.</summary>
    public int ChunkBytes { get; set; }

    /// <summary>Sends this instead of an answer.</summary>
    public string? Raw { get; set; }

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await listener.AcceptAsync(stop.Token);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception e) when (
            e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            string head = await ReadHeadAsync(stream);
            LastRequest = head;
            string target = head.Split(' ')[1];
            if (Raw is { } raw)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(raw), stop.Token);
            }
            else if (target == ApiPaths.Events)
            {
                await SendEventsAsync(stream);
            }
            else
            {
                await AnswerAsync(stream, target);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            return;
        }
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)
            && await stream.ReadAsync(one) == 1)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private async Task SendEventsAsync(NetworkStream stream)
    {
        await stream.WriteAsync(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: hello\n\n"u8.ToArray());
        await foreach (EventView e in node.EventsAsync(null, stop.Token))
        {
            string json = JsonSerializer.Serialize(e, ApiJson.Default.EventView);
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"id: {e.Id}\nevent: {e.Kind}\ndata: {json}\n\n"));
        }
    }

    private async Task AnswerAsync(NetworkStream stream, string target)
    {
        (int status, byte[] body) = await BodyAsync(target);
        string length = ChunkBytes > 0 ? "Transfer-Encoding: chunked" : $"Content-Length: {body.Length}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\n{length}\r\n\r\n"));
        if (ChunkBytes == 0)
        {
            await stream.WriteAsync(body);
            return;
        }

        foreach (byte[] chunk in body.Chunk(ChunkBytes))
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"));
            await stream.WriteAsync(chunk);
            await stream.WriteAsync("\r\n"u8.ToArray());
        }

        await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
    }

    private async Task<(int Status, byte[] Body)> BodyAsync(string target)
    {
        try
        {
            string path = target.Split('?')[0];
            Dictionary<string, string> query = target.Split('?').Skip(1).SelectMany(q => q.Split('&'))
                .Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]));
            if (path == ApiPaths.Status)
            {
                return Ok(await node.StatusAsync(stop.Token), ApiJson.Default.StatusView);
            }

            if (path == ApiPaths.Peers)
            {
                return Ok(await node.PeersAsync(null, stop.Token), ApiJson.Default.PeerListView);
            }

            if (path == ApiPaths.Drafts)
            {
                return Ok(await node.DraftsAsync(null, stop.Token), ApiJson.Default.DraftListView);
            }

            if (path == ApiPaths.Reports)
            {
                return Ok(
                    await node.SearchAsync(
                        query["q"], int.Parse(query["limit"]), query.GetValueOrDefault("cursor"), null, null,
                            stop.Token),
                    ApiJson.Default.SearchView);
            }

            string id = path[(ApiPaths.Reports.Length + 1)..].Split('/')[0];
            return path.EndsWith("/cluster", StringComparison.Ordinal)
                ? Ok(await node.ClusterAsync(id, stop.Token), ApiJson.Default.ClusterView)
                : Ok(await node.ReportAsync(id, stop.Token), ApiJson.Default.ReportView);
        }
        catch (NodeFailure e)
        {
            var error = new ErrorView(new ErrorBody(e.Code, e.Message, e.Hint, e.Exit));
            return (404, JsonSerializer.SerializeToUtf8Bytes(error, ApiJson.Default.ErrorView));
        }
    }

    private static (int Status, byte[] Body) Ok<T>(T answer, JsonTypeInfo<T> type) =>
        (200, JsonSerializer.SerializeToUtf8Bytes(answer, type));
}

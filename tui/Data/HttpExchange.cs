using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace IncidentMesh.Tui.Data;

/// <summary>One HTTP/1.1 request and its answer over a connection of its own (RFC 9112). HttpClient costs
/// more than 100 ms at its first use, which is a fifth of the time that the first frame may take.
/// <code>
/// answer  = "HTTP/1.1" SP status SP reason CRLF *(header CRLF) CRLF body
/// body    = Content-Length octets | chunks | octets until the connection closes
/// </code></summary>
internal sealed class HttpExchange : IDisposable
{
    private const int BufferBytes = 16 * 1024;
    private const int HeadBytesMax = 16 * 1024;
    private const int BodyBytesMax = 64 * 1024 * 1024;

    private readonly NetworkStream stream;
    private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int start;
    private int end;
    private bool chunked;
    private long left = long.MaxValue;
    private bool betweenChunks;

    private HttpExchange(Socket socket) => stream = new NetworkStream(socket, ownsSocket: true);

    /// <summary>Status code of the answer.</summary>
    public int Status { get; private set; }

    /// <summary>Sends a request and reads the head of the answer.</summary>
    /// <param name="address">The node.</param>
    /// <param name="path">Path and query.</param>
    /// <param name="body">JSON for POST, or null for GET.</param>
    /// <param name="lastEventId">Event after which the node goes on, or null.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="NodeFailure">No node, or no HTTP.</exception>
    public static async Task<HttpExchange> SendAsync(
        NodeAddress address, string path, byte[]? body, string? lastEventId, CancellationToken stop)
    {
        Socket socket = await address.ConnectAsync(stop).ConfigureAwait(false);
        var exchange = new HttpExchange(socket);
        try
        {
            var head = new StringBuilder();
            head.Append(CultureInfo.InvariantCulture,
                $"{(body is null ? "GET" : "POST")} {path} HTTP/1.1\r\n");
            head.Append("Host: localhost\r\nConnection: close\r\n");
            head.Append(body is null ? "" : string.Create(
                CultureInfo.InvariantCulture,
                $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n"));
            head.Append(address.Token is null ? "" : $"Authorization: Bearer {address.Token}\r\n");
            head.Append(lastEventId is null ? "" : $"Last-Event-ID: {lastEventId}\r\n");
            head.Append("\r\n");
            byte[] bytes = [.. Encoding.ASCII.GetBytes(head.ToString()), .. body ?? []];
            await exchange.stream.WriteAsync(bytes, stop).ConfigureAwait(false);
            await exchange.ReadHeadAsync(stop).ConfigureAwait(false);
            return exchange;
        }
        catch (IOException e)
        {
            exchange.Dispose();
            throw NodeFailure.Unreachable(address.ToString(), e.Message.ToLowerInvariant());
        }
        catch
        {
            exchange.Dispose();
            throw;
        }
    }

    /// <summary>The whole body.</summary>
    /// <exception cref="NodeFailure">The connection ended early, or the body is larger than 64
    /// MiB.</exception>
    public async Task<byte[]> ReadBodyAsync(CancellationToken stop)
    {
        var body = new ArrayBufferWriter<byte>(BufferBytes);
        while (await ReadSomeAsync(stop).ConfigureAwait(false) is { Length: > 0 } some)
        {
            body.Write(some.Span);
            if (body.WrittenCount > BodyBytesMax)
            {
                throw NodeFailure.NotUnderstood("larger than 64 MiB");
            }
        }

        return body.WrittenSpan.ToArray();
    }

    /// <summary>The next piece of the body, valid until the next call; empty at its end.</summary>
    /// <exception cref="NodeFailure">The connection ended early, or the chunks are malformed.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadSomeAsync(CancellationToken stop)
    {
        if (chunked && left == 0)
        {
            await NextChunkAsync(stop).ConfigureAwait(false);
        }

        if (left == 0)
        {
            return default;
        }

        if (start == end && !await FillAsync(stop).ConfigureAwait(false))
        {
            return left == long.MaxValue && !chunked
                ? default
                : throw new NodeFailure(NodeFailure.Lost, "the node broke off its answer", null, 5);
        }

        int take = (int)Math.Min(left, end - start);
        ReadOnlyMemory<byte> some = buffer.AsMemory(start, take);
        start += take;
        left -= left == long.MaxValue ? 0 : take;
        return some;
    }

    public void Dispose()
    {
        stream.Dispose();
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private async Task ReadHeadAsync(CancellationToken stop)
    {
        string first = await ReadLineAsync(stop).ConfigureAwait(false);
        string[] parts = first.Split(' ', 3);
        if (parts.Length < 2 || !parts[0].StartsWith("HTTP/1.", StringComparison.Ordinal)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int status))
        {
            throw NodeFailure.NotUnderstood("not HTTP");
        }

        Status = status;
        for (int read = first.Length; read < HeadBytesMax;)
        {
            string line = await ReadLineAsync(stop).ConfigureAwait(false);
            if (line.Length == 0)
            {
                return;
            }

            read += line.Length;
            TakeHeader(line);
        }

        throw NodeFailure.NotUnderstood("its head is too long");
    }

    private void TakeHeader(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? line : line[..colon];
        string value = colon < 0 ? "" : line[(colon + 1)..].Trim();
        if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
        {
            left = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long length)
                ? length : throw NodeFailure.NotUnderstood("its length is no number");
        }
        else if (name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
        {
            chunked = value.EndsWith("chunked", StringComparison.OrdinalIgnoreCase);
            left = 0;
        }
    }

    private async Task NextChunkAsync(CancellationToken stop)
    {
        if (betweenChunks)
        {
            await ReadLineAsync(stop).ConfigureAwait(false);
        }

        string line = await ReadLineAsync(stop).ConfigureAwait(false);
        string size = line.Split(';')[0].Trim();
        if (!long.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out left)
            || left < 0)
        {
            throw NodeFailure.NotUnderstood("a chunk without a size");
        }

        betweenChunks = true;
        chunked = left > 0;
    }

    private async Task<string> ReadLineAsync(CancellationToken stop)
    {
        var line = new StringBuilder();
        while (line.Length < HeadBytesMax)
        {
            if (start == end && !await FillAsync(stop).ConfigureAwait(false))
            {
                throw new NodeFailure(NodeFailure.Lost, "the node broke off its answer", null, 5);
            }

            int at = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            int take = at < 0 ? end - start : at;
            line.Append(Encoding.Latin1.GetString(buffer, start, take));
            start += at < 0 ? take : take + 1;
            if (at >= 0)
            {
                return line.ToString().TrimEnd('\r');
            }
        }

        throw NodeFailure.NotUnderstood("a line of its head is too long");
    }

    private async Task<bool> FillAsync(CancellationToken stop)
    {
        try
        {
            start = 0;
            end = await stream.ReadAsync(buffer, stop).ConfigureAwait(false);
            return end > 0;
        }
        catch (IOException e)
        {
            throw new NodeFailure(
                NodeFailure.Lost, $"the node went away ({e.Message.ToLowerInvariant()})", null, 5);
        }
    }
}
